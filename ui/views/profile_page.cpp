#include "ui/views/profile_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/forms/profile_form.h"
#include "ui/models/finding_model.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/disk_bar.h"
#include "ui/views/event_delegate.h"
#include "ui/views/message_bar.h"
#include "ui/views/systems_pane.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostHidden = 20;
constexpr int kProblemLines = 3;
// Pixels of a window of usual size; the splitters keep the proportion.
constexpr int kFormShare = 740;
constexpr int kTextShare = 440;
constexpr int kEditHeight = 600;
constexpr int kProblemHeight = 110;

}  // namespace

std::vector<Finding> hiddenCharacters(const std::string& text, std::size_t limit)
{
    std::vector<Finding> findings;
    std::uint32_t line = 1;
    for (std::size_t begin = 0; begin < text.size() && findings.size() < limit; ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string content = text.substr(begin, end - begin);
        std::replace(content.begin(), content.end(), '\t', ' ');
        if (!fitsLineEdit(content)) {
            Finding finding;
            finding.severity = Severity::warning;
            finding.id = "hidden-character";
            finding.message =
                "This line holds characters that cannot be seen or that change the order of what is seen.";
            finding.place.line = line;
            finding.place.column = 1;
            finding.fix = "Remove them, or write them as \\u escapes.";
            findings.push_back(std::move(finding));
        }
        begin = end + 1;
    }
    return findings;
}

ProfilePage::ProfilePage(ProfileDocument& document, ProfileAnalysis& analysis, WebEditorFactory makeWebEditor,
                         QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_analysis(analysis),
      m_form(new ProfileForm(document, analysis, this)),
      m_compare(new ComparePane(document, analysis, this)),
      m_editor(new EditorHost(document, std::move(makeWebEditor), this)),
      m_invalid(new MessageBar(false, this)),
      m_problems(new FindingModel(this)),
      m_problemList(new QListView(this)),
      m_problemHeading(new QLabel(this)),
      m_fix(new QPushButton(tr("Apply the fix"), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* disk = new DiskBar(document, this);
    layout->addWidget(disk);
    layout->addWidget(m_invalid);
    m_form->addPage(tr("Compare"), m_compare);
    m_form->addPage(tr("Other systems"), new SystemsPane(document, analysis, this));
    connect(disk, &DiskBar::compareRequested, this, [this](const QString& path) {
        m_form->showPage(m_compare);
        m_compare->compareWithFile(path);
    });
    auto* sides = new QSplitter(Qt::Horizontal, this);
    sides->addWidget(m_form);
    sides->addWidget(m_editor);
    sides->setChildrenCollapsible(false);
    sides->setSizes({kFormShare, kTextShare});
    sides->setStretchFactor(0, 1);
    sides->setStretchFactor(1, 1);
    auto* parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(sides);
    parts->addWidget(makeProblems());
    parts->setStretchFactor(0, 1);
    parts->setSizes({kEditHeight, kProblemHeight});
    parts->setChildrenCollapsible(false);
    layout->addWidget(parts, 1);

    m_invalid->setObjectName(u"invalidBanner"_s);
    connect(m_form, &ProfileForm::failed, this, &ProfilePage::failed);
    connect(m_form, &ProfileForm::roomWanted, m_editor, &QWidget::setHidden);
    connect(m_form, &ProfileForm::showInText, this, [this](const std::string& pointer) { goTo({pointer, 0, 0}); });
    connect(&document, &ProfileDocument::parsed, this, &ProfilePage::documentParsed);
    connect(&analysis, &ProfileAnalysis::changed, this, &ProfilePage::showFindings);
    documentParsed();
    showFindings();
    applyTheme();
}

QWidget* ProfilePage::makeProblems()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(8, 0, 8, 4);
    auto* heading = new QHBoxLayout;
    heading->addWidget(m_problemHeading, 1);
    heading->addWidget(m_fix);
    layout->addLayout(heading);
    layout->addWidget(m_problemList, 1);
    m_fix->setObjectName(u"fixProblem"_s);
    m_fix->setAccessibleName(tr("Apply the fix of the selected problem"));
    m_fix->setShortcut(QKeySequence(tr("Alt+F")));
    m_fix->setToolTip(tr("Changes the profile as the selected problem says; can be undone (Alt+F)"));
    connect(m_fix, &QPushButton::clicked, this, &ProfilePage::fixSelected);
    m_problemHeading->setTextFormat(Qt::PlainText);
    m_problemHeading->setBuddy(m_problemList);
    m_problemList->setObjectName(u"problems"_s);
    m_problemList->setAccessibleName(tr("Problems of the profile; Enter goes to the line"));
    m_problemList->setModel(m_problems);
    m_problemList->setItemDelegate(new FindingDelegate(m_problemList));
    m_problemList->setWordWrap(true);
    m_problemList->setResizeMode(QListView::Adjust);
    m_problemList->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_problemList->setMinimumHeight(kProblemLines * (fontMetrics().lineSpacing() + 4));
    connect(m_problemList, &QListView::activated, this, [this](const QModelIndex& index) {
        const SourcePlace& place = m_problems->findings()[static_cast<std::size_t>(index.row())].place;
        goTo(place.file.empty() ? place : SourcePlace{"/experimental/belljar/extends", 0, 0});
    });
    connect(m_problemList->selectionModel(), &QItemSelectionModel::currentChanged, this, &ProfilePage::updateFix);
    connect(m_problems, &QAbstractItemModel::modelReset, this, &ProfilePage::updateFix);
    updateFix();
    return box;
}

const Finding* ProfilePage::selectedProblem() const
{
    const QModelIndex index = m_problemList->currentIndex();
    return index.isValid() ? &m_problems->findings()[static_cast<std::size_t>(index.row())] : nullptr;
}

void ProfilePage::updateFix()
{
    const Finding* finding = selectedProblem();
    m_fix->setEnabled(finding != nullptr && !finding->changes.empty() && m_document.isValid());
}

void ProfilePage::fixSelected()
{
    const Finding* finding = selectedProblem();
    if (finding == nullptr || finding->changes.empty()) return;
    const int row = m_problemList->currentIndex().row();
    const Result<void> fixed =
        m_document.change(std::vector(finding->changes), tr("fix %1").arg(menuText(finding->id)));
    if (!fixed) emit failed(fixed.error());
    // The next one is at hand.
    m_problemList->setCurrentIndex(m_problems->index(std::min(row, m_problems->rowCount() - 1)));
}

void ProfilePage::documentParsed()
{
    if (!m_document.error()) {
        m_invalid->hide();
        return;
    }
    const Error& error = *m_document.error();
    m_invalid->showText(Severity::error, errorText(error) + u'\n' +
                                             tr("The form shows the last valid state and cannot be changed until the "
                                                "text is valid again."));
}

void ProfilePage::showFindings()
{
    std::vector<Finding> findings = m_analysis.findings();
    for (Finding& finding : hiddenCharacters(m_document.text(), kMostHidden)) findings.push_back(std::move(finding));
    m_problems->setFindings(std::move(findings));
    updateMarks();
    updateHeading();
}

void ProfilePage::updateHeading()
{
    m_problemHeading->setText(tr("Problems: %1").arg(m_problems->summary()));
}

void ProfilePage::updateMarks()
{
    std::vector<EditorMark> marks;
    for (const Finding& finding : m_problems->findings()) {
        if (finding.place.line == 0 || !finding.place.file.empty()) continue;  // A base profile has its own text.
        const auto [begin, end] = m_document.rangeOf(finding.place);
        marks.push_back({begin, end, finding.severity, shownElided(finding.message, 1000)});
    }
    m_editor->setMarks(marks);
}

void ProfilePage::showCompare(ComparePane::With with)
{
    m_form->showPage(m_compare);
    m_compare->compareWith(with);
}

void ProfilePage::applyTheme()
{
    m_editor->setTheme(currentTheme().editorTheme());
}

void ProfilePage::goToField(const std::string& pointer)
{
    m_document.parseNow();  // The form takes nothing before the text was read.
    m_form->showField(pointer);
}

void ProfilePage::goTo(const SourcePlace& place)
{
    SourcePlace target = place;
    const auto& config = m_document.config();
    if (!place.pointer.empty() && m_document.isValid() && config) {
        const SourcePlace now = config->place(place.pointer);
        if (now.line != 0) target = now;
    }
    if (target.line == 0) return;
    m_editor->show();
    m_editor->editor().goTo(m_document.rangeOf(target).first);
}

}  // namespace belljar
