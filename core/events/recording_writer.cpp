#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "core/events/recording.h"
#include "core/events/recording_checksum.h"
#include "core/events/recording_encoder.h"
#include "core/events/recording_file.h"
#include "core/events/recording_format.h"
#include "core/events/recording_json.h"

namespace belljar {
namespace {

using namespace recording;

constexpr std::size_t kWriteBytes = 1U << 20U;  // Frames that have reached this size are handed to the system.

}  // namespace

struct RecordingWriter::Impl {
    FilePointer file;
    std::string path;
    std::fpos_t good{};  ///< End of the last complete write: a failed one is overwritten by the next.
    Encoder encoder;
    std::string buffer;  ///< Frames that are not written yet.
    std::size_t ruleCount = 0;
    std::string rules;  ///< Frames of rules that could not be written: they go before the next events.
    std::uint64_t lost = 0;
    bool finished = false;

    Result<void> write(const std::string& bytes);
    Result<void> writeEvents(std::span<const Event> events, std::size_t& written);
    bool writeNotice(const EndInfo& end);
};

Result<void> RecordingWriter::Impl::write(const std::string& bytes)
{
    errno = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size()) {
        std::fgetpos(file.get(), &good);
        return {};
    }
    const int number = errno;
    std::clearerr(file.get());
    std::fsetpos(file.get(), &good);
    Error error = fileError(path, "the recording could not be written", number);
    error.hint = "Free some space or record to another disk; what could not be written is counted as lost.";
    return error;
}

/// Writes over the notice at the start of the file, whose room exists even when the disk is full.
bool RecordingWriter::Impl::writeNotice(const EndInfo& end)
{
    const std::string bytes = noticeFrame(end);
    const bool done = std::fseek(file.get(), static_cast<long>(kPrefixSize), SEEK_SET) == 0 &&
                      std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
    std::clearerr(file.get());
    std::fsetpos(file.get(), &good);
    return done;
}

Result<void> RecordingWriter::Impl::writeEvents(std::span<const Event> events, std::size_t& written)
{
    for (std::size_t next = 0; next < events.size();) {
        const std::size_t count = encoder.encode(events.subspan(next), buffer);
        if (count == 0)
            return Error{ErrorCode::backendError,
                         "the recording is full: it cannot hold more different texts",
                         path,
                         {},
                         "Start another one."};
        next += count;
        if (next < events.size() && buffer.size() < kWriteBytes) continue;
        Result<void> result = write(buffer);
        if (!result) return result;
        buffer.clear();
        rules.clear();
        encoder.commit();
        written = next;
    }
    return {};
}

RecordingWriter::RecordingWriter(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
RecordingWriter::~RecordingWriter() = default;

Result<std::unique_ptr<RecordingWriter>> RecordingWriter::create(const std::string& path, const RecordingHeader& header)
{
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->ruleCount = header.rules.size();
    const std::string description = headerJson(header);
    if (description.size() > kLongestFrame)
        return Error{
            ErrorCode::malformedRequest, "the profile or the command is too long to be recorded", path, {}, {}};
    Result<FilePointer> file = makeNewFile(path, "the recording");
    if (!file) return std::move(file).error();
    impl->file = std::move(file).value();
    std::setvbuf(impl->file.get(), nullptr, _IONBF, 0);
    std::fgetpos(impl->file.get(), &impl->good);
    std::string bytes(kFileMagic);
    putNumber(bytes, kMajorVersion);
    putNumber(bytes, kMinorVersion);
    putNumber(bytes, crc32c(bytes));
    putFrame(bytes, FrameKind::notice, std::string(kNoticeSize, ' '));
    putFrame(bytes, FrameKind::header, description);
    if (Result<void> written = impl->write(bytes); !written) return std::move(written).error();
    return std::unique_ptr<RecordingWriter>(new RecordingWriter(std::move(impl)));
}

Result<void> RecordingWriter::append(std::span<const Event> events)
{
    Impl& impl = *m_impl;
    std::size_t written = 0;
    impl.buffer = impl.rules;
    Result<void> result = impl.writeEvents(events, written);
    if (result) return result;
    // The file does not have the new texts, so the next events must bring their own.
    impl.encoder.rollBack();
    impl.lost += events.size() - written;
    EndInfo notice;
    notice.losses.recording = impl.lost;
    impl.writeNotice(notice);
    return result;
}

Result<void> RecordingWriter::addRules(std::span<const Rule> rules)
{
    putFrame(m_impl->rules, FrameKind::rules, rulesJson(rules));
    m_impl->ruleCount += rules.size();
    Result<void> written = m_impl->write(m_impl->rules);
    if (written) m_impl->rules.clear();
    return written;
}

std::size_t RecordingWriter::rules() const
{
    return m_impl->ruleCount;
}

std::uint64_t RecordingWriter::lost() const
{
    return m_impl->lost;
}

Result<void> RecordingWriter::finish(const Outcome& outcome, const Losses& losses)
{
    if (m_impl->finished)
        return Error{ErrorCode::backendError, "the recording is finished already", m_impl->path, {}, {}};
    EndInfo end{outcome, losses};
    end.losses.recording = m_impl->lost;
    std::string bytes;
    putFrame(bytes, FrameKind::end, endJson(end));
    Result<void> written = m_impl->write(bytes);
    if (!written && m_impl->writeNotice(end)) written = {};
    m_impl->finished = written.ok();
    return written;
}

}  // namespace belljar
