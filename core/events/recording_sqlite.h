// A recording as an SQLite database, for whoever wants to ask in SQL. The tables: resources/help/recording-export.md.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/events/event_selection.h"
#include "core/events/recording_reader.h"

namespace belljar {

/// Makes the database `path`, which must not exist, with the events of `chosen` and only what they refer to; one
/// transaction. What was half made is removed on failure. A build without SQLite answers with an error.
Result<void> writeSqlite(const OpenRecording& recording, const EventSet& chosen, const std::string& path);

}  // namespace belljar
