#include "ui/views/new_profile_dialog.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include "core/config/profile_templates.h"
#include "ui/models/shown_text.h"
#include "ui/views/titled_delegate.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTextRole = Qt::UserRole;

}  // namespace

NewProfileDialog::NewProfileDialog(QWidget* parent)
    : QDialog(parent), m_list(new QListWidget(this)), m_text(new QPlainTextEdit(this))
{
    setWindowTitle(tr("New profile"));
    setAttribute(Qt::WA_DeleteOnClose);
    m_list->setObjectName(u"templates"_s);
    m_list->setAccessibleName(tr("Templates"));
    m_list->setItemDelegate(new TitledDelegate(m_list));
    m_list->setResizeMode(QListView::Adjust);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const auto add = [this](const QString& title, const QString& about, const std::string& text) {
        auto* item = new QListWidgetItem(title + u'\n' + about, m_list);
        item->setData(kTextRole, QString::fromStdString(text));
        item->setData(Qt::AccessibleTextRole, tr("%1: %2").arg(title, about));
    };
    for (const ProfileTemplate& each : profileTemplates())
        add(shown(each.title), shown(each.about), std::string(each.text));
    add(tr("Empty"), tr("Grants nothing but the system's own programs and libraries."),
        std::string(emptyTemplate().text));
    m_text->setObjectName(u"templateText"_s);
    m_text->setAccessibleName(tr("The chosen template"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    auto* sides = new QSplitter(Qt::Horizontal, this);
    sides->addWidget(m_list);
    sides->addWidget(m_text);
    sides->setChildrenCollapsible(false);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("Create"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(sides, 1);
    layout->addWidget(buttons);
    const int character = fontMetrics().averageCharWidth();
    sides->setSizes({60 * character, 70 * character});
    resize(150 * character, 40 * fontMetrics().height());

    connect(m_list, &QListWidget::currentRowChanged, this, &NewProfileDialog::preview);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(this, &QDialog::accepted, this, [this] { emit chosen(engineText(m_text->toPlainText())); });
    m_list->setCurrentRow(0);
    m_list->setFocus();
}

void NewProfileDialog::preview()
{
    m_text->setPlainText(m_list->currentItem()->data(kTextRole).toString());
}

}  // namespace belljar
