#include "ui/forms/list_editor.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <utility>

#include "core/base/secret_text.h"
#include "core/base/visible.h"
#include "ui/models/shown_text.h"

namespace belljar {

namespace {

constexpr std::size_t kShownBytes = 1000;
constexpr int kFewestLines = 3;
constexpr int kMostLines = 6;

/// Shows entries without what looks like a secret; who edits one sees it.
class MaskingDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    [[nodiscard]] QString displayText(const QVariant& value, const QLocale&) const override
    {
        return QString::fromStdString(withoutSecrets(engineText(value.toString())));
    }
};

}  // namespace

ListEditor::ListEditor(const QString& title, QWidget* parent)
    : FieldEditor(parent),
      m_list(new QListWidget(this)),
      m_new(new QLineEdit(this)),
      m_add(new QPushButton(tr("Add"), this)),
      m_remove(new QPushButton(tr("Remove"), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    auto* row = new QHBoxLayout;
    layout->addLayout(row);
    row->addWidget(m_new, 1);
    row->addWidget(m_add);
    row->addWidget(m_remove);

    m_list->setAccessibleName(title);
    m_list->setItemDelegate(new MaskingDelegate(m_list));
    m_new->setAccessibleName(tr("New entry of %1").arg(title));
    m_new->setPlaceholderText(tr("new entry"));
    m_add->setAccessibleName(tr("Add the new entry to %1").arg(title));
    m_remove->setAccessibleName(tr("Remove the selected entry of %1").arg(title));
    m_remove->setEnabled(false);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setFocusProxy(m_list);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);  // A form shares what is left over among its rows.

    connect(m_new, &QLineEdit::returnPressed, this, &ListEditor::addEntry);
    connect(m_add, &QPushButton::clicked, this, &ListEditor::addEntry);
    connect(m_remove, &QPushButton::clicked, this, &ListEditor::removeEntry);
    connect(m_list, &QListWidget::currentRowChanged, this, [this](int index) { m_remove->setEnabled(index >= 0); });
    connect(m_list, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        if (!m_filling) entryEdited(m_list->row(item), item->text());
    });
    rebuild();
}

void ListEditor::setValue(const JsonText& text, JsonText::NodeId node)
{
    std::vector<std::string> entries;
    if (node != JsonText::kNone && text.node(node).type == JsonType::array) {
        for (JsonText::NodeId child = text.node(node).firstChild; child != JsonText::kNone;
             child = text.node(child).nextSibling) {
            entries.push_back(text.string(child));
        }
    }
    if (entries == m_entries) return;
    m_entries = std::move(entries);
    rebuild();
}

void ListEditor::rebuild()
{
    m_filling = true;
    const int row = m_list->currentRow();
    m_list->clear();
    for (const std::string& entry : m_entries) {
        auto* item =
            new QListWidgetItem(fitsLineEdit(entry) ? QString::fromStdString(entry) : shownElided(entry, kShownBytes));
        if (fitsLineEdit(entry)) item->setFlags(item->flags() | Qt::ItemIsEditable);
        if (!secretSpans(entry).empty()) {
            item->setData(Qt::AccessibleTextRole, shownWithoutSecrets(entry, kShownBytes));
            item->setToolTip(tr("Masked, as it looks like a secret; F2 or a double click shows it for editing."));
        }
        m_list->addItem(item);
    }
    m_list->setCurrentRow(std::min(row, m_list->count() - 1));
    const int lines = std::clamp(m_list->count(), kFewestLines, kMostLines);
    m_list->setFixedHeight(lines * (m_list->fontMetrics().height() + 4) + 2 * m_list->frameWidth() + 4);
    m_filling = false;
}

void ListEditor::addEntry()
{
    const std::string entry = engineText(m_new->text());
    if (entry.empty()) return;
    m_new->clear();
    emit committed(jsonQuote(entry), "/-");
}

void ListEditor::removeEntry()
{
    const int row = m_list->currentRow();
    if (row < 0) return;
    emit committed(std::nullopt, "/" + std::to_string(row));
}

void ListEditor::entryEdited(int row, const QString& text)
{
    emit committed(jsonQuote(engineText(text)), "/" + std::to_string(row));
}

}  // namespace belljar
