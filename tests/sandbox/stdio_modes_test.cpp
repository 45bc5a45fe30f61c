// The desktop app runs programs with captured streams or in a terminal of their own; what must hold for inherited
// streams (reliability_test) must hold there: descriptors, process 1, the terminal, the end of the tree.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>
#include <thread>

#include "backends/registry.h"
#include "core/engine/session.h"
#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

using namespace std::chrono_literals;

class Collector final : public SessionObserver {
public:
    void onEvents(std::span<const Event>) override {}
    void onOutput(int, std::string_view bytes) override
    {
        const std::lock_guard lock(m_mutex);
        m_text += bytes;
    }
    void onFinished(const Outcome&, const Losses&) override {}
    [[nodiscard]] std::string text()
    {
        const std::lock_guard lock(m_mutex);
        return m_text;
    }

private:
    std::mutex m_mutex;
    std::string m_text;
};

struct Mode {
    const char* name;
    StdioPlan::Mode stdio;
    bool watch;
};

class StdioModes : public ProbeTest, public testing::WithParamInterface<Mode> {
protected:
    StdioModes()
    {
        m_profile.readWrite = {m_writable};
        ::setenv("XDG_STATE_HOME", m_folder.folder("state").c_str(), 1);
    }

    /// Runs `argv`; `whileRunning` may stop the session.
    Outcome run(const std::vector<std::string>& argv, const std::function<void(Session&)>& whileRunning = {})
    {
        const std::unique_ptr<HostFacts> facts = inspectHost(false);
        RunRequest request;
        request.profileText = m_profile.json();
        request.argv = argv;
        request.watch.monitor = GetParam().watch ? Monitor::automatic : Monitor::off;
        const BackendList backends = allBackends();
        Preparation preparation = prepare(request, *facts, backends);
        if (!preparation.plan) {
            ADD_FAILURE() << describe(*preparation.error);
            return {};
        }
        m_seen = std::make_unique<Collector>();
        SessionOptions options;
        options.stdio.mode = GetParam().stdio;
        Result<std::unique_ptr<Session>> session = Session::start(std::move(preparation), options, *facts, *m_seen);
        if (!session) {
            ADD_FAILURE() << describe(session.error());
            return {};
        }
        if (whileRunning) whileRunning(**session);
        return (*session)->wait();
    }

    void expectExit(const Outcome& outcome, int code)
    {
        const auto* exited = std::get_if<Exited>(&outcome.ending);
        ASSERT_NE(exited, nullptr) << describe(outcome) << "\n" << m_seen->text();
        EXPECT_EQ(exited->code, code) << m_seen->text();
    }

    std::unique_ptr<Collector> m_seen;
};

TEST_P(StdioModes, OutputAndExitCodeArrive)
{
    expectExit(run({"sh", "-c", "echo hello; exit 3"}), 3);
    EXPECT_NE(m_seen->text().find("hello"), std::string::npos);
}

TEST_P(StdioModes, DescriptorsOfTheCallerAreClosed)
{
    const int leak = ::open(m_outside.c_str(), O_RDONLY | O_DIRECTORY);  // without O_CLOEXEC
    ASSERT_GE(leak, 0);
    expectExit(run(probeCommand({"inherited_fd"})), kProbeStopped);
    ::close(leak);
}

TEST_P(StdioModes, Process1ShowsNothingOfTheCaller)
{
    ::setenv("BELLJAR_TEST_TOKEN", m_mark.c_str(), 1);
    expectExit(run({"sh", "-c", "cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; exit 0"}), 0);
    ::unsetenv("BELLJAR_TEST_TOKEN");
    EXPECT_EQ(m_seen->text().find(m_mark), std::string::npos);
    EXPECT_EQ(m_seen->text().find(m_denied), std::string::npos) << "the policy shows";
}

TEST_P(StdioModes, TerminalAndProcess1AreClosed)
{
    if (GetParam().stdio == StdioPlan::Mode::terminal) expectExit(run(probeCommand({"tiocsti"})), kProbeStopped);
    expectExit(run(probeCommand({"ptrace_init"})), kProbeStopped);
}

TEST_P(StdioModes, StopEndsTheWholeTree)
{
    const std::string beat = m_writable + "/beat";
    const Outcome outcome = run(probeCommand({"leftover", beat, "stay"}), [&](Session& session) {
        EXPECT_TRUE(eventually([&] { return readAll(beat).size() > 1; }));
        session.stop("the test says so");
    });
    EXPECT_TRUE(std::holds_alternative<Killed>(outcome.ending)) << describe(outcome);
    EXPECT_TRUE(processesWith(beat).empty());
    const std::size_t count = readAll(beat).size();
    std::this_thread::sleep_for(150ms);
    EXPECT_EQ(readAll(beat).size(), count) << "something still writes";
}

TEST_P(StdioModes, SetUpFailureIsNoExitCode)
{
    m_profile.cwd = m_writable;
    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    RunRequest request;
    request.profileText = m_profile.json();
    request.argv = {"true"};
    request.watch.monitor = GetParam().watch ? Monitor::automatic : Monitor::off;
    const BackendList backends = allBackends();
    Preparation preparation = prepare(request, *facts, backends);
    ASSERT_TRUE(preparation.plan.has_value());
    preparation.plan->shim.cwd = "/gone";  // as if it had vanished since
    Collector seen;
    SessionOptions options;
    options.stdio.mode = GetParam().stdio;
    Result<std::unique_ptr<Session>> session = Session::start(std::move(preparation), options, *facts, seen);
    ASSERT_TRUE(session.ok());
    const Outcome& outcome = (*session)->wait();
    EXPECT_TRUE(std::holds_alternative<SetupFailed>(outcome.ending)) << describe(outcome);
    EXPECT_EQ(exitStatus(outcome), 125);
}

INSTANTIATE_TEST_SUITE_P(All, StdioModes,
                         testing::Values(Mode{"pipes", StdioPlan::Mode::pipes, false},
                                         Mode{"pipesWatched", StdioPlan::Mode::pipes, true},
                                         Mode{"terminal", StdioPlan::Mode::terminal, false},
                                         Mode{"terminalWatched", StdioPlan::Mode::terminal, true}),
                         [](const auto& mode) { return std::string(mode.param.name); });

}  // namespace
}  // namespace belljar::test
