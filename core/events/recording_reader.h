// Opens a recording of any size for queries, exports and lists: the events as columns, without a copy of each text.
//
// The file is read once, checked, into memory of our own and closed: a memory map of it would end us with SIGBUS when
// somebody else cuts the file. Memory stays below about five times the file's size, whatever the file says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/events/recording_columns.h"
#include "core/model/outcome.h"
#include "core/model/recording_info.h"

namespace belljar {

struct OpenRecording {
    RecordingHeader header;
    EventColumns events;             ///< Every number in it is valid.
    std::optional<Outcome> outcome;  ///< Absent: the session did not end in an orderly way.
    Losses losses;
    std::string damage;  ///< Not empty: where and why the readable part ends.
};

/// Reads what can be read; an error only when the file is no recording or its header is unreadable. Never trusts a
/// length or an index in the file.
Result<OpenRecording> openRecording(const std::string& path);

/// Whether the file begins as recordings do; false also when it cannot be read.
[[nodiscard]] bool isRecording(const std::string& path);

}  // namespace belljar
