// The main window: navigation, launcher, the pages, and the facts that must always be seen.
#pragma once

#include <QMainWindow>
#include <QTimer>

#include <functional>

#include "core/engine/preparation.h"
#include "ui/models/draft_keeper.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/models/run_history.h"
#include "ui/views/editor_host.h"
#include "ui/views/session_tabs.h"
#include "ui/views/theme.h"

class QFileDialog;
class QLabel;
class QListWidget;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace belljar {

class HomePage;
class LauncherBar;
class LivePage;
class MessageBar;
class ProfilePage;

/// What the window is made for. The references must outlive it.
struct MainWindowSetup {
    const HostFacts& facts;
    const BackendList& backends;
    WebEditorFactory makeWebEditor;  ///< Empty: the plain editor only.
    bool isRoot = false;             ///< Shows the permanent warning.
    QString dataFolder;              ///< Recordings and the sample go below it.
    ThemeChoice theme = ThemeChoice::system;
};

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    enum Page { kHomePage, kProfilePage, kLivePage };
    static constexpr QLatin1StringView kDraftFolder{"/drafts"};  ///< Below the data folder.

    explicit MainWindow(const MainWindowSetup& setup, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// True when it is open now; otherwise the message bar says why.
    bool openProfile(const QString& path);
    bool openSample();
    /// Shows it on the live page when it has been read; the message bar says why it cannot be.
    void openRecording(const QString& path);
    bool exportTo(const QString& path);
    bool saveRecordingTo(const QString& path);
    void run();
    void stop();
    void stopAll();
    void showPage(Page page);
    /// Prefills the command with a dropped program, opens a dropped profile or recording, offers to grant a dropped
    /// folder.
    void takeDropped(const QString& path);

    [[nodiscard]] ProfileDocument& document() { return m_document; }
    [[nodiscard]] RunController& controller() { return m_sessions->current().controller(); }
    [[nodiscard]] ProfilePage& profilePage() { return *m_profilePage; }
    [[nodiscard]] LivePage& livePage() { return m_sessions->current().page(); }
    [[nodiscard]] SessionTabs& sessions() { return *m_sessions; }
    [[nodiscard]] LauncherBar& launcher() { return *m_launcher; }
    [[nodiscard]] MessageBar& messageBar() { return *m_message; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    // main_window_files.cpp, as all that is public and about files
    void offerDraft();
    /// `kinds` as "Table (*.csv)"; without them any file.
    void chooseFile(const QString& title, bool forSaving, const QString& suggestion, std::function<void(QString)> use,
                    const QStringList& kinds = {});
    // main_window_actions.cpp
    void makeFileMenu();
    void makeEditMenu();
    void makeRunMenu();
    void makeViewMenu();  // main_window_view.cpp, as the next three
    void addLanguageMenu(QMenu& menu);
    void makeHelpMenu();
    void openKeyboard();
    void openPalette();
    void openPreflight();
    void openHistory();
    /// Opens `profile` unless it is open, and runs `command` under it.
    void runAgain(const QString& command, const QString& profile);
    void fillRecent();
    [[nodiscard]] static QStringList recentProfiles();
    void rememberRecent(const QString& path);
    void saveOr(bool askForName, std::function<void()> afterwards = {});
    /// Calls `afterwards` at once, or when the user has saved or discarded the changes.
    void whenSaved(std::function<void()> afterwards);

    void makeCentre(const MainWindowSetup& setup);
    void makeHome();
    void makeStatusBar();
    void updateTitle();
    void updateStatus();
    void showWatch();
    void documentParsed();
    void sessionAdded(SessionTab* tab);
    void sessionStarted(SessionTab& tab);
    void sessionsChanged();
    void closeSession(int index);
    /// Selects and explains the next denial in `step` direction (+1, -1).
    void goToDenial(int step);
    void goToRule(const SourcePlace& place);
    void setTheme(ThemeChoice choice);
    [[nodiscard]] RunRequest request() const;
    ProfileDocument m_document;
    ProfileAnalysis m_analysis;
    const SystemFacts& m_system;
    const BackendList& m_backends;
    QString m_dataFolder;
    DraftKeeper m_drafts;
    RunHistory m_history;
    ThemeChoice m_themeChoice;
    QListWidget* m_rail = nullptr;
    QStackedWidget* m_pages = nullptr;
    LauncherBar* m_launcher = nullptr;
    MessageBar* m_message = nullptr;
    HomePage* m_homePage = nullptr;
    ProfilePage* m_profilePage = nullptr;
    SessionTabs* m_sessions = nullptr;
    QMenu* m_recent = nullptr;
    QList<QAction*> m_beginnings;  ///< What the first page offers.
    QAction* m_stopAllAction = nullptr;
    QAction* m_stopAction = nullptr;
    QAction* m_saveRecordingAction = nullptr;
    QAction* m_exportEventsAction = nullptr;
    QLabel* m_state = nullptr;
    QLabel* m_eventCount = nullptr;
    QPushButton* m_deniedCount = nullptr;
    QLabel* m_lostCount = nullptr;
    QLabel* m_watch = nullptr;
    QLabel* m_elapsed = nullptr;
    QTimer m_statusTick;
    bool m_closing = false;
};

}  // namespace belljar
