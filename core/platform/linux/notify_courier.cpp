#include "core/platform/linux/notify_courier.h"

#include <poll.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include <spdlog/fmt/fmt.h>

namespace belljar::linux_platform {
namespace {

using Clock = std::chrono::steady_clock;

// When this much waits, sandboxees wait too: nothing is lost, and nobody makes us use more memory.
constexpr std::size_t kMostEvents = 50000;
constexpr std::size_t kMostBytes = 16U << 20U;
constexpr std::size_t kMany = 4096;  ///< So many are not left lying until somebody comes by.

bool kernelIsAtLeast(int major, int minor)
{
    utsname system{};
    int is = 0;
    int isMinor = 0;
    if (::uname(&system) != 0 || std::sscanf(system.release, "%d.%d", &is, &isMinor) != 2) return false;
    return is > major || (is == major && isMinor >= minor);
}

void nothing(int) {}

/// Ends a wait of that thread in the kernel, and only that.
int interruption()
{
    static const int number = [] {
        struct sigaction action {};
        action.sa_handler = nothing;  // without SA_RESTART
        ::sigaction(SIGRTMIN + 6, &action, nullptr);
        return SIGRTMIN + 6;
    }();
    return number;
}

void acceptOnlyInterruption()
{
    sigset_t others;
    ::sigfillset(&others);
    ::sigdelset(&others, interruption());
    ::pthread_sigmask(SIG_SETMASK, &others, nullptr);
}

}  // namespace

NotifyCourier::NotifyCourier(NotifyOrigin origin, int wake, int ends)
    : m_listener(std::move(origin.listener)),
      m_root(std::move(origin.root)),
      m_stopped(::eventfd(0, EFD_CLOEXEC)),
      m_wake(wake),
      m_ends(ends),
      m_origin(origin.start),
      m_sleepsInKernel(kernelIsAtLeast(6, 11)),
      m_tree(m_root.get())
{
    for (const std::string& name : origin.filter.deny)
        m_denied.emplace_back(::seccomp_syscall_resolve_name(name.c_str()), name);
    if (origin.guardedFiles)
        m_guard.emplace(m_listener.get(), m_root.get(), std::move(*origin.guardedFiles), std::move(origin.owners),
                        std::move(origin.madeSockets));
}

NotifyCourier::~NotifyCourier()
{
    if (!m_thread.joinable()) return;
    stop();
    while (!m_ended) {
        ::pthread_kill(m_thread.native_handle(), interruption());
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    m_thread.join();
}

void NotifyCourier::start()
{
    wakeAtOnce(m_listener.get());
    m_thread = std::thread([this] { run(); });
}

void NotifyCourier::stop()
{
    m_stop = true;
    const std::uint64_t one = 1;
    // Can only fail when the counter is full, and then the wait ends anyway.
    [[maybe_unused]] const ssize_t written = ::write(m_stopped.get(), &one, sizeof one);
    const std::lock_guard lock(m_mutex);
    m_room.notify_all();
}

void NotifyCourier::run()
{
    acceptOnlyInterruption();
    // What we look up has to fail where it fails for the sandboxee.
    const WithoutCapabilities plain;
    while (!m_stop) {
        if (m_full) {
            std::unique_lock lock(m_mutex);
            m_room.wait(lock, [this] { return !m_full || m_stop; });
        }
        seccomp_notif note{};
        if (await(note)) handle(note);
    }
    m_ended = true;
    tell();
}

bool NotifyCourier::await(seccomp_notif& note)
{
    const auto pause = m_guard ? m_guard->patience() : std::nullopt;
    if (pause || !m_sleepsInKernel) {
        std::vector<pollfd> waits{{m_listener.get(), POLLIN, 0}, {m_stopped.get(), POLLIN, 0}};
        if (m_guard) m_guard->addAwaited(waits);
        const int ready = ::poll(waits.data(), waits.size(), pause ? static_cast<int>(pause->count()) : -1);
        if (pause) m_guard->advance();
        if (ready <= 0) return false;
        if ((waits[0].revents & POLLIN) == 0) {
            m_stop = m_stop || waits[0].revents != 0;  // nobody is left under the filter
            return false;
        }
    }
    if (::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &note) == 0) return true;
    if (errno != EINTR) {
        pollfd state{m_listener.get(), POLLIN, 0};
        const bool over = ::poll(&state, 1, 0) > 0 && (state.revents & (POLLHUP | POLLERR)) != 0;
        m_stop = m_stop || over;  // otherwise a caller died before we came
    }
    return false;
}

void NotifyCourier::handle(const seccomp_notif& note)
{
    const std::lock_guard lock(m_mutex);
    const Clock::time_point now = Clock::now();
    const auto tid = static_cast<std::int32_t>(note.pid);
    const CallRow* row = rowOf(note.data);
    const std::string* denied = deniedName(note.data.nr);
    ProcessEntry* process = row != nullptr || denied != nullptr ? m_processes.find(tid, now) : nullptr;
    std::optional<DecodedCall> call;
    m_tree.begin(tid, now);
    if (process != nullptr && row != nullptr) {
        CallScene scene{tid, *process, m_processes, m_tree, m_root.get(), now};
        call = decodeCall(*row, note.data, scene);
        if (call && call->kind == EventKind::processExit && denied == nullptr) call->detail = usageOf(process->pid);
    }
    // What a denied call was about stands in the detail, where that is known.
    if (denied != nullptr)
        call = DecodedCall{EventKind::privSyscall, *denied, call ? call->object : "", EPERM, ResultTrust::seen};
    // Read only counts if the caller was still waiting, so that its number was its own.
    if (!answer(note, row, denied != nullptr, call) || process == nullptr) return;
    const std::int64_t at = sinceOrigin(now);
    if (process->isNew) keepFork(*process, at);
    if (call) keep(*process, std::move(*call), at);
    m_full = m_events.size() >= kMostEvents || m_bytes >= kMostBytes;
    if (m_events.size() == kMany) tell();
}

const std::string* NotifyCourier::deniedName(int number) const
{
    for (const auto& [denied, name] : m_denied)
        if (denied == number) return &name;
    return nullptr;
}

bool NotifyCourier::answer(const seccomp_notif& note, const CallRow* row, bool denied, std::optional<DecodedCall>& call)
{
    if (!denied && m_guard && row != nullptr && SocketGuard::guards(note.data.nr)) {
        if (::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &note.id) != 0) call.reset();
        const auto [error, protocol] = m_guard->take(note);
        if (call && protocol)
            call->detail = *protocol == IpProtocol::udp    ? kUdpDetail
                           : *protocol == IpProtocol::icmp ? kIcmpDetail
                                                           : kTcpDetail;
        // What goes on has no result yet.
        if (call && error && *error != EINPROGRESS) {
            call->result = *error;
            call->trust = ResultTrust::seen;
        }
        return call.has_value();
    }
    seccomp_notif_resp reply{};
    reply.id = note.id;
    // Nothing is reported that has no row and is not denied, as filter and table are one; it would be refused.
    if (denied || row == nullptr) reply.error = -EPERM;
    else if (row->shape == CallShape::refuse) reply.error = -row->refuseWith;
    else reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    return ::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &reply) == 0;
}

void NotifyCourier::keep(ProcessEntry& process, DecodedCall&& call, std::int64_t at)
{
    if (call.kind == EventKind::processExit) {
        std::string how = fmt::format("code {}", call.result);
        if (!call.detail.empty()) how += ", " + call.detail;
        keepEnd(process, std::move(how), at);
        return;
    }
    if (call.kind == EventKind::processExec) process.nameIsStale = true;
    Event& event = add(process, call.kind, at);
    event.object = std::move(call.object);
    event.detail = std::move(call.detail);
    event.result = call.result;
    event.trust = call.trust;
    m_bytes += event.object.size() + event.detail.size();
}

void NotifyCourier::keepFork(ProcessEntry& process, std::int64_t at)
{
    process.isNew = false;
    if (process.pidfd) {
        epoll_event interest{};
        interest.events = EPOLLIN;
        interest.data.u64 = static_cast<std::uint64_t>(process.pid);
        ::epoll_ctl(m_ends, EPOLL_CTL_ADD, process.pidfd.get(), &interest);
    }
    Event& event = add(process, EventKind::processFork, at);
    event.object = process.name;
    event.detail = process.insidePid > 0 ? fmt::format("inside {}", process.insidePid) : std::string();
    event.result = 0;
    event.trust = ResultTrust::derived;
}

void NotifyCourier::keepEnd(ProcessEntry& process, std::string how, std::int64_t at)
{
    if (process.hasEnded) return;
    process.hasEnded = true;
    Event& event = add(process, EventKind::processExit, at);
    event.object = process.name;
    event.detail = std::move(how);
    event.result = 0;
    event.trust = ResultTrust::seen;
    if (!process.pidfd) m_processes.remove(process.pid);  // nobody will tell of its end
}

/// A process that has not said how it ends: a signal did it.
void NotifyCourier::onKilled(std::int32_t pid)
{
    ProcessEntry* process = m_processes.byPid(pid);
    if (process == nullptr) return;
    const std::int64_t at = sinceOrigin(Clock::now());
    const std::optional<int> status = waitStatusOf(process->pidfd.get());
    std::string how = "ended by a signal";
    if (status && WIFSIGNALED(*status)) how = fmt::format("signal {}", WTERMSIG(*status));
    else if (status) how = fmt::format("code {}", WEXITSTATUS(*status));
    if (!process->hasEnded && status && WIFSIGNALED(*status) &&
        (WTERMSIG(*status) == SIGXCPU || WTERMSIG(*status) == SIGXFSZ)) {
        Event& event = add(*process, EventKind::processLimit, at);
        event.object = WTERMSIG(*status) == SIGXCPU ? "cpu time" : "file size";
        event.result = 0;
        event.trust = ResultTrust::seen;
    }
    keepEnd(*process, std::move(how), at);
    m_processes.remove(pid);  // closes the pidfd, which also leaves the epoll set
}

bool NotifyCourier::take(std::vector<Event>& batch, const std::vector<std::int32_t>& ended)
{
    const std::lock_guard lock(m_mutex);
    const bool over = m_ended;
    for (const std::int32_t pid : ended) onKilled(pid);
    if (over) {
        std::vector<std::int32_t> left;
        for (const auto& [pid, entry] : m_processes.all())
            if (!entry.isNew) left.push_back(pid);
        for (const std::int32_t pid : left) onKilled(pid);
    }
    const std::size_t count = m_events.size();
    if (batch.empty()) batch.swap(m_events);
    else batch.insert(batch.end(), std::make_move_iterator(m_events.begin()), std::make_move_iterator(m_events.end()));
    m_events.clear();
    m_events.reserve(std::min(count, kMany));  // Growing would move events while a sandboxee waits.
    m_bytes = 0;
    m_full = false;
    m_room.notify_all();
    return !over;
}

Event& NotifyCourier::add(const ProcessEntry& process, EventKind kind, std::int64_t at)
{
    Event& event = m_events.emplace_back();
    event.timeNs = at;
    event.kind = kind;
    event.origin = EventOrigin::notify;
    event.pid = process.pid;
    event.parentPid = process.parentPid;
    event.insidePid = process.insidePid;
    event.processStart = process.startTicks;
    event.processName = process.name;
    return event;
}

void NotifyCourier::tell() const
{
    const std::uint64_t one = 1;
    // Can only fail when the counter is full, and then the wait ends anyway.
    [[maybe_unused]] const ssize_t written = ::write(m_wake, &one, sizeof one);
}

std::int64_t NotifyCourier::sinceOrigin(Clock::time_point now) const
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now - m_origin).count();
}

}  // namespace belljar::linux_platform
