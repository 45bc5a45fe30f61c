// Belljar's HTTP proxy and visitors of every kind, many at once, while rules change: it stays up, and lets nobody past.
// The process moves into a network of its own, in which an echo service stands for the world.
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/platform/linux/network/proxy_relay.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint16_t kOpen = 80;
constexpr const char* kWorld = "198.51.100.1";
constexpr const char* kTunnel = "CONNECT 198.51.100.1:80 HTTP/1.1\r\n\r\n";

sockaddr_in at(const char* address, std::uint16_t port)
{
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    ::inet_pton(AF_INET, address, &made.sin_addr);
    return made;
}

/// An interface with a name such as "lo" or "lo:1".
bool raise(const char* name, const char* address)
{
    const UniqueFd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    std::snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    const sockaddr_in wanted = at(address, 0);
    std::memcpy(&request.ifr_addr, &wanted, sizeof wanted);
    if (::ioctl(any.get(), SIOCSIFADDR, &request) != 0) return false;
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    return ::ioctl(any.get(), SIOCSIFFLAGS, &request) == 0;
}

UniqueFd dial(const char* address, std::uint16_t port)
{
    UniqueFd made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{20, 0};
    ::setsockopt(made.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    const sockaddr_in peer = at(address, port);
    const bool isMade = ::connect(made.get(), reinterpret_cast<const sockaddr*>(&peer), sizeof peer) == 0;  // NOLINT
    return isMade ? std::move(made) : UniqueFd();
}

bool say(const UniqueFd& stream, const std::string& text)
{
    return ::send(stream.get(), text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

std::string hear(const UniqueFd& stream)
{
    std::string heard;
    std::array<char, 4096> part{};
    ssize_t got = 0;
    while ((got = ::recv(stream.get(), part.data(), part.size(), 0)) > 0)
        heard.append(part.data(), static_cast<std::size_t>(got));
    return heard;
}

/// What came back through the proxy for this, until the end.
std::string asked(const std::string& text)
{
    const UniqueFd stream = dial("127.0.0.1", kOwnProxyPort);
    if (!stream || !say(stream, text)) return "-";
    ::shutdown(stream.get(), SHUT_WR);
    return hear(stream);
}

class ProxyRelayTest : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        // Once: who has threads cannot do it any more.
        s_isAlone = ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 && raise("lo", "127.0.0.1") && raise("lo:1", kWorld);
    }

    void SetUp() override
    {
        if (!s_isAlone) GTEST_SKIP() << "no network of its own can be made here";
        m_echo.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const int yes = 1;
        ::setsockopt(m_echo.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        const sockaddr_in place = at(kWorld, kOpen);
        ASSERT_EQ(::bind(m_echo.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place), 0);  // NOLINT
        ASSERT_EQ(::listen(m_echo.get(), 128), 0);
        m_server = std::thread([this] { serve(); });
        InsideSockets sockets;
        sockets.stream4.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        sockets.stream6.reset(::socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        ::setsockopt(sockets.stream4.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        NetworkHooks hooks;
        hooks.decide = [this](const NetworkAttempt& attempt) {
            return NetworkDecision{m_allows && attempt.peer.port != 22, 0};
        };
        hooks.onEnd = [this](const NetworkFlow& flow) { ++(flow.decision.allowed ? m_let : m_denied); };
        Result<std::unique_ptr<ProxyRelay>> relay =
            ProxyRelay::start(std::move(sockets), std::move(hooks), std::make_shared<FlowOwners>());
        ASSERT_TRUE(relay.ok()) << relay.error().message << relay.error().native;
        m_relay = std::move(relay).value();
    }

    void TearDown() override
    {
        m_relay.reset();
        if (!m_server.joinable()) return;
        ::shutdown(m_echo.get(), SHUT_RDWR);
        m_server.join();
    }

    void serve() const
    {
        std::vector<std::thread> talks;
        for (;;) {
            UniqueFd peer(::accept4(m_echo.get(), nullptr, nullptr, SOCK_CLOEXEC));
            if (!peer) break;
            talks.emplace_back([stream = std::move(peer)] {
                std::array<char, 4096> part{};
                ssize_t got = 0;
                while ((got = ::recv(stream.get(), part.data(), part.size(), 0)) > 0)
                    if (::send(stream.get(), part.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) < 0) break;
            });
        }
        for (std::thread& talk : talks) talk.join();
    }

    /// One visitor of some kind.
    static void visit(std::mt19937& random)
    {
        const UniqueFd stream = dial("127.0.0.1", kOwnProxyPort);
        if (!stream) return;
        const std::string get =
            "POST http://198.51.100.1/x HTTP/1.1\r\nHost: 198.51.100.1\r\nContent-Length: 5\r\n\r\n";
        const std::vector<std::string> kinds{kTunnel + std::string(random() % 100'000, 'x'),
                                             get + "12345",
                                             get + "123",
                                             get + "1234567",
                                             "CONNECT 198.51.100.1:81 HTTP/1.1\r\n\r\n",
                                             "CONNECT 198.51.100.1:22 HTTP/1.1\r\n\r\n",
                                             "CONNECT name.test:80 HTTP/1.1\r\n\r\n",
                                             "CONNECT 127.0.0.1:80 HTTP/1.1\r\n\r\n",
                                             "GET / HTTP/1.1\r\n\r\n",
                                             "GET http://198.51.100.1/" + std::string(random() % 40'000, 'y'),
                                             std::string(random() % 100, static_cast<char>(random())),
                                             "CONNECT 198.51."};
        const std::string& text = kinds[random() % kinds.size()];
        if (random() % 4 == 0)
            for (std::size_t i = 0; i < std::min<std::size_t>(text.size(), 40); ++i) say(stream, text.substr(i, 1));
        else say(stream, text);
        const linger now{1, 0};
        switch (random() % 4) {
            case 0: ::setsockopt(stream.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now); break;  // a reset
            case 1: break;
            default: ::shutdown(stream.get(), SHUT_WR); hear(stream);
        }
    }

    static inline bool s_isAlone = false;
    UniqueFd m_echo;
    std::thread m_server;
    std::atomic<bool> m_allows = true;
    std::atomic<int> m_let = 0;
    std::atomic<int> m_denied = 0;
    std::unique_ptr<ProxyRelay> m_relay;
};

TEST_F(ProxyRelayTest, AnswersAsItShould)
{
    EXPECT_EQ(asked(kTunnel + std::string("early")), "HTTP/1.1 200 Connection established\r\n\r\nearly");
    const std::string large(300'000, 'z');
    EXPECT_EQ(asked(kTunnel + large).size(), large.size() + 39);
    EXPECT_TRUE(asked("CONNECT 198.51.100.1:81 HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 502 "));
    EXPECT_TRUE(asked("CONNECT 198.51.100.1:22 HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 403 "));
    EXPECT_TRUE(asked("CONNECT name.test:80 HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 403 "));
    EXPECT_TRUE(asked("CONNECT 127.0.0.1:80 HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 403 "));
    EXPECT_EQ(asked("GET http://198.51.100.1/x HTTP/1.1\r\nHost: 198.51.100.1\r\nKeep-Alive: 1\r\n\r\n"),
              "GET /x HTTP/1.1\r\nHost: 198.51.100.1\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(asked("nonsense\r\n\r\n").starts_with("HTTP/1.1 400 "));
    m_relay.reset();
    EXPECT_EQ(m_let, 4) << "three that went through, and one where nobody listened";
    EXPECT_EQ(m_denied, 2) << "by a rule, and its own address";
}

TEST_F(ProxyRelayTest, ManyHostileVisitorsWhileRulesChange)
{
    std::atomic<bool> goesOn = true;
    std::thread changes([&] {
        while (goesOn) {
            m_allows = !m_allows;
            m_relay->decideAgain();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    constexpr unsigned kThreads = 6;
    constexpr int kVisits = 150;
    std::vector<std::thread> visitors;
    for (unsigned i = 0; i < kThreads; ++i)
        visitors.emplace_back([i] {
            std::mt19937 random(i);
            for (int visits = 0; visits < kVisits; ++visits) visit(random);
        });
    for (std::thread& visitor : visitors) visitor.join();
    goesOn = false;
    changes.join();
    m_allows = true;
    m_relay->decideAgain();
    EXPECT_EQ(asked(kTunnel + std::string("still")), "HTTP/1.1 200 Connection established\r\n\r\nstill");
    m_allows = false;
    m_relay->decideAgain();
    EXPECT_TRUE(asked(kTunnel).starts_with("HTTP/1.1 403 "));
    m_relay.reset();
    EXPECT_GT(m_let, 1);
    EXPECT_GT(m_denied, 1);
}

TEST_F(ProxyRelayTest, ARevocationCutsAtOnce)
{
    const UniqueFd stream = dial("127.0.0.1", kOwnProxyPort);
    ASSERT_TRUE(stream && say(stream, kTunnel));
    std::array<char, 39> head{};
    ASSERT_EQ(::recv(stream.get(), head.data(), head.size(), MSG_WAITALL), 39);
    m_allows = false;
    m_relay->decideAgain();
    char byte = 0;
    EXPECT_EQ(::recv(stream.get(), &byte, 1, MSG_DONTWAIT), -1);
    EXPECT_EQ(errno, ECONNRESET) << "when the call has returned it is done";
}

}  // namespace
}  // namespace belljar::linux_platform
