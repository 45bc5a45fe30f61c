#include "core/events/recording.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/events/recording_reader.h"

namespace belljar {
namespace {

// Events hold copies of their texts, so a small file could ask for any amount of memory. Honest recordings stay below.
constexpr std::uint64_t kTextBytesAlways = 64U << 20U;
constexpr std::uint64_t kTextBytesPerEvent = 256;

}  // namespace

Result<Recording> readRecording(const std::string& path)
{
    Result<OpenRecording> opened = openRecording(path);
    if (!opened) return std::move(opened).error();
    Recording recording{
        std::move(opened->header), {}, std::move(opened->outcome), opened->losses, std::move(opened->damage)};
    const EventColumns& columns = opened->events;
    std::uint64_t budget = kTextBytesAlways + kTextBytesPerEvent * columns.size();
    recording.events.reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const std::uint64_t bytes = columns.texts[columns.objects[i]].size() +
                                    columns.texts[columns.details[i]].size() +
                                    columns.texts[columns.processTable[columns.processes[i]].name].size();
        if (bytes > budget) {
            recording.damage = fmt::format("event {} of {}: the texts of the events are out of proportion to the file",
                                           i, columns.size());
            recording.outcome.reset();
            break;
        }
        budget -= bytes;
        columns.read(i, recording.events.emplace_back());
    }
    return recording;
}

}  // namespace belljar
