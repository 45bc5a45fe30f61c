// Ends the program when the Qt thread does not come back: a window that does not answer is as bad as one that is gone.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

namespace belljar::test {

class Watchdog {
public:
    /// Of the calling thread. After `patience` without alive() it prints that thread's stack and `where`, and ends the
    /// program with 1.
    Watchdog(std::chrono::seconds patience, std::string where);
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    void alive();
    /// The longest time between two calls of alive().
    [[nodiscard]] std::chrono::milliseconds longest() const { return std::chrono::milliseconds(m_longest.load()); }

private:
    void watch();

    std::chrono::seconds m_patience;
    std::string m_where;
    std::atomic<std::int64_t> m_last;
    std::atomic<std::int64_t> m_longest = 0;
    std::atomic<bool> m_ending = false;
    unsigned long m_watched;
    std::thread m_thread;
};

}  // namespace belljar::test
