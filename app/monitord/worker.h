// One client of belljar-monitord, served by a process of its own: a client that is slow, hostile, or sends a descriptor
// on which every call waits for ever, keeps nobody waiting but itself.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "app/monitord/session_maker.h"

namespace belljar::monitord {

struct WorkerPatience {
    std::chrono::milliseconds hello{2'000};
    std::chrono::milliseconds watch{30'000};  ///< From hello to the sandbox's first process.
};

/// What the worker is given.
struct Client {
    UniqueFd connection;
    uid_t user = 0;  ///< As the kernel said when it connected.
    unsigned slot = 0;
    MapNumbers* numbers = nullptr;    ///< Shared with the listener, which learns here what was handed out.
    int begun = -1;                   ///< An eventfd by which the listener learns when; none: -1.
    std::optional<SessionMaps> maps;  ///< Made before this client came.
};

/// Serves until the client goes away: closes the connection, ends, or breaks the protocol. `maker` is nullptr when the
/// kernel took no programs, for the reason `whyNone`. Ends the session before it returns.
void serveClient(Client client, SessionMaker* maker, const std::string& whyNone, const WorkerPatience& patience);

/// A worker that is started ahead: makes a session's maps and then waits for its client, which passClient() sends to
/// the other end of `channel`. It serves no second one, so maps that somebody has had are never anybody else's.
void serveAsSpare(UniqueFd channel, Client client, SessionMaker& maker, const WorkerPatience& patience);
/// False when nobody waits there any more.
[[nodiscard]] bool passClient(int channel, const UniqueFd& connection, uid_t user);

}  // namespace belljar::monitord
