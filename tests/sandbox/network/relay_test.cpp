// The relay by itself, with deciders made here: what gets through, what is refused and how, and what is told at the
// end.
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <mutex>
#include <sstream>
#include <thread>

#include "backends/registry.h"
#include "core/engine/preparation.h"
#include "core/platform/platform.h"
#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

/// The host's loopback, as the sandbox names it.
constexpr const char* kHost4 = "100.64.0.1";
constexpr const char* kHost6 = "fd64::1";

/// Answers every connection and datagram with what it got, on the host's loopback, until it is destroyed.
class EchoServer {
public:
    explicit EchoServer(int family, int type) : m_socket(::socket(family, type | SOCK_CLOEXEC, 0))
    {
        sockaddr_in6 address{};
        address.sin6_family = static_cast<sa_family_t>(family);
        if (family == AF_INET6) address.sin6_addr = in6addr_loopback;
        else reinterpret_cast<sockaddr_in*>(&address)->sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);  // NOLINT
        socklen_t length = family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
        auto* any = reinterpret_cast<sockaddr*>(&address);  // NOLINT
        EXPECT_EQ(::bind(m_socket, any, length), 0);
        if (type == SOCK_STREAM) ::listen(m_socket, 64);
        ::getsockname(m_socket, any, &length);
        m_port = ::ntohs(address.sin6_port);
        m_thread = std::thread([this, type] { type == SOCK_STREAM ? serveStreams() : serveDatagrams(); });
    }
    ~EchoServer()
    {
        m_stop = true;
        m_thread.join();
        for (std::thread& talk : m_talks) talk.join();
        ::close(m_socket);
    }
    EchoServer(const EchoServer&) = delete;
    EchoServer& operator=(const EchoServer&) = delete;
    [[nodiscard]] std::string port() const { return std::to_string(m_port); }

private:
    [[nodiscard]] bool awaits(int fd) const
    {
        while (!m_stop) {
            pollfd wait{fd, POLLIN, 0};
            if (::poll(&wait, 1, 20) > 0) return true;
        }
        return false;
    }
    void serveStreams()
    {
        while (awaits(m_socket)) {
            const int peer = ::accept(m_socket, nullptr, nullptr);
            if (peer >= 0) m_talks.emplace_back([this, peer] { echo(peer); });
        }
    }
    void echo(int peer) const
    {
        std::vector<char> room(65536);
        while (awaits(peer)) {
            const ssize_t got = ::recv(peer, room.data(), room.size(), 0);
            if (got <= 0) break;
            for (ssize_t at = 0; at < got;) {
                const ssize_t sent = ::send(peer, room.data() + at, static_cast<std::size_t>(got - at), MSG_NOSIGNAL);
                if (sent < 0) break;
                at += sent;
            }
        }
        ::close(peer);
    }
    void serveDatagrams() const
    {
        std::vector<char> room(65536);
        while (awaits(m_socket)) {
            sockaddr_storage from{};
            socklen_t length = sizeof from;
            auto* any = reinterpret_cast<sockaddr*>(&from);  // NOLINT
            const ssize_t got = ::recvfrom(m_socket, room.data(), room.size(), 0, any, &length);
            if (got >= 0) ::sendto(m_socket, room.data(), static_cast<std::size_t>(got), 0, any, length);
        }
    }

    int m_socket;
    int m_port = 0;
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
    std::vector<std::thread> m_talks;
};

struct Try {
    std::string verb;
    bool ok = false;
    int error = 0;
    long long micros = 0;
    std::string text;
};

/// A sandbox whose network is decided by a function of the test.
class RelayTest : public testing::Test {
protected:
    std::vector<Try> run(const std::vector<std::string>& tries)
    {
        const std::string probe = binFolder() + "/belljar-net-probe";
        const std::unique_ptr<HostFacts> facts = inspectHost(false);
        const BackendList backends = allBackends();
        RunRequest request;
        request.extraPaths = {{probe, PathAccess::readOnly}};
        request.argv = {probe};
        request.argv.insert(request.argv.end(), tries.begin(), tries.end());
        request.cwd = "/";
        request.watch.monitor = Monitor::off;
        Preparation preparation = prepare(request, *facts, backends);
        if (!preparation.plan) {
            ADD_FAILURE() << (preparation.error ? preparation.error->message : "no plan");
            return {};
        }
        preparation.plan->relaysNetwork = true;
        preparation.plan->localProxyPort = m_proxyPort;
        StdioPlan stdio;
        stdio.mode = StdioPlan::Mode::pipes;
        NetworkHooks hooks;
        hooks.decide = [this](const NetworkAttempt& attempt) { return decide(attempt); };
        hooks.onEnd = [this](const NetworkFlow& flow) { m_flows.push_back(flow); };
        auto process = makeSandboxProcess(*preparation.plan, stdio, std::chrono::steady_clock::now(), nullptr, hooks);
        EXPECT_TRUE(process) << process.error().message;
        if (!process) return {};
        m_process = process->get();
        std::string out;
        const auto onOutput = [&](int stream, std::string_view bytes) {
            out += bytes;
            if (stream == 1 && m_onOutput) m_onOutput(out);
        };
        const Outcome outcome = m_process->run(onOutput, [](std::unique_ptr<EventSource>) {});
        if (const auto* failed = std::get_if<SetupFailed>(&outcome.ending))
            ADD_FAILURE() << failed->error.message << " " << failed->error.native;
        return parse(out);
    }

    NetworkDecision decide(const NetworkAttempt& attempt)
    {
        const std::lock_guard lock(m_mutex);
        m_attempts.push_back(attempt);
        return m_decider(attempt);
    }

    void setDecider(std::function<NetworkDecision(const NetworkAttempt&)> decider)
    {
        const std::lock_guard lock(m_mutex);
        m_decider = std::move(decider);
    }

    static std::vector<Try> parse(const std::string& out)
    {
        std::vector<Try> tries;
        std::istringstream lines(out);
        for (std::string line; std::getline(lines, line);) {
            Try made;
            std::string how;
            std::istringstream words(line);
            words >> made.verb >> how >> made.error >> made.micros;
            std::getline(words >> std::ws, made.text);
            made.ok = how == "ok";
            tries.push_back(made);
        }
        return tries;
    }

    std::mutex m_mutex;
    std::function<NetworkDecision(const NetworkAttempt&)> m_decider = [](const NetworkAttempt&) {
        return NetworkDecision{true, 3};
    };
    std::function<void(const std::string& all)> m_onOutput;
    std::uint16_t m_proxyPort = 0;
    std::vector<NetworkAttempt> m_attempts;
    std::vector<NetworkFlow> m_flows;
    SandboxProcess* m_process = nullptr;
};

std::string words(std::initializer_list<std::string> parts)
{
    std::string line;
    for (const std::string& part : parts) line += (line.empty() ? "" : " ") + part;
    return line;
}

TEST_F(RelayTest, ConnectionsAndDatagramsGetThroughBothProtocolVersions)
{
    const EchoServer tcp4(AF_INET, SOCK_STREAM);
    const EchoServer tcp6(AF_INET6, SOCK_STREAM);
    const EchoServer udp4(AF_INET, SOCK_DGRAM);
    const EchoServer udp6(AF_INET6, SOCK_DGRAM);
    const std::vector<Try> tries =
        run({words({"tcp", kHost4, tcp4.port(), "hello"}), words({"tcp", kHost6, tcp6.port(), "hello"}),
             words({"tcp-nonblocking", kHost4, tcp4.port(), "hello"}), words({"udp", kHost4, udp4.port(), "hello"}),
             words({"udp", kHost6, udp6.port(), "hello"}), words({"udp-to", kHost4, udp4.port(), "hello"}),
             words({"udp-to", kHost6, udp6.port(), "hello"}), words({"tcp-mapped", kHost4, tcp4.port(), "hello"}),
             words({"udp-mapped", kHost4, udp4.port(), "hello"})});
    ASSERT_EQ(tries.size(), 9U);
    for (const Try& tried : tries) {
        EXPECT_TRUE(tried.ok) << tried.verb << " " << tried.error << " " << tried.text;
        EXPECT_EQ(tried.text, "hello") << tried.verb;
    }
    ASSERT_EQ(m_flows.size(), 9U);
    for (const NetworkFlow& flow : m_flows) {
        EXPECT_EQ(flow.sent, 5U) << flow.peerText;
        EXPECT_EQ(flow.received, 5U) << flow.peerText;
        EXPECT_EQ(flow.decision.rule, 3U);
        EXPECT_EQ(flow.error, 0);
        EXPECT_EQ(flow.process.name, "belljar-net-pro") << flow.peerText;
        EXPECT_GT(flow.process.pid, 0);
        EXPECT_GT(flow.process.startTicks, 0U);
        EXPECT_TRUE(flow.attempt.isHost);
    }
}

TEST_F(RelayTest, WhatIsRefusedFailsAtOnce)
{
    const EchoServer tcp4(AF_INET, SOCK_STREAM);
    const EchoServer udp6(AF_INET6, SOCK_DGRAM);
    m_decider = [](const NetworkAttempt&) { return NetworkDecision{false, 4}; };
    const std::vector<Try> tries =
        run({words({"tcp", kHost4, tcp4.port(), "hello"}), words({"tcp-nonblocking", kHost4, tcp4.port(), "hello"}),
             words({"udp", kHost6, udp6.port(), "hello"}), "tcp 192.0.2.1 80 x", "tcp 2001:db8::1 80 x",
             "udp 192.0.2.1 53 x"});
    ASSERT_EQ(tries.size(), 6U);
    for (const Try& tried : tries) {
        EXPECT_FALSE(tried.ok) << tried.verb;
        EXPECT_EQ(tried.error, ECONNREFUSED) << tried.verb << " " << tried.text;
        EXPECT_LT(tried.micros, 50'000) << tried.verb;
    }
    EXPECT_TRUE(m_flows.empty());
    EXPECT_EQ(m_attempts.size(), 6U);
}

TEST_F(RelayTest, APeerThatRefusesOrIsNotThereIsToldAsSuch)
{
    // Nobody listens on port 1 of the loopback interface; broadcasts are not relayed.
    const std::vector<Try> tries =
        run({words({"tcp", kHost4, "1", "x"}), words({"tcp", kHost6, "1", "x"}), words({"udp", kHost4, "1", "x"}),
             words({"tcp-nonblocking", kHost4, "1", "x"}), "tcp 255.255.255.254 1 x", "udp 239.1.1.1 9 x"});
    ASSERT_EQ(tries.size(), 6U);
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_FALSE(tries[i].ok);
        EXPECT_EQ(tries[i].error, ECONNREFUSED) << tries[i].verb;
    }
    EXPECT_FALSE(tries[4].ok);
    EXPECT_FALSE(tries[5].ok);
    for (const Try& tried : tries) EXPECT_LT(tried.micros, 50'000) << tried.verb;
}

TEST_F(RelayTest, ARevocationCutsWhatIsLetOut)
{
    const EchoServer tcp4(AF_INET, SOCK_STREAM);
    bool isHeld = false;
    m_onOutput = [&](const std::string& all) {
        if (isHeld || all.find("held") == std::string::npos) return;
        isHeld = true;
        setDecider([](const NetworkAttempt&) { return NetworkDecision{false, 4}; });
        m_process->networkChanged();
    };
    const std::vector<Try> tries =
        run({words({"hold", kHost4, tcp4.port()}), words({"tcp", kHost4, tcp4.port(), "again"})});
    ASSERT_EQ(tries.size(), 3U);
    EXPECT_TRUE(tries[0].ok);
    EXPECT_FALSE(tries[1].ok);
    EXPECT_EQ(tries[1].error, ECONNRESET);
    EXPECT_LT(tries[1].micros, 5'000'000);
    EXPECT_FALSE(tries[2].ok);
    EXPECT_EQ(tries[2].error, ECONNREFUSED);
    ASSERT_EQ(m_flows.size(), 1U);
    EXPECT_EQ(m_flows[0].error, ECONNABORTED);
}

TEST_F(RelayTest, OnePortOfTheOwnLoopbackMayBeTheHostsProxy)
{
    const EchoServer proxy4(AF_INET, SOCK_STREAM);
    const EchoServer other4(AF_INET, SOCK_STREAM);
    m_proxyPort = static_cast<std::uint16_t>(std::stoi(proxy4.port()));
    m_decider = [this](const NetworkAttempt& attempt) {
        return NetworkDecision{!attempt.isHost && attempt.peer.port == m_proxyPort, 5};
    };
    const std::vector<Try> tries =
        run({words({"tcp", "127.0.0.1", proxy4.port(), "hello"}), words({"tcp", "127.0.0.1", other4.port(), "hello"}),
             words({"tcp", "::1", proxy4.port(), "hello"}), words({"tcp", "198.51.100.7", "80", "hello"}),
             "own 127.0.0.1"});
    ASSERT_EQ(tries.size(), 5U);
    EXPECT_TRUE(tries[0].ok) << tries[0].error << tries[0].text;
    EXPECT_EQ(tries[0].text, "hello");
    // The other is looked for inside; nobody listens at the proxy's IPv6 address; nothing else leads out.
    for (std::size_t i = 1; i < 4; ++i) {
        EXPECT_FALSE(tries[i].ok) << i;
        EXPECT_EQ(tries[i].error, ECONNREFUSED) << i;
    }
    EXPECT_TRUE(tries[4].ok);
}

}  // namespace
}  // namespace belljar::test
