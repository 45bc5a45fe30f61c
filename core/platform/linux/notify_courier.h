// The thread that answers a sandbox's notifications: takes one, reads what it is about, lets the call go on, keeps the
// event. All the while a sandboxee waits, so nothing else is done here, and the one that drains the events (the source)
// is woken neither: it comes by itself every few milliseconds.
//
// What one notification costs is mostly two changes between threads. They are cheap as long as this thread sleeps in
// the kernel's own queue of notifications and both run on one processor (SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP); through
// epoll the kernel forgets that wish.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/model/event.h"
#include "core/platform/linux/notify_decode.h"
#include "core/platform/linux/notify_source.h"
#include "core/platform/linux/socket_guard.h"

namespace belljar::linux_platform {

class NotifyCourier {
public:
    /// `wake` is an eventfd that is written when many events wait or no more will come; `ends` an epoll set that gets
    /// the pidfd of each process. Both must outlive the courier.
    NotifyCourier(NotifyOrigin origin, int wake, int ends);
    /// Waits for the thread.
    ~NotifyCourier();
    NotifyCourier(const NotifyCourier&) = delete;
    NotifyCourier& operator=(const NotifyCourier&) = delete;

    void start();
    /// The thread ends as soon as it can; sandboxees that still call then wait for ever.
    void stop();

    /// Appends what has happened so far, with the ends of the processes `ended`; those that are still known when
    /// nobody is left end, too. False when nothing more will come.
    bool take(std::vector<Event>& batch, const std::vector<std::int32_t>& ended);

private:
    void run();
    /// Waits for a notification; false when none has come.
    bool await(seccomp_notif& note);
    void handle(const seccomp_notif& note);
    /// Lets the call go on, or refuses it; false when the caller is not there any more.
    bool answer(const seccomp_notif& note, const CallRow* row, bool denied, std::optional<DecodedCall>& call);
    /// The name under which the profile denies the call; nullptr: it does not.
    [[nodiscard]] const std::string* deniedName(int number) const;
    void keep(ProcessEntry& process, DecodedCall&& call, std::int64_t at);
    void keepFork(ProcessEntry& process, std::int64_t at);
    void keepEnd(ProcessEntry& process, std::string how, std::int64_t at);
    void onKilled(std::int32_t pid);
    Event& add(const ProcessEntry& process, EventKind kind, std::int64_t at);
    void tell() const;
    [[nodiscard]] std::int64_t sinceOrigin(std::chrono::steady_clock::time_point now) const;

    UniqueFd m_listener;
    UniqueFd m_root;
    UniqueFd m_stopped;
    const int m_wake;
    const int m_ends;
    const std::chrono::steady_clock::time_point m_origin;
    const bool m_sleepsInKernel;                        ///< RECV itself ends when nobody is left (Linux 6.11).
    std::vector<std::pair<int, std::string>> m_denied;  ///< Calls that the profile denies.
    std::optional<SocketGuard> m_guard;
    std::thread m_thread;
    std::atomic<bool> m_stop{false};
    std::atomic<bool> m_ended{false};
    std::atomic<bool> m_full{false};  ///< As much waits as may; written under m_mutex.

    std::mutex m_mutex;  ///< Guards the rest.
    std::condition_variable m_room;
    ProcessTable m_processes;
    TreeView m_tree;
    std::vector<Event> m_events;
    std::size_t m_bytes = 0;  ///< Texts of m_events.
};

}  // namespace belljar::linux_platform
