// What `./dev bench store` measures with: store_speed ingest FILE COUNT | open FILE | kills FOLDER COUNT. One JSON
// object on standard output.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "core/events/recording.h"
#include "core/events/recording_reader.h"
#include "tests/core/events/recording_kill.h"

namespace {

using namespace belljar;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kObjects = 264'000;
constexpr std::size_t kProcesses = 2000;
constexpr std::size_t kBatch = 4096;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A mix as builds and package managers make it: paths of about sixty bytes, some seen often and most seldom.
class Mix {
public:
    Mix() : m_random(42)
    {
        for (std::size_t i = 0; i < kObjects; ++i)
            m_objects.push_back("/usr/lib/node_modules/package-" + std::to_string(i / 40) + "/dist/module_" +
                                std::to_string(i) + "_impl.js");
        for (const char* detail : {"O_RDONLY|O_CLOEXEC", "O_RDONLY", "O_WRONLY|O_CREAT|O_TRUNC 0644", "", "", "code 0",
                                   "AT_SYMLINK_NOFOLLOW"})
            m_details.emplace_back(detail);
    }

    void fill(Event& event, std::uint64_t sequence)
    {
        if (m_random() % 32 == 0) m_process = m_random() % kProcesses;
        event.sequence = sequence;
        event.timeNs = static_cast<std::int64_t>(sequence) * 700 + static_cast<std::int64_t>(m_random() % 500);
        event.pid = static_cast<std::int32_t>(1000 + m_process);
        event.parentPid = static_cast<std::int32_t>(1000 + m_process / 2);
        event.insidePid = static_cast<std::int32_t>(2 + m_process);
        event.processStart = 100'000 + m_process;
        event.processName = m_process % 3 == 0 ? "node" : m_process % 3 == 1 ? "cc1plus" : "python3.11";
        // Half of the events go to a twentieth of the objects.
        const std::size_t wide = m_random() % kObjects;
        event.object = m_objects[m_random() % 2 == 0 ? wide : wide % (kObjects / 20)];
        const std::size_t kind = m_random() % 12;
        event.kind = static_cast<EventKind>(10 + kind);
        event.detail = m_details[kind % m_details.size()];
        event.result = m_random() % 4 == 0 ? 2 : 0;
        event.trust = ResultTrust::seen;
        event.verdict = EventVerdict::allowed;
        event.rule = static_cast<RuleId>(m_random() % 20);
        event.origin = EventOrigin::kernel;
        event.mechanism = Mechanism::mount;
    }

private:
    std::mt19937_64 m_random;
    std::size_t m_process = 0;
    std::vector<std::string> m_objects;
    std::vector<std::string> m_details;
};

/// Time in append() alone: events come as values, bytes are in the file when it returns.
int ingest(const std::string& file, std::size_t count)
{
    RecordingHeader header;
    header.rules.resize(20);
    auto writer = RecordingWriter::create(file, header);
    if (!writer) return std::fprintf(stderr, "%s\n", describe(writer.error()).c_str()), 1;
    Mix mix;
    std::vector<Event> batch(kBatch);
    double seconds = 0;
    for (std::size_t done = 0; done < count; done += batch.size()) {
        batch.resize(std::min(kBatch, count - done));
        for (std::size_t i = 0; i < batch.size(); ++i) mix.fill(batch[i], done + i + 1);
        const Clock::time_point start = Clock::now();
        if (Result<void> written = (*writer)->append(batch); !written)
            return std::fprintf(stderr, "%s\n", describe(written.error()).c_str()), 1;
        seconds += secondsSince(start);
    }
    if (!(*writer)->finish(Outcome{}, Losses{})) return 1;
    std::printf("{\"eventsPerSecond\": %.0f, \"bytesPerEvent\": %.3f}\n", static_cast<double>(count) / seconds,
                static_cast<double>(std::filesystem::file_size(file)) / static_cast<double>(count));
    return 0;
}

int open(const std::string& file)
{
    const Clock::time_point start = Clock::now();
    const auto recording = openRecording(file);
    const double seconds = secondsSince(start);
    if (!recording || !recording->damage.empty()) return 1;
    long highestKb = 0;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) highestKb = std::strtol(line.c_str() + 6, nullptr, 10);
    std::printf("{\"events\": %zu, \"openMs\": %.1f, \"highestRssMb\": %.1f}\n", recording->events.size(),
                seconds * 1e3, static_cast<double>(highestKb) / 1024);
    return 0;
}

int kills(const std::string& folder, std::uint32_t count)
{
    std::mt19937 random(std::random_device{}());
    double worst = 0;
    std::uint64_t recovered = 0;
    std::uint64_t inFlight = 0;
    for (std::uint32_t round = 0; round < count; ++round) {
        const std::string file = folder + "/kill-" + std::to_string(round);
        const KillResult result = killWhileRecording(file, static_cast<std::uint32_t>(random() % 100'000),
                                                     static_cast<std::uint32_t>(random()));
        std::filesystem::remove(file);
        if (!result.wrong.empty()) return std::fprintf(stderr, "kill %u: %s\n", round, result.wrong.c_str()), 1;
        worst = std::max(worst, result.lostMs);
        recovered += result.recovered;
        inFlight += result.made - result.recovered;
    }
    std::printf("{\"kills\": %u, \"recovered\": %llu, \"lostInFlight\": %llu, \"worstLostMs\": %.2f}\n", count,
                static_cast<unsigned long long>(recovered), static_cast<unsigned long long>(inFlight), worst);
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() == 3 && words[0] == "ingest")
        return ingest(words[1], std::strtoull(words[2].c_str(), nullptr, 10));
    if (words.size() == 2 && words[0] == "open") return open(words[1]);
    if (words.size() == 3 && words[0] == "kills")
        return kills(words[1], static_cast<std::uint32_t>(std::strtoul(words[2].c_str(), nullptr, 10)));
    return std::fprintf(stderr, "usage: store_speed ingest FILE COUNT | open FILE | kills FOLDER COUNT\n"), 2;
}
