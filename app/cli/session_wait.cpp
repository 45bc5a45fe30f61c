#include "app/cli/session_wait.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <semaphore>

#include <spdlog/fmt/fmt.h>

#include "core/engine/session_control.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

// What the main thread sleeps on: ends, of which the first counts, and news. All lock-free, so a signal handler may
// tell.
constexpr int kFinished = -1;  ///< The session ended; otherwise the signal that asks to end.
constexpr unsigned kResized = 1;
constexpr unsigned kSuspended = 2;
std::atomic<int> g_end{0};
std::atomic<unsigned> g_news{0};
std::counting_semaphore<8> g_wake{0};  // at most one for the end and one for each piece of news
std::mutex g_mutex;                    // with g_finished, which no signal handler touches
std::condition_variable g_finished;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<unsigned>::is_always_lock_free);

/// Runs that are over sooner are nobody's to change.
constexpr std::chrono::milliseconds kWorthControl{50};

void tellEnd(int what)
{
    int none = 0;
    if (g_end.compare_exchange_strong(none, what)) g_wake.release();
}

/// Windows has neither of the signals that are news.
[[maybe_unused]] void tellNews(unsigned what)
{
    if ((g_news.fetch_or(what) & what) == 0) g_wake.release();
}

#ifdef SIGWINCH
void resized(int)
{
    tellNews(kResized);
}
#endif

#ifdef SIGTSTP
void suspended(int)
{
    tellNews(kSuspended);
}

/// What is inside stops with us, and goes on with us.
void suspend(Session& session)
{
    const std::string who = "the terminal";
    const bool ours = !session.isFrozen() && session.freeze(who).ok();
    std::raise(SIGSTOP);
    if (ours) static_cast<void>(session.thaw(who));
}
#endif

void readNews(Session& session)
{
    const unsigned news = g_news.exchange(0);
    // The terminal has its size already; what is inside only has to hear of it.
    if ((news & kResized) != 0) session.resizeTerminal(0, 0);
#ifdef SIGTSTP
    if ((news & kSuspended) != 0) suspend(session);
#endif
}

/// Not by the semaphore: libstdc++ waits for one with a limit by sleeping longer and longer, and most runs that are
/// over soon would seem to take a quarter more. What a signal asks for meanwhile is done afterwards.
bool hasEndedWithin(std::chrono::milliseconds patience)
{
    std::unique_lock lock(g_mutex);
    return g_finished.wait_for(lock, patience, [] { return g_end != 0; });
}

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
        if (std::signal(number, tellEnd) == SIG_IGN) std::signal(number, SIG_IGN);
    }
#ifdef SIGWINCH
    std::signal(SIGWINCH, resized);  // Programs inside are in another session, so the terminal tells them nothing.
#endif
#ifdef SIGTSTP
    if (std::signal(SIGTSTP, suspended) == SIG_IGN) std::signal(SIGTSTP, SIG_IGN);
#endif
}

void sessionFinished()
{
    {
        const std::lock_guard lock(g_mutex);
        tellEnd(kFinished);
    }
    g_finished.notify_all();
}

void forgetSession()
{
    int finished = kFinished;
    g_end.compare_exchange_strong(finished, 0);
    // What was told of it is told to nobody now. In this order no piece of news stays without its call to wake up.
    while (g_wake.try_acquire()) {}
    g_news.exchange(0);
}

int awaitEnd(Session& session, bool withControl)
{
    Result<std::unique_ptr<LocalServer>> control = std::unique_ptr<LocalServer>();
    // Without it the run goes on all the same.
    if (withControl && !hasEndedWithin(kWorthControl)) control = openControl(session);
    while (g_end == 0) {
        g_wake.acquire();
        readNews(session);
    }
    const int end = g_end;
    if (end > 0) session.stop(fmt::format("Belljar got signal {}", end));
    session.wait();
    return end > 0 ? end : 0;
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
