// A connection that is passed on, with what is told of it: what everybody who carries some does with them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/tcp_flow.h"

namespace belljar::linux_platform {

struct CarriedFlow {
    std::unique_ptr<TcpFlow> flow;
    NetworkFlow told;
};

/// It is over with this errno, and nobody carries it any more: its account goes to `judge`. `port` is the sandbox's.
void tellOver(CarriedFlow carried, int error, std::uint16_t port, Poller& poller, RelayJudge& judge);

/// For whoever begins to say whom it wants; as long as servers wait for a request.
inline constexpr std::chrono::seconds kSpeechPatience{30};

/// Ends it for not having said whom it wants.
void cutSilent(CarriedFlow& carried);

/// Of those that may wait for what their program says: forgets who waits no more, and ends who has waited for too long.
/// `flows` are who is carried, by their keys.
template <class Key, class Flows>
void cutSilent(std::vector<Key>& listening, Flows& flows, std::chrono::steady_clock::time_point now)
{
    std::vector<Key> silent;
    std::erase_if(listening, [&](const Key& key) {
        const auto found = flows.find(key);
        if (found == flows.end() || !found->second.flow->isHeld()) return true;
        const std::optional<std::chrono::steady_clock::time_point> since = found->second.flow->heldSince();
        if (since && now - *since >= kSpeechPatience) silent.push_back(key);
        return false;
    });
    for (const Key& key : silent) cutSilent(flows.at(key));
}

}  // namespace belljar::linux_platform
