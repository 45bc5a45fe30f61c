// A saved session in one append-only file that stays readable after a crash.
//
// Frames {magic, kind, length, CRC-32C, payload}: texts and rows that repeat are stored once and referred to by number,
// an event is 20 bytes. A frame that is cut off or damaged ends the readable part; everything before it counts.
#pragma once

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
    /// survives a SIGKILL of this process. On failure (disk full) what is not in the file counts as lost, which the
    /// file says too, and later calls go on. An event whose verdict is not `none` must name a rule of the header or
    /// of addRules().
    [[nodiscard]] Result<void> append(std::span<const Event> events);
    /// Appends to the header's rules, for events that follow. On failure they are written before the next events.
    [[nodiscard]] Result<void> addRules(std::span<const Rule> rules);
    /// How many rules the header has, with those that were added.
    [[nodiscard]] std::size_t rules() const;
    /// Events that append() could not write.
    [[nodiscard]] std::uint64_t lost() const;
    /// Appends outcome and losses; the recording is complete after that. Succeeds on a full disk, too: room for it was
    /// kept. `losses.recording` is not asked: the writer knows it.
    [[nodiscard]] Result<void> finish(const Outcome& outcome, const Losses& losses);

private:
    struct Impl;
    explicit RecordingWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// A recording with its events as values, for few of them; openRecording() of recording_reader.h is for any number.
struct Recording {
    RecordingHeader header;
    std::vector<Event> events;
    std::optional<Outcome> outcome;  ///< Absent: the session did not end in an orderly way.
    Losses losses;
    std::string damage;  ///< Not empty: where and why the readable part ends.
};

/// As openRecording(). The texts of all events together are limited to 64 MiB and 256 bytes for each event: what
/// is beyond that is damage.
Result<Recording> readRecording(const std::string& path);

}  // namespace belljar
