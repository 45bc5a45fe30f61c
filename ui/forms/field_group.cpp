#include "ui/forms/field_group.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include <algorithm>

#include "ui/forms/field_editors.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

QLabel* noteLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

/// The title after those of the objects around it that are below `section`: "Proxy: Port".
QString fullTitle(const FieldInfo& info, const std::string& section)
{
    QString around;
    for (const FieldInfo& parent : configFields()) {
        const bool isAround = parent.type == "object" && parent.pointer != info.pointer &&
                              isBelow(info.pointer, parent.pointer) && parent.pointer.size() > section.size();
        if (isAround) around += shown(parent.title) + u": "_s;
    }
    return around + shown(info.title);
}

}  // namespace

bool isBelow(const std::string& pointer, const std::string& ancestor)
{
    return pointer.compare(0, ancestor.size(), ancestor) == 0 &&
           (pointer.size() == ancestor.size() || pointer[ancestor.size()] == '/' || ancestor.empty());
}

JsonText::NodeId valueAt(const JsonText& text, JsonText::NodeId node, const std::string& pointer)
{
    std::size_t begin = 1;
    while (node != JsonText::kNone && begin <= pointer.size()) {
        if (text.node(node).type != JsonType::object) return JsonText::kNone;
        const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
        node = text.member(node, std::string_view(pointer).substr(begin, end - begin));
        begin = end + 1;
    }
    return node;
}

std::string writtenPointer(const JsonText& text, std::string pointer)
{
    for (const FieldInfo& field : configFields()) {
        if (field.alias.empty() || !isBelow(pointer, field.pointer)) continue;
        const std::string other = field.pointer.substr(0, field.pointer.rfind('/') + 1) + field.alias;
        if (text.find(field.pointer) == JsonText::kNone && text.find(other) != JsonText::kNone)
            pointer.replace(0, field.pointer.size(), other);
    }
    return pointer;
}

FieldGroup::FieldGroup(std::string base, const std::vector<std::string>& pointers, QWidget* parent)
    : QWidget(parent), m_base(std::move(base))
{
    auto* layout = new QFormLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->setRowWrapPolicy(QFormLayout::WrapLongRows);
    for (const std::string& pointer : pointers) {
        for (const FieldInfo& info : configFields()) {
            const bool inElement = info.pointer.find("/*", m_base.size()) != std::string::npos;
            if (info.type != "object" && !inElement && isBelow(info.pointer, pointer))
                addRow(info, fullTitle(info, pointer), *layout);
        }
    }
}

void FieldGroup::addRow(const FieldInfo& info, const QString& title, QFormLayout& layout)
{
    Row row;
    row.info = info;
    row.editor = makeFieldEditor(info, title).release();
    row.editor->setParent(this);
    row.editor->setObjectName(QString::fromStdString(info.pointer));
    row.revert = new QToolButton(this);
    row.revert->setText(tr("changed, revert"));
    row.revert->setAccessibleName(tr("%1 was changed: revert to the saved value").arg(title));
    row.revert->hide();
    auto* line = new QHBoxLayout;
    line->addWidget(row.editor, 1);
    line->addWidget(row.revert, 0, Qt::AlignTop);
    auto* label = new QLabel(title, this);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(row.editor);
    const bool isWide = info.type == "array" || info.type == "any";
    if (isWide) {  // Lists need the room; beside a long title they would have none.
        layout.addRow(label);
        layout.addRow(line);
    } else {
        layout.addRow(label, line);
    }
    row.note = noteLabel(shown(info.help), this);
    layout.addRow(row.note);
    connect(row.editor, &FieldEditor::committed, this,
            [this, info](const std::optional<std::string>& json, const std::string& below) {
                emit committed(info, json, info.pointer.substr(m_base.size()) + below);
            });
    connect(row.revert, &QToolButton::clicked, this, [this, info] { emit revertRequested(info); });
    m_rows.push_back(row);
}

void FieldGroup::setValues(const JsonText& text, JsonText::NodeId node)
{
    for (const Row& row : m_rows) {
        const std::string below = row.info.pointer.substr(m_base.size());
        row.editor->setValue(text, valueAt(text, node, m_base.empty() ? writtenPointer(text, below) : below));
    }
}

void FieldGroup::setNotes(const std::function<QString(const FieldInfo&)>& note)
{
    for (const Row& row : m_rows) row.note->setText(note(row.info));
}

void FieldGroup::markChanges(const std::function<bool(const FieldInfo&)>& changed)
{
    for (const Row& row : m_rows) row.revert->setVisible(changed(row.info));
}

void FieldGroup::setEditable(bool editable)
{
    for (const Row& row : m_rows) {
        row.editor->setEnabled(editable);
        row.revert->setEnabled(editable);
    }
}

}  // namespace belljar
