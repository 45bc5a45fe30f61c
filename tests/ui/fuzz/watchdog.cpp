#include "tests/ui/fuzz/watchdog.h"

#include <execinfo.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace belljar::test {
namespace {

constexpr int kDeepest = 100;
constexpr std::chrono::milliseconds kLook{200};

std::int64_t now()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// In the thread that hangs; whatever it holds, nothing here waits for it.
void printStack(int)
{
    void* frames[kDeepest];
    ::backtrace_symbols_fd(frames, ::backtrace(frames, kDeepest), 2);
    ::_exit(1);
}

}  // namespace

Watchdog::Watchdog(std::chrono::seconds patience, std::string where)
    : m_patience(patience), m_where(std::move(where)), m_last(now()), m_watched(::pthread_self())
{
    void* first[1];
    ::backtrace(first, 1);  // Loads what it needs, which a signal handler must not.
    std::signal(SIGUSR2, printStack);
    m_thread = std::thread(&Watchdog::watch, this);
}

Watchdog::~Watchdog()
{
    m_ending = true;
    m_thread.join();
}

void Watchdog::alive()
{
    const std::int64_t time = now();
    const std::int64_t gap = time - m_last.exchange(time);
    if (gap > m_longest) m_longest = gap;
}

void Watchdog::watch()
{
    while (!m_ending) {
        std::this_thread::sleep_for(kLook);
        if (now() - m_last < std::chrono::duration_cast<std::chrono::milliseconds>(m_patience).count()) continue;
        std::fprintf(stderr, "The window has not answered for %lld s. %s\n", static_cast<long long>(m_patience.count()),
                     m_where.c_str());
        ::pthread_kill(m_watched, SIGUSR2);
        std::this_thread::sleep_for(std::chrono::seconds(5));
        ::_exit(1);
    }
}

}  // namespace belljar::test
