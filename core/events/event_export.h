// Events of a recording as a file or a text that other programs and people read. What stands in it:
// resources/help/recording-export.md.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/events/recording_notes.h"
#include "core/events/recording_reader.h"

namespace belljar {

enum class EventsFormat { text, jsonl, csv, json };

/// Takes text piece by piece, as it is made.
using TextSink = std::function<void(std::string_view)>;

/// The events with these numbers, in this order, between what is known of the session and how it ended. `notes` are
/// those of the whole recording.
void exportEvents(const OpenRecording& recording, std::span<const std::uint32_t> chosen, const EventNotes& notes,
                  EventsFormat format, const TextSink& add);

/// The same as a file, which must not exist; its owner alone may read it. After an error what was written is left.
/// `masksSecrets`: see core/base/secret_text.h.
Result<void> exportEventsTo(const std::string& path, const OpenRecording& recording,
                            std::span<const std::uint32_t> chosen, const EventNotes& notes, EventsFormat format,
                            bool masksSecrets = false);

/// Outcome, losses and damage as a JSON object.
[[nodiscard]] std::string sessionEndJson(const OpenRecording& recording);

}  // namespace belljar
