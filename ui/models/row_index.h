// Which events a list shows, in which order: computed by a worker over a snapshot, extended while events come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/events/event_selection.h"

namespace belljar {

struct EventSort {
    QueryFieldId field = QueryFieldId::time;
    bool descending = false;
    bool operator==(const EventSort&) const = default;
};

/// What to show of a session.
struct EventView {
    Query query;                    ///< Without conditions: everything.
    std::optional<EventSort> sort;  ///< Absent: in the order of recording.

    [[nodiscard]] bool isAll() const { return query.steps().empty() && !sort; }
};

/// The session's facts that conditions ask for, shared with workers.
struct SessionFacts {
    std::shared_ptr<const std::vector<Rule>> rules = std::make_shared<std::vector<Rule>>();
    std::int64_t startedUnixNs = 0;

    /// `processes` may be nullptr.
    [[nodiscard]] QueryContext context(const ProcessTree* processes = nullptr) const
    {
        return {*rules, startedUnixNs, processes};
    }
};

class RowIndex {
public:
    /// All of the first `events`: takes no memory.
    explicit RowIndex(std::size_t events = 0) : m_all(true), m_count(events) {}
    explicit RowIndex(std::vector<std::uint32_t> numbers) : m_all(false), m_numbers(std::move(numbers)) {}

    [[nodiscard]] std::size_t size() const { return m_all ? m_count : m_numbers.size(); }
    [[nodiscard]] std::size_t event(std::size_t row) const { return m_all ? row : m_numbers[row]; }
    [[nodiscard]] bool isAll() const { return m_all; }
    /// The row that shows `event`; `sorted` tells that events do not stand in their order.
    [[nodiscard]] std::optional<std::size_t> rowOf(std::size_t event, bool sorted) const;
    void growTo(std::size_t events) { m_count = events; }
    void append(const std::vector<std::uint32_t>& numbers)
    {
        m_numbers.insert(m_numbers.end(), numbers.begin(), numbers.end());
    }

private:
    bool m_all;
    std::size_t m_count = 0;               ///< If all.
    std::vector<std::uint32_t> m_numbers;  ///< Otherwise.
};

/// Takes a while for millions: meant for a worker.
[[nodiscard]] RowIndex makeRows(const EventColumns& events, const SessionFacts& facts, const EventView& view);

}  // namespace belljar
