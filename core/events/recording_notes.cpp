#include "core/events/recording_notes.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>

#include <spdlog/fmt/fmt.h>
#include <nlohmann/json.hpp>

#include "core/events/recording_file.h"

namespace belljar {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLargestFile = 64U << 20U;

Error unreadable(const std::string& path, std::string message)
{
    return {ErrorCode::malformedRequest, std::move(message), path, {}, "Move the file away to begin without notes."};
}

std::optional<std::string> contentOf(const std::string& path, std::uint64_t size)
{
    const FilePointer file(std::fopen(path.c_str(), "rb"));
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (!file || std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) return std::nullopt;
    return bytes;
}

/// Cut at a character.
std::string shortened(const std::string& note)
{
    std::size_t length = std::min(note.size(), kLongestNote);
    while (length > 0 && length < note.size() && (static_cast<unsigned char>(note[length]) & 0xc0U) == 0x80U) --length;
    return note.substr(0, length);
}

}  // namespace

std::string notesPath(const std::string& recording)
{
    return recording + ".notes";
}

Result<EventNotes> readNotes(const std::string& recording, const std::string& sessionId)
{
    const std::string path = notesPath(recording);
    std::error_code failure;
    if (!std::filesystem::exists(path, failure)) return EventNotes();
    const bool regular = std::filesystem::is_regular_file(path, failure);
    const std::uint64_t size = regular ? std::filesystem::file_size(path, failure) : 0;
    if (!regular || failure || size > kLargestFile) return unreadable(path, "the notes cannot be read");
    const std::optional<std::string> bytes = contentOf(path, size);
    const json document = bytes ? json::parse(*bytes, nullptr, false) : json(json::value_t::discarded);
    if (!document.is_object() || !document.contains("notes") || !document["notes"].is_array() ||
        !document.contains("session") || !document["session"].is_string())
        return unreadable(path, "this is no file of notes");
    if (document["session"].get_ref<const std::string&>() != sessionId)
        return unreadable(path, "the notes are about another session");
    EventNotes notes;
    for (const json& entry : document["notes"]) {
        const bool fits = entry.is_object() && entry.contains("event") && entry["event"].is_number_unsigned() &&
                          entry.contains("note") && entry["note"].is_string();
        if (!fits || notes.size() >= kMostNotes) return unreadable(path, "this is no file of notes");
        notes[entry["event"].get<std::uint64_t>()] = shortened(entry["note"].get_ref<const std::string&>());
    }
    return notes;
}

Result<void> writeNotes(const std::string& recording, const std::string& sessionId, const EventNotes& notes)
{
    const std::string path = notesPath(recording);
    std::error_code failure;
    if (notes.empty()) {
        std::filesystem::remove(path, failure);
        if (failure) return fileError(path, "the notes cannot be removed", failure.value());
        return {};
    }
    if (notes.size() > kMostNotes)
        return Error{
            ErrorCode::malformedRequest, fmt::format("A recording has at most {} notes", kMostNotes), path, {}, {}};
    json document{{"session", sessionId}, {"notes", json::array()}};
    for (const auto& [event, note] : notes) document["notes"].push_back({{"event", event}, {"note", shortened(note)}});
    const std::string bytes = document.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
    const std::string fresh = path + ".new";
    std::filesystem::remove(fresh, failure);
    {
        Result<FilePointer> file = makeNewFile(fresh, "the notes");
        if (!file) return std::move(file).error();
        errno = 0;
        const bool written =
            std::fwrite(bytes.data(), 1, bytes.size(), file->get()) == bytes.size() && std::fflush(file->get()) == 0;
        if (!written) return fileError(fresh, "the notes cannot be written", errno);
    }
    std::filesystem::rename(fresh, path, failure);
    if (failure) return fileError(path, "the notes cannot be written", failure.value());
    return {};
}

}  // namespace belljar
