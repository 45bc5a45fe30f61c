// Under which names a sandbox knows addresses: what its resolver has given out, for as long as the answers are good.
// The relay's decisions and the judge of events ask.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/model/network_attempt.h"

namespace belljar {

/// All methods are safe from any thread.
class PeerNames {
public:
    /// Keeps the addresses a while longer than the program may: it connects after it has looked up. Times are as
    /// Event::timeNs.
    void add(const NameLookup& lookup, std::int64_t nowNs);
    [[nodiscard]] bool isEmpty() const;
    /// Names of `address` (as Access::host) that are good at that time, the one that was given out last at first.
    [[nodiscard]] std::vector<std::string> of(const std::string& address, std::int64_t timeNs) const;

private:
    struct Known {
        std::string name;
        std::int64_t sinceNs = 0;
        std::int64_t untilNs = 0;
    };
    void makeRoom(std::int64_t nowNs);

    mutable std::mutex m_mutex;
    std::unordered_map<std::string, std::vector<Known>> m_names;  ///< By address; the latest at the end.
};

}  // namespace belljar
