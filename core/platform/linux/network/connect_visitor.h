// Somebody at Belljar's HTTP proxy, from its coming until its connection goes on, or it was refused.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/platform/linux/network/connect_request.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/linux/network/relay_judge.h"

namespace belljar::linux_platform {

struct ConnectVisitor final : public Mortal {
    enum class State { reads, looksUp, isHeld, dials, closes };

    using Turn = std::function<void(std::uint64_t number)>;
    /// One of its sockets.
    class Side final : public Pollable {
    public:
        Side(std::uint64_t visitor, Turn turn) : m_visitor(visitor), m_turn(std::move(turn)) {}
        void onReady(std::uint32_t /*events*/) override { m_turn(m_visitor); }

    private:
        const std::uint64_t m_visitor;
        const Turn m_turn;
    };

    /// `poller` must outlive it. The turns are told its number, not itself: it may have gone in the same moment.
    ConnectVisitor(Poller& where, std::uint64_t given, Turn onInside, Turn onOutside)
        : poller(where), number(given), insideSide(given, std::move(onInside)), outsideSide(given, std::move(onOutside))
    {
    }
    ~ConnectVisitor() override
    {
        poller.want(inside.get(), 0, insideWanted, insideSide);
        closeOutside();
    }
    void closeOutside()
    {
        poller.want(outside.get(), 0, outsideWanted, outsideSide);
        outside.reset();
    }

    Poller& poller;
    const std::uint64_t number;
    State state = State::reads;
    NetworkEndpoint client;
    UniqueFd inside;
    UniqueFd outside;
    std::string said;
    ConnectRequest request;
    int lookups = 0;  ///< That have no answer yet.
    std::string lookupFailure;
    std::vector<NetworkEndpoint> addresses;
    std::size_t next = 0;  ///< Of them.
    Judgement judgement;   ///< Of the latest.
    std::optional<Judgement> denied;
    int error = 0;                       ///< Of the latest that was allowed.
    std::optional<NetworkEndpoint> own;  ///< One that is the sandbox's.
    std::chrono::steady_clock::time_point begin;
    std::chrono::steady_clock::time_point until;
    Side insideSide;
    Side outsideSide;
    std::uint32_t insideWanted = 0;
    std::uint32_t outsideWanted = 0;
};

}  // namespace belljar::linux_platform
