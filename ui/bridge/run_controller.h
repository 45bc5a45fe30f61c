// One run at a time for the desktop app: prepares, starts, hands on what happens, and stops.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include <chrono>
#include <memory>
#include <optional>

#include "core/engine/preparation.h"
#include "core/engine/session.h"
#include "core/engine/session_control.h"
#include "ui/bridge/engine_bridge.h"

namespace belljar {

class RunController : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::seconds kAskPatience{30};

    /// `facts` and `backends` must outlive the controller.
    RunController(const HostFacts& facts, const BackendList& backends, QObject* parent = nullptr);
    /// Stops a running session and waits for its end.
    ~RunController() override;

    /// What a run of `request` would be, with all findings.
    [[nodiscard]] Preparation prepared(const RunRequest& request) const;
    /// Starts; events go into a new file in `recordingFolder`. An error when it cannot start or one is running.
    Result<void> start(const RunRequest& request, const QString& recordingFolder);
    void stop();
    /// Whether the next run gets a terminal of its own instead of two pipes and no input.
    void setUsesTerminal(bool uses) { m_usesTerminal = uses; }
    /// Of the last started run.
    [[nodiscard]] bool ranInTerminal() const { return m_stdio.mode == StdioPlan::Mode::terminal; }
    /// Whether the next run holds network attempts that no rule covers until answer(), or for kAskPatience.
    void setAsks(bool asks) { m_asks = asks; }
    Result<NetworkAnswered> answer(NetworkAnswer answer);
    /// Of the next run's terminal, and of the one that is running.
    void setTerminalSize(int columns, int rows);
    void typeInput(const QByteArray& bytes);

    [[nodiscard]] bool isRunning() const { return m_running; }
    /// Seconds since the start, or from start to end of the last run.
    [[nodiscard]] double elapsedSeconds() const;
    /// The policy and rules of the last started run; absent before the first.
    [[nodiscard]] const std::optional<Policy>& policy() const { return m_policy; }
    [[nodiscard]] const std::vector<Rule>& rules() const { return m_rules; }
    /// The profile's text that the last run used: rule places are lines of it.
    [[nodiscard]] const std::string& profileText() const { return m_profileText; }
    /// Who watches the last started run, and what that does not see; empty before the first.
    [[nodiscard]] const SourceFacts& source() const { return m_source; }
    [[nodiscard]] const QString& recordingPath() const { return m_recordingPath; }
    /// Of the last started run; empty and 0 before the first.
    [[nodiscard]] const std::string& sessionId() const { return m_sessionId; }
    [[nodiscard]] std::int64_t startedUnixNs() const { return m_startedUnixNs; }
    [[nodiscard]] const SystemFacts& system() const { return m_facts.system(); }
    [[nodiscard]] const HostFacts& facts() const { return m_facts; }
    /// Changes what the running session may reach; an error when none runs. `by` is filled in.
    Result<PathChangeResult> changePath(PathChange change);
    Result<NetworkChangeResult> changeNetwork(NetworkChange change);

signals:
    void started();
    void batchReady(const belljar::SessionBatch& batch);
    void finished(const belljar::Outcome& outcome, const belljar::Losses& losses);
    void questionAsked(const belljar::NetworkQuestion& question);
    void questionOver(quint64 number);

private:
    void receive(const SessionBatch& batch);
    Result<QString> newRecordingPath(const QString& folder) const;

    const HostFacts& m_facts;
    const BackendList& m_backends;
    std::unique_ptr<EngineBridge> m_bridge;  ///< One for each session: nothing of an old one reaches a new one.
    std::unique_ptr<Session> m_session;
    std::unique_ptr<LocalServer> m_control;  ///< Lets the command line speak to the session; goes before it.
    std::optional<Policy> m_policy;
    std::vector<Rule> m_rules;
    SourceFacts m_source;
    std::string m_profileText;
    QString m_recordingPath;
    std::string m_sessionId;
    std::int64_t m_startedUnixNs = 0;
    QElapsedTimer m_clock;
    qint64 m_lastElapsedMs = 0;
    bool m_running = false;
    bool m_usesTerminal = false;
    bool m_asks = false;
    StdioPlan m_stdio;
};

}  // namespace belljar
