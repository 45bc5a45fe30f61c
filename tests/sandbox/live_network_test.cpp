// Rules about the network of a running session are changed, and hold at once: also for a connection that is there.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include <spdlog/fmt/fmt.h>

#include "backends/registry.h"
#include "core/engine/session.h"
#include "core/engine/session_control.h"
#include "core/policy/network_words.h"

namespace belljar {
namespace {

constexpr const char* kPython = "/usr/bin/python3";
/// "connect": the errno of a new connection. "hold": the same of one that is kept. "held": whether it still is.
constexpr const char* kScript = R"(
import socket, sys
kept = None
for line in sys.stdin:
    word, port = line.split()
    try:
        if word == "held":
            kept.settimeout(2)
            kept.sendall(b"x")
            answer = 0 if kept.recv(1) else 1
        else:
            s = socket.create_connection(("100.64.0.1", int(port)), 5)
            if word == "hold": kept = s
            else: s.close()
            answer = 0
    except OSError as error:
        answer = error.errno or 1
    print(answer, flush=True)
)";

/// An echo server on this machine's loopback, for some connections.
class Echo {
public:
    Echo()
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof own;
        auto* const address = reinterpret_cast<sockaddr*>(&own);
        if (::bind(m_listener, address, length) != 0 || ::listen(m_listener, 8) != 0 ||
            ::getsockname(m_listener, address, &length) != 0)
            return;
        port = ntohs(own.sin_port);
        m_child = ::fork();
        if (m_child != 0) return;
        while (true) {
            const int peer = ::accept(m_listener, nullptr, nullptr);
            if (::fork() != 0) {
                ::close(peer);
                continue;
            }
            char byte = 0;
            while (::read(peer, &byte, 1) == 1 && ::write(peer, &byte, 1) == 1) {}
            ::_exit(0);
        }
    }
    ~Echo()
    {
        if (m_child > 0 && ::kill(m_child, SIGKILL) == 0) ::waitpid(m_child, nullptr, 0);
        ::close(m_listener);
    }
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    std::uint16_t port = 0;

private:
    int m_listener = -1;
    pid_t m_child = -1;
};

class Answers final : public SessionObserver {
public:
    void onEvents(std::span<const Event>) override {}
    void onOutput(int, std::string_view bytes) override
    {
        const std::lock_guard lock(m_mutex);
        m_text += bytes;
        m_more.notify_all();
    }
    void onFinished(const Outcome&, const Losses&) override
    {
        const std::lock_guard lock(m_mutex);
        m_finished = true;
        m_more.notify_all();
    }
    /// -1: the program has ended, or says nothing for 20 s.
    int number()
    {
        std::unique_lock lock(m_mutex);
        m_more.wait_for(lock, std::chrono::seconds(20),
                        [&] { return m_finished || m_text.find('\n') != std::string::npos; });
        const std::size_t end = m_text.find('\n');
        if (end == std::string::npos) return -1;
        const int value = std::atoi(m_text.c_str());
        m_text.erase(0, end + 1);
        return value;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_more;
    std::string m_text;
    bool m_finished = false;
};

class LiveNetwork : public testing::Test {
protected:
    void SetUp() override
    {
        if (!std::filesystem::exists(kPython)) GTEST_SKIP() << "no " << kPython;
        m_facts = inspectHost(true);
        m_backends = allBackends();
        const Availability here = findBackend(m_backends, "bubblewrap")->probe(m_facts->system());
        if (!here.available) GTEST_SKIP() << here.reason;
    }

    void start(const std::string& allowed)
    {
        RunRequest request;
        request.profileText =
            R"({"version": "0.8.0", "network": {"ingress": {"hostLoopback": "allow"}, "egress": {"default": "deny"}}})";
        request.extraNetwork = {{true, parseNetworkSpec(allowed).value()}};
        request.cwd = "/";
        request.argv = {kPython, "-I", "-S", "-c", kScript};
        Preparation preparation = prepare(request, *m_facts, m_backends);
        ASSERT_TRUE(preparation.plan.has_value()) << preparation.error->message;
        SessionOptions options;
        options.stdio.mode = StdioPlan::Mode::pipes;
        auto session = Session::start(std::move(preparation), options, *m_facts, m_answers);
        ASSERT_TRUE(session.ok()) << describe(session.error());
        m_session = std::move(session).value();
    }

    int ask(const char* word, std::uint16_t port)
    {
        m_session->writeInput(fmt::format("{} {}\n", word, port));
        return m_answers.number();
    }

    Result<NetworkChangeResult> change(NetworkChange::Action action, const std::string& spec)
    {
        return m_session->changeNetwork({action, parseNetworkSpec(spec).value(), "the test"});
    }

    void TearDown() override
    {
        if (m_session) m_session->stop("the test is over");
        m_session.reset();
    }

    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    Answers m_answers;
    std::unique_ptr<Session> m_session;
};

TEST_F(LiveNetwork, ChangesHoldAtOnceAndCutWhatTheyDeny)
{
    using Action = NetworkChange::Action;
    const Echo first;
    const Echo second;
    ASSERT_TRUE(first.port != 0 && second.port != 0);
    const std::string one = fmt::format("100.64.0.1:{}/tcp", first.port);
    const std::string two = fmt::format("100.64.0.1:{}/tcp", second.port);
    start(one);
    ASSERT_EQ(ask("hold", first.port), 0);
    EXPECT_EQ(ask("held", first.port), 0);
    EXPECT_EQ(ask("connect", second.port), ECONNREFUSED);

    const Result<NetworkChangeResult> allowed = change(Action::allow, two);
    ASSERT_TRUE(allowed.ok()) << describe(allowed.error());
    EXPECT_EQ(allowed->before + " " + allowed->after, "denied allowed");
    EXPECT_EQ(ask("connect", second.port), 0);
    EXPECT_EQ(ask("held", first.port), 0) << "another rule leaves it alone";

    ASSERT_TRUE(change(Action::remove, one).ok());
    EXPECT_NE(ask("held", first.port), 0) << "what is no longer allowed is cut";
    EXPECT_EQ(ask("connect", first.port), ECONNREFUSED);
    EXPECT_EQ(ask("connect", second.port), 0);

    ASSERT_TRUE(change(Action::deny, "100.64.0.0/24").ok());
    EXPECT_EQ(ask("connect", second.port), ECONNREFUSED);
    EXPECT_FALSE(change(Action::remove, one).ok()) << "it is gone";
    EXPECT_EQ(m_session->policy()->rules.back().source, RuleSource::live);
}

TEST_F(LiveNetwork, TheControlSocketChangesItAndRefusesNonsense)
{
    const Echo echo;
    start("192.0.2.1");
    EXPECT_EQ(ask("connect", echo.port), ECONNREFUSED);
    const auto answer = [&](const std::string& request) { return answerControl(*m_session, request, "a test"); };
    const std::string rule = fmt::format("100.64.0.1:{}", echo.port);
    const std::string good = answer(R"({"do": "network", "rule": ")" + rule + R"(", "action": "allow"})");
    EXPECT_NE(good.find(R"("after":"allowed")"), std::string::npos) << good;
    EXPECT_EQ(ask("connect", echo.port), 0);
    EXPECT_NE(answer(R"({"do": "policy"})").find(rule), std::string::npos);
    for (const char* bad : {R"({"do": "network"})", R"({"do": "network", "rule": "x y", "action": "allow"})",
                            R"({"do": "network", "rule": "10.0.0.1", "action": "open"})",
                            R"({"do": "network", "rule": 1, "action": "deny"})",
                            R"({"do": "network", "rule": "10.0.0.1", "action": "deny", "by": "somebody else"})"})
        EXPECT_NE(answer(bad).find("\"error\""), std::string::npos) << bad;
}

}  // namespace
}  // namespace belljar
