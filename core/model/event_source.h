// Where events come from: a live kernel source, a recording, injected test data, or nothing. All look the same.
#pragma once

#include <chrono>
#include <vector>

#include "core/base/result.h"
#include "core/model/event.h"

namespace belljar {

class EventSource {
public:
    virtual ~EventSource() = default;
    EventSource(const EventSource&) = delete;
    EventSource& operator=(const EventSource&) = delete;

    /// Waits at most `patience` and appends what arrived to `batch`, without verdicts. False when the source has ended.
    [[nodiscard]] virtual Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds patience) = 0;

    /// Ends a wait in next() from another thread, after which next() returns false.
    virtual void stop() = 0;

    /// Events this source had to drop so far.
    [[nodiscard]] virtual std::uint64_t lost() const = 0;

protected:
    EventSource() = default;
};

}  // namespace belljar
