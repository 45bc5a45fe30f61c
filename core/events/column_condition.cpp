#include "core/events/column_condition.h"

#include <algorithm>

#include "core/events/event_table.h"

namespace belljar {
namespace {

constexpr std::size_t kWordBits = EventSet::kWordBits;

}  // namespace

const Event& ScratchEvent::ofProcess(std::uint32_t row)
{
    show(m_columns->processTable[row], m_columns->texts, m_event);
    return m_event;
}

const Event& ScratchEvent::ofShape(std::uint32_t row)
{
    show(m_columns->shapeTable[row], m_event);
    return m_event;
}

const Event& ScratchEvent::ofObject(std::uint32_t text, EventKind kind)
{
    m_event.kind = kind;
    m_event.object = m_columns->texts[text];
    return m_event;
}

const Event& ScratchEvent::ofDetail(std::uint32_t text, EventKind kind)
{
    m_event.kind = kind;
    m_event.detail = m_columns->texts[text];
    return m_event;
}

const Event& ScratchEvent::ofTime(std::int64_t timeNs)
{
    m_event.timeNs = timeNs;
    return m_event;
}

EventKind kindWith(QueryFieldId field)
{
    for (const EventKindRow& row : eventTable())
        if (kindHasField(row.kind, field)) return row.kind;
    return EventKind{};
}

ColumnCondition::ColumnCondition(const EventColumns& events, const QueryContext& context,
                                 const QueryCondition& condition)
    : m_events(&events),
      m_context(&context),
      m_condition(&condition),
      m_textCondition(condition),
      m_part(queryField(condition.field).part),
      m_textKind(kindWith(condition.field))
{
    ScratchEvent scratch(events);
    m_textCondition.negated = false;
    if (m_part == QueryPart::process) {
        for (std::uint32_t row = 0; row < events.processTable.size(); ++row)
            m_processFits.push_back(condition.holds(scratch.ofProcess(row), context) ? 1 : 0);
    }
    if (m_part != QueryPart::object && m_part != QueryPart::detail && m_part != QueryPart::shape &&
        m_part != QueryPart::several)
        return;
    if (m_part != QueryPart::shape) m_textFits = std::make_unique<std::atomic<std::uint8_t>[]>(events.texts.size());
    // A word that some text is asked for may be in the text of the rule, too.
    QueryCondition ofRule = m_textCondition;
    ofRule.field = QueryFieldId::rule;
    if (m_part == QueryPart::several) m_textCondition.field = QueryFieldId::object;
    for (std::uint32_t row = 0; row < events.shapeTable.size(); ++row) {
        const Event& event = scratch.ofShape(row);
        Known known = Known::askText;
        if (m_part == QueryPart::shape) known = condition.holds(event, context) ? Known::yes : Known::no;
        else if (m_part == QueryPart::several) known = ofRule.holds(event, context) ? Known::yes : Known::askText;
        else if (!kindHasField(event.kind, condition.field)) known = condition.negated ? Known::yes : Known::no;
        m_shapeFits.push_back(known);
    }
}

/// Whether the condition, not negated, holds for the text with this number.
bool ColumnCondition::textFits(std::uint32_t text, ScratchEvent& scratch) const
{
    const std::uint8_t known = m_textFits[text].load(std::memory_order_relaxed);
    if (known != 0) return known == 2;
    const Event& event =
        m_part == QueryPart::detail ? scratch.ofDetail(text, m_textKind) : scratch.ofObject(text, m_textKind);
    const bool fits = m_textCondition.holds(event, *m_context);
    m_textFits[text].store(fits ? 2 : 1, std::memory_order_relaxed);
    return fits;
}

template <class Fits>
void ColumnCondition::scan(std::size_t begin, std::size_t end, const EventSet* among, bool wanted, EventSet& answer,
                           const Fits& fits) const
{
    constexpr int kFew = 24;  // Of 64: below that it is faster to look at each by itself.
    for (std::size_t word = begin; word < end; ++word) {
        const std::size_t first = word * kWordBits;
        const std::size_t rows = std::min(kWordBits, m_events->size() - first);
        std::uint64_t care = ~std::uint64_t{0} >> (kWordBits - rows);
        if (among != nullptr) care &= wanted ? among->words()[word] : ~among->words()[word];
        std::uint64_t found = 0;
        if (std::popcount(care) < kFew) {
            for (; care != 0; care &= care - 1) {
                const auto bit = static_cast<unsigned>(std::countr_zero(care));
                found |= static_cast<std::uint64_t>(fits(first + bit)) << bit;
            }
        } else {
            for (std::size_t bit = 0; bit < rows; ++bit) found |= static_cast<std::uint64_t>(fits(first + bit)) << bit;
        }
        answer.words()[word] = found;
    }
}

void ColumnCondition::askSequence(std::size_t begin, std::size_t end, const EventSet* among, bool wanted,
                                  EventSet& answer) const
{
    scan(begin, end, among, wanted, answer, [&](std::size_t event) {
        return inRanges(m_condition->ranges, static_cast<std::int64_t>(m_events->sequence(event))) !=
               m_condition->negated;
    });
}

void ColumnCondition::askAnyText(std::size_t begin, std::size_t end, const EventSet* among, bool wanted,
                                 EventSet& answer) const
{
    ScratchEvent scratch(*m_events);
    scan(begin, end, among, wanted, answer, [&](std::size_t event) {
        const bool found = m_shapeFits[m_events->shapes[event]] == Known::yes ||
                           textFits(m_events->objects[event], scratch) || textFits(m_events->details[event], scratch) ||
                           textFits(m_events->processTable[m_events->processes[event]].name, scratch);
        return found != m_condition->negated;
    });
}

void ColumnCondition::ask(std::size_t begin, std::size_t end, const EventSet* among, bool wanted,
                          EventSet& answer) const
{
    const auto scanWith = [&](const auto& fits) { scan(begin, end, among, wanted, answer, fits); };
    const bool negated = m_condition->negated;
    switch (m_part) {
        case QueryPart::sequence: return askSequence(begin, end, among, wanted, answer);
        case QueryPart::several: return askAnyText(begin, end, among, wanted, answer);
        case QueryPart::process: {
            const std::uint8_t* known = m_processFits.data();
            const std::uint32_t* rows = m_events->processes.data();
            return scanWith([=](std::size_t event) { return known[rows[event]] != 0; });
        }
        case QueryPart::shape: {
            const Known* known = m_shapeFits.data();
            const std::uint32_t* rows = m_events->shapes.data();
            return scanWith([=](std::size_t event) { return known[rows[event]] == Known::yes; });
        }
        case QueryPart::time: {
            const std::int64_t* times = m_events->times.data();
            const std::vector<QueryRange>& ranges = m_condition->ranges;
            if (m_condition->field == QueryFieldId::time && ranges.size() == 1)
                return scanWith([=, low = ranges[0].low, high = ranges[0].high](std::size_t event) {
                    return (times[event] >= low && times[event] <= high) != negated;
                });
            ScratchEvent scratch(*m_events);
            return scanWith(
                [&](std::size_t event) { return m_condition->holds(scratch.ofTime(times[event]), *m_context); });
        }
        case QueryPart::object:
        case QueryPart::detail: break;
    }
    ScratchEvent scratch(*m_events);
    const std::uint32_t* texts = m_part == QueryPart::object ? m_events->objects.data() : m_events->details.data();
    const std::uint32_t* shapes = m_events->shapes.data();
    const Known* known = m_shapeFits.data();
    if (m_condition->field == QueryFieldId::host) {
        // The name of a peer stands in the detail.
        const std::uint32_t* details = m_events->details.data();
        return scanWith([&](std::size_t event) {
            const Known shape = known[shapes[event]];
            if (shape != Known::askText) return shape == Known::yes;
            return (textFits(texts[event], scratch) || textFits(details[event], scratch)) != negated;
        });
    }
    if (std::all_of(m_shapeFits.begin(), m_shapeFits.end(), [](Known shape) { return shape == Known::askText; }))
        return scanWith([&](std::size_t event) { return textFits(texts[event], scratch) != negated; });
    scanWith([&](std::size_t event) {
        const Known shape = known[shapes[event]];
        return shape == Known::askText ? textFits(texts[event], scratch) != negated : shape == Known::yes;
    });
}

}  // namespace belljar
