// What `./dev bench live` measures with: live_speed open FILE | follow EVENTS_PER_SECOND SECONDS. The live page as the
// desktop app has it, without a display. One JSON object on standard output.
#include <QAbstractItemModel>
#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "ui/bridge/engine_bridge.h"
#include "ui/bridge/run_controller.h"
#include "ui/models/group_model.h"
#include "ui/models/profile_document.h"
#include "ui/views/event_table_view.h"
#include "ui/views/live_page.h"

namespace {

using namespace belljar;
using namespace Qt::StringLiterals;

constexpr int kPatienceMs = 120'000;
constexpr int kHeartbeatMs = 5;

double highestRssMb()
{
    long kb = 0;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) kb = std::strtol(line.c_str() + 6, nullptr, 10);
    return static_cast<double>(kb) / 1024;
}

double msOf(const QElapsedTimer& timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

double quantile(std::vector<double> values, double share)
{
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(static_cast<double>(values.size()) * share))];
}

int fail(const char* what)
{
    std::fprintf(stderr, "live_speed: %s\n", what);
    return 1;
}

/// A page in a window of usual size, with what it needs.
struct Bench {
    std::unique_ptr<HostFacts> facts = inspectHost(false);
    BackendList backends;
    RunController controller{*facts, backends};
    ProfileDocument document;
    LivePage page{controller, document};

    Bench()
    {
        page.resize(1280, 800);
        page.show();
    }
    /// Until what `wanted` says, in milliseconds; -1: it never came.
    template <class Wanted>
    double until(const Wanted& wanted)
    {
        QElapsedTimer timer;
        timer.start();
        QTimer wake;  // So that waiting for events ends, without taking a processor.
        wake.start(kHeartbeatMs);
        while (!wanted()) {
            if (timer.elapsed() > kPatienceMs) return -1;
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
        return msOf(timer);
    }
};

std::vector<double> scrollTimes(Bench& bench, int steps)
{
    std::mt19937 random(7);
    QScrollBar& bar = *bench.page.table().verticalScrollBar();
    std::vector<double> times;
    for (int step = 0; step < steps; ++step) {
        QElapsedTimer timer;
        timer.start();
        const int page = bar.value() + bar.pageStep();
        bar.setValue(step % 4 == 0 ? static_cast<int>(random() % static_cast<unsigned>(bar.maximum() + 1)) : page);
        bench.page.table().viewport()->repaint();
        times.push_back(msOf(timer));
    }
    return times;
}

int open(const QString& file)
{
    Bench bench;
    const QSignalSpy opened(&bench.page, &LivePage::recordingOpened);
    QElapsedTimer timer;
    timer.start();
    bench.page.openRecording(file);
    if (bench.until([&] { return opened.count() == 1; }) < 0) return fail("the recording did not open");
    bench.page.repaint();
    const double openMs = msOf(timer);
    std::printf("{\"events\": %zu, \"openMs\": %.1f, \"queries\": [", bench.page.events().total(), openMs);
    const char* separator = "";
    for (const char* query :
         {"verdict=denied", "object:module_1234", "res=ENOENT path~module_[0-9]*7_", "-proc:node", ""}) {
        const QSignalSpy shown(&bench.page.events(), &EventTableModel::viewChanged);
        QElapsedTimer filter;
        filter.start();
        if (bench.page.filter().setTyped(query)) return fail("no query");
        bench.until([&] { return shown.count() != 0; });
        bench.page.table().viewport()->repaint();
        std::printf("%s{\"query\": \"%s\", \"found\": %d, \"ms\": %.1f}", separator, query,
                    bench.page.events().rowCount(), msOf(filter));
        separator = ", ";
    }
    std::printf("], \"groups\": [");
    separator = "";
    GroupModel& groups = bench.page.groups();
    for (const char* field : {"path", "proc", "verdict", "pid"}) {
        const QSignalSpy counted(&groups, &GroupModel::counted);
        QElapsedTimer group;
        group.start();
        groups.count(bench.page.events().columns(), bench.page.events().facts(), {}, findQueryField(field)->id);
        bench.until([&] { return counted.count() != 0; });
        std::printf("%s{\"field\": \"%s\", \"groups\": %d, \"ms\": %.1f}", separator, field, groups.rowCount(),
                    msOf(group));
        separator = ", ";
    }
    const std::vector<double> scrolling = scrollTimes(bench, 400);
    EventTableModel& events = bench.page.events();
    QElapsedTimer sort;
    sort.start();
    events.sort(EventTableModel::kObject, Qt::AscendingOrder);
    bench.until([&] { return !events.isBusy(); });
    std::printf("], \"scrollP50Ms\": %.2f, \"scrollP99Ms\": %.2f, \"sortMs\": %.1f, \"highestRssMb\": %.1f}\n",
                quantile(scrolling, 0.5), quantile(scrolling, 0.99), msOf(sort), highestRssMb());
    return 0;
}

/// Events as a session's delivery hands them on, at an even pace. Returns when all are handed on.
void feed(EngineBridge& bridge, std::size_t perSecond, std::size_t seconds)
{
    constexpr std::size_t kBatchesPerSecond = 100;
    std::mt19937 random(42);
    std::vector<Event> batch(perSecond / kBatchesPerSecond);
    std::uint64_t sequence = 0;
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t tick = 0; tick < seconds * kBatchesPerSecond; ++tick) {
        for (Event& event : batch) {
            const auto process = static_cast<std::int32_t>(random() % 200);
            event.sequence = ++sequence;
            event.timeNs = static_cast<std::int64_t>(sequence * 1'000'000'000 / perSecond);
            event.pid = 1000 + process;
            event.parentPid = 1000 + process / 2;
            event.processStart = 100;
            event.processName = process % 2 == 0 ? "node" : "cc1plus";
            event.object = "/usr/lib/node_modules/package-" + std::to_string(random() % 3000) + "/module_" +
                           std::to_string(random() % 100) + ".js";
            event.verdict = random() % 50 == 0 ? EventVerdict::denied : EventVerdict::allowed;
            event.result = event.verdict == EventVerdict::denied ? 2 : 0;
            event.trust = ResultTrust::seen;
        }
        bridge.onEvents(batch);
        std::this_thread::sleep_until(start + std::chrono::milliseconds(10 * (tick + 1)));
    }
    bridge.onFinished(Outcome{}, Losses{});
}

int follow(std::size_t perSecond, std::size_t seconds)
{
    Bench bench;
    bench.page.startSession(u"a made-up session"_s);
    bench.page.events().reset({{RuleSource::builtIn, "nothing", {}}});
    EngineBridge bridge;
    bool ended = false;
    QObject::connect(&bridge, &EngineBridge::batchReady, &bench.page, [&](const SessionBatch& batch) {
        bench.page.addBatch(batch);
        ended = ended || batch.outcome.has_value();
    });
    std::vector<double> stalls;
    QElapsedTimer sinceBeat;
    QTimer beat;
    beat.setTimerType(Qt::PreciseTimer);
    QObject::connect(&beat, &QTimer::timeout, [&] {
        stalls.push_back(std::max(0.0, msOf(sinceBeat) - kHeartbeatMs));
        sinceBeat.restart();
    });
    sinceBeat.start();
    beat.start(kHeartbeatMs);
    const std::clock_t cpu = std::clock();
    std::thread feeder([&] { feed(bridge, perSecond, seconds); });
    bench.until([&] { return ended; });
    feeder.join();
    const double cpuSeconds = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
    // A stall counts for as long as it lasts: what somebody feels who looks at a moment.
    std::vector<double> felt;
    for (const double stall : stalls)
        for (double part = 0; part <= stall; part += kHeartbeatMs) felt.push_back(stall);
    std::printf(
        "{\"fed\": %zu, \"shown\": %zu, \"rows\": %d, \"stallP50Ms\": %.1f, \"stallP99Ms\": %.1f, "
        "\"feltP99Ms\": %.1f, \"stallMaxMs\": %.1f, \"cpuShare\": %.2f, \"highestRssMb\": %.1f}\n",
        perSecond / 100 * 100 * seconds, bench.page.events().total(), bench.page.events().rowCount(),
        quantile(stalls, 0.5), quantile(stalls, 0.99), quantile(felt, 0.99),
        *std::max_element(stalls.begin(), stalls.end()), cpuSeconds / static_cast<double>(seconds), highestRssMb());
    return bench.page.events().total() == perSecond / 100 * 100 * seconds ? 0 : fail("events are missing");
}

}  // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QTemporaryDir settings;
    belljar::test::isolate(settings);
    const QStringList words = QApplication::arguments();
    if (words.size() == 3 && words[1] == "open"_L1) return open(words[2]);
    if (words.size() == 4 && words[1] == "follow"_L1) return follow(words[2].toULong(), words[3].toULong());
    return std::fprintf(stderr, "usage: live_speed open FILE | follow EVENTS_PER_SECOND SECONDS\n"), 2;
}
