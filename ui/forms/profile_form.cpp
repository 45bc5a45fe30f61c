#include "ui/forms/profile_form.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/forms/field_editors.h"
#include "ui/forms/field_group.h"
#include "ui/forms/form_sections.h"
#include "ui/forms/network_editor.h"
#include "ui/forms/path_table.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPageRole = Qt::UserRole;

}  // namespace

ProfileForm::ProfileForm(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_analysis(analysis),
      m_tree(new QTreeWidget(this)),
      m_pages(new QStackedWidget(this)),
      m_paths(new PathTable(document, analysis, this)),
      m_network(new NetworkEditor(document, analysis, this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeTree());
    layout->addWidget(m_pages, 1);
    for (const FormSection& section : formSections()) {
        const bool files = section.pointers.front() == "/filesystem";
        QWidget* above = section.pointers.front() == "/network/egress" ? m_network : nullptr;
        addSection(section.title, files ? m_paths : makePage(section.title, section.pointers, above), section.isInner);
    }
    fitTree();
    connect(m_paths, &PathTable::failed, this, &ProfileForm::failed);
    connect(m_paths, &PathTable::showInText, this, &ProfileForm::showInText);
    connect(m_network, &NetworkEditor::failed, this, &ProfileForm::failed);
    connect(m_network, &NetworkEditor::showInText, this, &ProfileForm::showInText);
    connect(&analysis, &ProfileAnalysis::changed, this, &ProfileForm::showAnalysis);
    connect(&document, &ProfileDocument::parsed, this, &ProfileForm::reload);
    connect(&document, &ProfileDocument::fileChanged, this, &ProfileForm::markChanges);
    showSection(0);
    reload();
    showAnalysis();
}

QWidget* ProfileForm::makeTree()
{
    m_tree->setObjectName(u"sections"_s);
    m_tree->setAccessibleName(tr("Sections of the profile"));
    m_tree->setHeaderHidden(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setRootIsDecorated(false);
    m_tree->setItemsExpandable(false);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(fontMetrics().height());
    m_tree->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem* item) {
        if (item == nullptr) return;
        const int page = item->data(0, kPageRole).toInt();
        m_pages->setCurrentIndex(page);
        emit roomWanted(page >= static_cast<int>(formSections().size()));
    });
    return m_tree;
}

void ProfileForm::addSection(const QString& title, QWidget* page, bool isInner)
{
    QTreeWidgetItem* outer = isInner ? m_tree->topLevelItem(m_tree->topLevelItemCount() - 1) : nullptr;
    auto* item = outer != nullptr ? new QTreeWidgetItem(outer, {title}) : new QTreeWidgetItem(m_tree, {title});
    item->setData(0, kPageRole, m_pages->addWidget(page));
    const QFontMetrics metrics = m_tree->fontMetrics();
    item->setSizeHint(0, QSize(metrics.horizontalAdvance(title + u" (99)"_s), metrics.height() + 8));  // With a count.
    m_items.push_back(item);
}

QWidget* ProfileForm::makePage(const QString& title, const std::vector<std::string>& pointers, QWidget* above)
{
    auto* scroll = new QScrollArea(this);
    auto* page = new QWidget(scroll);
    auto* layout = new QVBoxLayout(page);
    auto* group = new FieldGroup({}, pointers, page);
    if (above != nullptr) layout->addWidget(above);
    layout->addWidget(group);
    layout->addStretch(1);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(page);
    scroll->setAccessibleName(title);
    scroll->setFocusPolicy(Qt::NoFocus);
    connect(group, &FieldGroup::committed, this, &ProfileForm::commitBelow);
    connect(group, &FieldGroup::revertRequested, this, &ProfileForm::revert);
    m_groups.push_back(group);
    return scroll;
}

void ProfileForm::addPage(const QString& title, QWidget* page)
{
    page->setParent(this);
    addSection(title, page, false);
    fitTree();
}

void ProfileForm::fitTree()
{
    m_tree->expandAll();
    m_tree->resizeColumnToContents(0);
    m_tree->setFixedWidth(m_tree->columnWidth(0) + 2 * m_tree->fontMetrics().averageCharWidth());
}

int ProfileForm::currentSection() const
{
    return m_pages->currentIndex();
}

void ProfileForm::showSection(int section)
{
    m_tree->setCurrentItem(m_items[static_cast<std::size_t>(section)]);
}

void ProfileForm::showPage(const QWidget* page)
{
    for (int i = 0; i < m_pages->count(); ++i)
        if (m_pages->widget(i) == page) showSection(i);
}

void ProfileForm::showField(const std::string& pointer)
{
    const std::string pattern = fieldPattern(pointer);
    const int section = sectionOf(pattern);
    if (section < 0) return;
    showSection(section);
    QWidget* target = m_pages->currentWidget();
    // The control itself, or that of the list which it is an element of.
    for (std::string name = pattern; !name.empty(); name.erase(name.rfind('/'))) {
        if (auto* editor = target->findChild<FieldEditor*>(QString::fromStdString(name)); editor != nullptr) {
            target = editor;
            break;
        }
    }
    if (auto* scroll = qobject_cast<QScrollArea*>(m_pages->currentWidget()); scroll != nullptr && target != scroll)
        scroll->ensureWidgetVisible(target);
    target->setFocus(Qt::OtherFocusReason);
}

QString ProfileForm::noteText(const FieldInfo& info) const
{
    QStringList parts{shown(info.help)};
    // The longest prefix is the most specific statement about this field.
    const Preparation& preparation = m_analysis.preparation();
    const Capability* best = nullptr;
    if (preparation.backend != nullptr) {
        for (const Capability& capability : preparation.backend->info().capabilities) {
            const bool about = isBelow(info.pointer, capability.feature);
            if (about && (best == nullptr || capability.feature.size() > best->feature.size())) best = &capability;
        }
    }
    if (best != nullptr && best->enforcement != Enforcement::enforced) {
        const QString how = shown(best->how) + u'.';
        switch (best->enforcement) {
            case Enforcement::partly: parts << tr("Partly enforced: %1").arg(how); break;
            case Enforcement::notYet: parts << tr("Not enforced yet: %1").arg(how); break;
            case Enforcement::impossible: parts << tr("Not possible here: %1").arg(how); break;
            case Enforcement::enforced: break;
        }
    }
    for (const PathReplacement& replaced : preparation.replacements)
        if (replaced.pointer == info.pointer)
            parts << tr("%1 → %2").arg(shownElided(replaced.written, 500), shownElided(replaced.resolved, 500));
    if (info.since != "0.6" && !info.since.empty()) parts << tr("Since schema %1.").arg(shown(info.since));
    if (!info.systems.empty()) parts << tr("Acts on: %1.").arg(shown(info.systems).replace(u' ', u", "_s));
    return parts.join(u' ');
}

void ProfileForm::showAnalysis()
{
    for (FieldGroup* group : m_groups) group->setNotes([this](const FieldInfo& info) { return noteText(info); });
    countProblems();
}

/// Each section says how many errors and warnings are about it.
void ProfileForm::countProblems()
{
    const std::vector<FormSection>& sections = formSections();
    std::vector<int> counts(sections.size());
    for (const Finding& finding : m_analysis.findings()) {
        if (finding.severity == Severity::note || !finding.place.file.empty()) continue;
        const int section = sectionOf(fieldPattern(finding.place.pointer));
        if (section >= 0) ++counts[static_cast<std::size_t>(section)];
    }
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const QString title = sections[i].title;
        m_items[i]->setText(0, counts[i] == 0 ? title : tr("%1 (%2)").arg(title, QString::number(counts[i])));
        m_items[i]->setData(0, Qt::AccessibleTextRole,
                            counts[i] == 0 ? title : tr("%1, problems: %2").arg(title, QString::number(counts[i])));
    }
}

void ProfileForm::reload()
{
    static const JsonText kNothing;
    const bool editable = m_document.isValid();
    m_paths->setEditable(editable);
    m_network->setEditable(editable);
    const JsonText& text = m_document.config() ? m_document.config()->text : kNothing;
    for (FieldGroup* group : m_groups) {
        group->setEditable(editable);
        group->setValues(text, text.root());
    }
    markChanges();
}

void ProfileForm::markChanges()
{
    if (!m_document.isValid() || !m_document.config()) return;
    for (FieldGroup* group : m_groups)
        group->markChanges([this](const FieldInfo& info) {
            return m_document.isChanged(writtenPointer(m_document.config()->text, info.pointer));
        });
}

void ProfileForm::commitBelow(const FieldInfo& info, const std::optional<std::string>& json, const std::string& below)
{
    change(info, writtenPointer(m_document.config()->text, below), json);
}

void ProfileForm::revert(const FieldInfo& info)
{
    const std::string pointer = writtenPointer(m_document.config()->text, info.pointer);
    change(info, pointer, m_document.savedValue(pointer));
}

void ProfileForm::change(const FieldInfo& info, const std::string& pointer, const std::optional<std::string>& json)
{
    const QString label = tr("change %1").arg(QString::fromStdString(info.title));
    const Result<void> result = m_document.change({{pointer, json}}, label);
    if (!result) {
        emit failed(result.error());
        reload();
    }
}

}  // namespace belljar
