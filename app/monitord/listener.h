// The one process of belljar-monitord that everybody can reach: accepts, counts, starts a worker for each client, and
// tidies up after those that died. It reads nothing that a client sends.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/monitord/session_ledger.h"
#include "app/monitord/worker.h"

namespace belljar::monitord {

struct ListenerOptions {
    SessionLimits limits;
    WorkerPatience patience;
    std::chrono::milliseconds idle{0};  ///< Ends after this time without a client; 0: never.
    unsigned spares = 0;  ///< Sessions that are prepared ahead, from the first one on. They count as sessions.
};

class Listener {
public:
    /// `socket` listens. `maker` is nullptr when the kernel took no programs, for the reason `whyNone`.
    Listener(UniqueFd socket, SessionMaker* maker, std::string whyNone, const ListenerOptions& options);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// First: makes what takes more system calls than serving.
    Result<void> prepare();
    /// Serves until SIGTERM or SIGINT comes, or nobody has for the idle time. Workers die with the listener.
    Result<void> run();

private:
    void acceptAll();
    void admit(UniqueFd connection);
    void startWorker(UniqueFd connection, uid_t user, unsigned slot);
    bool startSpare();
    void noteHandedOut();
    void keepSpares();
    /// fork(): 0 in the new worker, which holds nothing of ours but the slot; less than 0: there is none.
    pid_t forkWorker(unsigned slot);
    void refuse(UniqueFd connection, linux_platform::MonitorRefusal refusal);
    /// False when we are to end.
    bool takeSignals();
    void reap();
    void askWhoHolds();
    [[nodiscard]] bool idleForLong() const;

    UniqueFd m_socket;
    SessionMaker* const m_maker;
    const std::string m_whyNone;
    const ListenerOptions m_options;
    SessionLedger m_ledger;
    UniqueFd m_signals;
    UniqueFd m_begun;  ///< Counts sessions that were handed out.
    struct Spare {
        unsigned slot = 0;
        UniqueFd channel;
    };
    std::vector<Spare> m_spares;
    std::optional<std::chrono::steady_clock::time_point> m_handedOut;  ///< Since when spares may be missing.
    MapNumbers* m_shared = nullptr;                                    ///< One for each slot, written by its worker.
    std::map<pid_t, unsigned> m_slots;                                 ///< Of running workers.
    std::chrono::steady_clock::time_point m_lastUse;
};

}  // namespace belljar::monitord
