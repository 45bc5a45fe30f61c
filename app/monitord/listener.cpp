#include "app/monitord/listener.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "app/monitord/log.h"
#include "core/platform/linux/monitord/packet_socket.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::monitord {
namespace {

using namespace linux_platform;
using Clock = std::chrono::steady_clock;

constexpr int kTick = 500;  ///< Milliseconds between looks at what is not told by a descriptor.
/// Between a hand-out and the making of the next session: both cost milliseconds of a processor, and the run that has
/// just got its session is about to start.
constexpr std::chrono::milliseconds kSparePause{20};

sigset_t ownSignals()
{
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT}) ::sigaddset(&set, signal);
    return set;
}

/// A connection may hold packets that nobody read, with descriptors whose last owner we would be: to close a socket
/// that is made to linger waits as long as its maker wants. While this lives a signal ends such waits.
class ShortWaits {
public:
    ShortWaits() { set(itimerval{{0, 50'000}, {0, 50'000}}); }
    ~ShortWaits() { set(itimerval{}); }
    ShortWaits(const ShortWaits&) = delete;
    ShortWaits& operator=(const ShortWaits&) = delete;

private:
    static void set(const itimerval& value) { ::setitimer(ITIMER_REAL, &value, nullptr); }
};

void closeShortly(UniqueFd connection)
{
    const ShortWaits guard;
    connection.reset();
}

}  // namespace

Listener::Listener(UniqueFd socket, SessionMaker* maker, std::string whyNone, const ListenerOptions& options)
    : m_socket(std::move(socket)),
      m_maker(maker),
      m_whyNone(std::move(whyNone)),
      m_options(options),
      m_ledger(options.limits)
{
}

Listener::~Listener()
{
    if (m_shared != nullptr) ::munmap(m_shared, m_options.limits.sessions * sizeof(MapNumbers));
}

Result<void> Listener::prepare()
{
    const sigset_t set = ownSignals();
    struct sigaction nothing {};
    nothing.sa_handler = [](int) {};
    void* shared = ::mmap(nullptr, m_options.limits.sessions * sizeof(MapNumbers), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0 || ::sigaction(SIGALRM, &nothing, nullptr) != 0 ||
        shared == MAP_FAILED)
        return Error{ErrorCode::backendError, "belljar-monitord cannot start", {}, errnoText(errno), {}};
    m_shared = static_cast<MapNumbers*>(shared);
    m_signals.reset(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    m_begun.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!m_signals || !m_begun)
        return Error{ErrorCode::backendError, "signals cannot be received", {}, errnoText(errno), {}};
    return {};
}

Result<void> Listener::run()
{
    m_lastUse = Clock::now();
    while (!idleForLong()) {
        const bool ticking = m_options.idle.count() > 0;
        std::array<pollfd, 3> waits{
            {{m_socket.get(), POLLIN, 0}, {m_signals.get(), POLLIN, 0}, {m_begun.get(), POLLIN, 0}}};
        const int patience = m_handedOut ? static_cast<int>(kSparePause.count()) : ticking ? kTick : -1;
        if (::poll(waits.data(), waits.size(), patience) < 0 && errno != EINTR)
            return Error{ErrorCode::backendError, "waiting failed", {}, errnoText(errno), {}};
        if (waits[1].revents != 0 && !takeSignals()) return {};
        if (waits[0].revents != 0) acceptAll();
        if (waits[2].revents != 0) noteHandedOut();
        if (m_handedOut && Clock::now() - *m_handedOut >= kSparePause) keepSpares();
        if (ticking && m_ledger.idle()) askWhoHolds();
        if (!m_ledger.idle() || !m_ledger.leftBehind().empty()) m_lastUse = Clock::now();
    }
    return {};
}

bool Listener::idleForLong() const
{
    return m_options.idle.count() > 0 && Clock::now() - m_lastUse >= m_options.idle;
}

void Listener::acceptAll()
{
    // Bounded, so that a flood does not keep us from our signals.
    for (int i = 0; i < 64; ++i) {
        UniqueFd connection(::accept4(m_socket.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!connection) return;
        admit(std::move(connection));
    }
}

void Listener::admit(UniqueFd connection)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return;
    m_lastUse = Clock::now();
    const auto admit = [&] {
        return m_ledger.admit(peer.uid, m_spares.empty() ? std::nullopt : std::optional(m_spares.front().slot));
    };
    SessionLedger::Admission admission = admit();
    if (admission.refusal != MonitorRefusal::none) {
        reap();
        askWhoHolds();
        admission = admit();
    }
    if (admission.refusal != MonitorRefusal::none) return refuse(std::move(connection), admission.refusal);
    if (m_spares.empty()) return startWorker(std::move(connection), peer.uid, admission.slot);
    const Spare spare = std::move(m_spares.front());
    m_spares.erase(m_spares.begin());
    if (passClient(spare.channel.get(), connection, peer.uid)) return closeShortly(std::move(connection));
    // It has been killed, and counts as this user's until we hear of its end.
    admission = m_ledger.admit(peer.uid);
    if (admission.refusal != MonitorRefusal::none) return refuse(std::move(connection), admission.refusal);
    startWorker(std::move(connection), peer.uid, admission.slot);
}

void Listener::noteHandedOut()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t length = ::read(m_begun.get(), &count, sizeof count);
    if (!m_handedOut) m_handedOut = Clock::now();
}

void Listener::keepSpares()
{
    m_handedOut.reset();
    while (m_spares.size() < m_options.spares && startSpare()) {}
}

bool Listener::startSpare()
{
    const std::optional<unsigned> slot = m_ledger.reserve();
    if (!slot) return false;
    int ends[2] = {-1, -1};
    const bool paired = ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0;
    UniqueFd ours(ends[0]);
    UniqueFd theirs(ends[1]);
    const pid_t worker = paired ? forkWorker(*slot) : -1;
    if (worker < 0) {
        m_ledger.ended(*slot, {});
        return false;
    }
    if (worker > 0) {
        m_spares.push_back({*slot, std::move(ours)});
        return true;
    }
    ours.reset();
    Client client{{}, 0, *slot, &m_shared[*slot], m_begun.get(), {}};
    serveAsSpare(std::move(theirs), std::move(client), *m_maker, m_options.patience);
    ::_exit(0);
}

void Listener::startWorker(UniqueFd connection, uid_t user, unsigned slot)
{
    const pid_t worker = forkWorker(slot);
    if (worker < 0) {
        m_ledger.ended(slot, {});
        return refuse(std::move(connection), MonitorRefusal::tooMany);
    }
    if (worker > 0) return closeShortly(std::move(connection));
    Client client{std::move(connection), user, slot, &m_shared[slot], m_begun.get(), {}};
    serveClient(std::move(client), m_maker, m_whyNone, m_options.patience);
    ::_exit(0);
}

pid_t Listener::forkWorker(unsigned slot)
{
    m_shared[slot] = MapNumbers{};
    const pid_t listener = ::getpid();
    const pid_t worker = ::fork();
    if (worker > 0) m_slots[worker] = slot;
    if (worker != 0) return worker;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != listener) ::_exit(1);
    ::signal(SIGALRM, SIG_DFL);
    const sigset_t set = ownSignals();
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    m_socket.reset();
    m_signals.reset();
    m_spares.clear();
    return 0;
}

void Listener::refuse(UniqueFd connection, MonitorRefusal refusal)
{
    // Best effort, and no line in the log: a flood must not fill it.
    const MonitorReply reply{MonitorReplyKind::refused, refusal, 0, 0, 0, {}};
    [[maybe_unused]] const bool sent = sendPacket(connection.get(), encodeReply(reply));
    closeShortly(std::move(connection));
}

bool Listener::takeSignals()
{
    signalfd_siginfo info{};
    bool more = true;
    while (::read(m_signals.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info))
        more = more && info.ssi_signo == SIGCHLD;
    reap();
    return more;
}

void Listener::reap()
{
    pid_t ended = 0;
    int status = 0;
    while ((ended = ::waitpid(-1, &status, WNOHANG)) > 0) {
        const auto found = m_slots.find(ended);
        if (found == m_slots.end()) continue;
        const unsigned slot = found->second;
        m_slots.erase(found);
        std::erase_if(m_spares, [&](const Spare& spare) { return spare.slot == slot; });
        // It did so itself, unless it was killed; then nobody knows how far it had come.
        const bool orderly = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (m_maker != nullptr && !orderly) m_maker->end(slot);
        m_ledger.ended(slot, m_shared[slot]);
    }
}

void Listener::askWhoHolds()
{
    const std::vector<MapNumbers> sets = m_ledger.leftBehind();
    if (sets.empty() || m_maker == nullptr) return;
    const std::unique_ptr<bool[]> held = std::make_unique<bool[]>(sets.size());
    const std::span<bool> answers(held.get(), sets.size());
    if (m_maker->anyHeld(sets, answers)) m_ledger.forget(answers);
}

}  // namespace belljar::monitord
