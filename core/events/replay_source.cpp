#include "core/events/replay_source.h"

#include <algorithm>
#include <utility>

namespace belljar {
namespace {

constexpr std::size_t kBatch = 4096;

}  // namespace

ReplaySource::ReplaySource(OpenRecording recording) : m_recording(std::move(recording))
{
    m_facts = m_recording.header.source;
    m_facts.id = "replay";
    m_facts.mechanism = "recording of " + m_facts.mechanism;
    if (m_recording.losses.total() != 0)
        m_facts.blindSpots.push_back(std::to_string(m_recording.losses.total()) +
                                     " events were lost when it was made.");
    if (!m_recording.damage.empty()) m_facts.blindSpots.push_back("The recording is damaged: " + m_recording.damage);
}

Result<bool> ReplaySource::next(std::vector<Event>& batch, std::chrono::milliseconds)
{
    const std::size_t end = std::min(m_next + kBatch, m_recording.events.size());
    for (; m_next < end && !m_stopped; ++m_next) {
        Event event = m_recording.events.event(m_next);
        const bool fromVerdict = event.verdict == EventVerdict::denied && event.trust == ResultTrust::derived;
        if (fromVerdict) {
            event.result = kResultUnknown;
            event.trust = ResultTrust::unknown;
        }
        event.verdict = EventVerdict::none;
        event.rule = 0;
        event.mechanism = Mechanism::none;
        event.absentOnHost = false;
        batch.push_back(std::move(event));
    }
    return m_next < m_recording.events.size() && !m_stopped;
}

std::uint64_t ReplaySource::lost() const
{
    // What the source lost then stands in the recording as session.gap events, where it was; what could not be recorded
    // does not.
    return m_next < m_recording.events.size() ? 0 : m_recording.losses.recording;
}

}  // namespace belljar
