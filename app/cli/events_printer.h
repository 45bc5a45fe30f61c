// How `belljar events` writes what it has chosen of a recording: to standard output or a file, event by event.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "core/events/event_selection.h"
#include "core/events/event_summary.h"
#include "core/events/recording_reader.h"

namespace belljar::cli {

enum class EventsFormat { text, jsonl, csv, json };

class EventsPrinter {
public:
    /// `file` must live longer; nullptr is standard output.
    explicit EventsPrinter(std::FILE* file) : m_file(file) {}
    EventsPrinter(const EventsPrinter&) = delete;
    EventsPrinter& operator=(const EventsPrinter&) = delete;

    void print(const OpenRecording& recording, const EventSet& chosen, EventsFormat format);
    void printCounts(const OpenRecording& recording, const EventSet& chosen, QueryFieldId field, EventsFormat format);
    void printSummary(const OpenRecording& recording, const EventSet& chosen, SummaryKind kind, EventsFormat format);

    /// Hands on what is still here. The errno value of the first failure to write to the file, otherwise 0.
    int finish();

private:
    void add(std::string_view text);
    void handOn();

    std::FILE* m_file;
    std::string m_text;
    int m_failure = 0;
};

/// Outcome, losses and damage as a JSON object.
[[nodiscard]] std::string endJson(const OpenRecording& recording);

}  // namespace belljar::cli
