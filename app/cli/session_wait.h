// Waiting for a session on the main thread, which signals may interrupt.
#pragma once

#include "core/engine/backend.h"
#include "core/engine/session.h"

namespace belljar::cli {

/// From now on SIGINT, SIGTERM and SIGHUP end the sandbox instead of Belljar, and SIGTSTP (Ctrl-Z) stops both. What was
/// ignored before (nohup) stays ignored.
void catchSignals();

/// To be called once when the session has ended, on any thread.
void sessionFinished();

/// Before another session: the end of the one before is no news any more. A signal stays.
void forgetSession();

/// Waits for the end and passes on a request to stop. Returns the signal that asked, or 0. `withControl`: a session
/// that lasts can be changed from other processes of the user (core/engine/session_control.h).
int awaitEnd(Session& session, bool withControl);

/// The exit code of Belljar: that of the outcome, or 128 + n when signal n ended the session.
[[nodiscard]] int exitStatus(const Outcome& outcome, int signal);

/// The quick look before a run trusts what a closer look can refute: after a launch that failed it is made up for.
[[nodiscard]] Outcome explained(Outcome outcome, const Backend& backend);

}  // namespace belljar::cli
