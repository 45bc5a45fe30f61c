#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <spdlog/fmt/fmt.h>

#include "core/events/event_table.h"
#include "core/events/recording.h"
#include "core/events/recording_format.h"
#include "core/events/recording_json.h"

namespace belljar {
namespace {

using namespace recording;

// Events hold copies of their texts, so a small file could ask for any amount of memory. Honest recordings stay far
// below: 56 bytes a record and texts of about a hundred.
constexpr std::uint64_t kTextBytesAlways = 64U << 20U;
constexpr std::uint64_t kTextBytesPerFileByte = 32;

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

struct Frame {
    std::uint16_t kind = 0;
    std::string payload;
};

/// Walks through a file that may hold anything.
class Reader {
public:
    Reader(std::FILE* file, std::uint64_t size) : m_file(file), m_size(size), m_textBudget(textBudget(size)) {}

    /// Everything up to the end or the first damage; an error when there is not even a header.
    Result<Recording> read(const std::string& path);

private:
    static std::uint64_t textBudget(std::uint64_t size)
    {
        constexpr std::uint64_t kMost = ~std::uint64_t{0} / (2 * kTextBytesPerFileByte);
        return kTextBytesAlways + kTextBytesPerFileByte * std::min(size, kMost);
    }

    [[nodiscard]] std::string take(std::uint64_t length);
    bool nextFrame(Frame& frame);
    bool readStrings(std::string_view payload);
    bool readEvents(std::string_view payload);
    bool readEvent(ByteReader& bytes);
    bool readText(std::uint32_t id, std::string& text);
    bool stop(std::string why);

    std::FILE* m_file;
    std::uint64_t m_size;
    std::uint64_t m_at = 0;
    std::uint64_t m_frameStart = 0;
    std::uint64_t m_textBudget;
    std::vector<std::string> m_strings{std::string()};  // Number 0 is the empty text.
    Recording m_recording;
};

bool Reader::stop(std::string why)
{
    m_recording.damage = fmt::format("byte {} of {}: {}", m_frameStart, m_size, why);
    return false;
}

/// The next `length` bytes, fewer at the end of the file.
std::string Reader::take(std::uint64_t length)
{
    std::string bytes(static_cast<std::size_t>(std::min(length, m_size - m_at)), '\0');
    bytes.resize(std::fread(bytes.data(), 1, bytes.size(), m_file));
    m_at += bytes.size();
    return bytes;
}

/// False at the end of the file and at damage.
bool Reader::nextFrame(Frame& frame)
{
    m_frameStart = m_at;
    const std::string head = take(kFrameHeaderSize);
    if (head.empty()) return false;
    if (head.size() < kFrameHeaderSize) return stop("the file is cut off inside a frame header");
    ByteReader fields(head);
    const auto magic = fields.number<std::uint32_t>();
    frame.kind = fields.number<std::uint16_t>();
    const auto reserved = fields.number<std::uint16_t>();
    const auto length = fields.number<std::uint32_t>();
    const auto checksum = fields.number<std::uint32_t>();
    if (magic != kFrameMagic || reserved != 0) return stop("no frame begins here");
    if (length > m_size - m_at)
        return stop(fmt::format("the frame is cut off: {} of its {} bytes are here", m_size - m_at, length));
    frame.payload = take(length);
    if (frame.payload.size() < length) return stop("the frame could not be read");
    if (crc32c(frame.payload, crc32c(std::string_view(head).substr(4, 8))) != checksum)
        return stop("the checksum of the frame is wrong");
    return true;
}

bool Reader::readStrings(std::string_view payload)
{
    ByteReader bytes(payload);
    const auto first = bytes.number<std::uint32_t>();
    if (first == 1) m_strings.resize(1);  // The writer started a new table.
    if (first != m_strings.size()) return stop("texts are missing before these");
    while (!bytes.atEnd()) {
        const auto length = bytes.number<std::uint32_t>();
        const std::string_view text = bytes.bytes(length);
        if (!bytes.ok() || text.size() > kLongestString) return stop("a text is longer than its frame or than allowed");
        m_strings.emplace_back(text);
    }
    return bytes.ok() || stop("the text frame is too short");
}

bool Reader::readText(std::uint32_t id, std::string& text)
{
    if (id >= m_strings.size()) return stop(fmt::format("an event names text {} of {}", id, m_strings.size()));
    if (m_strings[id].size() > m_textBudget) return stop("the texts of the events are out of proportion to the file");
    m_textBudget -= m_strings[id].size();
    text = m_strings[id];
    return true;
}

bool Reader::readEvent(ByteReader& bytes)
{
    Event event;
    event.sequence = bytes.number<std::uint64_t>();
    event.timeNs = static_cast<std::int64_t>(bytes.number<std::uint64_t>());
    event.processStart = bytes.number<std::uint64_t>();
    event.pid = static_cast<std::int32_t>(bytes.number<std::uint32_t>());
    event.parentPid = static_cast<std::int32_t>(bytes.number<std::uint32_t>());
    if (!readText(bytes.number<std::uint32_t>(), event.processName)) return false;
    if (!readText(bytes.number<std::uint32_t>(), event.object)) return false;
    if (!readText(bytes.number<std::uint32_t>(), event.detail)) return false;
    event.result = static_cast<std::int32_t>(bytes.number<std::uint32_t>());
    event.rule = bytes.number<std::uint32_t>();
    event.kind = static_cast<EventKind>(bytes.number<std::uint16_t>());
    const auto judged = bytes.number<std::uint8_t>();
    const auto flags = bytes.number<std::uint8_t>();
    if ((judged & 0x0fU) > static_cast<unsigned>(EventVerdict::denied) ||
        (judged >> 4U) > static_cast<unsigned>(ResultTrust::seen) || flags > 1)
        return stop("an event has a verdict or a mark that does not exist");
    event.verdict = static_cast<EventVerdict>(judged & 0x0fU);
    event.trust = static_cast<ResultTrust>(judged >> 4U);
    event.absentOnHost = flags == 1;
    if (event.verdict != EventVerdict::none && event.rule >= m_recording.header.rules.size())
        return stop(fmt::format("an event names rule {} of {}", event.rule, m_recording.header.rules.size()));
    m_recording.events.push_back(std::move(event));
    return true;
}

bool Reader::readEvents(std::string_view payload)
{
    if (payload.size() % kEventSize != 0) return stop("the event frame holds a part of an event");
    const std::size_t before = m_recording.events.size();
    ByteReader bytes(payload);
    while (!bytes.atEnd()) {
        if (readEvent(bytes)) continue;
        m_recording.events.resize(before);  // A frame counts as a whole or not at all.
        return false;
    }
    return true;
}

Result<Recording> Reader::read(const std::string& path)
{
    const std::string prefix = take(kPrefixSize);
    if (prefix.size() < kPrefixSize || std::string_view(prefix).substr(0, kFileMagic.size()) != kFileMagic)
        return Error{ErrorCode::malformedRequest,
                     "this is not a Belljar recording",
                     path,
                     {},
                     "Recordings are made with `belljar run --record FILE`."};
    ByteReader fields(std::string_view(prefix).substr(kFileMagic.size()));
    const auto major = fields.number<std::uint16_t>();
    const auto minor = fields.number<std::uint16_t>();
    if (crc32c(std::string_view(prefix).substr(0, 12)) != fields.number<std::uint32_t>())
        return Error{ErrorCode::malformedRequest, "the start of the recording is damaged", path, {}, {}};
    if (major != kMajorVersion)
        return Error{
            ErrorCode::malformedRequest,
            fmt::format("the recording has format {}.{}, this Belljar reads {}.x", major, minor, kMajorVersion),
            path,
            {},
            "Read it with the version that made it, or a newer one."};
    Frame frame;
    std::optional<RecordingHeader> header;
    if (nextFrame(frame) && frame.kind == static_cast<std::uint16_t>(FrameKind::header))
        header = headerFromJson(frame.payload);
    if (!header) {
        const std::string why = m_recording.damage.empty() ? "" : ": " + m_recording.damage;
        return Error{ErrorCode::malformedRequest, "the header of the recording is unreadable" + why, path, {}, {}};
    }
    m_recording.header = std::move(*header);
    while (nextFrame(frame)) {
        const auto kind = static_cast<FrameKind>(frame.kind);
        if (kind == FrameKind::strings && !readStrings(frame.payload)) break;
        if (kind == FrameKind::events && !readEvents(frame.payload)) break;
        if (kind != FrameKind::end) continue;  // Kinds of newer versions are skipped.
        if (const std::optional<EndInfo> end = endFromJson(frame.payload)) {
            m_recording.outcome = end->outcome;
            m_recording.losses = end->losses;
        } else stop("the outcome cannot be read");
        break;
    }
    return std::move(m_recording);
}

}  // namespace

Result<Recording> readRecording(const std::string& path)
{
    std::error_code failure;
    const bool regular = std::filesystem::is_regular_file(path, failure);
    const std::uint64_t size = regular ? std::filesystem::file_size(path, failure) : 0;
    errno = 0;
    const std::unique_ptr<std::FILE, FileCloser> file(regular ? std::fopen(path.c_str(), "rb") : nullptr);
    if (failure || !file) {
        const int number = failure ? failure.value() : errno;
        const bool missing = failure == std::errc::no_such_file_or_directory;
        std::string native = number == 0 ? std::string() : fmt::format("{} ({})", errnoName(number), number);
        return Error{ErrorCode::backendError,
                     missing ? "there is no such file" : "the recording cannot be opened as a regular file",
                     path,
                     std::move(native),
                     {}};
    }
    return Reader(file.get(), size).read(path);
}

}  // namespace belljar
