#include "ui/forms/profile_form.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

#include <algorithm>

#include "ui/forms/path_table.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

bool isBelow(const std::string& pointer, const std::string& ancestor)
{
    return pointer.compare(0, ancestor.size(), ancestor) == 0 &&
           (pointer.size() == ancestor.size() || pointer[ancestor.size()] == '/');
}

/// True for arrays whose elements have fields of their own.
bool hasElementFields(const FieldInfo& array)
{
    const std::vector<FieldInfo>& fields = configFields();
    return std::any_of(fields.begin(), fields.end(),
                       [&](const FieldInfo& field) { return field.pointer.rfind(array.pointer + "/*/", 0) == 0; });
}

/// The title with those of the objects around it that are not the section itself: "Egress: default".
QString fullTitle(const FieldInfo& info, const std::string& section)
{
    QString title = shown(info.title);
    for (const FieldInfo& parent : configFields()) {
        const bool around = parent.type == "object" && parent.pointer != info.pointer &&
                            isBelow(info.pointer, parent.pointer) && parent.pointer.size() > section.size();
        if (around) title = u"%1: %2"_s.arg(shown(parent.title), title);
    }
    return title;
}

QLabel* plainLabel(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

}  // namespace

ProfileForm::ProfileForm(ProfileDocument& document, QWidget* parent)
    : QTabWidget(parent), m_document(document), m_paths(new PathTable(document, this))
{
    setAccessibleName(tr("Profile form"));
    setDocumentMode(true);
    setUsesScrollButtons(true);
    addTab(m_paths, tr("Files"));
    addSection(tr("Network"), {u"/network"_s, u"/runtimeConfig"_s});
    addSection(tr("Process"), {u"/process"_s});
    addSection(tr("Limits"), {u"/experimental/belljar/limits"_s});
    addSection(tr("Rules"), {u"/experimental/belljar/extends"_s, u"/experimental/belljar/programs"_s,
                             u"/experimental/belljar/syscalls"_s});
    addSection(tr("General"), {u"/version"_s, u"/containerId"_s, u"/containment"_s, u"/lifecycle"_s, u"/ui"_s});
    connect(m_paths, &PathTable::failed, this, &ProfileForm::failed);
    connect(m_paths, &PathTable::showInText, this, &ProfileForm::showInText);
    connect(&document, &ProfileDocument::parsed, this, &ProfileForm::reload);
    reload();
}

void ProfileForm::addSection(const QString& title, const QStringList& pointers)
{
    auto* scroll = new QScrollArea(this);
    auto* page = new QWidget(scroll);
    auto* layout = new QFormLayout(page);
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->setRowWrapPolicy(QFormLayout::WrapLongRows);
    for (const QString& pointer : pointers) {
        for (const FieldInfo& info : configFields()) {
            const bool leaf = info.type != "object" && info.type != "any";
            const bool inElement = info.pointer.find('*') != std::string::npos;
            if (leaf && !inElement && isBelow(info.pointer, engineText(pointer))) {
                FieldInfo field = info;
                field.title = engineText(fullTitle(info, engineText(pointer)));
                addField(field, *layout, *page);
            }
        }
    }
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(page);
    scroll->setAccessibleName(title);
    addTab(scroll, title);
}

void ProfileForm::addField(const FieldInfo& info, QFormLayout& layout, QWidget& page)
{
    FormField field;
    field.info = info;
    const QString title = QString::fromStdString(info.title);
    std::unique_ptr<FieldEditor> editor = makeFieldEditor(info, title, !hasElementFields(info));
    if (!editor) {
        addTextOnlyField(field, title, layout, page);
        return;
    }
    field.editor = editor.release();
    field.editor->setParent(&page);
    field.editor->setObjectName(QString::fromStdString(info.pointer));
    auto* label = new QLabel(title, &page);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(field.editor);
    layout.addRow(label, field.editor);
    field.note = plainLabel(noteText(info), &page);
    field.note->setForegroundRole(QPalette::PlaceholderText);
    layout.addRow(field.note);
    connect(field.editor, &FieldEditor::committed, this,
            [this, info](const std::optional<std::string>& json, const std::string& below) {
                commit(info, info.pointer + below, json);
            });
    m_fields.push_back(field);
}

void ProfileForm::addTextOnlyField(FormField& field, const QString& title, QFormLayout& layout, QWidget& page)
{
    auto* row = new QWidget(&page);
    auto* rowLayout = new QHBoxLayout(row);
    rowLayout->setContentsMargins(0, 0, 0, 0);
    field.count = plainLabel({}, row);
    auto* button = new QPushButton(tr("Edit in text"), row);
    button->setAccessibleName(tr("Edit %1 in the text").arg(title));
    rowLayout->addWidget(field.count, 1);
    rowLayout->addWidget(button);
    layout.addRow(title, row);
    field.note = plainLabel(noteText(field.info), &page);
    field.note->setForegroundRole(QPalette::PlaceholderText);
    layout.addRow(field.note);
    connect(button, &QPushButton::clicked, this, [this, pointer = field.info.pointer] { emit showInText(pointer); });
    m_fields.push_back(field);
}

QString ProfileForm::noteText(const FieldInfo& info) const
{
    QStringList parts{shown(info.help)};
    // The longest prefix is the most specific statement about this field.
    const Capability* best = nullptr;
    for (const Capability& capability : m_capabilities) {
        const bool about = isBelow(info.pointer, capability.feature);
        if (about && (best == nullptr || capability.feature.size() > best->feature.size())) best = &capability;
    }
    if (best != nullptr && best->enforcement != Enforcement::enforced) {
        const QString how = shown(best->how);
        switch (best->enforcement) {
            case Enforcement::partly: parts << tr("Partly enforced: %1").arg(how); break;
            case Enforcement::notYet: parts << tr("Not enforced yet: %1").arg(how); break;
            case Enforcement::impossible: parts << tr("Not possible here: %1").arg(how); break;
            case Enforcement::enforced: break;
        }
    }
    for (const PathReplacement& replaced : m_replacements)
        if (replaced.pointer == info.pointer)
            parts << tr("%1 → %2").arg(shownElided(replaced.written, 500), shownElided(replaced.resolved, 500));
    if (info.since != "0.6" && !info.since.empty()) parts << tr("Since schema %1.").arg(shown(info.since));
    return parts.join(u' ');
}

void ProfileForm::setCapabilities(const std::vector<Capability>& capabilities)
{
    m_capabilities = capabilities;
    for (const FormField& field : m_fields) field.note->setText(noteText(field.info));
}

void ProfileForm::setReplacements(std::vector<PathReplacement> replacements)
{
    m_replacements = replacements;
    // The table shows those of the lists; left are those of single fields.
    std::erase_if(m_replacements,
                  [](const PathReplacement& replaced) { return isBelow(replaced.pointer, "/filesystem"); });
    m_paths->setReplacements(std::move(replacements));
    for (const FormField& field : m_fields) field.note->setText(noteText(field.info));
}

void ProfileForm::reload()
{
    const bool editable = m_document.isValid();
    m_paths->setEditable(editable);
    for (const FormField& field : m_fields) {
        if (field.editor != nullptr) field.editor->setEnabled(editable);
        if (!m_document.config()) continue;
        const JsonText& text = m_document.config()->text;
        const JsonText::NodeId node = text.find(field.info.pointer);
        if (field.editor != nullptr) {
            field.editor->setValue(text, node);
            continue;
        }
        int entries = 0;
        if (node != JsonText::kNone) {
            for (auto child = text.node(node).firstChild; child != JsonText::kNone;
                 child = text.node(child).nextSibling) {
                ++entries;
            }
        }
        field.count->setText(entries == 0 ? tr("none") : entries == 1 ? tr("1 entry") : tr("%1 entries").arg(entries));
    }
}

void ProfileForm::commit(const FieldInfo& info, const std::string& pointer, const std::optional<std::string>& json)
{
    const QString label = tr("change %1").arg(QString::fromStdString(info.title));
    const Result<void> result = m_document.change({{pointer, json}}, label);
    if (!result) {
        emit failed(result.error());
        reload();
    }
}

}  // namespace belljar
