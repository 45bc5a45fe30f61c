#include "core/platform/linux/notify_source.h"

#include <linux/seccomp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/notify_decode.h"
#include "core/platform/linux/process_table.h"
#include "core/platform/linux/socket_guard.h"
#include "core/platform/linux/syscall_filter.h"
#include "core/platform/platform.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint64_t kListenerTag = 0;
constexpr std::uint64_t kStopTag = 1;  ///< Pids are larger: 0 and 1 are never a sandboxee's.
constexpr std::size_t kBatchLimit = 512;

class NotifySource final : public EventSource {
public:
    explicit NotifySource(NotifyOrigin origin)
        : m_listener(std::move(origin.listener)),
          m_root(std::move(origin.root)),
          m_origin(origin.start),
          m_facts(notifyFacts(origin.level)),
          m_filter(std::move(origin.filter))
    {
        if (origin.guardedFiles) m_guard.emplace(m_listener.get(), m_root.get(), std::move(*origin.guardedFiles));
    }

    Result<void> prepare()
    {
        m_epoll.reset(::epoll_create1(EPOLL_CLOEXEC));
        m_stop.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        if (!m_epoll || !m_stop || !watch(m_listener.get(), kListenerTag) || !watch(m_stop.get(), kStopTag))
            return Error{ErrorCode::backendError, "the event source could not be set up", {}, std::strerror(errno), {}};
        wakeAtOnce(m_listener.get());
        return {};
    }

    Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds patience) override
    {
        const auto until = std::chrono::steady_clock::now() + patience;
        while (!m_ended && batch.size() < kBatchLimit) {
            auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            if (left.count() < 0) break;
            const auto pause = m_guard ? m_guard->patience() : std::nullopt;
            if (pause) left = std::min(left, *pause);
            std::array<epoll_event, 32> ready{};
            const int count = ::epoll_wait(m_epoll.get(), ready.data(), static_cast<int>(ready.size()),
                                           static_cast<int>(left.count()));
            if (count < 0 && errno != EINTR)
                return Error{ErrorCode::backendError, "waiting for events failed", {}, std::strerror(errno), {}};
            for (int i = 0; i < count; ++i) handle(ready[static_cast<std::size_t>(i)], batch);
            if (pause) m_guard->advance();
        }
        if (m_ended) reportRemaining(batch);
        return !m_ended;
    }

    void stop() override
    {
        const std::uint64_t one = 1;
        // Can only fail when the counter is full, and then the wait ends anyway.
        [[maybe_unused]] const ssize_t written = ::write(m_stop.get(), &one, sizeof one);
    }

    /// The sandboxee waits for us, so nothing is ever dropped.
    [[nodiscard]] std::uint64_t lost() const override { return 0; }

    [[nodiscard]] const SourceFacts& facts() const override { return m_facts; }

private:
    bool watch(int fd, std::uint64_t tag)
    {
        epoll_event interest{};
        interest.events = EPOLLIN;
        interest.data.u64 = tag;
        return ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, fd, &interest) == 0;
    }

    void handle(const epoll_event& ready, std::vector<Event>& batch)
    {
        if (ready.data.u64 == kStopTag) m_ended = true;
        else if (ready.data.u64 != kListenerTag) onProcessEnd(static_cast<std::int32_t>(ready.data.u64), batch);
        else if ((ready.events & EPOLLIN) != 0) onNotification(batch);
        else if ((ready.events & (EPOLLHUP | EPOLLERR)) != 0) m_ended = true;  // nobody is left under the filter
    }

    void onNotification(std::vector<Event>& batch)
    {
        seccomp_notif note{};
        if (::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &note) != 0) return;  // its caller died
        const CallRow* row = rowOf(note.data);
        const auto tid = static_cast<std::int32_t>(note.pid);
        const std::int64_t now = sinceOrigin();
        std::optional<DecodedCall> call;
        ProcessEntry* process = nullptr;
        const std::string* const denied = deniedCall(m_filter, note.data.nr);
        if (denied != nullptr) call = deniedByProfile(*denied, row, note.data, tid);
        else if (row != nullptr) call = decodeCall(*row, note.data, tid, m_root.get());
        if (call || row != nullptr) process = m_processes.find(tid);
        // Read only counts if the caller was still waiting, so that its number was its own.
        const bool valid = ::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &note.id) == 0;
        if (denied != nullptr) {
            answer(note.id, nullptr);
        } else if (m_guard && row != nullptr && SocketGuard::guards(note.data.nr)) {
            const std::optional<int> error = m_guard->take(note);
            if (call && error) {
                call->result = *error;
                call->trust = ResultTrust::seen;
            }
        } else {
            answer(note.id, row);
        }
        if (!valid || process == nullptr) return;
        reportFork(*process, now, batch);
        if (!call) return;
        if (call->kind == EventKind::processExit) {
            process->exitCode = call->result;
            return;
        }
        Event event = eventOf(*process, now);
        event.kind = call->kind;
        event.object = std::move(call->object);
        event.detail = std::move(call->detail);
        event.result = call->result;
        event.trust = call->trust;
        if (event.kind == EventKind::processExec) process->nameIsStale = true;
        batch.push_back(std::move(event));
    }

    /// What the call was about stands in the detail, where that is known.
    [[nodiscard]] DecodedCall deniedByProfile(const std::string& name, const CallRow* row, const seccomp_data& data,
                                              std::int32_t tid) const
    {
        DecodedCall call;
        if (row != nullptr && row->shape != CallShape::exit)
            if (const std::optional<DecodedCall> known = decodeCall(*row, data, tid, m_root.get()))
                call.detail = known->object;
        call.kind = EventKind::privSyscall;
        call.object = name;
        call.result = EPERM;
        call.trust = ResultTrust::seen;
        return call;
    }

    void answer(std::uint64_t id, const CallRow* row)
    {
        seccomp_notif_resp reply{};
        reply.id = id;
        // Without a row it is a call that the profile denies.
        if (row == nullptr) reply.error = -EPERM;
        else if (row->shape == CallShape::refuse) reply.error = -row->refuseWith;
        else reply.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        ::ioctl(m_listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &reply);
    }

    void reportFork(ProcessEntry& process, std::int64_t now, std::vector<Event>& batch)
    {
        if (!process.isNew) return;
        process.isNew = false;
        if (process.pidfd) watch(process.pidfd.get(), static_cast<std::uint64_t>(process.pid));
        Event event = eventOf(process, now);
        event.kind = EventKind::processFork;
        event.object = process.name;
        event.result = 0;
        event.trust = ResultTrust::derived;
        batch.push_back(std::move(event));
    }

    void onProcessEnd(std::int32_t pid, std::vector<Event>& batch)
    {
        ProcessEntry* process = m_processes.byPid(pid);
        if (process == nullptr) return;
        Event event = eventOf(*process, sinceOrigin());
        event.kind = EventKind::processExit;
        event.object = process->name;
        event.trust = ResultTrust::seen;
        event.result = 0;
        const std::optional<int> status = waitStatusOf(process->pidfd.get());
        if (status && WIFSIGNALED(*status)) event.detail = fmt::format("signal {}", WTERMSIG(*status));
        else if (status) event.detail = fmt::format("code {}", WEXITSTATUS(*status));
        else if (process->exitCode) event.detail = fmt::format("code {}", *process->exitCode);
        else event.detail = "ended by a signal";
        batch.push_back(std::move(event));
        m_processes.remove(pid);  // closes the pidfd, which also leaves the epoll set
    }

    /// When the last process is gone, the ends that were not reported yet follow.
    void reportRemaining(std::vector<Event>& batch)
    {
        std::vector<std::int32_t> pids;
        for (const auto& [pid, entry] : m_processes.all()) {
            if (!entry.isNew) pids.push_back(pid);
        }
        for (const std::int32_t pid : pids) onProcessEnd(pid, batch);
    }

    [[nodiscard]] Event eventOf(const ProcessEntry& process, std::int64_t now) const
    {
        Event event;
        event.timeNs = now;
        event.origin = EventOrigin::notify;
        event.pid = process.pid;
        event.parentPid = process.parentPid;
        event.processStart = process.startTicks;
        event.processName = process.name;
        return event;
    }

    [[nodiscard]] std::int64_t sinceOrigin() const
    {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - m_origin)
            .count();
    }

    UniqueFd m_listener;
    UniqueFd m_root;
    UniqueFd m_epoll;
    UniqueFd m_stop;
    std::chrono::steady_clock::time_point m_origin;
    const SourceFacts m_facts;
    const SyscallFilterPlan m_filter;
    std::optional<SocketGuard> m_guard;
    ProcessTable m_processes;
    bool m_ended = false;
};

}  // namespace

Result<std::unique_ptr<EventSource>> makeNotifySource(NotifyOrigin origin)
{
    auto source = std::make_unique<NotifySource>(std::move(origin));
    if (Result<void> ready = source->prepare(); !ready) return std::move(ready).error();
    return std::unique_ptr<EventSource>(std::move(source));
}

}  // namespace belljar::linux_platform

namespace belljar {

SourceFacts notifyFacts(TraceLevel level)
{
    SourceFacts facts{"notify", "seccomp user notification", {}, {}};
    facts.blindSpots.emplace_back("Results of calls are derived from the sandbox's own tree, not seen.");
    if (level == TraceLevel::standard)
        facts.blindSpots.emplace_back("Opening to read, looking at files and listing folders is not reported.");
    return facts;
}

}  // namespace belljar
