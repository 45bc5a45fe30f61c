#include "core/events/recording_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <new>
#include <span>

#include <spdlog/fmt/fmt.h>

#include "core/events/recording_checksum.h"
#include "core/events/recording_file.h"
#include "core/events/recording_format.h"
#include "core/events/recording_json.h"

namespace belljar {
namespace {

using namespace recording;

constexpr std::size_t kStreamBuffer = 256U << 10U;  // Frames may be small.
// Columns of recordings up to this size get their memory at once, larger ones as they grow: untouched memory is free
// on some systems only.
constexpr std::uint64_t kReservedEvents = 1U << 24U;

/// Payload of a frame; a column in it is a sub-span of its words.
class Payload {
public:
    char* resize(std::size_t size)
    {
        if (m_words.size() * sizeof(std::uint32_t) < size) m_words.resize(size / sizeof(std::uint32_t) + 1);
        m_size = size;
        return reinterpret_cast<char*>(m_words.data());
    }
    [[nodiscard]] std::string_view text() const { return {reinterpret_cast<const char*>(m_words.data()), m_size}; }
    [[nodiscard]] std::span<const std::uint32_t> words() const
    {
        return std::span(m_words).first(m_size / sizeof(std::uint32_t));
    }

private:
    std::vector<std::uint32_t> m_words;
    std::size_t m_size = 0;
};

/// A number of the file as one of this machine.
std::uint32_t fromLittle(std::uint32_t value)
{
    if constexpr (std::endian::native == std::endian::little) return value;
    return (value >> 24U) | ((value >> 8U) & 0xff00U) | ((value << 8U) & 0xff0000U) | (value << 24U);
}

/// Appends numbers that must all be below `limit`; nothing is appended otherwise.
bool appendColumn(SharedColumn<std::uint32_t>& column, std::span<const std::uint32_t> words, std::size_t limit)
{
    std::uint32_t largest = 0;
    for (const std::uint32_t word : words) largest = std::max(largest, fromLittle(word));
    if (largest >= limit) return false;
    if constexpr (std::endian::native == std::endian::little) column.append(words);
    else std::transform(words.begin(), words.end(), std::back_inserter(column), fromLittle);
    return true;
}

/// Walks through a file that may hold anything.
class Reader {
public:
    Reader(std::FILE* file, std::uint64_t size) : m_file(file), m_size(size) {}

    /// Everything up to the end or the first damage; an error when there is not even a header.
    Result<OpenRecording> read(const std::string& path);

private:
    [[nodiscard]] std::size_t take(char* into, std::size_t length);
    void seek(std::size_t to);
    bool nextFrame();
    bool readFrame();
    bool readTexts(std::string_view payload);
    bool readProcesses(std::string_view payload);
    bool readShapes(std::string_view payload);
    bool readEvents(std::string_view payload);
    bool readRules(std::string_view payload);
    bool readEnd(std::string_view payload);
    bool readShape(ByteReader& bytes, EventShape& shape);
    Result<void> readPrefix(const std::string& path);
    bool stop(std::string why);

    std::FILE* m_file;
    std::uint64_t m_size;
    std::uint64_t m_at = 0;
    std::uint64_t m_frameStart = 0;
    FrameKind m_kind{};
    Payload m_payload;
    bool m_atEnd = false;
    OpenRecording m_recording;
};

bool Reader::stop(std::string why)
{
    m_recording.damage = fmt::format("byte {} of {}: {}", m_frameStart, m_size, why);
    return false;
}

/// Reads `length` bytes, fewer at the end of the file, which somebody may have cut by now.
std::size_t Reader::take(char* into, std::size_t length)
{
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(length, m_size - m_at));
    const std::size_t taken = std::fread(into, 1, wanted, m_file);
    m_at += taken;
    return taken;
}

void Reader::seek(std::size_t to)
{
    if (m_at == to || to > m_size) return;
    if (std::fseek(m_file, static_cast<long>(to), SEEK_SET) == 0) m_at = to;
}

/// False at the end of the file and at damage.
bool Reader::nextFrame()
{
    m_frameStart = m_at;
    std::array<char, kFrameHeaderSize> bytes{};
    const std::size_t taken = take(bytes.data(), bytes.size());
    if (taken == 0 && m_at == m_size) return false;
    if (taken < kFrameHeaderSize) return stop("the file is cut off inside a frame header");
    const std::string_view head(bytes.data(), bytes.size());
    ByteReader fields(head);
    const auto magic = fields.number<std::uint32_t>();
    m_kind = static_cast<FrameKind>(fields.number<std::uint16_t>());
    const auto reserved = fields.number<std::uint16_t>();
    const auto length = fields.number<std::uint32_t>();
    const auto checksum = fields.number<std::uint32_t>();
    if (magic != kFrameMagic || reserved != 0) return stop("no frame begins here");
    if (length > m_size - m_at)
        return stop(fmt::format("the frame is cut off: {} of its {} bytes are here", m_size - m_at, length));
    if (length > kLongestFrame) return stop("the frame is longer than allowed");
    if (take(m_payload.resize(length), length) < length) return stop("the frame is cut off: it could not be read");
    if (crc32c(m_payload.text(), crc32c(head.substr(4, 8))) != checksum)
        return stop("the checksum of the frame is wrong");
    return true;
}

bool Reader::readTexts(std::string_view payload)
{
    ByteReader bytes(payload);
    const auto first = bytes.number<std::uint32_t>();
    const std::size_t count = bytes.number<std::uint32_t>();
    TextTable& texts = m_recording.events.texts;
    static_cast<void>(bytes.bytes(count * sizeof(std::uint32_t)));
    if (!bytes.ok()) return stop("the text frame is too short");
    if (first != texts.size()) return stop("texts are missing before these");
    const std::span<const std::uint32_t> lengths = m_payload.words().subspan(2, count);
    std::uint64_t total = 0;
    for (const std::uint32_t length : lengths) {
        if (fromLittle(length) > kLongestText) return stop("a text is longer than allowed");
        total += fromLittle(length);
    }
    if (total != payload.size() - (2 + count) * sizeof(std::uint32_t)) return stop("the texts do not fill their frame");
    for (const std::uint32_t length : lengths) texts.add(bytes.bytes(fromLittle(length)));
    return true;
}

bool Reader::readProcesses(std::string_view payload)
{
    ByteReader bytes(payload);
    SharedColumn<RecordedProcess>& table = m_recording.events.processTable;
    const auto first = bytes.number<std::uint32_t>();
    const auto reserved = bytes.number<std::uint32_t>();
    if (!bytes.ok() || reserved != 0 || (payload.size() - 8) % kProcessSize != 0)
        return stop("the process frame holds a part of a row");
    if (first != table.size()) return stop("processes are missing before these");
    while (!bytes.atEnd()) {
        RecordedProcess row;
        row.start = bytes.number<std::uint64_t>();
        row.pid = static_cast<std::int32_t>(bytes.number<std::uint32_t>());
        row.parentPid = static_cast<std::int32_t>(bytes.number<std::uint32_t>());
        row.insidePid = static_cast<std::int32_t>(bytes.number<std::uint32_t>());
        row.name = bytes.number<std::uint32_t>();
        if (row.name >= m_recording.events.texts.size()) return stop("a process names a text that is not there");
        table.push_back(row);
    }
    return true;
}

bool Reader::readShape(ByteReader& bytes, EventShape& shape)
{
    shape.kind = static_cast<EventKind>(bytes.number<std::uint16_t>());
    const auto verdict = bytes.number<std::uint8_t>();
    const auto trust = bytes.number<std::uint8_t>();
    const auto origin = bytes.number<std::uint8_t>();
    const auto mechanism = bytes.number<std::uint8_t>();
    const auto absent = bytes.number<std::uint8_t>();
    const auto reserved = bytes.number<std::uint8_t>();
    shape.rule = bytes.number<std::uint32_t>();
    shape.result = static_cast<std::int32_t>(bytes.number<std::uint32_t>());
    if (verdict > static_cast<unsigned>(EventVerdict::denied) || trust > static_cast<unsigned>(ResultTrust::seen) ||
        absent > 1 || reserved != 0)
        return stop("an event has a verdict or a mark that does not exist");
    shape.verdict = static_cast<EventVerdict>(verdict);
    shape.trust = static_cast<ResultTrust>(trust);
    shape.absentOnHost = absent == 1;
    // Newer versions may know more of these, as of kinds: their names are asked of tables, which know what is unknown.
    shape.origin = static_cast<EventOrigin>(origin);
    shape.mechanism = static_cast<Mechanism>(mechanism);
    const std::size_t rules = m_recording.header.rules.size();
    if (shape.verdict != EventVerdict::none && shape.rule >= rules)
        return stop(fmt::format("an event names rule {} of {}", shape.rule, rules));
    return true;
}

bool Reader::readShapes(std::string_view payload)
{
    ByteReader bytes(payload);
    SharedColumn<EventShape>& table = m_recording.events.shapeTable;
    const auto first = bytes.number<std::uint32_t>();
    const auto reserved = bytes.number<std::uint32_t>();
    if (!bytes.ok() || reserved != 0 || (payload.size() - 8) % kShapeSize != 0)
        return stop("the shape frame holds a part of a row");
    if (first != table.size()) return stop("shapes are missing before these");
    while (!bytes.atEnd()) {
        EventShape shape;
        if (!readShape(bytes, shape)) return false;
        table.push_back(shape);
    }
    return true;
}

bool Reader::readEvents(std::string_view payload)
{
    EventColumns& events = m_recording.events;
    ByteReader head(payload);
    const std::size_t count = head.number<std::uint32_t>();
    const auto reserved = head.number<std::uint32_t>();
    const auto sequence = head.number<std::uint64_t>();
    const auto base = head.number<std::uint64_t>();
    if (!head.ok() || reserved != 0 || count == 0 || payload.size() - kEventsHeadSize != count * kEventSize)
        return stop("the event frame does not hold what it says");
    const auto column = [&](std::size_t index) {
        return m_payload.words().subspan(kEventsHeadSize / sizeof(std::uint32_t) + index * count, count);
    };
    const std::size_t before = events.size();
    if (!appendColumn(events.processes, column(1), events.processTable.size()) ||
        !appendColumn(events.objects, column(2), events.texts.size()) ||
        !appendColumn(events.details, column(3), events.texts.size()) ||
        !appendColumn(events.shapes, column(4), events.shapeTable.size())) {
        // A frame counts as a whole or not at all.
        for (auto* numbers : {&events.processes, &events.objects, &events.details}) numbers->truncate(before);
        return stop("an event names a text, a process or a shape that is not there");
    }
    for (const std::uint32_t word : column(0)) {
        const auto distance = static_cast<std::int64_t>(static_cast<std::int32_t>(fromLittle(word)));
        events.times.push_back(static_cast<std::int64_t>(base + static_cast<std::uint64_t>(distance)));
    }
    const bool follows = !events.sequenceRuns.empty() &&
                         events.sequenceRuns.back().sequence + (before - events.sequenceRuns.back().event) == sequence;
    if (!follows) events.sequenceRuns.push_back({before, sequence});
    return true;
}

bool Reader::readRules(std::string_view payload)
{
    std::optional<std::vector<Rule>> rules = rulesFromJson(payload);
    if (!rules) return stop("the rules cannot be read");
    std::move(rules->begin(), rules->end(), std::back_inserter(m_recording.header.rules));
    return true;
}

bool Reader::readEnd(std::string_view payload)
{
    std::optional<EndInfo> end = endFromJson(payload);
    if (!end) return stop("the outcome cannot be read");
    m_recording.outcome = std::move(end->outcome);
    m_recording.losses = end->losses;
    return true;
}

/// False at the end and at damage.
bool Reader::readFrame()
{
    switch (m_kind) {
        case FrameKind::texts: return readTexts(m_payload.text());
        case FrameKind::processes: return readProcesses(m_payload.text());
        case FrameKind::shapes: return readShapes(m_payload.text());
        case FrameKind::events: return readEvents(m_payload.text());
        case FrameKind::rules: return readRules(m_payload.text());
        case FrameKind::end: readEnd(m_payload.text()); return false;
        case FrameKind::notice:
        case FrameKind::header: return stop("a frame stands where it may not");
    }
    return true;  // Kinds of newer versions are skipped.
}

Result<void> Reader::readPrefix(const std::string& path)
{
    std::array<char, kPrefixSize> bytes{};
    const std::size_t taken = take(bytes.data(), bytes.size());
    const std::string_view prefix(bytes.data(), taken);
    if (taken < kPrefixSize || !prefix.starts_with(kFileMagic))
        return Error{ErrorCode::malformedRequest,
                     "this is not a Belljar recording",
                     path,
                     {},
                     "Recordings are made with `belljar run --record FILE`."};
    ByteReader fields(prefix.substr(kFileMagic.size()));
    const auto major = fields.number<std::uint16_t>();
    const auto minor = fields.number<std::uint16_t>();
    if (crc32c(prefix.substr(0, 12)) != fields.number<std::uint32_t>())
        return Error{ErrorCode::malformedRequest, "the start of the recording is damaged", path, {}, {}};
    if (major == kMajorVersion) return {};
    return Error{ErrorCode::malformedRequest,
                 fmt::format("the recording has format {}.{}, this Belljar reads {}.x", major, minor, kMajorVersion),
                 path,
                 {},
                 "Read it with the version that made it, or a newer one."};
}

Result<OpenRecording> Reader::read(const std::string& path)
{
    if (Result<void> prefix = readPrefix(path); !prefix) return std::move(prefix).error();
    // Of all frames the notice may be torn, since it is written again; everything else is still worth having.
    const bool isNotice = nextFrame() && m_kind == FrameKind::notice;
    if (isNotice && m_payload.text().find_first_not_of(' ') != std::string_view::npos) readEnd(m_payload.text());
    if (!isNotice && m_recording.damage.empty()) stop("the notice is missing");
    std::string noticeDamage;
    noticeDamage.swap(m_recording.damage);
    seek(kPrefixSize + kFrameHeaderSize + kNoticeSize);

    std::optional<RecordingHeader> header;
    if (nextFrame() && m_kind == FrameKind::header) header = headerFromJson(m_payload.text());
    if (!header) {
        const std::string& why = m_recording.damage.empty() ? noticeDamage : m_recording.damage;
        return Error{ErrorCode::malformedRequest,
                     "the header of the recording is unreadable" + (why.empty() ? why : ": " + why),
                     path,
                     {},
                     {}};
    }
    m_recording.header = std::move(*header);
    const std::uint64_t most = m_size / kEventSize + 1;
    if (most <= kReservedEvents) {
        EventColumns& events = m_recording.events;
        events.times.reserve(most);
        for (auto* column : {&events.processes, &events.objects, &events.details, &events.shapes})
            column->reserve(most);
    }
    while (nextFrame())
        if (!readFrame()) break;
    if (m_recording.damage.empty()) m_recording.damage = std::move(noticeDamage);
    return std::move(m_recording);
}

}  // namespace

bool isRecording(const std::string& path)
{
    std::error_code failure;
    if (!std::filesystem::is_regular_file(path, failure)) return false;
    const FilePointer file(std::fopen(path.c_str(), "rb"));
    std::array<char, kFileMagic.size()> bytes{};
    return file && std::fread(bytes.data(), 1, bytes.size(), file.get()) == bytes.size() &&
           std::string_view(bytes.data(), bytes.size()) == kFileMagic;
}

Result<OpenRecording> openRecording(const std::string& path)
{
    std::error_code failure;
    const bool regular = std::filesystem::is_regular_file(path, failure);
    const std::uint64_t size = regular ? std::filesystem::file_size(path, failure) : 0;
    errno = 0;
    const FilePointer file(regular ? std::fopen(path.c_str(), "rb") : nullptr);
    if (failure || !file) {
        const int number = failure ? failure.value() : errno;
        const bool missing = failure == std::errc::no_such_file_or_directory;
        Error error = fileError(
            path, missing ? "there is no such file" : "the recording cannot be opened as a regular file", number);
        if (number == 0) error.native.clear();
        return error;
    }
    std::setvbuf(file.get(), nullptr, _IOFBF, kStreamBuffer);
    try {
        return Reader(file.get(), size).read(path);
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::backendError, "there is not enough memory for this recording", path, {}, {}};
    }
}

}  // namespace belljar
