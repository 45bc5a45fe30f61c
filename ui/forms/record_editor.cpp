#include "ui/forms/record_editor.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

#include "core/base/visible.h"
#include "ui/forms/field_group.h"
#include "ui/models/shown_text.h"

namespace belljar {

namespace {

constexpr int kFewestLines = 2;
constexpr int kMostLines = 6;
constexpr std::size_t kSummaryBytes = 200;

/// Fields of an element itself: no deeper lists' elements.
bool isOwnField(const FieldInfo& field, const std::string& base)
{
    return field.pointer.starts_with(base + "/") && field.pointer.find('/', base.size() + 1) == std::string::npos;
}

}  // namespace

QString elementSummary(const JsonText& text, JsonText::NodeId element)
{
    std::string summary;
    // Values stand in the tree in their order, and an element's own lie between its ends.
    const std::size_t end = text.node(element).end;
    std::vector<JsonText::NodeId> open{element};
    while (!open.empty() && summary.size() < kSummaryBytes) {
        const JsonText::NodeId id = open.back();
        open.pop_back();
        const JsonText::Node& node = text.node(id);
        if (node.begin >= end) continue;
        if (id != element && node.nextSibling != JsonText::kNone) open.push_back(node.nextSibling);
        if (node.firstChild != JsonText::kNone) open.push_back(node.firstChild);
        if (node.type == JsonType::object || node.type == JsonType::array) continue;
        if (!summary.empty()) summary += ", ";
        summary += node.type == JsonType::string ? text.string(id) : std::string(text.raw(id));
    }
    return summary.empty() ? RecordEditor::tr("everything") : shownElided(summary, kSummaryBytes);
}

FieldInfo keyField(const std::string& list)
{
    FieldInfo key;
    for (const FieldInfo& field : configFields()) {
        if (!field.pointer.starts_with(list + "/*/") || !field.isLeaf()) continue;
        if (key.pointer.empty()) key = field;
        if (!field.values.empty() || field.type == "boolean") continue;
        return field;
    }
    return key;
}

std::optional<std::string> newElement(const std::string& list, const FieldInfo& key, const std::string& value)
{
    if (value.empty()) return std::nullopt;
    const bool digits = value.find_first_not_of("0123456789") == std::string::npos && value.size() < 15;
    if (key.type == "integer" && !digits) return std::nullopt;
    std::string json = key.type == "integer" ? std::to_string(std::stoull(value)) : jsonQuote(value);
    // From the key outwards to the element; what an object cannot do without is added around it.
    std::string pointer = key.pointer;
    const std::string base = list + "/*";
    while (pointer.size() > base.size()) {
        const std::string step = pointer.substr(pointer.rfind('/') + 1);
        pointer.erase(pointer.rfind('/'));
        if (step == "*") {
            json = "[" + json + "]";
            continue;
        }
        std::string object = jsonQuote(step) + ": " + json;
        for (const FieldInfo& field : configFields()) {
            if (!field.required || !isOwnField(field, pointer) || field.key == step) continue;
            object += ", " + jsonQuote(field.key) + ": " +
                      (field.type == "integer" ? std::to_string(field.minimum) : std::string("\"\""));
        }
        json = "{" + object + "}";
    }
    return json;
}

RecordEditor::RecordEditor(const FieldInfo& list, const QString& title, QWidget* parent)
    : FieldEditor(parent),
      m_key(keyField(list.pointer)),
      m_list(new QListWidget(this)),
      m_new(new QLineEdit(this)),
      m_add(new QPushButton(tr("Add"), this)),
      m_remove(new QPushButton(tr("Remove"), this)),
      m_details(new FieldGroup(list.pointer + "/*", {list.pointer + "/*"}, this)),
      m_pointer(list.pointer)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_list);
    auto* row = new QHBoxLayout;
    row->addWidget(m_new, 1);
    row->addWidget(m_add);
    row->addWidget(m_remove);
    layout->addLayout(row);
    layout->addWidget(m_details);
    m_list->setAccessibleName(title);
    const QString keyTitle = shown(m_key.title);
    m_new->setAccessibleName(tr("%1 of a new entry of %2").arg(keyTitle, title));
    m_new->setPlaceholderText(tr("new entry: %1").arg(keyTitle));
    m_add->setAccessibleName(tr("Add the new entry to %1").arg(title));
    m_remove->setAccessibleName(tr("Remove the selected entry of %1").arg(title));
    m_details->setContentsMargins(fontMetrics().height(), 0, 0, 0);
    setFocusProxy(m_list);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    connect(m_new, &QLineEdit::returnPressed, this, &RecordEditor::addElement);
    connect(m_add, &QPushButton::clicked, this, &RecordEditor::addElement);
    connect(m_remove, &QPushButton::clicked, this,
            [this] { emit committed(std::nullopt, "/" + std::to_string(m_list->currentRow())); });
    connect(m_list, &QListWidget::currentRowChanged, this, &RecordEditor::showElement);
    connect(m_details, &FieldGroup::committed, this,
            [this](const FieldInfo&, const std::optional<std::string>& json, const std::string& below) {
                emit committed(json, "/" + std::to_string(m_list->currentRow()) + below);
            });
    showElement();
}

void RecordEditor::setValue(const JsonText& text, JsonText::NodeId node)
{
    m_text = &text;
    m_node = node != JsonText::kNone && text.node(node).type == JsonType::array ? node : JsonText::kNone;
    QStringList lines;
    JsonText::NodeId child = m_node == JsonText::kNone ? JsonText::kNone : text.node(m_node).firstChild;
    for (; child != JsonText::kNone; child = text.node(child).nextSibling) lines += elementSummary(text, child);
    const int before = m_list->count();
    int row = m_list->currentRow();
    if (lines.size() > before && before > 0) row = static_cast<int>(lines.size()) - 1;  // What was added is looked at.
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        m_list->addItems(lines);
        m_list->setCurrentRow(std::min(std::max(row, 0), m_list->count() - 1));
    }
    const int shownLines = std::clamp(m_list->count(), kFewestLines, kMostLines);
    m_list->setFixedHeight(shownLines * (m_list->fontMetrics().height() + 4) + 2 * m_list->frameWidth() + 4);
    showElement();
}

void RecordEditor::showElement()
{
    const int row = m_list->currentRow();
    m_remove->setEnabled(row >= 0);
    m_details->setVisible(row >= 0);
    if (row < 0 || m_text == nullptr || m_node == JsonText::kNone) return;
    m_details->setValues(*m_text, m_text->element(m_node, static_cast<std::size_t>(row)));
}

void RecordEditor::addElement()
{
    const std::optional<std::string> json = newElement(m_pointer, m_key, engineText(m_new->text().trimmed()));
    if (!json) return;
    m_new->clear();
    emit committed(*json, "/-");
}

}  // namespace belljar
