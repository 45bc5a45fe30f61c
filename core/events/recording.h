// A saved session in one append-only file that stays readable after a crash.
//
// Frames {magic, kind, length, CRC-32C, payload}; strings are stored once and referred to by number, events are fixed
// records. A frame that is cut off or damaged ends the readable part; everything before it counts.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/event.h"
#include "core/model/outcome.h"
#include "core/model/recording_info.h"

namespace belljar {

class RecordingWriter {
public:
    /// Makes the file (it must not exist; mode 0600) and writes the header.
    static Result<std::unique_ptr<RecordingWriter>> create(const std::string& path, const RecordingHeader& header);
    ~RecordingWriter();
    RecordingWriter(const RecordingWriter&) = delete;
    RecordingWriter& operator=(const RecordingWriter&) = delete;

    /// Appends a batch and hands it to the operating system before returning, so that what was shown after this call
    /// survives a SIGKILL of this process. On failure (disk full) the batch counts as lost and later calls go on.
    [[nodiscard]] Result<void> append(std::span<const Event> events);
    /// Appends outcome and losses; the recording is complete after that.
    [[nodiscard]] Result<void> finish(const Outcome& outcome, const Losses& losses);

private:
    struct Impl;
    explicit RecordingWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

struct Recording {
    RecordingHeader header;
    std::vector<Event> events;
    std::optional<Outcome> outcome;  ///< Absent: the session did not end in an orderly way.
    Losses losses;
    std::string damage;  ///< Not empty: where and why the readable part ends.
};

/// Reads what can be read; an error only when the file is no recording or its header is unreadable. Never trusts a
/// length or an index in the file.
Result<Recording> readRecording(const std::string& path);

}  // namespace belljar
