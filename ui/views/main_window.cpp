#include "ui/views/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDateTime>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenuBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include "core/config/profile_templates.h"
#include "ui/models/path_rule_model.h"
#include "ui/models/shown_text.h"
#include "ui/views/home_page.h"
#include "ui/views/icons.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/message_bar.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/profile_page.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kStatusTickMs = 200;
constexpr int kSmallestWidth = 1024;
constexpr int kSmallestHeight = 640;
constexpr int kRailSpacing = 4;

QLabel* statusLabel(const QString& name, QStatusBar& bar)
{
    auto* label = new QLabel(&bar);
    label->setTextFormat(Qt::PlainText);
    label->setObjectName(name);
    label->setContentsMargins(8, 0, 8, 0);
    bar.addPermanentWidget(label);
    return label;
}

}  // namespace

MainWindow::MainWindow(const MainWindowSetup& setup, QWidget* parent)
    : QMainWindow(parent),
      m_analysis(m_document, setup.facts, setup.backends),
      m_system(setup.facts.system()),
      m_backends(setup.backends),
      m_dataFolder(setup.dataFolder),
      m_drafts(m_document, setup.dataFolder + kDraftFolder),
      m_history(setup.dataFolder + u"/history.json"_s),
      m_themeChoice(setup.theme)
{
    belljar::applyTheme(m_themeChoice);
    setWindowIcon(applicationIcon());
    setAcceptDrops(true);
    makeCentre(setup);
    makeStatusBar();
    makeFileMenu();
    makeEditMenu();
    makeRunMenu();
    makeViewMenu();
    makeHelpMenu();
    makeHome();
    setMinimumSize(kSmallestWidth, kSmallestHeight);
    resize(1280, 800);

    connect(&m_document, &ProfileDocument::parsed, this, &MainWindow::documentParsed);
    connect(&m_document, &ProfileDocument::fileChanged, this, &MainWindow::updateTitle);
    connect(&m_document, &ProfileDocument::modifiedChanged, this, &MainWindow::updateTitle);
    m_statusTick.setInterval(kStatusTickMs);
    connect(&m_statusTick, &QTimer::timeout, this, &MainWindow::updateStatus);
    m_document.reset(std::string(emptyTemplate().text));
    updateTitle();
    updateStatus();
    showPage(kHomePage);
    offerDraft();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeCentre(const MainWindowSetup& setup)
{
    auto* centre = new QWidget(this);
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    if (setup.isRoot) {
        auto* banner = new MessageBar(false, centre);
        banner->setObjectName(u"rootBanner"_s);
        banner->showText(Severity::warning,
                         tr("Running as root. A sandbox started by root protects less, and files that "
                            "this app writes belong to root. Start it as a normal user."));
        layout->addWidget(banner);
    }
    m_launcher = new LauncherBar(centre);
    m_message = new MessageBar(true, centre);
    m_message->setObjectName(u"messageBar"_s);
    layout->addWidget(m_launcher);
    layout->addWidget(m_message);

    m_rail = new QListWidget(centre);
    m_rail->setObjectName(u"rail"_s);
    m_rail->setAccessibleName(tr("Pages"));
    m_rail->addItem(new QListWidgetItem(icon(u"home"_s), tr("Home")));
    m_rail->addItem(new QListWidgetItem(icon(u"profile"_s), tr("Profile")));
    m_rail->addItem(new QListWidgetItem(icon(u"live"_s), tr("Live")));
    m_rail->setFrameShape(QFrame::NoFrame);
    m_rail->setSpacing(kRailSpacing);
    m_rail->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_rail->setFixedWidth(m_rail->sizeHintForColumn(0) + 2 * kRailSpacing);
    m_pages = new QStackedWidget(centre);
    m_profilePage = new ProfilePage(m_document, m_analysis, setup.makeWebEditor, m_pages);
    m_sessions = new SessionTabs(setup.facts, setup.backends, m_document, m_pages);
    // In the order of Page; makeHome() puts the first before them.
    m_pages->addWidget(m_profilePage);
    m_pages->addWidget(m_sessions);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(m_pages, 1);
    layout->addLayout(row, 1);
    setCentralWidget(centre);

    connect(m_rail, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_launcher, &LauncherBar::runRequested, this, &MainWindow::run);
    connect(m_launcher, &LauncherBar::stopRequested, this, &MainWindow::stop);
    connect(m_profilePage, &ProfilePage::failed, m_message, &MessageBar::showError);
    connect(m_sessions, &SessionTabs::added, this, &MainWindow::sessionAdded);
    connect(m_sessions, &SessionTabs::failed, m_message, &MessageBar::showError);
    connect(m_sessions, &SessionTabs::currentChangedOrUpdated, this, &MainWindow::sessionsChanged);
    connect(m_sessions, &SessionTabs::closeRequested, this, &MainWindow::closeSession);
}

/// After the menus: the first page offers actions of theirs.
void MainWindow::makeHome()
{
    m_homePage = new HomePage(m_beginnings, m_backends, m_system, m_pages);
    m_pages->insertWidget(kHomePage, m_homePage);
    connect(m_homePage, &HomePage::recentChosen, this,
            [this](const QString& path) { whenSaved([this, path] { openProfile(path); }); });
}

void MainWindow::makeStatusBar()
{
    m_state = statusLabel(u"state"_s, *statusBar());
    m_eventCount = statusLabel(u"eventCount"_s, *statusBar());
    m_deniedCount = new QPushButton(statusBar());
    m_deniedCount->setObjectName(u"deniedCount"_s);
    m_deniedCount->setFlat(true);
    m_deniedCount->setToolTip(tr("Go to the next denial, and why (F8)"));
    statusBar()->addPermanentWidget(m_deniedCount);
    connect(m_deniedCount, &QPushButton::clicked, this, [this] { goToDenial(1); });
    m_lostCount = statusLabel(u"lostCount"_s, *statusBar());
    m_watch = statusLabel(u"watch"_s, *statusBar());
    m_elapsed = statusLabel(u"elapsed"_s, *statusBar());
}

void MainWindow::updateStatus()
{
    LivePage& page = livePage();
    const EventTableModel& events = page.events();
    const std::uint64_t onlyRecorded = page.notKept();
    const std::uint64_t lost = page.lost();
    const int running = m_sessions->running();
    const QString total = QString::number(events.total() + onlyRecorded);
    m_state->setText(running == 0   ? tr("Not running")
                     : running == 1 ? tr("Running, recording")
                                    : tr("%1 running, recording").arg(running));
    m_eventCount->setText(onlyRecorded == 0
                              ? tr("%1 events").arg(total)
                              : tr("%1 events (%2 only in the recording)").arg(total, QString::number(onlyRecorded)));
    m_deniedCount->setText(tr("%1 denied").arg(events.denied()));
    m_lostCount->setText(tr("%1 lost").arg(lost));
    showWatch();
    m_elapsed->setText(tr("%1 s").arg(QString::number(controller().elapsedSeconds(), 'f', 1)));
    const auto colour = [](QWidget& fact, bool alarming) {
        QPalette colours = fact.palette();
        for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::ButtonText})
            colours.setColor(role, alarming ? currentTheme().denied : currentTheme().text);
        fact.setPalette(colours);
    };
    colour(*m_deniedCount, events.denied() != 0);
    colour(*m_lostCount, lost != 0);
}

/// Who watches, in a word; what that does not see, and why it is not somebody better, on pointing at it.
void MainWindow::showWatch()
{
    const SourceFacts& source = controller().source();
    m_watch->setVisible(!source.id.empty());
    if (source.id.empty()) return;
    m_watch->setText(tr("Watched: %1").arg(shownElided(source.id, 40)));
    QStringList lines{shownElided(source.mechanism, 200)};
    for (const std::string& blind : source.blindSpots) lines += shownElided(blind, 400);
    if (!source.whyNotBetter.empty())
        lines += tr("The kernel source is not to be had: %1").arg(shownElided(source.whyNotBetter, 400));
    // Plain text in a tool tip, too: Qt would take a tag for rich text.
    m_watch->setToolTip(u"<p style='white-space:pre-wrap'>"_s + lines.join(u'\n').toHtmlEscaped() + u"</p>"_s);
    m_watch->setAccessibleDescription(lines.join(u'\n'));
}

void MainWindow::goToDenial(int step)
{
    showPage(kLivePage);
    livePage().goToDenial(step);
}

void MainWindow::updateTitle()
{
    setWindowTitle(
        tr("%1[*] – Belljar").arg(shownElided(engineText(m_document.name()), 200).replace(u"[*]"_s, u"[*][*]"_s)));
    setWindowModified(m_document.isModified());
}

void MainWindow::documentParsed()
{
    updateTitle();
    if (!m_document.isValid()) return;
    const auto& process = m_document.config()->config.process;
    const std::string line = process && process->commandLine ? *process->commandLine : std::string();
    m_launcher->setProfileCommand(shownWithoutSecrets(line, 120));
}

RunRequest MainWindow::request() const
{
    RunRequest request;
    request.profileText = m_document.text();
    request.profileName = engineText(m_document.name());
    const QString file = m_document.filePath();
    request.placeholders =
        placeholderValues(m_system, file.isEmpty() ? std::string() : engineText(QFileInfo(file).absolutePath()));
    const std::string line = engineText(m_launcher->command());
    if (!line.empty()) request.argv = {"sh", "-c", line};
    return request;
}

void MainWindow::run()
{
    m_message->hide();
    m_document.parseNow();
    SessionTab& tab = m_sessions->forNewRun();
    const Result<void> started = tab.controller().start(request(), m_dataFolder + u"/recordings"_s);
    if (started) return;
    m_message->showError(started.error());
    if (tab.isUnused() && m_sessions->count() > 1) m_sessions->closeSession(m_sessions->indexOf(&tab));
}

void MainWindow::stop()
{
    controller().stop();
}

void MainWindow::stopAll()
{
    m_sessions->stopAll();
}

void MainWindow::sessionAdded(SessionTab* tab)
{
    connect(&tab->controller(), &RunController::started, this, [this, tab] { sessionStarted(*tab); });
    connect(&tab->controller(), &RunController::batchReady, this, [this, tab] {
        if (tab == &m_sessions->current()) updateStatus();
    });
    connect(&tab->page(), &LivePage::goToRequested, this, &MainWindow::goToRule);
    connect(&tab->page(), &LivePage::runRequested, this, &MainWindow::run);
    connect(&tab->page(), &LivePage::exported, this, [this](const QString& path) {
        m_message->showText(Severity::note, tr("Exported to %1").arg(shownElided(engineText(path), 500)));
    });
    connect(&tab->page(), &LivePage::saveRecordingRequested, this, [this] { m_saveRecordingAction->trigger(); });
}

void MainWindow::sessionStarted(SessionTab& tab)
{
    m_statusTick.start();
    const auto& process = m_document.config()->config.process;
    const std::string line = m_launcher->command().isEmpty() && process && process->commandLine
                                 ? *process->commandLine
                                 : engineText(m_launcher->command());
    tab.page().startSession(shownWithoutSecrets(line, 300));
    tab.setName(shownWithoutSecrets(line, 300));
    m_history.add(m_launcher->command(), m_document.filePath(), QDateTime::currentMSecsSinceEpoch());
    showPage(kLivePage);
}

/// Another tab is in front, or something in it began or ended.
void MainWindow::sessionsChanged()
{
    if (m_stopAction == nullptr) return;  // The menus are not made yet.
    const RunController& now = controller();
    const int running = m_sessions->running();
    if (running == 0) m_statusTick.stop();
    m_launcher->setRunning(now.isRunning());
    m_stopAction->setEnabled(now.isRunning());
    m_stopAllAction->setEnabled(running != 0);
    m_saveRecordingAction->setEnabled(!now.isRunning() && !now.recordingPath().isEmpty());
    m_exportEventsAction->setEnabled(livePage().canExport());
    updateStatus();
}

void MainWindow::goToRule(const SourcePlace& place)
{
    SourcePlace target = place;
    // Lines count in the text that ran; after an edit only the pointer still leads to the rule.
    if (m_document.text() != controller().profileText()) {
        if (place.pointer.empty()) {
            m_message->showText(Severity::note, tr("The profile has changed since this run: its line %1 may be another "
                                                   "one now.")
                                                    .arg(place.line));
        }
    } else {
        target.pointer.clear();
    }
    showPage(kProfilePage);
    m_profilePage->goTo(target);
}

void MainWindow::showPage(Page page)
{
    if (page == kHomePage) m_homePage->setRecent(recentProfiles());
    m_rail->setCurrentRow(page);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_closing || !m_document.isModified()) {
        event->accept();
        return;
    }
    event->ignore();
    whenSaved([this] {
        m_closing = true;
        close();
    });
}

void MainWindow::setTheme(ThemeChoice choice)
{
    m_themeChoice = choice;
    belljar::applyTheme(choice);
    m_profilePage->applyTheme();
    m_sessions->applyTheme();
    updateStatus();
}

}  // namespace belljar
