// The events of a recording as lines: for people, as JSON, as CSV. Columns and keys: resources/help/events.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/recording_reader.h"

namespace belljar {

/// One cell of CSV (RFC 4180), safe to open: control characters are escaped by visible(), and what a spreadsheet would
/// take for a formula gets an apostrophe.
[[nodiscard]] std::string csvCell(std::string_view text);
/// How a line of CSV ends.
inline constexpr std::string_view kCsvLineEnd = "\r\n";

/// Seconds with nine digits, also negative ones.
[[nodiscard]] std::string secondsText(std::int64_t nanoseconds);
/// "2026-01-31T12:34:56.123456789Z" of nanoseconds since 1970.
[[nodiscard]] std::string wallTimeText(std::int64_t unixNs);

/// Makes lines of any event of an open recording, which must live longer. The memory that it needs is that of a row of
/// the process table and of one line.
class RecordingLines {
public:
    explicit RecordingLines(const OpenRecording& recording);

    [[nodiscard]] static std::string csvHead();
    // Each appends to `out`, without a line end.
    void text(std::size_t event, std::string& out);
    void json(std::size_t event, std::string& out);
    void csv(std::size_t event, std::string& out);

    /// Wall clock of an event, nanoseconds since 1970.
    [[nodiscard]] std::int64_t wallNs(std::size_t event) const;
    /// For each process row the row of its parent, or kNoProcess.
    [[nodiscard]] const std::vector<std::uint32_t>& parents() const { return m_parents; }

private:
    void readAncestors(std::uint32_t row);

    const OpenRecording& m_recording;
    std::vector<std::uint32_t> m_parents;
    Event m_event;
    std::uint32_t m_ancestorsOf =
        kNoProcess;  ///< The row that the two texts are about: mostly that of the event before.
    std::string m_ancestorsCsv;
    std::string m_ancestorsJson;
};

}  // namespace belljar
