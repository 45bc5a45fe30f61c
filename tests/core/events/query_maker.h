// Random events and queries about them, for comparing two ways of answering: each query has a fair chance to fit some.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "core/events/event_selection.h"
#include "core/events/event_table.h"

namespace belljar::query_maker {

class Maker {
public:
    explicit Maker(std::uint64_t seed) : m_random(seed) {}

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

    template <class List>
    const auto& oneOf(const List& list)
    {
        return list[below(list.size())];
    }

    std::vector<Rule> rules();
    std::vector<Event> events(std::size_t count);
    /// Nearly always one that parses.
    std::string query();

private:
    std::string condition();
    std::string value(const QueryFieldRow& row);
    std::string part(std::size_t depth);

    std::mt19937_64 m_random;
};

inline const std::vector<std::string>& objects()
{
    static const std::vector<std::string> kObjects{"",
                                                   "/etc/passwd",
                                                   "/etc/ssl/openssl.cnf",
                                                   "/home/u/.ssh/id_rsa",
                                                   "/home/u/a b,c(d)",
                                                   "/tmp/\xff\n\"*?",
                                                   "relative",
                                                   "10.1.2.3:443",
                                                   "[::ffff:10.1.2.3]:80",
                                                   "[2001:db8::1]:8080",
                                                   "[fe80::1%eth0]:53",
                                                   "example.org:443",
                                                   "unix:/run/x.sock",
                                                   "127.0.0.1:99999",
                                                   "/a:1",
                                                   "cap_sys_admin"};
    return kObjects;
}

inline const std::vector<std::string>& details()
{
    static const std::vector<std::string> kDetails{"",
                                                   "O_RDONLY",
                                                   std::string(kTargetPrefix) + "/tmp/new name",
                                                   "tcp, name www.example.org, sent 1, received 2, 0.1 ms",
                                                   "udp, name example.org",
                                                   "4096 bytes in 3 calls",
                                                   "0 bytes",
                                                   "12",
                                                   "code 0",
                                                   R"(["sh","-c","ls -l \u00e9"] "/home/u" ["PATH","LD_PRELOAD"])",
                                                   R"(["node","a.js"] "/w")",
                                                   R"(["cut","in the)",
                                                   R"([])"};
    return kDetails;
}

inline std::vector<Rule> Maker::rules()
{
    return {{RuleSource::builtIn, "no rule grants this path", {}},
            {RuleSource::base, "base: /usr", {}},
            {RuleSource::profile, "deniedPaths: ~/.ssh", {"/filesystem/deniedPaths/0", 12, 9}},
            {RuleSource::commandLine, "--rw /tmp", {}}};
}

inline std::vector<Event> Maker::events(std::size_t count)
{
    static const std::vector<std::string> kNames{"sh", "npm", "node", "cc1plus", "x y", ""};
    std::vector<Event> events(count);
    std::uint64_t sequence = 0;
    std::int64_t time = 0;
    for (Event& event : events) {
        sequence += below(20) == 0 ? 1 + below(5) : 1;
        time += static_cast<std::int64_t>(below(300'000'000));
        event.sequence = sequence;
        event.timeNs = below(30) == 0 ? static_cast<std::int64_t>(below(5'000'000'000)) : time;
        event.pid = static_cast<std::int32_t>(100 + below(8));
        event.processStart = below(3);
        event.parentPid = static_cast<std::int32_t>(below(5) == 0 ? below(3) : 100 + below(8));
        event.insidePid = static_cast<std::int32_t>(below(4));
        event.processName = oneOf(kNames);
        event.kind = below(20) == 0 ? static_cast<EventKind>(below(200)) : oneOf(eventTable()).kind;
        event.object = oneOf(objects());
        event.detail = oneOf(details());
        event.result = static_cast<std::int32_t>(below(4)) * 13 - static_cast<std::int32_t>(below(2));
        event.trust = static_cast<ResultTrust>(below(3));
        event.verdict = static_cast<EventVerdict>(below(3));
        event.rule = static_cast<RuleId>(below(6));
        event.origin = static_cast<EventOrigin>(below(5));
        event.mechanism = static_cast<Mechanism>(below(16));
        event.absentOnHost = below(2) == 0;
    }
    return events;
}

inline std::string Maker::value(const QueryFieldRow& row)
{
    static const std::vector<std::string> kTexts{"etc", "/etc/*",  "s",     "*",       "?*",          "/home/*/.ssh/*",
                                                 "sh",  "\"x y\"", "node",  "\\xff",   "\"a b\"",     "no",
                                                 "1",   "code",    "*o*e*", "\"\\n\"", "deniedPaths", "example.org"};
    static const std::vector<std::string> kNetworks{"10.0.0.0/8",          "0.0.0.0/0", "::/0",       "10.1.2.3",
                                                    "::ffff:10.1.0.0/112", "fe80::/10", "2001:db8::1"};
    const auto number = [&]() -> std::string {
        switch (row.type) {
            case QueryFieldType::time:
                return std::to_string(below(20)) + oneOf(std::vector<std::string>{"", "s", ".5", "00ms"});
            case QueryFieldType::moment:
                return "1970-01-0" + std::to_string(2 + below(2)) +
                       oneOf(std::vector<std::string>{"", "T00:00", "T00:00:1" + std::to_string(below(10))});
            default: break;
        }
        if (row.id == QueryFieldId::port) return oneOf(std::vector<std::string>{"80", "443", "8080", "65535"});
        if (row.id == QueryFieldId::bytes) return oneOf(std::vector<std::string>{"0", "12", "4096"});
        if (row.part == QueryPart::process) return std::to_string(below(10) == 0 ? below(4) : 100 + below(8));
        return std::to_string(below(30));
    };
    switch (row.type) {
        case QueryFieldType::network: return oneOf(kNetworks);
        case QueryFieldType::word: return oneOf(queryWords(row.id));
        case QueryFieldType::text: return oneOf(kTexts);
        default: return number();
    }
}

inline std::string Maker::condition()
{
    const QueryFieldRow& row = oneOf(queryFields());
    const bool ordered =
        row.type == QueryFieldType::number || row.type == QueryFieldType::time || row.type == QueryFieldType::moment;
    const std::string name(row.name);
    if (row.type == QueryFieldType::text && below(10) == 0)
        return "\"" + std::string(below(2) == 0 ? "etc" : "sh") + "\"";
    if (row.type == QueryFieldType::text && below(6) == 0 && QueryRegex::available())
        return name + (below(2) == 0 ? "~" : "!~") +
               oneOf(std::vector<std::string>{"^/etc/", "s$", "[0-9]+", "a|b", "(?i)SH", "^$", "o.*e"});
    if (ordered && below(2) == 0) {
        const std::string low = value(row);
        switch (below(4)) {
            case 0: return name + oneOf(std::vector<std::string>{"<", "<=", ">", ">="}) + low;
            case 1: return name + "=" + low + "..";
            case 2: return name + "!=.." + low;
            default: return name + ":" + low + "," + value(row);
        }
    }
    std::string text = name + oneOf(std::vector<std::string>{":", "=", "!="}) + value(row);
    for (std::size_t more = below(6) == 0 ? 1 + below(2) : 0; more > 0; --more) text += "," + value(row);
    return text;
}

inline std::string Maker::part(std::size_t depth)
{
    switch (depth == 0 ? 9 : below(10)) {
        case 0:
        case 1: return part(depth - 1) + " " + part(depth - 1);
        case 2: return part(depth - 1) + " or " + part(depth - 1);
        case 3: return "(" + part(depth - 1) + " or " + part(depth - 1) + ") and " + part(depth - 1);
        case 4: return "-(" + part(depth - 1) + ")";
        case 5: return "not " + part(depth - 1);
        default: return condition();
    }
}

inline std::string Maker::query()
{
    return below(50) == 0 ? "" : part(below(4));
}

/// The events as a recording would hold them.
inline EventColumns columnsOf(const std::vector<Event>& events)
{
    EventColumns columns;
    std::map<std::string, std::uint32_t> texts{{"", 0}};
    const auto textNumber = [&](const std::string& text) {
        const auto [place, isNew] = texts.try_emplace(text, static_cast<std::uint32_t>(texts.size()));
        if (isNew) columns.texts.add(text);
        return place->second;
    };
    const auto rowOf = [](auto& table, const auto& row) {
        const auto place = std::find(table.begin(), table.end(), row);
        const auto number = static_cast<std::uint32_t>(place - table.begin());
        if (place == table.end()) table.push_back(row);
        return number;
    };
    for (const Event& event : events) {
        const std::size_t number = columns.size();
        if (number == 0 || event.sequence != columns.sequence(number - 1) + 1)
            columns.sequenceRuns.push_back({number, event.sequence});
        columns.times.push_back(event.timeNs);
        columns.processes.push_back(
            rowOf(columns.processTable, RecordedProcess{event.processStart, event.pid, event.parentPid, event.insidePid,
                                                        textNumber(event.processName)}));
        columns.objects.push_back(textNumber(event.object));
        columns.details.push_back(textNumber(event.detail));
        columns.shapes.push_back(
            rowOf(columns.shapeTable, EventShape{event.kind, event.verdict, event.trust, event.origin, event.mechanism,
                                                 event.absentOnHost, event.rule, event.result}));
    }
    return columns;
}

}  // namespace belljar::query_maker
