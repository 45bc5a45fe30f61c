// The JSON payloads of a recording: header, end, notice, and rules that came later. Private to core/events.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/event.h"
#include "core/model/outcome.h"
#include "core/model/recording_info.h"

namespace belljar::recording {

/// How the session ended and what was lost on the way.
struct EndInfo {
    std::optional<Outcome> outcome;  ///< Absent: it goes on.
    Losses losses;
};

[[nodiscard]] std::string headerJson(const RecordingHeader& header);
[[nodiscard]] std::string endJson(const EndInfo& end);
/// The whole notice frame; always of the same size, so without the outcome where that is too long.
[[nodiscard]] std::string noticeFrame(const EndInfo& end);
[[nodiscard]] std::string rulesJson(std::span<const Rule> rules);

/// nullopt: the text is not what the writer writes.
[[nodiscard]] std::optional<RecordingHeader> headerFromJson(std::string_view json);
[[nodiscard]] std::optional<EndInfo> endFromJson(std::string_view json);
[[nodiscard]] std::optional<std::vector<Rule>> rulesFromJson(std::string_view json);

}  // namespace belljar::recording
