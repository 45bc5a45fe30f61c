// One condition of a query, asked of columns. Private to core/events.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "core/events/event_selection.h"

namespace belljar {

/// An event made of parts of tables, for asking what a field of it would be.
class ScratchEvent {
public:
    explicit ScratchEvent(const EventColumns& events) : m_columns(&events) {}
    const Event& ofProcess(std::uint32_t row);
    const Event& ofShape(std::uint32_t row);
    const Event& ofObject(std::uint32_t text, EventKind kind);
    const Event& ofDetail(std::uint32_t text, EventKind kind);
    const Event& ofTime(std::int64_t timeNs);

private:
    const EventColumns* m_columns;
    Event m_event;
};

/// A kind that has a field; only such events need to be looked at for it.
[[nodiscard]] EventKind kindWith(QueryFieldId field);

class ColumnCondition {
public:
    /// What is given must outlive this. The tables of processes and shapes are asked here, texts when they are met.
    ColumnCondition(const EventColumns& events, const QueryContext& context, const QueryCondition& condition);

    /// Writes the answers for the words `begin` to `end` of `answer`. Of `among` only the bits that are `wanted` need
    /// an answer; nullptr: all. Several threads may do this at once, each for words of its own.
    void ask(std::size_t begin, std::size_t end, const EventSet* among, bool wanted, EventSet& answer) const;

private:
    enum class Known : std::uint8_t { no, yes, askText };

    template <class Fits>
    void scan(std::size_t begin, std::size_t end, const EventSet* among, bool wanted, EventSet& answer,
              const Fits& fits) const;
    void askSequence(std::size_t begin, std::size_t end, const EventSet* among, bool wanted, EventSet& answer) const;
    void askAnyText(std::size_t begin, std::size_t end, const EventSet* among, bool wanted, EventSet& answer) const;
    [[nodiscard]] bool textFits(std::uint32_t text, ScratchEvent& scratch) const;

    const EventColumns* m_events;
    const QueryContext* m_context;
    const QueryCondition* m_condition;
    QueryCondition m_textCondition;  ///< Not negated; asked of one text.
    QueryPart m_part;
    EventKind m_textKind;
    std::vector<std::uint8_t> m_processFits;  ///< For each row of the table of processes.
    std::vector<Known> m_shapeFits;           ///< For each row of the table of shapes.
    /// For each text what is known: 0 nothing, 1 no, 2 yes. Threads that find out the same write the same.
    mutable std::unique_ptr<std::atomic<std::uint8_t>[]> m_textFits;
};

}  // namespace belljar
