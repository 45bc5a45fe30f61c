#include "core/platform/linux/bounded_wait.h"

#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

namespace belljar::linux_platform {
namespace {

/// Longer than any call that need not wait. Again and again, since the first may come before the call has begun.
constexpr timespec kPatience{0, 20'000'000};

void nothing(int) {}

/// A timer that signals this thread only.
class ThreadTimer {
public:
    ThreadTimer()
    {
        const int number = SIGRTMIN + 5;
        struct sigaction action {};
        action.sa_handler = nothing;  // without SA_RESTART
        ::sigaction(number, &action, nullptr);
        sigset_t ours;
        ::sigemptyset(&ours);
        ::sigaddset(&ours, number);
        ::pthread_sigmask(SIG_UNBLOCK, &ours, nullptr);
        sigevent event{};
        event.sigev_notify = SIGEV_THREAD_ID;
        event.sigev_signo = number;
        event.sigev_notify_thread_id = static_cast<pid_t>(::syscall(SYS_gettid));
        m_made = ::timer_create(CLOCK_MONOTONIC, &event, &m_timer) == 0;
    }
    ~ThreadTimer()
    {
        if (m_made) ::timer_delete(m_timer);
    }
    ThreadTimer(const ThreadTimer&) = delete;
    ThreadTimer& operator=(const ThreadTimer&) = delete;

    void set(const timespec& every) const
    {
        const itimerspec value{every, every};
        const int kept = errno;
        if (m_made) ::timer_settime(m_timer, 0, &value, nullptr);
        errno = kept;
    }

private:
    timer_t m_timer{};
    bool m_made = false;
};

const ThreadTimer& threadTimer()
{
    thread_local const ThreadTimer timer;
    return timer;
}

}  // namespace

BoundedWait::BoundedWait()
{
    threadTimer().set(kPatience);
}

BoundedWait::~BoundedWait()
{
    threadTimer().set({});
}

}  // namespace belljar::linux_platform
