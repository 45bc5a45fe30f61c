#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <unordered_map>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#endif

#include <spdlog/fmt/fmt.h>

#include "core/events/event_table.h"
#include "core/events/recording.h"
#include "core/events/recording_format.h"
#include "core/events/recording_json.h"

namespace belljar {
namespace {

using namespace recording;

constexpr std::size_t kStringsPerTable = 1'000'000;       // Then the table starts over: memory stays bounded.
constexpr std::size_t kStringBytesPerTable = 64U << 20U;  // The same for their bytes.
constexpr std::size_t kFrameBytes = 512U << 10U;          // A frame that has reached this size is closed.

void putFrame(std::string& out, FrameKind kind, std::string_view payload)
{
    std::string checked;
    putNumber(checked, static_cast<std::uint16_t>(kind));
    putNumber(checked, std::uint16_t{0});
    putNumber(checked, static_cast<std::uint32_t>(payload.size()));
    putNumber(out, kFrameMagic);
    out += checked;
    putNumber(out, crc32c(payload, crc32c(checked)));
    out += payload;
}

/// Opens a new file for writing; an existing one, also a dangling link, is an error. Returns nullptr with errno set.
std::FILE* openNew(const std::string& path)
{
#ifdef _WIN32
    // The C library of Windows does not know "x".
    int descriptor = -1;
    if (_sopen_s(&descriptor, path.c_str(), _O_CREAT | _O_EXCL | _O_WRONLY | _O_BINARY, _SH_DENYWR,
                 _S_IREAD | _S_IWRITE) != 0)
        return nullptr;
    return _fdopen(descriptor, "wb");
#else
    std::FILE* file = std::fopen(path.c_str(), "wbx");
    if (file == nullptr) return nullptr;
    // Nothing is written yet, so only the name was to be seen until here.
    std::error_code failure;
    std::filesystem::permissions(path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 failure);
    return file;
#endif
}

Error systemError(const std::string& path, std::string message, int number)
{
    return {ErrorCode::backendError, std::move(message), path, fmt::format("{} ({})", errnoName(number), number), {}};
}

}  // namespace

struct RecordingWriter::Impl {
    std::FILE* file = nullptr;
    std::string path;
    std::fpos_t good{};  ///< End of the last complete batch: a failed one is overwritten by the next.
    std::unordered_map<std::string, std::uint32_t> strings;
    std::size_t stringBytes = 0;
    std::uint64_t lost = 0;
    bool finished = false;

    ~Impl()
    {
        if (file != nullptr) std::fclose(file);
    }

    Result<void> write(const std::string& bytes);
    std::string encode(std::span<const Event> events);
    void putEvent(const Event& event, std::string& records, std::string& texts);
    std::uint32_t intern(const std::string& text, std::string& payload);
    void startTableOver();
};

Result<void> RecordingWriter::Impl::write(const std::string& bytes)
{
    errno = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size()) {
        std::fgetpos(file, &good);
        return {};
    }
    const int number = errno;
    std::clearerr(file);
    std::fsetpos(file, &good);
    Error error = systemError(path, "the recording could not be written", number);
    error.hint = "Free some space or record to another disk; what could not be written is counted as lost.";
    return error;
}

void RecordingWriter::Impl::startTableOver()
{
    strings.clear();
    stringBytes = 0;
}

std::uint32_t RecordingWriter::Impl::intern(const std::string& text, std::string& payload)
{
    if (text.empty()) return 0;
    const bool cut = text.size() > kLongestString;
    std::string shortened;
    if (cut) shortened = text.substr(0, kLongestString - kCutMark.size()) + std::string(kCutMark);
    const std::string& stored = cut ? shortened : text;
    const auto [entry, isNew] = strings.try_emplace(stored, static_cast<std::uint32_t>(strings.size() + 1));
    if (isNew) {
        stringBytes += stored.size();
        putNumber(payload, static_cast<std::uint32_t>(stored.size()));
        payload += stored;
    }
    return entry->second;
}

void RecordingWriter::Impl::putEvent(const Event& event, std::string& records, std::string& texts)
{
    putNumber(records, event.sequence);
    putNumber(records, static_cast<std::uint64_t>(event.timeNs));
    putNumber(records, event.processStart);
    putNumber(records, static_cast<std::uint32_t>(event.pid));
    putNumber(records, static_cast<std::uint32_t>(event.parentPid));
    putNumber(records, intern(event.processName, texts));
    putNumber(records, intern(event.object, texts));
    putNumber(records, intern(event.detail, texts));
    putNumber(records, static_cast<std::uint32_t>(event.result));
    putNumber(records, event.rule);
    putNumber(records, static_cast<std::uint16_t>(event.kind));
    const unsigned judged = (static_cast<unsigned>(event.trust) << 4U) | static_cast<unsigned>(event.verdict);
    putNumber(records, static_cast<std::uint8_t>(judged));
    putNumber(records, static_cast<std::uint8_t>(event.absentOnHost ? 1 : 0));
}

/// Frames for a batch: new texts first, then the events that refer to them.
std::string RecordingWriter::Impl::encode(std::span<const Event> events)
{
    std::string out;
    for (std::size_t next = 0; next < events.size();) {
        if (strings.size() > kStringsPerTable || stringBytes > kStringBytesPerTable) startTableOver();
        std::string texts;
        putNumber(texts, static_cast<std::uint32_t>(strings.size() + 1));
        const std::size_t emptySize = texts.size();
        std::string records;
        for (; next < events.size() && records.size() < kFrameBytes && texts.size() < kFrameBytes; ++next)
            putEvent(events[next], records, texts);
        if (texts.size() > emptySize) putFrame(out, FrameKind::strings, texts);
        putFrame(out, FrameKind::events, records);
    }
    return out;
}

RecordingWriter::RecordingWriter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
RecordingWriter::~RecordingWriter() = default;

Result<std::unique_ptr<RecordingWriter>> RecordingWriter::create(const std::string& path, const RecordingHeader& header)
{
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    errno = 0;
    impl->file = openNew(path);
    if (impl->file == nullptr) {
        const int number = errno;
        Error error = systemError(path, "the recording cannot be made", number);
        if (number == EEXIST) {
            error.message = "the recording exists already";
            error.hint = "Choose another name; Belljar never overwrites a recording.";
        }
        return error;
    }
    std::setvbuf(impl->file, nullptr, _IONBF, 0);
    std::fgetpos(impl->file, &impl->good);
    std::string bytes(kFileMagic);
    putNumber(bytes, kMajorVersion);
    putNumber(bytes, kMinorVersion);
    putNumber(bytes, crc32c(bytes));
    putFrame(bytes, FrameKind::header, headerJson(header));
    if (Result<void> written = impl->write(bytes); !written) return std::move(written).error();
    return std::unique_ptr<RecordingWriter>(new RecordingWriter(std::move(impl)));
}

Result<void> RecordingWriter::append(std::span<const Event> events)
{
    if (events.empty()) return {};
    Result<void> written = m_impl->write(m_impl->encode(events));
    if (written) return written;
    m_impl->lost += events.size();
    // The file does not have the new texts, so the next batch must bring its own.
    m_impl->startTableOver();
    return written;
}

Result<void> RecordingWriter::finish(const Outcome& outcome, const Losses& losses)
{
    if (m_impl->finished)
        return Error{ErrorCode::backendError, "the recording is finished already", m_impl->path, {}, {}};
    EndInfo end{outcome, losses};
    end.losses.recording = std::max(losses.recording, m_impl->lost);  // Callers may count refused batches too.
    std::string bytes;
    putFrame(bytes, FrameKind::end, endJson(end));
    Result<void> written = m_impl->write(bytes);
    m_impl->finished = written.ok();
    return written;
}

}  // namespace belljar
