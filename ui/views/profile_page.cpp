#include "ui/views/profile_page.h"

#include <QLabel>
#include <QListView>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "ui/forms/profile_form.h"
#include "ui/models/finding_model.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/event_delegate.h"
#include "ui/views/message_bar.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostHidden = 20;
constexpr int kProblemLines = 3;
// Pixels of a window of usual size; the splitters keep the proportion.
constexpr int kFormShare = 540;
constexpr int kTextShare = 640;
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

ProfilePage::ProfilePage(ProfileDocument& document, WebEditorFactory makeWebEditor, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_form(new ProfileForm(document, this)),
      m_editor(new EditorHost(document, std::move(makeWebEditor), this)),
      m_invalid(new MessageBar(false, this)),
      m_problems(new FindingModel(this)),
      m_problemList(new QListView(this)),
      m_problemHeading(new QLabel(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_invalid);
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
    connect(m_form, &ProfileForm::showInText, this, [this](const std::string& pointer) { goTo({pointer, 0, 0}); });
    connect(&document, &ProfileDocument::parsed, this, &ProfilePage::documentParsed);
    documentParsed();
    applyTheme();
}

QWidget* ProfilePage::makeProblems()
{
    auto* box = new QWidget(this);
    auto* layout = new QVBoxLayout(box);
    layout->setContentsMargins(6, 0, 6, 0);
    layout->addWidget(m_problemHeading);
    layout->addWidget(m_problemList, 1);
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
    return box;
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
    Finding finding;
    finding.severity = Severity::error;
    finding.id = "invalid-profile";
    finding.message = error.message;
    finding.place = placeInWhere(error.where);
    finding.fix = error.hint;
    setFindings({finding});
}

void ProfilePage::setFindings(std::vector<Finding> findings)
{
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

void ProfilePage::setCapabilities(const std::vector<Capability>& capabilities)
{
    m_form->setCapabilities(capabilities);
}

void ProfilePage::setReplacements(std::vector<PathReplacement> replacements)
{
    m_form->setReplacements(std::move(replacements));
}

void ProfilePage::applyTheme()
{
    m_editor->setTheme(currentTheme().editorTheme());
}

void ProfilePage::goToField(const std::string& pointer)
{
    auto* control = m_form->findChild<QWidget*>(QString::fromStdString(pointer));
    if (control == nullptr) {
        goTo({pointer, 0, 0});
        return;
    }
    for (QWidget* child = control; child != m_form; child = child->parentWidget()) {
        QWidget* around = child->parentWidget();
        if (auto* tabs = qobject_cast<QTabWidget*>(around->parentWidget())) tabs->setCurrentWidget(child);
        else if (auto* stack = qobject_cast<QStackedWidget*>(around)) stack->setCurrentWidget(child);
        else if (auto* scroll = qobject_cast<QScrollArea*>(around->parentWidget()))
            scroll->ensureWidgetVisible(control);
    }
    control->setFocus(Qt::ShortcutFocusReason);
}

void ProfilePage::goTo(const SourcePlace& place)
{
    SourcePlace target = place;
    const auto& config = m_document.config();
    if (!place.pointer.empty() && m_document.isValid() && config) {
        const SourcePlace now = config->place(place.pointer);
        if (now.line != 0) target = now;
    }
    if (target.line != 0) m_editor->editor().goTo(m_document.rangeOf(target).first);
}

}  // namespace belljar
