// Who waits for what on the relay's thread.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// What may end in its own turn, and stays there until the turn is over.
class Mortal {
public:
    virtual ~Mortal() = default;
    Mortal(const Mortal&) = delete;
    Mortal& operator=(const Mortal&) = delete;

protected:
    Mortal() = default;
};

class Pollable : public Mortal {
public:
    /// `events` are epoll's.
    virtual void onReady(std::uint32_t events) = 0;
};

class Poller;

/// Wakes the poller's thread, from any other.
class Bell final : public Pollable {
public:
    /// `poller` must outlive it.
    explicit Bell(Poller& poller);
    ~Bell() override;
    void ring() const;
    void onReady(std::uint32_t events) override;

private:
    Poller& m_poller;
    const UniqueFd m_counter;
    std::uint32_t m_wanted = 0;
};

class Poller {
public:
    Poller();
    /// What is waited for on this descriptor from now on, `wanted` being what was before; 0: nothing, not even errors.
    void want(int descriptor, std::uint32_t events, std::uint32_t& wanted, Pollable& who);
    /// The same, behind a gate: while it is shut, nobody is woken.
    void wantBehindGate(int descriptor, std::uint32_t events, std::uint32_t& wanted, Pollable& who);
    /// From any thread. Who has come meanwhile is found when the gate opens again.
    void setGate(bool isOpen);
    /// Waits at most `patienceMs`, -1: for ever, until somebody has a turn. Others may use the poller meanwhile.
    void wait(int patienceMs);
    /// Takes the turn of everyone whom wait() has found. False when that was nobody.
    bool serve();
    /// Kept until the turns are over, but has none any more.
    void bury(std::unique_ptr<Mortal> gone);
    /// No turn will come: what is buried goes.
    void end() { m_buried.clear(); }

private:
    using Events = std::array<epoll_event, 64>;
    void give(const epoll_event& event);

    UniqueFd m_set;
    UniqueFd m_behind;  ///< A set in the set.
    Events m_ready{};
    Events m_readyBehind{};
    int m_count = 0;  ///< Of m_ready.
    std::vector<std::unique_ptr<Mortal>> m_buried;
};

}  // namespace belljar::linux_platform
