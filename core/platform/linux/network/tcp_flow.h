// One relayed TCP connection: bytes go both ways, with as much held back as one side is slower, and each side learns
// how the other one ended.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/network_attempt.h"
#include "core/platform/linux/network/poller.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

class TcpFlow final : public Mortal {
public:
    /// `room` is what is copied through, shared by all flows of the thread. `onOver(errno)` is called once.
    TcpFlow(Poller& poller, std::vector<char>& room, UniqueFd inside, UniqueFd outside,
            std::function<void(int)> onOver);
    /// Looks at what the sandbox says first, all of it from the beginning; `isAll`: nothing more comes.
    enum class Heard { more, pass, refuse };
    using Listener = std::function<Heard(std::string_view bytes, bool isAll)>;
    /// With `holds` nothing passes on before the listener has said so; otherwise it hears what comes at once, as it
    /// passes.
    void listen(Listener listener, bool holds);
    [[nodiscard]] bool isHeld() const { return m_up.isHeld; }
    /// Since when something waits for the listener; nullopt: nothing does.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> heldSince() const { return m_heldSince; }
    /// What the sandbox has said already, to be passed on, and to be heard, before the rest. After listen().
    void prepend(std::string early);
    /// Of what the sandbox says after that only so much is passed on; who says more is cut off.
    void limit(std::uint64_t bytes) { m_left = bytes; }
    /// Waits for its sockets from now on.
    void begin();
    /// Who is inside is gone: it ends when what was sent there has been handed on.
    void leave();
    /// Ends it at once, with a reset for both sides.
    void cut(int error);
    [[nodiscard]] std::uint64_t sent() const { return m_up.bytes - (m_up.held.size() - m_up.heldAt); }
    [[nodiscard]] std::uint64_t received() const { return m_down.bytes; }

private:
    /// One way.
    struct Way {
        UniqueFd* from = nullptr;
        UniqueFd* to = nullptr;
        std::string held;
        std::size_t heldAt = 0;
        bool hasEnded = false;  ///< Nothing more comes.
        bool isClosed = false;  ///< And that has been told.
        bool isHeld = false;    ///< `held` waits for the listener.
        std::uint64_t bytes = 0;
        [[nodiscard]] bool holds() const { return heldAt < held.size(); }
        /// For its other end to take more.
        [[nodiscard]] bool waits() const { return holds() && !isHeld; }
    };

    /// One socket: what it sends goes the one way, what it takes comes the other.
    class Side final : public Pollable {
    public:
        Side(TcpFlow& flow, Way& reads, Way& writes) : m_flow(flow), m_reads(reads), m_writes(writes) {}
        void onReady(std::uint32_t events) override;

    private:
        TcpFlow& m_flow;
        Way& m_reads;
        Way& m_writes;
    };

    void moved();
    void move(Way& way);
    bool flush(Way& way);
    void moveOnce(Way& way, bool& more);
    void hear(bool isAll);
    void updateInterest();
    void over(int error);

    Poller& m_poller;
    std::vector<char>& m_room;
    UniqueFd m_inside;
    UniqueFd m_outside;
    std::function<void(int)> m_onOver;
    bool m_leaves = false;
    std::optional<std::uint64_t> m_left;  ///< See limit().
    Listener m_listener;
    std::optional<std::chrono::steady_clock::time_point> m_heldSince;
    Way m_up;
    Way m_down;
    Side m_insideSide{*this, m_up, m_down};
    Side m_outsideSide{*this, m_down, m_up};
    std::uint32_t m_insideWanted = 0;
    std::uint32_t m_outsideWanted = 0;
};

}  // namespace belljar::linux_platform
