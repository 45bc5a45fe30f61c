#include "core/events/event_selection.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <thread>
#include <unordered_map>

#include "core/events/column_condition.h"
#include "core/events/event_table.h"

namespace belljar {
namespace {

constexpr std::size_t kEventsForThreads = 1U << 18U;  ///< Fewer are done before a thread has started.

/// Calls `work(begin, end)` for all words, in parts by several threads.
template <class Work>
void inParts(std::size_t words, unsigned threads, const Work& work)
{
    const std::size_t part = (words + threads - 1) / threads;
    std::vector<std::thread> others;
    for (std::size_t begin = part; begin < words; begin += part)
        others.emplace_back([&work, begin, end = std::min(begin + part, words)] { work(begin, end); });
    work(0, std::min(part, words));
    for (std::thread& other : others) other.join();
}

unsigned threadsFor(std::size_t events, unsigned wanted)
{
    if (events < kEventsForThreads) return 1;
    if (wanted != 0) return wanted;
    return std::clamp(std::thread::hardware_concurrency(), 1U, 4U);
}

/// The query's program with sets of events in its one register: what a jump would have left out waits until the step
/// it goes to, and is joined with what came out in between.
class Selection {
public:
    Selection(const EventColumns& events, const QueryContext& context, unsigned threads)
        : m_events(events), m_context(context), m_threads(threads), m_answer(events.size(), true)
    {
    }

    EventSet run(const Query& query)
    {
        const std::vector<QueryStep>& steps = query.steps();
        for (std::size_t at = 0; at < steps.size(); ++at) {
            joinAt(at);
            const QueryStep& step = steps[at];
            switch (step.kind) {
                case QueryStep::Kind::ask: ask(query.conditions()[step.operand]); break;
                case QueryStep::Kind::negate: negate(); break;
                case QueryStep::Kind::jumpIfTrue:
                    m_waiting.push_back({std::move(m_answer), false, step.operand});
                    break;
                case QueryStep::Kind::jumpIfFalse:
                    m_waiting.push_back({std::move(m_answer), true, step.operand});
                    break;
            }
        }
        joinAt(steps.size());
        return std::move(m_answer);
    }

private:
    struct Waiting {
        EventSet set;
        bool isAnd = false;
        std::size_t target = 0;
    };

    void ask(const QueryCondition& condition)
    {
        if (condition.field == QueryFieldId::tree && m_context.processes == nullptr) {
            m_processes = processTree(m_events);
            m_context.processes = &*m_processes;
        }
        const ColumnCondition column(m_events, m_context, condition);
        EventSet answer(m_events.size());
        // Where what waits decides alone, this answer does not matter.
        const EventSet* among = m_waiting.empty() ? nullptr : &m_waiting.back().set;
        const bool wanted = m_waiting.empty() || m_waiting.back().isAnd;
        inParts(answer.words().size(), m_threads,
                [&](std::size_t begin, std::size_t end) { column.ask(begin, end, among, wanted, answer); });
        m_answer = std::move(answer);
    }

    void negate()
    {
        for (std::uint64_t& word : m_answer.words()) word = ~word;
        if (const std::size_t rest = m_events.size() % EventSet::kWordBits; rest != 0)
            m_answer.words().back() &= ~std::uint64_t{0} >> (EventSet::kWordBits - rest);
    }

    void joinAt(std::size_t step)
    {
        for (; !m_waiting.empty() && m_waiting.back().target == step; m_waiting.pop_back()) {
            const std::vector<std::uint64_t>& left = m_waiting.back().set.words();
            std::vector<std::uint64_t>& right = m_answer.words();
            const bool isAnd = m_waiting.back().isAnd;
            for (std::size_t word = 0; word < right.size(); ++word)
                right[word] = isAnd ? left[word] & right[word] : left[word] | right[word];
        }
    }

    const EventColumns& m_events;
    QueryContext m_context;
    std::optional<ProcessTree> m_processes;
    unsigned m_threads;
    EventSet m_answer;
    std::vector<Waiting> m_waiting;
};

/// What the events of the set add up to for each row; those whose kind does not have the field are told apart.
struct RowTallies {
    std::vector<EventTally> rows;
    EventTally without;
};

std::vector<std::uint8_t> deniedShapes(const EventColumns& events)
{
    std::vector<std::uint8_t> denied;
    for (const EventShape& shape : events.shapeTable)
        denied.push_back(isDenial(shape.verdict, shape.absentOnHost) ? 1 : 0);
    return denied;
}

RowTallies tallyRows(const EventColumns& events, const EventSet& set, QueryFieldId field)
{
    RowTallies tallies;
    const std::vector<std::uint8_t> denied = deniedShapes(events);
    const auto tallyBy = [&](const SharedColumn<std::uint32_t>& rows, std::size_t count, const auto& belongs) {
        tallies.rows.resize(count);
        set.forEach([&](std::size_t event) {
            const std::uint32_t shape = events.shapes[event];
            EventTally& tally = belongs(shape) ? tallies.rows[rows[event]] : tallies.without;
            tally.add(events.times[event], denied[shape] != 0);
        });
        return std::move(tallies);
    };
    const auto always = [](std::uint32_t) { return true; };
    switch (queryField(field).part) {
        case QueryPart::process: return tallyBy(events.processes, events.processTable.size(), always);
        case QueryPart::shape: return tallyBy(events.shapes, events.shapeTable.size(), always);
        default: break;
    }
    std::vector<std::uint8_t> has;
    for (const EventShape& shape : events.shapeTable) has.push_back(kindHasField(shape.kind, field) ? 1 : 0);
    return tallyBy(queryField(field).part == QueryPart::object ? events.objects : events.details, events.texts.size(),
                   [&](std::uint32_t shape) { return has[shape] != 0; });
}

void tallyTimes(const EventColumns& events, const QueryContext& context, const EventSet& set, QueryFieldId field,
                EventCounter& counter)
{
    constexpr std::int64_t kSecond = 1'000'000'000;
    const std::vector<std::uint8_t> denied = deniedShapes(events);
    ScratchEvent scratch(events);
    std::string buffer;
    // Neighbours mostly lie in the same second: what is between two times of a group belongs to it, too.
    std::int64_t first = 0;
    std::int64_t last = -1;
    EventTally tally;
    const auto finish = [&] {
        if (tally.count != 0) counter.add(groupValue(scratch.ofTime(first), context, field, buffer), tally);
        tally = {};
    };
    set.forEach([&](std::size_t event) {
        const std::int64_t time = events.times[event];
        if (time < first || time > last) {
            finish();
            const std::int64_t number = *numberOf(scratch.ofTime(time), context, field);
            const std::int64_t left = number < 0 || number > std::numeric_limits<std::int64_t>::max() - kSecond
                                          ? 0
                                          : kSecond - 1 - number % kSecond;
            first = time;
            last = time > std::numeric_limits<std::int64_t>::max() - left ? time : time + left;
        }
        tally.add(time, denied[events.shapes[event]] != 0);
    });
    finish();
}

}  // namespace

EventSet::EventSet(std::size_t events, bool all)
    : m_events(events), m_words((events + kWordBits - 1) / kWordBits, all ? ~std::uint64_t{0} : 0)
{
    if (all && events % kWordBits != 0) m_words.back() >>= kWordBits - events % kWordBits;
}

std::size_t EventSet::count() const
{
    return std::accumulate(m_words.begin(), m_words.end(), std::size_t{0}, [](std::size_t sum, std::uint64_t word) {
        return sum + static_cast<std::size_t>(std::popcount(word));
    });
}

std::vector<std::uint32_t> EventSet::numbers() const
{
    std::vector<std::uint32_t> numbers;
    numbers.reserve(count());
    forEach([&](std::size_t event) { numbers.push_back(static_cast<std::uint32_t>(event)); });
    return numbers;
}

ProcessTree processTree(const EventColumns& events)
{
    ProcessTree tree;
    for (const RecordedProcess& process : events.processTable) tree.add(process.pid, process.start, process.parentPid);
    return tree;
}

EventSet selectEvents(const EventColumns& events, const QueryContext& context, const Query& query, unsigned threads)
{
    return Selection(events, context, threadsFor(events.size(), threads)).run(query);
}

std::vector<EventGroup> countEvents(const EventColumns& events, const QueryContext& context, const EventSet& set,
                                    QueryFieldId field)
{
    EventCounter counter(field);
    const QueryPart part = queryField(field).part;
    if (part == QueryPart::time) {
        tallyTimes(events, context, set, field, counter);
        return counter.groups();
    }
    const RowTallies tallies = tallyRows(events, set, field);
    ScratchEvent scratch(events);
    std::string buffer;
    const EventKind kind = kindWith(field);
    for (std::uint32_t row = 0; row < tallies.rows.size(); ++row) {
        if (tallies.rows[row].count == 0) continue;
        const Event& event = part == QueryPart::process  ? scratch.ofProcess(row)
                             : part == QueryPart::shape  ? scratch.ofShape(row)
                             : part == QueryPart::object ? scratch.ofObject(row, kind)
                                                         : scratch.ofDetail(row, kind);
        counter.add(groupValue(event, context, field, buffer), tallies.rows[row]);
    }
    if (tallies.without.count != 0) counter.add("", tallies.without);
    return counter.groups();
}

}  // namespace belljar
