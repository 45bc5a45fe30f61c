// The events of a recording as columns, and the tables that they refer to by number. What queries run over.
//
// Everything about an event but its number and time stands in a table and is stored once: a condition is asked of each
// table row, and of the events only whether their row fits. Plain data: who fills it vouches for every number; what
// opens files (recording_reader.h) has checked them all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/shared_column.h"
#include "core/model/event.h"

namespace belljar {

/// Texts by number; 0 is the empty text. One text may have several numbers, since the writer's memory is bounded: equal
/// numbers are equal texts, different numbers may be.
class TextTable {
public:
    [[nodiscard]] std::size_t size() const { return m_ends.size(); }
    /// `number` must be below size(). Hostile text; valid as long as nothing is added.
    [[nodiscard]] std::string_view operator[](std::size_t number) const
    {
        const std::size_t begin = number == 0 ? 0 : m_ends[number - 1];
        return {m_bytes.data() + begin, m_ends[number] - begin};
    }
    void add(std::string_view text)
    {
        m_bytes.append(text);
        m_ends.push_back(m_bytes.size());
    }
    /// Of all texts together.
    [[nodiscard]] std::size_t bytes() const { return m_bytes.size(); }
    void reserve(std::size_t texts, std::size_t bytes)
    {
        m_ends.reserve(texts + 1);
        m_bytes.reserve(bytes);
    }

private:
    SharedColumn<char> m_bytes;
    SharedColumn<std::size_t> m_ends{0};
};

/// A process as some events show it. A program that is run, or a new parent, makes a further row: (pid, start) is the
/// process, the row is its state. Rows are in the order in which they were first seen.
struct RecordedProcess {
    std::uint64_t start = 0;  ///< Clock ticks since boot, see Event::processStart.
    std::int32_t pid = 0;
    std::int32_t parentPid = 0;
    std::int32_t insidePid = 0;
    std::uint32_t name = 0;  ///< Number of a text.
    bool operator==(const RecordedProcess&) const = default;
};

/// What an event says beside when, who and about what. There are few different ones in a session.
struct EventShape {
    EventKind kind = EventKind::fileOpen;
    EventVerdict verdict = EventVerdict::none;
    ResultTrust trust = ResultTrust::unknown;
    EventOrigin origin = EventOrigin::none;
    Mechanism mechanism = Mechanism::none;
    bool absentOnHost = false;
    RuleId rule = 0;  ///< Below the number of rules of the session unless `verdict` is `none`.
    std::int32_t result = kResultUnknown;
    bool operator==(const EventShape&) const = default;
};

/// What a row of a table says of an event, written into it.
void show(const RecordedProcess& process, const TextTable& texts, Event& into);
void show(const EventShape& shape, Event& into);

/// From event `event` on, sequence numbers count up from `sequence`; until the next run.
struct SequenceRun {
    std::size_t event = 0;
    std::uint64_t sequence = 0;
};

/// A copy is a snapshot that costs nothing: another thread may ask it while this one grows.
struct EventColumns {
    // One element for each event, in the order of recording. Times mostly grow, but nothing promises it.
    SharedColumn<std::int64_t> times;       ///< Nanoseconds since the session started.
    SharedColumn<std::uint32_t> processes;  ///< Rows of `processTable`.
    SharedColumn<std::uint32_t> objects;    ///< Numbers of `texts`.
    SharedColumn<std::uint32_t> details;    ///< Numbers of `texts`.
    SharedColumn<std::uint32_t> shapes;     ///< Rows of `shapeTable`.

    SharedColumn<SequenceRun> sequenceRuns;  ///< The first begins at event 0; one unless events are missing.
    SharedColumn<RecordedProcess> processTable;
    SharedColumn<EventShape> shapeTable;
    TextTable texts;

    [[nodiscard]] std::size_t size() const { return times.size(); }
    [[nodiscard]] std::uint64_t sequence(std::size_t event) const;
    /// The first event with this sequence number; size() when there is none.
    [[nodiscard]] std::size_t eventOf(std::uint64_t sequence) const;
    /// The events from `first` on, which is at most size(), with the same tables.
    [[nodiscard]] EventColumns from(std::size_t first) const;
    /// The event as a value; `into` keeps its memory when it is used again.
    void read(std::size_t event, Event& into) const;
    [[nodiscard]] Event event(std::size_t event) const;
};

inline constexpr std::uint32_t kNoProcess = 0xffffffffU;

/// For each row of `table` the row of its parent, or kNoProcess where no event shows the parent. Process ids are
/// reused: the parent is the process of that id that started last before the child did.
[[nodiscard]] std::vector<std::uint32_t> parentRows(std::span<const RecordedProcess> table);
/// A row and its ancestors, the nearest first; at most 256, and none twice (files may say that parents go in circles).
[[nodiscard]] std::vector<std::uint32_t> processChain(const std::vector<std::uint32_t>& parents, std::uint32_t row);

}  // namespace belljar
