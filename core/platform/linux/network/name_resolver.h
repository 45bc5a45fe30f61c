// The sandbox's own resolver: decides about each name, asks the host's name servers, and makes known which addresses it
// has given out before the program learns of them.
//
// It answers for IPv4 and IPv6 addresses; other records have no answer, so nothing tells a program how to hide the name
// from us later (HTTPS and SVCB carry the keys of encrypted hellos). A name that may not be looked up, and a server
// that does not answer, is said at once and clearly: nobody waits for more than a few seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/platform/linux/network/dns_message.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"

namespace belljar::linux_platform {

/// Where programs of the sandbox find it.
[[nodiscard]] bool isResolver(const NetworkEndpoint& peer);

/// Lives on the relay's thread.
class NameResolver {
public:
    /// Both must outlive it.
    NameResolver(Poller& poller, RelayJudge& judge);
    ~NameResolver();
    NameResolver(const NameResolver&) = delete;
    NameResolver& operator=(const NameResolver&) = delete;

    using Clock = std::chrono::steady_clock;
    using Answer = std::function<void(const std::string& message)>;
    /// One message of a program, whose socket has that port. `answer` is called once, now or later, with what it gets;
    /// never when the message is no question.
    void ask(std::string_view message, IpProtocol protocol, std::uint16_t clientPort, Answer answer);
    /// A connection to the resolver's port.
    void serve(UniqueFd stream, std::uint16_t clientPort);

    /// Goes on with what is held, as the rules are now.
    void askAgain();
    [[nodiscard]] bool holds() const { return !m_held.empty(); }
    void tidy(Clock::time_point now);
    [[nodiscard]] bool isIdle() const { return m_asked.empty() && m_streams.empty(); }

private:
    struct Asked;
    class Stream;

    [[nodiscard]] bool mayAskMore(Clock::time_point now);
    void go(Asked& made);
    void askServer(std::uint64_t number);
    void askNextServer(std::uint64_t number, const std::string& why);
    void onServer(std::uint64_t number, std::uint32_t events);
    void readDatagrams(Asked& asked);
    void onReply(Asked& asked, const DnsReply& reply, std::string_view message);
    void finish(Asked& asked, DnsCode code, const std::vector<NetworkEndpoint>& addresses, std::string failure);
    void onStream(std::uint64_t number);
    void closeStream(std::uint64_t number);

    Poller& m_poller;
    RelayJudge& m_judge;
    std::unordered_map<std::uint64_t, std::unique_ptr<Asked>> m_asked;
    std::unordered_map<std::uint64_t, std::unique_ptr<Stream>> m_streams;
    std::vector<std::uint64_t> m_held;  ///< Of m_asked, those that wait for an answer.
    std::uint64_t m_last = 0;           ///< Number given to a question or a stream.
    double m_credit = 0;                ///< Questions that may be asked now.
    Clock::time_point m_credited;
};

}  // namespace belljar::linux_platform
