// How `belljar events` writes what it has chosen of a recording: to standard output or a file, event by event.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/event_export.h"
#include "core/events/event_selection.h"
#include "core/events/event_summary.h"
#include "core/events/recording_notes.h"
#include "core/events/recording_reader.h"

namespace belljar::cli {

class EventsPrinter {
public:
    /// `file` must live longer; nullptr is standard output.
    /// So must `notes`: they are shown with their events, and at the end for programs.
    /// `masksSecrets`: see core/base/secret_text.h.
    EventsPrinter(std::FILE* file, const EventNotes& notes, bool masksSecrets = false)
        : m_file(file), m_notes(notes), m_masksSecrets(masksSecrets)
    {
    }
    EventsPrinter(const EventsPrinter&) = delete;
    EventsPrinter& operator=(const EventsPrinter&) = delete;

    /// `chosen` by number, in the order in which they are written.
    void print(const OpenRecording& recording, const std::vector<std::uint32_t>& chosen, EventsFormat format);
    void printCounts(const OpenRecording& recording, const EventSet& chosen, QueryFieldId field, EventsFormat format);
    void printSummary(const OpenRecording& recording, const EventSet& chosen, SummaryKind kind, EventsFormat format);

    /// Hands on what is still here. The errno value of the first failure to write to the file, otherwise 0.
    int finish();

private:
    void add(std::string_view text);
    void handOn();

    std::FILE* m_file;
    const EventNotes& m_notes;
    const bool m_masksSecrets;
    std::string m_text;
    int m_failure = 0;
};

}  // namespace belljar::cli
