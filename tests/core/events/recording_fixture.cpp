#include "tests/core/events/recording_fixture.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

#include "core/events/event_table.h"

namespace belljar {

namespace fs = std::filesystem;

void RecordingTest::SetUp()
{
    std::random_device random;
    m_folder = fs::temp_directory_path() / ("belljar-test-recording-" + std::to_string(random()) + std::to_string(random()));
    ASSERT_TRUE(fs::create_directory(m_folder));
}

std::string RecordingTest::contentOf(const std::string& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void RecordingTest::put(const std::string& file, std::string_view bytes)
{
    fs::remove(file);  // Some file systems write a file that was cut to the disk at once, which takes long.
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

RecordingHeader someHeader()
{
    RecordingHeader header;
    header.belljarVersion = "0.1.0";
    header.sessionId = "0123456789abcdef";
    header.startedUnixNs = 1'700'000'000'123'456'789;
    header.profileName = "größe.json";
    header.profileText = "{\n  \"version\": \"0.8.0\"\n}\n";
    header.backend = "bubblewrap";
    header.source = {"notify", "seccomp user notification", {"Results are derived."}, "no kernel source"};
    header.trace = "full";
    header.system = "linux";
    header.kernel = "6.1";
    header.distribution = "Debian";
    header.uid = 1000;
    header.argv = {"cat", std::string("\xff\x00\xfe", 3), "", "\u202e", "\xef\xbf\xbd"};
    header.cwd = "/";
    header.rules = {{RuleSource::builtIn, "none", {}},
                    {RuleSource::profile, "deniedPaths: \xff", {"/filesystem/deniedPaths/0", 12, 3}},
                    {RuleSource::commandLine, "--ro /x", {}}};
    return header;
}

std::string hostileText(std::mt19937& random, std::size_t longest)
{
    static const std::vector<std::string> kSpecial{"",
                                                   std::string(1, '\0'),
                                                   "\xff\xfe",
                                                   "\xed\xa0\x80",
                                                   "\u202e",
                                                   "\n",
                                                   "/usr/lib/x86_64-linux-gnu/libc.so.6",
                                                   std::string("a\0b", 3),
                                                   "\x1b[2J"};
    if (random() % 3 == 0) return kSpecial[random() % kSpecial.size()];
    std::string text(random() % (longest + 1), '\0');
    for (char& c : text) c = static_cast<char>(random() & 0xffU);
    return text;
}

std::vector<Event> someEvents(std::size_t count, unsigned seed, std::size_t longest)
{
    std::mt19937 random(seed);
    const auto number = [&] { return static_cast<std::int32_t>(random()); };
    std::vector<Event> events(count);
    for (std::size_t i = 0; i < count; ++i) {
        Event& event = events[i];
        event.sequence = i + 1;
        event.timeNs = static_cast<std::int64_t>(i * 1'000'000 + random() % 5'000'000);
        if (i % 97 == 0)
            event.timeNs = static_cast<std::int64_t>((static_cast<std::uint64_t>(random()) << 32U) | random());
        if (i % 3 != 0 && i > 0) {  // The process of the event before, as mostly; sometimes with another name.
            event.pid = events[i - 1].pid;
            event.parentPid = events[i - 1].parentPid;
            event.insidePid = events[i - 1].insidePid;
            event.processStart = events[i - 1].processStart;
            event.processName = i % 7 == 0 ? hostileText(random, 15) : events[i - 1].processName;
        } else {
            event.pid = number();
            event.parentPid = number();
            event.insidePid = number();
            event.processStart = (static_cast<std::uint64_t>(random()) << 32U) | random();
            event.processName = hostileText(random, 15);
        }
        event.kind = i % 50 == 0 ? static_cast<EventKind>(random()) : eventTable()[random() % eventTable().size()].kind;
        event.object = hostileText(random, longest);
        event.detail = hostileText(random, longest);
        event.result = i % 5 == 0 ? kResultUnknown : number();
        event.trust = static_cast<ResultTrust>(random() % 3);
        event.verdict = static_cast<EventVerdict>(random() % 3);
        event.rule = static_cast<RuleId>(event.verdict == EventVerdict::none ? random() : random() % 3);
        event.origin = static_cast<EventOrigin>(random() % 5);
        event.mechanism = static_cast<Mechanism>(random() % 14);
        event.absentOnHost = random() % 2 == 0;
    }
    return events;
}

bool same(const Event& a, const Event& b)
{
    return a.sequence == b.sequence && a.timeNs == b.timeNs && a.pid == b.pid && a.parentPid == b.parentPid &&
           a.insidePid == b.insidePid && a.processStart == b.processStart && a.processName == b.processName &&
           a.kind == b.kind && a.object == b.object && a.detail == b.detail && a.result == b.result &&
           a.trust == b.trust && a.verdict == b.verdict && a.rule == b.rule && a.origin == b.origin &&
           a.mechanism == b.mechanism && a.absentOnHost == b.absentOnHost;
}

void expectPrefix(std::span<const Event> part, std::span<const Event> whole, const std::string& context)
{
    ASSERT_LE(part.size(), whole.size()) << context;
    for (std::size_t i = 0; i < part.size(); ++i) ASSERT_TRUE(same(part[i], whole[i])) << context << " event " << i;
}

void writeRecording(const std::string& file, std::span<const Event> events, std::size_t batch, bool finish)
{
    auto writer = RecordingWriter::create(file, someHeader());
    ASSERT_TRUE(writer.ok()) << describe(writer.error());
    for (std::size_t i = 0; i < events.size(); i += batch)
        ASSERT_TRUE((*writer)->append(events.subspan(i, std::min(batch, events.size() - i))).ok());
    if (!finish) return;
    Outcome outcome;
    outcome.ending = Exited{3};
    outcome.duration = std::chrono::nanoseconds(123'456'789);
    outcome.cpuTime = std::chrono::microseconds(77);
    outcome.peakMemoryKb = 4096;
    Losses losses;
    losses.source = 5;
    losses.queue = 7;
    ASSERT_TRUE((*writer)->finish(outcome, losses).ok());
}

std::string forgedFrame(recording::FrameKind kind, std::string_view payload)
{
    std::string out;
    recording::putFrame(out, kind, payload);
    return out;
}

}  // namespace belljar
