// Random hostile recordings against the reader: recording_fuzz [--seconds N] [--seed N].
//
// Damages good files, mostly with right checksums afterwards, since a wrong one ends the reading. Beside "does not
// crash" it holds: every number in the columns is valid, every event can be read and written as a line of each form,
// process chains end, and without forged checksums only events of the good file are shown.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "core/events/recording.h"
#include "core/events/recording_checksum.h"
#include "core/events/recording_format.h"
#include "core/events/recording_lines.h"
#include "tests/fuzz/fuzz_loop.h"

namespace {

using namespace belljar;
namespace fs = std::filesystem;

class Fuzzer {
public:
    Fuzzer(std::uint64_t seed, fs::path folder) : m_random(seed), m_folder(std::move(folder))
    {
        for (std::size_t i = 0; i < 8; ++i) {
            m_seeds.push_back(makeSeed("seed" + std::to_string(i), 1 + i * 12, 1 + i % 3 * 7, i % 2 == 0));
        }
    }

    /// False after printing what is wrong; the input stays as `last` in the folder.
    bool round()
    {
        const Seed& seed = m_seeds[below(m_seeds.size())];
        std::string bytes = seed.bytes;
        for (std::size_t i = 1 + below(6); i > 0; --i) damage(bytes);
        const bool forged = below(4) != 0;
        if (forged) repair(bytes);
        const std::string file = (m_folder / "last").string();
        fs::remove(file);
        std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        const Result<OpenRecording> recording = openRecording(file);
        if (!recording) return !recording.error().message.empty() || wrong("an error without a sentence");
        ++m_opened;
        m_events += recording->events.size();
        if (!forged && !isPrefix(recording->events, seed.events)) return wrong("events that nobody recorded");
        return checkColumns(*recording) && checkLines(*recording) && checkValues(file, *recording);
    }

    [[nodiscard]] std::uint64_t opened() const { return m_opened; }
    [[nodiscard]] std::uint64_t events() const { return m_events; }

private:
    struct Seed {
        std::string bytes;
        std::vector<Event> events;
    };

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

    bool wrong(const std::string& what) const
    {
        std::cout << "WRONG: " << what << ", input " << m_folder / "last"
                  << "\n";
        return false;
    }

    Seed makeSeed(const std::string& name, std::size_t count, std::size_t batch, bool finish)
    {
        Seed seed;
        RecordingHeader header;
        header.rules.resize(3);
        header.argv = {"a", "\xff"};
        const std::string file = (m_folder / name).string();
        auto writer = RecordingWriter::create(file, header);
        for (std::size_t i = 0; i < count; ++i) {
            Event& event = seed.events.emplace_back();
            event.sequence = i + 1;
            event.timeNs = static_cast<std::int64_t>(i * 1000);
            event.pid = static_cast<std::int32_t>(i / 4 + 1);
            event.parentPid = static_cast<std::int32_t>(i / 8);
            event.processStart = i / 4;
            event.processName = "p" + std::to_string(i % 3);
            event.object = "/o/" + std::to_string(i % 9);
            event.detail = i % 2 == 0 ? "" : "=d\xff";
            event.verdict = static_cast<EventVerdict>(i % 3);
            event.rule = static_cast<RuleId>(i % 3);
        }
        const std::span<const Event> all(seed.events);
        bool good = writer.ok();
        for (std::size_t i = 0; good && i < count; i += batch)
            good = (*writer)->append(all.subspan(i, std::min(batch, count - i))).ok();
        good = good && (*writer)->addRules(std::span(header.rules).first(1)).ok();
        if (good && finish) good = (*writer)->finish(Outcome{}, Losses{}).ok();
        if (!good) std::cerr << "the seed could not be written\n", std::exit(2);
        std::ifstream in(file, std::ios::binary);
        seed.bytes.assign(std::istreambuf_iterator<char>(in), {});
        return seed;
    }

    void damage(std::string& bytes)
    {
        // Mostly beyond prefix and header, where everything else is.
        const std::size_t from = below(8) == 0 ? 0 : std::min<std::size_t>(bytes.size(), recording::kPrefixSize + 1040);
        const std::size_t at = from + below(bytes.size() - from + 1);
        const std::size_t length = std::min(below(40), bytes.size() - at);
        static const std::vector<std::uint32_t> kNumbers{
            0, 1, 2, 0xffffffffU, 0x7fffffffU, 0x80000000U, 0x00100001U, 0x04000001U, 0xcccccccdU, 24};
        switch (below(6)) {
            case 0: bytes.erase(at, length); break;
            case 1: bytes.insert(below(bytes.size() + 1), bytes.substr(at, length * 8)); break;
            case 2: bytes.resize(at); break;
            case 3: {
                std::string number;
                recording::putNumber(number, kNumbers[below(kNumbers.size())]);
                bytes.replace(at, std::min(number.size(), bytes.size() - at), number);
                break;
            }
            default:
                if (at < bytes.size()) bytes[at] = static_cast<char>(below(256));
        }
        if (bytes.empty()) bytes.push_back('B');
    }

    /// Lengths that fit into the file where they do not, and right checksums.
    static void repair(std::string& bytes)
    {
        const auto patch = [&](std::size_t at, std::uint32_t number) {
            std::string text;
            recording::putNumber(text, number);
            bytes.replace(at, text.size(), text);
        };
        if (bytes.size() < recording::kPrefixSize) return;
        patch(12, recording::crc32c(std::string_view(bytes).substr(0, 12)));
        for (std::size_t at = recording::kPrefixSize; bytes.size() - at >= recording::kFrameHeaderSize;) {
            patch(at, recording::kFrameMagic);
            bytes[at + 6] = bytes[at + 7] = 0;
            recording::ByteReader reader(std::string_view(bytes).substr(at + 8));
            std::size_t length = reader.number<std::uint32_t>();
            const std::size_t most = bytes.size() - at - recording::kFrameHeaderSize;
            if (length > most) patch(at + 8, static_cast<std::uint32_t>(length = most));
            const std::string_view whole(bytes);
            patch(at + 12, recording::crc32c(whole.substr(at + recording::kFrameHeaderSize, length),
                                             recording::crc32c(whole.substr(at + 4, 8))));
            at += recording::kFrameHeaderSize + length;
        }
    }

    static bool isPrefix(const EventColumns& events, const std::vector<Event>& known)
    {
        if (events.size() > known.size()) return false;
        for (std::size_t i = 0; i < events.size(); ++i) {
            const Event event = events.event(i);
            if (event.sequence != known[i].sequence || event.object != known[i].object || event.pid != known[i].pid)
                return false;
        }
        return true;
    }

    static bool below(const SharedColumn<std::uint32_t>& column, std::size_t events, std::size_t limit)
    {
        return column.size() == events &&
               std::all_of(column.begin(), column.end(), [&](std::uint32_t number) { return number < limit; });
    }

    bool checkColumns(const OpenRecording& recording) const
    {
        const EventColumns& events = recording.events;
        const std::size_t count = events.size();
        if (!below(events.processes, count, events.processTable.size()) ||
            !below(events.objects, count, events.texts.size()) || !below(events.details, count, events.texts.size()) ||
            !below(events.shapes, count, events.shapeTable.size()))
            return wrong("a number in a column is not valid");
        for (const RecordedProcess& process : events.processTable)
            if (process.name >= events.texts.size()) return wrong("a process without a name");
        for (const EventShape& shape : events.shapeTable)
            if (shape.verdict != EventVerdict::none && shape.rule >= recording.header.rules.size())
                return wrong("a rule that is not there");
        if (count != 0 && (events.sequenceRuns.empty() || events.sequenceRuns.front().event != 0))
            return wrong("events without sequence numbers");
        const std::vector<std::uint32_t> parents = parentRows(events.processTable);
        for (std::uint32_t row = 0; row < parents.size(); ++row)
            if (processChain(parents, row).size() > 256) return wrong("a chain of processes that does not end");
        return true;
    }

    bool checkLines(const OpenRecording& recording) const
    {
        RecordingLines lines(recording);
        const std::size_t step = recording.events.size() / 50 + 1;
        for (std::size_t event = 0; event < recording.events.size(); event += step) {
            std::string line;
            lines.text(event, line);
            lines.json(event, line);
            lines.csv(event, line);
            if (std::any_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
                return wrong("a control character in a line");
        }
        return true;
    }

    bool checkValues(const std::string& file, const OpenRecording& opened) const
    {
        const Result<Recording> values = readRecording(file);
        if (!values) return wrong("what opens cannot be read");
        return values->events.size() == opened.events.size() || values->damage != opened.damage ||
               wrong("events got lost without a word");
    }

    std::mt19937_64 m_random;
    fs::path m_folder;
    std::vector<Seed> m_seeds;
    std::uint64_t m_opened = 0;
    std::uint64_t m_events = 0;
};

}  // namespace

int main(int argc, char** argv)
{
    const belljar::FuzzOptions options = belljar::fuzzOptions("recording_fuzz", argc, argv);
    // Files in memory where the system has that: disks are slow, and some wear out.
    std::error_code none;
    const fs::path base = fs::is_directory("/dev/shm", none) ? fs::path("/dev/shm") : fs::temp_directory_path();
    const fs::path folder = base / ("belljar-recording-fuzz-" + std::to_string(std::random_device{}()));
    fs::create_directory(folder);
    Fuzzer fuzzer(options.seed, folder);
    belljar::fuzz("recording_fuzz", "inputs", options, fuzzer);
    fs::remove_all(folder);
    std::cout << fuzzer.opened() << " opened with " << fuzzer.events() << " events\n";
    return fuzzer.opened() > 0 ? 0 : 1;
}
