#include "ui/forms/path_table.h"

#include <QComboBox>
#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/forms/ask_box.h"
#include "ui/forms/path_picker.h"
#include "ui/forms/rule_table_look.h"
#include "ui/models/path_rule_model.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

// Characters that a column takes at most, so that the path has room.
constexpr int kMostAccess = 22;
constexpr int kMostState = 18;
constexpr int kMostOrigin = 14;
constexpr PathAccess kAccesses[] = {PathAccess::readOnly, PathAccess::readWrite, PathAccess::denied};

void fillAccesses(QComboBox& box)
{
    for (const PathAccess access : kAccesses) {
        box.addItem(PathRuleModel::accessTitle(access), static_cast<int>(access));
    }
}

/// A combo box in the access column, a line edit in the path column.
class AccessDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        // Of a path both ends say more than the middle; words are read from their beginning.
        if (index.column() != PathRuleModel::kPath) option->textElideMode = Qt::ElideRight;
    }

    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        if (index.column() != PathRuleModel::kAccess) {
            return QStyledItemDelegate::createEditor(parent, option, index);
        }
        auto* box = new QComboBox(parent);
        box->setAccessibleName(PathTable::tr("Access"));
        fillAccesses(*box);
        connect(box, &QComboBox::activated, box, [this, box] {
            auto* self = const_cast<AccessDelegate*>(this);
            emit self->commitData(box);
            emit self->closeEditor(box);
        });
        return box;
    }

    void setEditorData(QWidget* editor, const QModelIndex& index) const override
    {
        auto* box = qobject_cast<QComboBox*>(editor);
        if (box == nullptr) QStyledItemDelegate::setEditorData(editor, index);
        else box->setCurrentIndex(box->findData(index.data(Qt::EditRole)));
    }

    void setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const override
    {
        const auto* box = qobject_cast<QComboBox*>(editor);
        if (box == nullptr) QStyledItemDelegate::setModelData(editor, model, index);
        else model->setData(index, box->currentData(), Qt::EditRole);
    }
};

}  // namespace

PathTable::PathTable(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent)
    : QWidget(parent),
      m_analysis(analysis),
      m_model(new PathRuleModel(document, analysis, this)),
      m_table(new QTableView(this)),
      m_path(new QLineEdit(this)),
      m_access(new QComboBox(this)),
      m_browse(new QPushButton(tr("Browse…"), this)),
      m_add(new QPushButton(tr("Add path"), this)),
      m_remove(new QPushButton(tr("Remove"), this)),
      m_show(new QPushButton(tr("Show in text"), this)),
      m_ask(new AskBox(analysis, AskBox::About::path, this))
{
    setAcceptDrops(true);
    auto* layout = new QVBoxLayout(this);
    auto* help =
        new QLabel(tr("What no rule names is absent in the sandbox. The most specific path decides. Folders and "
                      "files can be dropped here."),
                   this);
    help->setTextFormat(Qt::PlainText);
    help->setWordWrap(true);
    layout->addWidget(help);
    layout->addWidget(m_table, 1);
    layout->addLayout(makeAddRow());
    layout->addWidget(m_ask);
    dressTable();

    connect(m_model, &PathRuleModel::failed, this, &PathTable::failed);
    connect(m_model, &QAbstractItemModel::modelReset, this, &PathTable::updateButtons);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &PathTable::updateButtons);
    connect(m_remove, &QPushButton::clicked, this, &PathTable::removeSelected);
    connect(m_show, &QPushButton::clicked, this, [this] {
        if (m_table->currentIndex().isValid()) emit showInText(m_model->pointer(m_table->currentIndex().row()));
    });
    connect(m_ask, &AskBox::showInText, this, &PathTable::showInText);
    updateButtons();
}

void PathTable::dressTable()
{
    m_table->setObjectName(u"pathTable"_s);
    m_table->setAccessibleName(tr("Path rules"));
    dressRuleTable(*m_table, *m_model, PathRuleModel::kPath);
    m_table->setItemDelegate(new AccessDelegate(m_table));
    const auto fit = [this] {
        fitColumn(*m_table, PathRuleModel::kAccess, kMostAccess);
        fitColumn(*m_table, PathRuleModel::kState, kMostState);
        fitColumn(*m_table, PathRuleModel::kOrigin, kMostOrigin);
    };
    fit();
    connect(m_model, &QAbstractItemModel::modelReset, this, fit);
    setFocusProxy(m_table);
}

QLayout* PathTable::makeAddRow()
{
    m_path->setObjectName(u"newPath"_s);
    m_path->setAccessibleName(tr("New path"));
    m_path->setPlaceholderText(tr("/path to allow or deny; may begin with ~, ${CWD} or ${PROFILE_DIR}"));
    m_access->setObjectName(u"newAccess"_s);
    m_access->setAccessibleName(tr("Access of the new path"));
    m_add->setObjectName(u"addPath"_s);
    m_remove->setObjectName(u"removePath"_s);
    m_browse->setObjectName(u"browse"_s);
    fillAccesses(*m_access);
    auto* rows = new QVBoxLayout;
    auto* top = new QHBoxLayout;
    top->addWidget(m_path, 1);
    top->addWidget(m_access);
    rows->addLayout(top);
    auto* bottom = new QHBoxLayout;
    bottom->addWidget(m_add);
    bottom->addWidget(m_browse);
    bottom->addStretch();
    bottom->addWidget(m_show);
    bottom->addWidget(m_remove);
    rows->addLayout(bottom);
    connect(m_path, &QLineEdit::returnPressed, this, &PathTable::addTyped);
    connect(m_path, &QLineEdit::textChanged, this, &PathTable::updateButtons);
    connect(m_add, &QPushButton::clicked, this, &PathTable::addTyped);
    connect(m_browse, &QPushButton::clicked, this, &PathTable::browse);
    return rows;
}

void PathTable::setEditable(bool editable)
{
    m_editable = editable;
    updateButtons();
}

void PathTable::updateButtons()
{
    const bool selected = m_table->currentIndex().isValid() && !m_model->pointer(m_table->currentIndex().row()).empty();
    m_table->setEditTriggers(m_editable ? QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed |
                                              QAbstractItemView::AnyKeyPressed
                                        : QAbstractItemView::NoEditTriggers);
    m_path->setEnabled(m_editable);
    m_access->setEnabled(m_editable);
    m_browse->setEnabled(m_editable);
    m_add->setEnabled(m_editable && !m_path->text().trimmed().isEmpty());
    m_remove->setEnabled(m_editable && selected);
    m_show->setEnabled(selected);
}

void PathTable::addTyped()
{
    const std::string path = engineText(m_path->text().trimmed());
    if (path.empty() || !m_editable) return;
    const auto access = static_cast<PathAccess>(m_access->currentData().toInt());
    if (m_model->addPath(path, access)) m_path->clear();
}

void PathTable::removeSelected()
{
    if (m_editable && m_table->currentIndex().isValid()) (void)m_model->removeRow(m_table->currentIndex().row());
}

void PathTable::browse()
{
    auto* picker = new PathPicker(m_analysis, this);
    connect(picker, &PathPicker::chosen, this, [this](const QString& path) {
        m_path->setText(path);
        addTyped();
    });
    picker->open();
}

void PathTable::dragEnterEvent(QDragEnterEvent* event)
{
    if (m_editable && event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void PathTable::dropEvent(QDropEvent* event)
{
    const auto access = static_cast<PathAccess>(m_access->currentData().toInt());
    for (const QUrl& url : event->mimeData()->urls()) {
        if (!url.isLocalFile()) continue;
        const std::string path = engineText(url.toLocalFile());
        if (!m_model->contains(path, access)) (void)m_model->addPath(path, access);
    }
    event->acceptProposedAction();
}

}  // namespace belljar
