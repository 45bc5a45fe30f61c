// Who waits for what on the relay's thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

class Pollable {
public:
    virtual ~Pollable() = default;
    Pollable(const Pollable&) = delete;
    Pollable& operator=(const Pollable&) = delete;
    /// `events` are epoll's.
    virtual void onReady(std::uint32_t events) = 0;

protected:
    Pollable() = default;
};

class Poller {
public:
    Poller();
    /// What is waited for on this descriptor from now on, `wanted` being what was before; 0: nothing, not even errors.
    void want(int descriptor, std::uint32_t events, std::uint32_t& wanted, Pollable& who);
    /// Takes everyone's turn once; waits at most `patienceMs`, -1: for ever. False when nobody had one.
    bool turn(int patienceMs);
    /// Kept until the turn is over: it may be among those whose turn is to come.
    void bury(std::unique_ptr<Pollable> gone);

private:
    UniqueFd m_set;
    std::vector<std::unique_ptr<Pollable>> m_buried;
    std::vector<Pollable*> m_gone;
};

}  // namespace belljar::linux_platform
