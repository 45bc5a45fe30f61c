// The two JSON payloads of a recording: header and end. Private to core/events.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/model/event.h"
#include "core/model/outcome.h"
#include "core/model/recording_info.h"

namespace belljar::recording {

/// How the session ended and what was lost on the way.
struct EndInfo {
    Outcome outcome;
    Losses losses;
};

[[nodiscard]] std::string headerJson(const RecordingHeader& header);
[[nodiscard]] std::string endJson(const EndInfo& end);

/// nullopt: the text is not what the writer writes.
[[nodiscard]] std::optional<RecordingHeader> headerFromJson(std::string_view json);
[[nodiscard]] std::optional<EndInfo> endFromJson(std::string_view json);

}  // namespace belljar::recording
