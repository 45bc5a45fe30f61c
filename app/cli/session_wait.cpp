#include "app/cli/session_wait.h"

#include <atomic>
#include <csignal>

#include <spdlog/fmt/fmt.h>

#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

// What the main thread sleeps on: 0 nothing happened, kFinished the session ended, kResized the terminal did, otherwise
// the signal that asks to end. Lock-free, so a signal handler may store and notify.
constexpr int kFinished = -1;
constexpr int kResized = -2;
std::atomic<int> g_wake{0};
static_assert(std::atomic<int>::is_always_lock_free);

/// The first end stays; a new size gives way to it.
void wake(int what)
{
    int before = 0;
    while (!g_wake.compare_exchange_weak(before, what))
        if (before != 0 && (before != kResized || what == kResized)) return;
    g_wake.notify_all();
}

#ifdef SIGWINCH
void resized(int)
{
    wake(kResized);
}
#endif

}  // namespace

void catchSignals()
{
    for (const int number : {
             SIGINT,
             SIGTERM,
#ifdef SIGHUP
             SIGHUP,
#endif
         }) {
        if (std::signal(number, wake) == SIG_IGN) std::signal(number, SIG_IGN);
    }
#ifdef SIGWINCH
    std::signal(SIGWINCH, resized);  // Programs inside are in another session, so the terminal tells them nothing.
#endif
}

void sessionFinished()
{
    wake(kFinished);
}

int awaitEnd(Session& session)
{
    int signal = 0;
    while (signal == 0) {
        g_wake.wait(0);
        int resize = kResized;
        // The terminal has its size already; what is inside only has to hear of it.
        if (g_wake.compare_exchange_strong(resize, 0)) session.resizeTerminal(0, 0);
        else signal = g_wake.load();
    }
    if (signal > 0) session.stop(fmt::format("Belljar got signal {}", signal));
    session.wait();
    return signal > 0 ? signal : 0;
}

int exitStatus(const Outcome& outcome, int signal)
{
    return signal != 0 && std::holds_alternative<Killed>(outcome.ending) ? 128 + signal : exitStatus(outcome);
}

Outcome explained(Outcome outcome, const Backend& backend)
{
    const auto* failed = std::get_if<SetupFailed>(&outcome.ending);
    if (failed == nullptr || failed->error.where == "exec") return outcome;
    const Availability closer = backend.probe(inspectHost(true)->system());
    if (closer.available) return outcome;
    Error error = failed->error;
    error.code = ErrorCode::backendUnavailable;
    error.message += ": " + closer.reason;
    error.hint = closer.fix;
    outcome.ending = SetupFailed{std::move(error)};
    return outcome;
}

}  // namespace belljar::cli
