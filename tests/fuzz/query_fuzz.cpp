// Random hostile queries over random hostile events: query_fuzz [--seconds N] [--seed N].
//
// Damages queries that are right and stops at the first thing that is wrong, printing the input. Beside "does not
// crash" it holds: an error has a place in the query and a sentence, and its caret can be drawn; a canonical text gives
// itself again; the canonical query and asking columns give the answers of asking each event.
#include <iostream>

#include "core/base/utf8.h"
#include "core/base/visible.h"
#include "core/events/event_summary.h"
#include "tests/core/events/query_maker.h"
#include "tests/fuzz/fuzz_loop.h"

namespace {

using namespace belljar;

class Fuzzer {
public:
    explicit Fuzzer(std::uint64_t seed) : m_maker(seed), m_rules(m_maker.rules()) { newEvents(); }

    /// False after printing what is wrong.
    bool round()
    {
        if (m_maker.below(200) == 0) newEvents();
        m_text = m_maker.query();
        for (std::size_t i = m_maker.below(4); i > 0; --i) damage();
        return check();
    }

private:
    void newEvents()
    {
        m_events = m_maker.events(1 + m_maker.below(150));
        for (Event& event : m_events) {
            if (m_maker.below(4) == 0) event.object = hostileText();
            if (m_maker.below(4) == 0) event.detail = hostileText();
            if (m_maker.below(8) == 0) event.processName = hostileText();
            if (m_maker.below(16) == 0) event.timeNs = static_cast<std::int64_t>(m_maker.below(~std::size_t{0}));
            if (m_maker.below(16) == 0) event.pid = static_cast<std::int32_t>(m_maker.below(0xffffffffU));
        }
        m_columns = query_maker::columnsOf(m_events);
        m_tree = ProcessTree();
        for (const Event& event : m_events) m_tree.add(event);
    }

    std::string hostileText()
    {
        static const std::vector<std::string> kPieces{"[\"",
                                                      "\"]",
                                                      "\\",
                                                      "\"",
                                                      ",",
                                                      "\\u",
                                                      "\\ud800",
                                                      "d800",
                                                      "[",
                                                      "]",
                                                      ":",
                                                      "/",
                                                      "99999999999999999999",
                                                      "-1",
                                                      "unix:",
                                                      std::string(kTargetPrefix),
                                                      "\xff",
                                                      "\xe2\x80\xae",
                                                      "%eth0",
                                                      "::ffff:",
                                                      "1.2.3.4",
                                                      "443",
                                                      "a",
                                                      "\n",
                                                      std::string(1, '\0'),
                                                      " ",
                                                      "aaaaaaaaaaaaaaaa",
                                                      "x.y"};
        std::string text = m_maker.oneOf(query_maker::objects());
        if (m_maker.below(2) == 0) text = m_maker.oneOf(query_maker::details());
        for (std::size_t i = m_maker.below(8); i > 0; --i)
            text.insert(m_maker.below(text.size() + 1), m_maker.oneOf(kPieces));
        return text;
    }

    void damage()
    {
        static const std::vector<std::string> kPieces{"(",
                                                      ")",
                                                      "-",
                                                      "not ",
                                                      " or ",
                                                      " and ",
                                                      ":",
                                                      "=",
                                                      "!=",
                                                      "~",
                                                      "!~",
                                                      "..",
                                                      ",",
                                                      "\"",
                                                      "\\",
                                                      "\\x",
                                                      "\\u{",
                                                      "}",
                                                      "*",
                                                      "?",
                                                      "\xff",
                                                      "\xc3",
                                                      "[",
                                                      "]",
                                                      "{9}",
                                                      "|",
                                                      "+",
                                                      "(?i",
                                                      "\\C",
                                                      "$",
                                                      "^",
                                                      "\\pN",
                                                      "0",
                                                      "9223372036854775807",
                                                      "99999999999999999999",
                                                      "::",
                                                      "/0",
                                                      "/129",
                                                      "T",
                                                      "Z",
                                                      "tree:",
                                                      "path~",
                                                      "ip=",
                                                      "wall=",
                                                      "bytes>",
                                                      "res:",
                                                      "\n",
                                                      "~/",
                                                      std::string(1, '\0'),
                                                      std::string(70, '('),
                                                      std::string(40, '*'),
                                                      "((a{100}){100}){100}",
                                                      "\xe2\x80\xae"};
        const std::size_t at = m_maker.below(m_text.size() + 1);
        const std::size_t length = std::min(m_maker.below(12), m_text.size() - at);
        switch (m_maker.below(4)) {
            case 0: m_text.insert(at, m_maker.oneOf(kPieces)); break;
            case 1: m_text.erase(at, length); break;
            case 2: m_text.insert(m_maker.below(m_text.size() + 1), m_text.substr(at, length * 4)); break;
            default:
                if (at < m_text.size()) m_text[at] = static_cast<char>(m_maker.below(256));
        }
    }

    bool wrong(const std::string& what) const
    {
        std::cout << "WRONG: " << what << "\ninput: " << visible(m_text) << "\n";
        return false;
    }

    bool checkError(const QueryError& error) const
    {
        if (error.message.empty() || error.offset > m_text.size()) return wrong("an error without place or sentence");
        const std::string caret = queryCaret(m_text, error);
        if (caret.find('^') == std::string::npos || firstInvalidUtf8(caret)) return wrong("no caret to draw: " + caret);
        return !firstInvalidUtf8(visible(error.message + error.hint)) || wrong("no message to show");
    }

    bool check() const
    {
        const auto parsed = parseQuery(m_text, "/home/u");
        if (const QueryError* error = std::get_if<QueryError>(&parsed)) return checkError(*error);
        const Query& query = std::get<Query>(parsed);
        const QueryContext context{m_rules, 86'400'000'000'000, &m_tree};
        const EventSet set = selectEvents(m_columns, {m_rules, 86'400'000'000'000, nullptr}, query);
        for (std::size_t i = 0; i < m_events.size(); ++i)
            if (set.has(i) != query.matches(m_events[i], context)) return wrong("columns and event differ");
        const auto again = parseQuery(query.text(), "/home/u");
        if (std::holds_alternative<QueryError>(again))
            return query.text().size() > kLongestQuery || wrong("the canonical text is no query: " + query.text());
        if (std::get<Query>(again).text() != query.text()) return wrong("the canonical text changes: " + query.text());
        if (selectEvents(m_columns, context, std::get<Query>(again)).words() != set.words())
            return wrong("the canonical query differs: " + query.text());
        return checkSums(context, set);
    }

    bool checkSums(const QueryContext& context, const EventSet& set) const
    {
        const QueryFieldRow& row = queryFields()[m_text.size() % queryFields().size()];
        if (!countable(row.id)) return true;
        std::uint64_t sum = 0;
        for (const EventGroup& group : countEvents(m_columns, context, set, row.id)) sum += group.count;
        if (sum != set.count()) return wrong("groups do not add up");
        sum = 0;
        for (const EventSummary& each : summarize(m_columns, set, SummaryKind::processes)) sum += each.events;
        return sum == set.count() || wrong("processes do not add up");
    }

    query_maker::Maker m_maker;
    std::vector<Rule> m_rules;
    std::vector<Event> m_events;
    EventColumns m_columns;
    ProcessTree m_tree;
    std::string m_text;
};

}  // namespace

int main(int argc, char** argv)
{
    return belljar::fuzzMain<Fuzzer>("query_fuzz", "inputs", argc, argv);
}
