// What happens again and again is told at once for the first time, and then once a second with how often it was.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace belljar::linux_platform {

template <class Key>
class Repeats {
public:
    using Clock = std::chrono::steady_clock;

    /// It happened `times` times. How often it is to be told that it did, now; 0: later.
    [[nodiscard]] std::uint32_t add(const Key& key, std::uint32_t times = 1)
    {
        const Clock::time_point now = Clock::now();
        auto known = m_known.find(key);
        if (known == m_known.end()) {
            // Hostile programs make up many; who tells them has a limit of its own.
            if (m_known.size() < kMostKeys) m_known.emplace(key, Last{now, 0});
            return times;
        }
        Last& last = known->second;
        last.untold += times;
        if (now < last.told + kEvery) return 0;
        last.told = now;
        return std::exchange(last.untold, 0);
    }

    /// Calls `tell(key, times)` for what is due, or for all.
    template <class Tell>
    void takeDue(bool all, Tell tell)
    {
        const Clock::time_point now = Clock::now();
        for (auto at = m_known.begin(); at != m_known.end();) {
            Last& last = at->second;
            if (!all && now < last.told + kEvery) {
                ++at;
                continue;
            }
            const std::uint32_t times = std::exchange(last.untold, 0);
            last.told = now;
            if (times != 0) tell(at->first, times);
            at = times != 0 ? std::next(at) : m_known.erase(at);
        }
    }

    /// When takeDue() has something to do; nullopt: nothing happened.
    [[nodiscard]] std::optional<Clock::time_point> deadline() const
    {
        std::optional<Clock::time_point> first;
        for (const auto& [key, last] : m_known)
            first = std::min(first.value_or(last.told + kEvery), last.told + kEvery);
        return first;
    }

private:
    static constexpr std::chrono::seconds kEvery{1};
    static constexpr std::size_t kMostKeys = 128;
    struct Last {
        Clock::time_point told;
        std::uint32_t untold = 0;
    };
    std::map<Key, Last> m_known;
};

}  // namespace belljar::linux_platform
