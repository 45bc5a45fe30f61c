// Bookmarks and notes of a recording, in a small file beside it: `session.belljar.notes`.
//
// Not in the recording: that is evidence, which nobody writes to once its session has ended, whose checksum may have
// been taken, and which may belong to somebody else. Described in resources/help/recording-format.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/base/result.h"

namespace belljar {

/// By the sequence number of the event; "" is a bookmark without a note. Notes are hostile text like all others.
using EventNotes = std::map<std::uint64_t, std::string>;

inline constexpr std::size_t kMostNotes = 10'000;
inline constexpr std::size_t kLongestNote = 4096;  ///< Bytes; longer ones are cut.

[[nodiscard]] std::string notesPath(const std::string& recording);

/// No file: no notes. An error when there is one that cannot be read, or that is about another session.
Result<EventNotes> readNotes(const std::string& recording, const std::string& sessionId);

/// Replaces the file as a whole; without notes it is removed.
Result<void> writeNotes(const std::string& recording, const std::string& sessionId, const EventNotes& notes);

}  // namespace belljar
