// Supervises one sandbox from its launch until its whole tree is gone.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <optional>

#include "core/platform/linux/cgroup.h"
#include "core/platform/linux/display/sandbox_desktop.h"
#include "core/platform/linux/network/sandbox_network.h"
#include "core/platform/linux/program_paths.h"
#include "core/platform/linux/run_evidence.h"
#include "core/platform/linux/running_tree.h"
#include "core/platform/linux/sandbox_spawn.h"
#include "core/platform/linux/sandbox_streams.h"
#include "core/platform/linux/sandbox_watch.h"
#include "core/platform/linux/shim/protocol.h"
#include "core/platform/linux/shim_message.h"
#include "core/platform/platform.h"
#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/writable_memory.h"

namespace belljar {
namespace {

using namespace linux_platform;
using Clock = std::chrono::steady_clock;
using OutputCallback = std::function<void(int, std::string_view)>;
using StartCallback = std::function<void(std::unique_ptr<EventSource>)>;

constexpr std::size_t kMostToolMessage = 16384;

class LinuxSandbox final : public SandboxProcess {
public:
    LinuxSandbox(LaunchPlan plan, const StdioPlan& stdio, Clock::time_point origin,
                 std::unique_ptr<KernelMonitor> monitor, NetworkHooks network, DesktopListener desktop)
        : m_plan(std::move(plan)),
          m_stdio(stdio),
          m_origin(origin),
          m_watch(std::move(monitor), m_plan, origin),
          m_network(std::move(network)),
          m_desktopListener(std::move(desktop)),
          m_desktop(m_desktopListener),
          m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          m_input(stdio.mode)
    {
    }

    Outcome run(const OutputCallback& onOutput, const StartCallback& onStarted) override
    {
        m_onOutput = &onOutput;
        m_onStarted = &onStarted;
        Outcome outcome;
        Result<void> launched = launch(TreeMaker::shim);
        if (launched) supervise();
        if (launched && m_refused) {
            forgetAttempt();
            launched = launch(TreeMaker::bubblewrap);
            if (launched) supervise();
        }
        if (!launched) {
            outcome.ending = SetupFailed{std::move(launched).error()};
        } else {
            const RunEvidence seen = evidence();
            outcome.ending = endingOf(seen);
            outcome.note = limitNote(seen, outcome.ending);
            outcome.cpuTime = std::chrono::microseconds(m_exit ? m_exit->cpuMicroseconds : 0);
            outcome.peakMemoryKb = m_exit ? m_exit->peakMemoryKb : 0;
        }
        outcome.duration = Clock::now() - m_origin;
        m_cgroup.reset();
        return outcome;
    }

    void stop(const std::string& reason) override
    {
        const std::lock_guard lock(m_mutex);
        if (!m_stopReason) m_stopReason = reason;
        wake();
    }

    void writeInput(std::string_view bytes) override
    {
        m_input.add(bytes);
        wake();
    }

    void resizeTerminal(unsigned short columns, unsigned short rows) override
    {
        const std::lock_guard lock(m_mutex);
        m_newSize = winsize{rows, columns, 0, 0};
        wake();
    }

    Result<TreeChanged> changeTree(const LaunchPlan& plan, const std::vector<DeniedPath>& denied) override
    {
        return m_tree.change(plan, denied);
    }

    Result<void> setFrozen(bool frozen) override
    {
        Result<void> done = m_tree.setFrozen(frozen);
        const std::lock_guard lock(m_mutex);
        if (done && m_bridge) m_bridge->setFrozen(frozen);
        return done;
    }

    void networkChanged() override { m_network.changed(); }

    Result<void> publish(const std::vector<PublishedPort>& ports) override { return m_network.publish(ports); }

    Result<void> setClipboard(ClipboardRights rights) override
    {
        Result<void> done = m_desktop.setClipboard(rights);
        const std::lock_guard lock(m_mutex);
        if (done && m_bridge) m_bridge->setClipboard(rights);
        return done;
    }

private:
    void wake()
    {
        const std::uint64_t one = 1;
        // Can only fail when the counter is full, and then the loop wakes anyway.
        [[maybe_unused]] const ssize_t written = ::write(m_wake.get(), &one, sizeof one);
    }

    /// The shim was not allowed to make the tree; bubblewrap may be.
    void forgetAttempt()
    {
        m_refused = m_toolReaped = false;
        m_setupError.reset();
        m_exit.reset();
    }

    Result<void> launch(TreeMaker maker)
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_stopReason)
                return Error{ErrorCode::backendError, "stopped before it started: " + *m_stopReason, {}, {}, {}};
        }
        if (!m_plan.cgroup.empty() && !m_cgroup) {
            Result<std::unique_ptr<SessionCgroup>> group = SessionCgroup::create(m_plan.cgroup, findShim());
            if (!group) return std::move(group).error();
            m_cgroup = std::move(group).value();
        }
        Result<SpawnedSandbox> spawned = spawnSandbox(m_plan, m_stdio, maker);
        if (!spawned) return std::move(spawned).error();
        m_sandbox = std::move(spawned).value();
        if (m_sandbox.bridged) {
            const std::lock_guard lock(m_mutex);
            const ClipboardRights rights = m_plan.display.on() ? m_plan.display.clipboard : ClipboardRights{};
            m_bridge = std::make_unique<TerminalBridge>(std::move(m_sandbox.bridged), m_sandbox.screened, rights,
                                                        m_desktopListener);
        }
        if (m_plan.timeout.count() > 0) m_deadline = Clock::now() + m_plan.timeout;
        // While the tree is made, and before the program can plant anything.
        if (Result<void> remembered =
                m_plan.writableFolders.empty() ? Result<void>{} : WritableMemory::ofUser().add(m_plan.writableFolders);
            !remembered) {
            killTree();
            m_setupError = std::move(remembered).error();
            return {};
        }
        m_awaited = (m_sandbox.toolIsInit && m_plan.relaysNetwork ? 1 : 0) + SandboxDesktop::awaited(m_plan);
        if (m_sandbox.toolIsInit) m_init = m_sandbox.toolPid;
        if (m_sandbox.toolIsInit && m_awaited == 0) letGo();
        return {};
    }

    /// Until the tool has been reaped and process 1 of the sandbox is gone: then the kernel has ended the whole tree.
    void supervise()
    {
        while (!m_toolReaped || (m_initPidfd && !m_initEnded)) {
            const std::array<int, SandboxDesktop::kSources> desktop = m_desktop.descriptors();
            std::array<pollfd, 11> all{{
                {m_wake.get(), POLLIN, 0},
                {m_toolReaped ? -1 : m_sandbox.toolPidfd.get(), POLLIN, 0},
                {m_initEnded ? -1 : m_initPidfd.get(), POLLIN, 0},
                {m_sandbox.control.get(), POLLIN, 0},
                {m_sandbox.toolMessages.get(), POLLIN, 0},
                {m_sandbox.output.get(), POLLIN, 0},
                {m_sandbox.errors.get(), POLLIN, 0},
                {m_input.waits() ? m_sandbox.input.get() : -1, POLLOUT, 0},
                {desktop[0], POLLIN, 0},
                {desktop[1], POLLIN, 0},
                {desktop[2], POLLIN, 0},
            }};
            if (::poll(all.data(), all.size(), patience()) < 0 && errno != EINTR) break;
            const auto ready = [&](std::size_t i) { return all[i].fd >= 0 && all[i].revents != 0; };
            if (ready(0)) onWake();
            if (ready(3)) onControl();
            if (ready(4)) readToolMessages();
            if (ready(5)) drain(m_sandbox.output, 1);
            if (ready(6)) drain(m_sandbox.errors, 2);
            if (ready(7)) m_input.feed(m_sandbox.input);
            for (std::size_t source = 0; source < desktop.size(); ++source)
                if (ready(8 + source)) onDesktop(source);
            if (ready(2)) onInitEnded();
            if (ready(1)) reapTool();
            if (m_deadline && Clock::now() >= *m_deadline) onTimeout();
        }
        m_watch.end();
        m_network.end();
        m_desktop.end();
        endBridge();
        // Everything is dead: what the pipes still hold is all there will ever be.
        while (m_sandbox.control && onControl()) {}
        readToolMessages();
        drain(m_sandbox.output, 1);
        drain(m_sandbox.errors, 2);
    }

    /// Everything is dead, so that it can only end; not under the lock, which a listener of its may want.
    void endBridge()
    {
        std::unique_lock lock(m_mutex);
        const std::unique_ptr<TerminalBridge> ended = std::move(m_bridge);
        lock.unlock();
    }

    [[nodiscard]] int patience() const
    {
        if (!m_deadline) return -1;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*m_deadline - Clock::now());
        return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }

    void onWake()
    {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t got = ::read(m_wake.get(), &count, sizeof count);
        std::optional<winsize> size;
        bool stopping = false;
        {
            const std::lock_guard lock(m_mutex);
            size = std::exchange(m_newSize, std::nullopt);
            stopping = m_stopReason.has_value();
        }
        if (size && m_stdio.mode == StdioPlan::Mode::terminal) ::ioctl(m_sandbox.input.get(), TIOCSWINSZ, &*size);
        else if (size) onResized();
        if (stopping) killTree();
        m_input.feed(m_sandbox.input);
    }

    void onResized()
    {
        {
            const std::lock_guard lock(m_mutex);
            if (m_bridge) m_bridge->resized();
        }
        // The kernel tells only those whose controlling terminal it is.
        if (!m_sandbox.screened.interactive) tellInit(SIGWINCH);
    }

    void onTimeout()
    {
        m_deadline.reset();
        m_timedOut = true;
        killTree();
    }

    /// Process 1 of the sandbox, which is the tool itself where no bubblewrap stands before it.
    void tellInit(int signal)
    {
        const int init = m_sandbox.toolIsInit ? m_sandbox.toolPidfd.get() : m_initPidfd.get();
        if (init >= 0) ::syscall(SYS_pidfd_send_signal, init, signal, nullptr, 0);
    }

    void killTree()
    {
        if (m_initPidfd) ::syscall(SYS_pidfd_send_signal, m_initPidfd.get(), SIGKILL, nullptr, 0);
        ::syscall(SYS_pidfd_send_signal, m_sandbox.toolPidfd.get(), SIGKILL, nullptr, 0);
    }

    /// Before its number can be another process's.
    void onInitEnded()
    {
        m_tree.end();
        m_initEnded = true;
    }

    void reapTool()
    {
        m_tree.end();
        if (::waitpid(m_sandbox.toolPid, nullptr, WNOHANG) != 0) m_toolReaped = true;
    }

    bool onControl()
    {
        std::optional<Received> got = receive(m_sandbox.control.get());
        if (!got) {
            m_sandbox.control.reset();
            return false;
        }
        switch (got->message.kind) {
            case kShimHello: onHello(got->sender); break;
            case kShimNetwork: onNetwork(*got); break;
            case kShimDisplay:
            case kShimFolder: onDesktopOffer(*got); break;
            case kShimRoot: m_watch.setRoot(got->file(0)); break;
            case kShimStarted: onStarted(*got); break;
            case kShimExecFailed: m_execError = got->message.value; break;
            case kShimExited: m_exit = got->message; break;
            case kShimFailed: onFailed(got->message); break;
            case kShimObeyed: m_tree.obeyed(got->message.value); break;
            default: break;
        }
        return true;
    }

    void onFailed(const ShimMessage& message)
    {
        const int error = message.value;
        m_refused =
            m_sandbox.toolIsInit && !m_started && !m_timedOut && (error == EPERM || error == EACCES || error == ENOSYS);
        m_setupError = setupError(m_plan, message);
    }

    /// bubblewrap has made the tree and started the shim as process 1.
    void onHello(pid_t init)
    {
        m_initPidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, init, 0)));
        m_init = init;
        if (m_awaited == 0) letGo();
    }

    void onNetwork(Received& got)
    {
        if (Result<void> begun = m_network.begin(got, m_plan); !begun) {
            m_setupError = std::move(begun).error();
            killTree();
            return;
        }
        prepared();
    }

    void onDesktopOffer(Received& got)
    {
        Result<void> begun = m_desktop.begin(m_plan, got);
        if (begun) return;
        m_setupError = std::move(begun).error();
        killTree();
    }

    void onDesktop(std::size_t source)
    {
        SandboxDesktop::News news = m_desktop.take(source);
        if (news.ready) prepared();
        if (!news.failed) return;
        // Without its display nobody sees the program any more.
        if (news.ended && m_started) stop("its display was closed");
        else if (!m_setupError) m_setupError = std::move(news.failed);
        killTree();
    }

    /// One of the things that the program's start waits for is there.
    void prepared()
    {
        if (--m_awaited == 0) letGo();
    }

    /// Puts process 1 into its groups and lets it start the program.
    void letGo()
    {
        if (m_cgroup) {
            if (Result<void> added = m_cgroup->add(m_init); !added) {
                m_setupError = std::move(added).error();
                killTree();
                return;
            }
        }
        if (Result<void> watched = m_watch.begin(m_init); !watched) {
            m_setupError = std::move(watched).error();
            killTree();
            return;
        }
        ::send(m_sandbox.control.get(), "g", 1, MSG_NOSIGNAL);
    }

    void onStarted(Received& got)
    {
        m_started = true;
        m_tree.begin(m_init, m_sandbox.control.get(), m_plan, m_watch.takePolicy());
        const UniqueFd& init = m_sandbox.toolIsInit ? m_sandbox.toolPidfd : m_initPidfd;
        Result<std::unique_ptr<EventSource>> source = m_watch.source(got.file(0), init, m_network, m_desktop);
        if (!source) {
            m_setupError = std::move(source).error();
            killTree();
            return;
        }
        (*m_onStarted)(std::move(source).value());
    }

    void readToolMessages()
    {
        std::array<char, 4096> part{};
        ssize_t length = 0;
        while ((length = ::read(m_sandbox.toolMessages.get(), part.data(), part.size())) > 0) {
            if (m_toolText.size() < kMostToolMessage) m_toolText.append(part.data(), static_cast<std::size_t>(length));
        }
        if (length == 0) m_sandbox.toolMessages.reset();
    }

    void drain(UniqueFd& from, int stream)
    {
        readAvailable(from, m_toolReaped, [&](std::string_view bytes) { (*m_onOutput)(stream, bytes); });
    }

    [[nodiscard]] RunEvidence evidence()
    {
        RunEvidence seen{m_plan, m_exit, m_execError, m_setupError, m_toolText, {}, {}, m_started, m_timedOut};
        if (m_cgroup) seen.limitThatStruck = m_cgroup->limitThatStruck();
        const std::lock_guard lock(m_mutex);
        seen.stopReason = m_stopReason;
        return seen;
    }

    const LaunchPlan m_plan;
    const StdioPlan m_stdio;
    const Clock::time_point m_origin;
    SandboxWatch m_watch;
    SandboxNetwork m_network;
    const DesktopListener m_desktopListener;
    SandboxDesktop m_desktop;
    int m_awaited = 0;  ///< Things that are to be there before the program starts.
    pid_t m_init = -1;  ///< Process 1 of the sandbox.
    UniqueFd m_wake;
    SandboxInput m_input;
    const OutputCallback* m_onOutput = nullptr;
    const StartCallback* m_onStarted = nullptr;
    SpawnedSandbox m_sandbox;
    std::unique_ptr<SessionCgroup> m_cgroup;
    UniqueFd m_initPidfd;
    RunningTree m_tree;
    std::optional<Clock::time_point> m_deadline;
    std::optional<ShimMessage> m_exit;
    std::optional<int> m_execError;
    std::optional<Error> m_setupError;
    std::string m_toolText;
    bool m_started = false;
    bool m_timedOut = false;
    bool m_refused = false;
    bool m_toolReaped = false;
    bool m_initEnded = false;

    std::mutex m_mutex;  ///< Guards what other threads set:
    std::optional<std::string> m_stopReason;
    std::optional<winsize> m_newSize;
    std::unique_ptr<TerminalBridge> m_bridge;
};

}  // namespace

Result<std::unique_ptr<SandboxProcess>> makeSandboxProcess(const LaunchPlan& plan, const StdioPlan& stdio,
                                                           std::chrono::steady_clock::time_point origin,
                                                           std::unique_ptr<KernelMonitor> monitor, NetworkHooks network,
                                                           DesktopListener desktop)
{
    if (plan.shim.argv.empty()) return Error{ErrorCode::malformedRequest, "there is no command to run", {}, {}, {}};
    return std::unique_ptr<SandboxProcess>(std::make_unique<LinuxSandbox>(plan, stdio, origin, std::move(monitor),
                                                                          std::move(network), std::move(desktop)));
}

}  // namespace belljar
