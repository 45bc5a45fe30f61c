#include "ui/bridge/run_controller.h"

#include <QDateTime>
#include <QRandomGenerator>

#include <algorithm>
#include <limits>
#include <utility>

#include "ui/models/private_file.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr double kMsPerSecond = 1000.0;
const char* const kStopReason = "stopped by the user";
const char* const kChangedBy = "the user, in the desktop app";
const char* const kNothingRuns = "No session is running.";

}  // namespace

RunController::RunController(const HostFacts& facts, const BackendList& backends, QObject* parent)
    : QObject(parent), m_facts(facts), m_backends(backends)
{
}

RunController::~RunController()
{
    if (m_session) m_session->stop(kStopReason);
    m_control.reset();
    m_session.reset();  // Before the bridge that it reports to.
}

Preparation RunController::prepared(const RunRequest& request) const
{
    RunRequest watched = request;
    watched.asksNetwork = m_asks;
    watched.watch.level = TraceLevel::full;  // Whoever looks on wants to see reads that were denied, too.
    return prepare(watched, m_facts, m_backends);
}

Result<QString> RunController::newRecordingPath(const QString& folder) const
{
    if (!makePrivateFolder(folder)) {
        return Error{ErrorCode::backendError,
                     "The folder for recordings cannot be made.",
                     folder.toStdString(),
                     {},
                     "Make sure that it can be written and the disk is not full."};
    }
    const QString stamp = QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd-HHmmss"_s);
    const QString random = QString::number(QRandomGenerator::system()->generate(), 16).rightJustified(8, u'0');
    return u"%1/%2-%3.belljar"_s.arg(folder, stamp, random);
}

Result<void> RunController::start(const RunRequest& request, const QString& recordingFolder)
{
    if (m_running) { return Error{ErrorCode::alreadyStarted, "A run is going on.", {}, {}, "Stop it first (Ctrl+.)."}; }
    Preparation preparation = prepared(request);
    if (!preparation.plan) {
        return preparation.error.value_or(Error{ErrorCode::backendError, "The run cannot be prepared.", {}, {}, {}});
    }
    Result<QString> recording = newRecordingPath(recordingFolder);
    if (!recording) return recording.error();

    SessionOptions options;
    m_stdio.mode = m_usesTerminal ? StdioPlan::Mode::terminal : StdioPlan::Mode::pipes;
    options.stdio = m_stdio;
    if (m_asks) options.askPatience = kAskPatience;
    options.recordPath = recording->toStdString();
    std::optional<Policy> policy = preparation.policy;
    m_control.reset();
    m_session.reset();
    auto bridge = std::make_unique<EngineBridge>();
    Result<std::unique_ptr<Session>> session = Session::start(std::move(preparation), options, m_facts, *bridge);
    if (!session) return session.error();

    m_session = std::move(*session);
    // Without it the run is as good, only other programs cannot change or end it.
    if (Result<std::unique_ptr<LocalServer>> control = openControl(*m_session)) m_control = std::move(*control);
    m_bridge = std::move(bridge);
    m_policy = std::move(policy);
    m_rules = m_session->header().rules;
    m_source = m_session->header().source;
    m_sessionId = m_session->header().sessionId;
    m_startedUnixNs = m_session->header().startedUnixNs;
    m_profileText = request.profileText;
    m_recordingPath = *recording;
    m_running = true;
    m_clock.start();
    connect(m_bridge.get(), &EngineBridge::batchReady, this, &RunController::receive);
    connect(m_bridge.get(), &EngineBridge::questionAsked, this, &RunController::questionAsked);
    connect(m_bridge.get(), &EngineBridge::questionOver, this, &RunController::questionOver);
    // Without a terminal there is no input: the program reads the end at once instead of waiting.
    if (!ranInTerminal()) m_session->writeInput({});
    emit started();
    return {};
}

void RunController::stop()
{
    if (m_running && m_session) m_session->stop(kStopReason);
}

void RunController::setTerminalSize(int columns, int rows)
{
    constexpr int kLargest = std::numeric_limits<unsigned short>::max();
    m_stdio.columns = static_cast<unsigned short>(std::clamp(columns, 1, kLargest));
    m_stdio.rows = static_cast<unsigned short>(std::clamp(rows, 1, kLargest));
    if (m_running && ranInTerminal()) m_session->resizeTerminal(m_stdio.columns, m_stdio.rows);
}

void RunController::typeInput(const QByteArray& bytes)
{
    if (m_running && ranInTerminal() && !bytes.isEmpty())
        m_session->writeInput({bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

Result<PathChangeResult> RunController::changePath(PathChange change)
{
    if (!m_running || !m_session) return Error{ErrorCode::backendError, kNothingRuns, {}, {}, {}};
    change.by = kChangedBy;
    return m_session->changePath(change);
}

Result<NetworkChangeResult> RunController::changeNetwork(NetworkChange change)
{
    if (!m_running || !m_session) return Error{ErrorCode::backendError, kNothingRuns, {}, {}, {}};
    change.by = kChangedBy;
    return m_session->changeNetwork(change);
}

Result<NetworkAnswered> RunController::answer(NetworkAnswer answer)
{
    if (!m_running || !m_session) return Error{ErrorCode::backendError, kNothingRuns, {}, {}, {}};
    answer.by = kChangedBy;
    return m_session->answer(answer);
}

double RunController::elapsedSeconds() const
{
    return static_cast<double>(m_running ? m_clock.elapsed() : m_lastElapsedMs) / kMsPerSecond;
}

void RunController::receive(const SessionBatch& batch)
{
    if (batch.outcome) {
        m_lastElapsedMs = m_clock.elapsed();
        m_running = false;
        m_control.reset();  // What has ended is not listed any more.
    }
    emit batchReady(batch);
    if (batch.outcome) emit finished(*batch.outcome, batch.losses);
}

}  // namespace belljar
