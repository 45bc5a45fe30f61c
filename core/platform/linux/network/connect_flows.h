// Connections that Belljar's HTTP proxy has made: relayed, told, and cut when a rule changes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/platform/linux/network/carried_flow.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/tcp_flow.h"

namespace belljar::linux_platform {

/// Lives on the relay's thread.
class ConnectFlows {
public:
    /// Both must outlive it.
    ConnectFlows(Poller& poller, RelayJudge& judge);
    ~ConnectFlows();
    ConnectFlows(const ConnectFlows&) = delete;
    ConnectFlows& operator=(const ConnectFlows&) = delete;

    struct Ends {
        UniqueFd inside;
        UniqueFd outside;
        std::uint16_t clientPort = 0;  ///< Of who is inside.
    };
    /// `told` has attempt, decision and begin. `early` goes on first, and after it at most `more` bytes; nullopt: what
    /// comes.
    void carry(Ends ends, NetworkFlow told, std::string early, std::optional<std::uint64_t> more);
    [[nodiscard]] std::size_t count() const { return m_flows.size(); }
    /// The rest is as in TcpRelay.
    void decideAgain();
    void tidy(std::chrono::steady_clock::time_point now);
    void leave();
    void end();
    [[nodiscard]] bool isIdle() const { return m_listening.empty(); }

private:
    struct Carried;

    TcpFlow::Heard hear(std::uint64_t number, std::string_view bytes, bool isAll);
    void onOver(std::uint64_t number, int error);

    Poller& m_poller;
    RelayJudge& m_judge;
    std::vector<char> m_room;
    std::uint64_t m_last = 0;                ///< Number given to a flow.
    std::vector<std::uint64_t> m_listening;  ///< May wait for what the program says.
    std::unordered_map<std::uint64_t, Carried> m_flows;
};

}  // namespace belljar::linux_platform
