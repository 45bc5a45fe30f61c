// How many reports of what a sandbox does its hostile programs can cause: what is more is counted.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace belljar::linux_platform {

class ReportLimit {
public:
    using Clock = std::chrono::steady_clock;

    /// Whether something that happened `times` times may be told by now. If not, it counts as left out.
    [[nodiscard]] bool allows(std::uint32_t times)
    {
        const Clock::time_point now = Clock::now();
        const std::chrono::duration<double> passed = now - std::exchange(m_refilledAt, now);
        m_left = std::min(2 * kPerSecond, m_left + passed.count() * kPerSecond);
        if (m_left < 1) {
            m_leftOut += times;
            return false;
        }
        m_left -= 1;
        return true;
    }
    /// Since it was last asked.
    [[nodiscard]] std::uint32_t takeLeftOut() { return std::exchange(m_leftOut, 0); }

private:
    /// A burst may have twice as many.
    static constexpr double kPerSecond = 50;
    double m_left = 2 * kPerSecond;
    Clock::time_point m_refilledAt = Clock::now();
    std::uint32_t m_leftOut = 0;
};

}  // namespace belljar::linux_platform
