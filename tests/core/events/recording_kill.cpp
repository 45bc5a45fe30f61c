#include "tests/core/events/recording_kill.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <csignal>
#include <new>
#include <random>

#include "core/events/recording.h"
#include "core/events/recording_reader.h"

namespace belljar {
namespace {

/// What the child has done so far, in memory that outlives it.
struct Progress {
    std::atomic<bool> started{false};
    std::atomic<std::uint64_t> made{0};
    std::atomic<std::int64_t> madeNs{0};
    std::atomic<std::uint64_t> shown{0};
};

/// Event number `sequence`: content that can be checked without having seen it.
void fill(Event& event, std::uint64_t sequence, std::int64_t timeNs)
{
    event.sequence = sequence;
    event.timeNs = timeNs;
    event.pid = static_cast<std::int32_t>(sequence % 50);
    event.processName = "worker";
    event.object = "/srv/data/" + std::to_string(sequence % 3001) + "/" + std::to_string(sequence);
    event.detail = sequence % 3 == 0 ? "O_RDONLY" : "";
    event.result = static_cast<std::int32_t>(sequence % 5);
}

[[noreturn]] void record(const std::string& file, std::uint32_t seed, Progress& progress)
{
    std::mt19937 random(seed);
    auto writer = RecordingWriter::create(file, RecordingHeader{});
    if (!writer) _exit(1);
    progress.started = true;
    const auto start = std::chrono::steady_clock::now();
    std::vector<Event> batch;
    for (std::uint64_t sequence = 0;;) {
        batch.resize(random() % 8 == 0 ? 1 + random() % 20'000 : 1 + random() % 100);
        for (Event& event : batch) {
            const std::chrono::nanoseconds now = std::chrono::steady_clock::now() - start;
            fill(event, ++sequence, now.count());
            progress.madeNs = now.count();
            progress.made = sequence;
        }
        if (!(*writer)->append(batch)) _exit(2);
        progress.shown = sequence;
    }
}

std::string checked(const OpenRecording& recording, const Progress& progress)
{
    const std::size_t count = recording.events.size();
    if (count < progress.shown)
        return "shown were " + std::to_string(progress.shown) + ", the file has " + std::to_string(count);
    if (count > progress.made) return "the file has more events than were made";
    if (recording.outcome) return "a killed session has an outcome";
    Event event;
    Event expected;
    for (std::size_t i = 0; i < count; ++i) {
        recording.events.read(i, event);
        fill(expected, i + 1, event.timeNs);
        if (event.sequence != expected.sequence || event.object != expected.object || event.pid != expected.pid ||
            event.detail != expected.detail || event.result != expected.result)
            return "event " + std::to_string(i) + " is not the one that was recorded";
    }
    return {};
}

}  // namespace

KillResult killWhileRecording(const std::string& file, std::uint32_t microseconds, std::uint32_t seed)
{
    void* memory = mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return {"no shared memory"};
    Progress& progress = *new (memory) Progress;
    const pid_t child = fork();
    if (child == 0) record(file, seed, progress);
    KillResult result;
    while (!progress.started && waitpid(child, nullptr, WNOHANG) == 0) usleep(100);
    usleep(microseconds);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    result.made = progress.made;
    result.shown = progress.shown;
    const auto recording = openRecording(file);
    if (!recording) {
        result.wrong = describe(recording.error());
    } else {
        result.wrong = WIFSIGNALED(status) ? checked(*recording, progress) : "the child ended by itself";
        result.recovered = recording->events.size();
        const std::int64_t last = recording->events.times.empty() ? 0 : recording->events.times.back();
        if (result.recovered < result.made) result.lostMs = static_cast<double>(progress.madeNs - last) / 1e6;
    }
    munmap(memory, sizeof(Progress));
    return result;
}

}  // namespace belljar
