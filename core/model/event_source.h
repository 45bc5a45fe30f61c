// Where events come from: a live kernel source, a recording, injected test data, or nothing. All look the same.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/event.h"

namespace belljar {

/// What a source is and what it cannot see: shown to the user and stored in the recording.
struct SourceFacts {
    std::string id;                       ///< kernel, notify, off, replay, test.
    std::string mechanism;                ///< "seccomp user notification", "eBPF: tracing of system-call ends" ...
    std::vector<std::string> blindSpots;  ///< Whole sentences.
    std::string whyNotBetter;             ///< Why a better source was not taken; empty: this was what was asked for.
};

class EventSource {
public:
    virtual ~EventSource() = default;
    EventSource(const EventSource&) = delete;
    EventSource& operator=(const EventSource&) = delete;

    /// Waits at most `patience` and appends what arrived to `batch`, without verdicts. False when the source has ended.
    [[nodiscard]] virtual Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds patience) = 0;

    /// Ends a wait in next() from another thread, after which next() returns false.
    virtual void stop() = 0;

    [[nodiscard]] virtual const SourceFacts& facts() const = 0;

    /// Events this source had to drop so far.
    [[nodiscard]] virtual std::uint64_t lost() const = 0;

protected:
    EventSource() = default;
};

}  // namespace belljar
