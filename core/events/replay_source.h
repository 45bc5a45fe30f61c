// A recording that is played again: the same events as the source saw them, without verdicts, as fast as they are
// taken.
//
// What judged them is left out, so that another policy can judge them anew. What was lost then is lost now.
#pragma once

#include <atomic>

#include "core/events/recording_reader.h"
#include "core/model/event_source.h"

namespace belljar {

class ReplaySource final : public EventSource {
public:
    explicit ReplaySource(OpenRecording recording);

    /// Never waits. Derived results of denials are gone as well: they came from the verdict.
    [[nodiscard]] Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds patience) override;
    void stop() override { m_stopped = true; }
    [[nodiscard]] std::uint64_t lost() const override;
    [[nodiscard]] const SourceFacts& facts() const override { return m_facts; }

private:
    const OpenRecording m_recording;
    SourceFacts m_facts;
    std::size_t m_next = 0;
    std::atomic<bool> m_stopped = false;
};

}  // namespace belljar
