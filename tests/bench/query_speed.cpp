// What `./dev bench query` measures with: query_speed EVENTS ROUNDS. One JSON object on standard output: milliseconds
// of each query over events in memory, with one thread and with two, and of grouping; medians.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "core/events/event_selection.h"
#include "core/events/event_summary.h"

namespace {

using namespace belljar;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kObjects = 264'496;  ///< Different texts of the traces that the design was measured with.
constexpr std::uint32_t kProcesses = 2000;

std::uint32_t addText(TextTable& texts, const std::string& text)
{
    texts.add(text);
    return static_cast<std::uint32_t>(texts.size() - 1);
}

/// Every combination that occurs of kind, result and verdict: 1 of 16 events is denied, 1 of 32 is of the network.
void addShapes(EventColumns& columns)
{
    constexpr std::array kFiles{EventKind::fileOpen,       EventKind::fileStat,   EventKind::fileCreate,
                                EventKind::fileReadFolder, EventKind::fileUnlink, EventKind::fileOpenWrite,
                                EventKind::fileBytesRead};
    for (std::uint32_t i = 0; i < 512; ++i) {
        EventShape shape;
        shape.kind = i % 32 == 31 ? EventKind::netConnect : kFiles[i % kFiles.size()];
        shape.verdict = i % 16 == 15 ? EventVerdict::denied : EventVerdict::allowed;
        shape.trust = ResultTrust::seen;
        shape.origin = EventOrigin::kernel;
        shape.mechanism = shape.verdict == EventVerdict::denied ? Mechanism::notMounted : Mechanism::mount;
        shape.rule = i / 32;
        shape.result = i % 5 == 0 ? 2 : 0;
        columns.shapeTable.push_back(shape);
    }
}

EventColumns made(std::size_t count)
{
    std::mt19937 random(42);
    const auto number = [&](std::uint32_t below) { return static_cast<std::uint32_t>(random() % below); };
    EventColumns columns;
    addShapes(columns);
    std::vector<std::uint32_t> paths;
    std::vector<std::uint32_t> hosts;
    std::vector<std::uint32_t> details;
    for (std::uint32_t i = 0; i < kObjects; ++i)
        paths.push_back(addText(columns.texts, "/usr/lib/node_modules/package-" + std::to_string(i / 40) +
                                                   "/dist/module_" + std::to_string(i) +
                                                   (i % 3 == 0 ? "_impl.js" : ".d.ts")));
    for (std::uint32_t i = 0; i < 500; ++i)
        hosts.push_back(addText(columns.texts, std::to_string(10 + i % 90) + ".0." + std::to_string(i / 2) + ".7:443"));
    for (const char* text :
         {"O_RDONLY|O_CLOEXEC", "", "AT_SYMLINK_NOFOLLOW", "4096 bytes in 2 calls", "O_WRONLY|O_CREAT"})
        details.push_back(addText(columns.texts, text));
    const std::array names{addText(columns.texts, "node"), addText(columns.texts, "cc1plus"),
                           addText(columns.texts, "npm")};
    for (std::uint32_t i = 0; i < kProcesses; ++i) {
        const auto pid = static_cast<std::int32_t>(1000 + i);
        columns.processTable.push_back(
            {100'000 + i, pid, 1000 + static_cast<std::int32_t>(i / 2), pid, names[i % names.size()]});
    }
    columns.sequenceRuns = {{0, 1}};
    std::uint32_t process = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (number(32) == 0) process = number(kProcesses);
        const std::uint32_t shape = number(static_cast<std::uint32_t>(columns.shapeTable.size()));
        const std::uint32_t wide = number(kObjects);  // Half of the events go to a twentieth of the objects.
        columns.times.push_back(static_cast<std::int64_t>(i) * 700 + number(500));
        columns.processes.push_back(process);
        columns.objects.push_back(columns.shapeTable[shape].kind == EventKind::netConnect ? hosts[wide % hosts.size()]
                                  : number(2) == 0                                        ? paths[wide]
                                                   : paths[wide % (kObjects / 20)]);
        columns.details.push_back(details[shape % details.size()]);
        columns.shapes.push_back(shape);
    }
    return columns;
}

template <class Work>
double medianMs(int rounds, const Work& work)
{
    std::vector<double> times;
    for (int i = 0; i < rounds; ++i) {
        const Clock::time_point start = Clock::now();
        work();
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
    return times[static_cast<std::size_t>(rounds / 2)];
}

struct Subject {
    const char* group;
    const char* query;
};

constexpr std::array kSubjects{Subject{"plain", "verdict=denied"},
                               Subject{"plain", "kind=file.open"},
                               Subject{"plain", "category=network"},
                               Subject{"plain", "pid=1500"},
                               Subject{"plain", "tree:1004"},
                               Subject{"plain", "res=ENOENT"},
                               Subject{"plain", "rule:deniedPaths"},
                               Subject{"plain", "time:1..2.5"},
                               Subject{"plain", "port=443"},
                               Subject{"plain", "verdict=denied pid=1000..1999 time>1"},
                               Subject{"text", "object:module_1234"},
                               Subject{"text", "path:*/dist/*9.d.ts"},
                               Subject{"text", "path~module_[0-9]*7_"},
                               Subject{"text", "path~(?i)PACKAGE-(1|22|333)/"},
                               Subject{"text", "node_modules"},
                               Subject{"text", "ip:20.0.0.0/8"},
                               Subject{"text", "verdict=denied path:package-77/ -proc:npm"}};

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 3) return std::fprintf(stderr, "usage: query_speed EVENTS ROUNDS\n"), 2;
    const std::size_t count = std::strtoull(argv[1], nullptr, 10);
    const int rounds = std::max(1, static_cast<int>(std::strtol(argv[2], nullptr, 10)));
    const EventColumns columns = made(count);
    const std::vector<Rule> rules(16, {RuleSource::profile, "deniedPaths: /x", {}});
    const QueryContext context{rules, 1'700'000'000'000'000'000, nullptr};
    std::printf("{\"events\": %zu, \"queries\": [", count);
    for (const Subject& subject : kSubjects) {
        const auto parsed = parseQuery(subject.query);
        const Query* query = std::get_if<Query>(&parsed);
        if (query == nullptr) return std::fprintf(stderr, "no query: %s\n", subject.query), 1;
        std::size_t found = 0;
        const auto ask = [&](unsigned threads) {
            return medianMs(rounds, [&] { found = selectEvents(columns, context, *query, threads).count(); });
        };
        const double one = ask(1);
        const double two = ask(2);
        std::printf(
            "%s{\"group\": \"%s\", \"query\": \"%s\", \"found\": %zu, \"oneThreadMs\": %.1f, \"twoThreadsMs\": %.1f}",
            &subject == kSubjects.data() ? "" : ", ", subject.group, subject.query, found, one, two);
    }
    std::printf("], \"groups\": [");
    const EventSet all(columns.size(), true);
    const char* separator = "";
    for (const char* field : {"path", "host", "proc", "verdict", "pid", "time", "detail"}) {
        std::size_t groups = 0;
        const QueryFieldId id = findQueryField(field)->id;
        const double ms = medianMs(rounds, [&] { groups = countEvents(columns, context, all, id).size(); });
        std::printf("%s{\"field\": \"%s\", \"groups\": %zu, \"ms\": %.1f}", separator, field, groups, ms);
        separator = ", ";
    }
    for (const auto& [name, kind] : {std::pair("summary of files", SummaryKind::files),
                                     std::pair("summary of processes", SummaryKind::processes)}) {
        std::size_t rows = 0;
        const double ms = medianMs(rounds, [&] { rows = summarize(columns, all, kind).size(); });
        std::printf(", {\"field\": \"%s\", \"groups\": %zu, \"ms\": %.1f}", name, rows, ms);
    }
    std::printf("]}\n");
    return 0;
}
