// What the events of a recording add up to, for each file, each peer in the network, or each process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/event_selection.h"

namespace belljar {

enum class SummaryKind : std::uint8_t {
    files,      ///< By path: everything whose object is a path or a socket file.
    hosts,      ///< By address or name without the port: events of the network.
    processes,  ///< By process id and start; the name is the last.
};

/// Attempts, whatever came of them, sorted by what kind of access they ask for.
struct EventSummary {
    std::string name;      ///< Path, host, or name of the process; hostile text.
    std::int32_t pid = 0;  ///< Of processes, as the next two.
    std::int32_t parentPid = 0;
    std::uint64_t processStart = 0;
    std::uint64_t events = 0;
    std::uint64_t opens = 0;     ///< Opened for reading or writing, or made by opening.
    std::uint64_t reads = 0;     ///< Contents or names, by opening, listing, mapping, running.
    std::uint64_t writes = 0;    ///< Contents, metadata or the name: also created and removed.
    std::uint64_t looks = 0;     ///< Existence and metadata only.
    std::uint64_t connects = 0;  ///< And datagrams sent.
    std::uint64_t listens = 0;   ///< Tied to an own address, waited there, took a connection.
    std::uint64_t denied = 0;
    std::uint64_t absent = 0;  ///< Denied, and not on this machine either.
    std::uint64_t bytesRead = 0;
    std::uint64_t bytesWritten = 0;
    std::int64_t firstNs = 0;  ///< Since the session started.
    std::int64_t lastNs = 0;
};

/// Of the events in `set`. Most events first, equal ones by name.
[[nodiscard]] std::vector<EventSummary> summarize(const EventColumns& events, const EventSet& set, SummaryKind kind);

}  // namespace belljar
