// One run: launches a plan, watches it, judges and records what it does, and ends it.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/engine/preparation.h"
#include "core/model/event.h"
#include "core/model/network_change.h"
#include "core/model/network_question.h"
#include "core/model/outcome.h"
#include "core/model/path_change.h"
#include "core/model/recording_info.h"
#include "core/platform/platform.h"

namespace belljar {

/// Gets what happens, on the session's own threads; calls never overlap for one session's events. Methods of Session
/// may be called from any thread.
class SessionObserver {
public:
    virtual ~SessionObserver() = default;
    /// A batch in order; already in the recording when there is one. Taking long holds nobody up: see EventDelivery.
    virtual void onEvents(std::span<const Event> events) = 0;
    /// Before events that name a rule which was added while the program ran; earlier rules keep their numbers.
    virtual void onRules(std::span<const Rule> /*rules*/) {}
    /// Something is held until Session::answer(), from wherever, or until its time is over. On the relay's thread, or
    /// that of who answers: must neither wait nor answer itself.
    virtual void onQuestion(const NetworkQuestion& /*question*/) {}
    virtual void onQuestionOver(std::uint64_t /*number*/, AskEnd /*end*/) {}
    /// Captured output (pipes and terminal modes); stream 1 or 2.
    virtual void onOutput(int stream, std::string_view bytes) = 0;
    /// Last call. All events have been delivered, or dropped and counted when they were not taken in time.
    virtual void onFinished(const Outcome& outcome, const Losses& losses) = 0;
};

struct SessionOptions {
    StdioPlan stdio;
    std::string recordPath;  ///< Empty: no recording.
    /// What no rule of a filtered network covers is held so long for an answer; 0: it is denied at once.
    std::chrono::milliseconds askPatience{0};
};

class Session {
public:
    /// Starts threads and returns. `preparation` must hold a plan; `observer` and `facts` must outlive the session.
    static Result<std::unique_ptr<Session>> start(Preparation preparation, const SessionOptions& options,
                                                  const HostFacts& facts, SessionObserver& observer);
    /// Stops a running tree and waits for it.
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void stop(const std::string& reason);
    void writeInput(std::string_view bytes);
    /// See SandboxProcess::resizeTerminal.
    void resizeTerminal(unsigned short columns, unsigned short rows);
    /// Changes what the running program may reach, at once; an event and the recording say who did it. An error:
    /// nothing has changed.
    Result<PathChangeResult> changePath(const PathChange& change);
    /// The same for a rule about its network; connections that it no longer allows are cut.
    Result<NetworkChangeResult> changeNetwork(const NetworkChange& change);
    /// The same for a port of it that is offered on the host; what is offered no more is cut.
    Result<NetworkChangeResult> changePublished(const PublishChange& change);
    /// The same for what of the clipboard crosses the border of a session with a display. `by`: see PathChange.
    Result<void> changeClipboard(ClipboardRights rights, const std::string& by);
    /// Questions that are open, oldest first.
    [[nodiscard]] std::vector<NetworkQuestion> questions() const;
    /// What was held goes on, or is refused; of a rule that is to hold, as changeNetwork(). An error: nothing has
    /// changed, mostly because the question is open no more.
    Result<NetworkAnswered> answer(const NetworkAnswer& answer);
    /// Stops all processes inside, or lets them go on; returns when that is so. `by`: see PathChange.
    Result<void> freeze(const std::string& by);
    Result<void> thaw(const std::string& by);
    [[nodiscard]] bool isFrozen() const;
    /// As stop(), said in an event of its own.
    void kill(const std::string& by);
    /// The policy as it is now.
    [[nodiscard]] std::shared_ptr<const Policy> policy() const;
    /// Waits for the end; onFinished has been called when it returns.
    const Outcome& wait();
    [[nodiscard]] const RecordingHeader& header() const;

private:
    struct Impl;
    explicit Session(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace belljar
