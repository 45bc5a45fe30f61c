// From one record of the programs in the kernel to the event that it tells of. No system call is made here: what stands
// at a path is asked of an InsideLookup. Object texts are those of notify_decode.h, for the same calls.
//
// The texts are the sandboxee's; the rest was written by our own programs, and yet nothing here trusts a length.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/model/event.h"
#include "core/platform/linux/kernel/inside_lookup.h"
#include "core/platform/linux/kernel/record.h"

namespace belljar::linux_platform {

/// A record and its texts, taken out of the bytes of the ring. Views point into those.
struct RecordView {
    BelljarRecord head{};
    std::string_view texts;

    /// nullopt: shorter than a record.
    [[nodiscard]] static std::optional<RecordView> of(std::string_view bytes);
    [[nodiscard]] std::string_view text(BelljarText slot) const;
    /// The names of a chain as an absolute path.
    [[nodiscard]] std::string chain(BelljarText slot) const;
};

class RecordDecoder {
public:
    /// Times count from `originNs` of CLOCK_MONOTONIC. `lookup` must outlive this. `denied`: names of the calls that
    /// the sandbox's filter closes by name.
    RecordDecoder(InsideLookup& lookup, std::int64_t originNs, const std::vector<std::string>& denied = {});

    /// nullopt: nothing to tell (the test of a row fails, a file was neither read nor written ...).
    [[nodiscard]] std::optional<Event> decode(std::string_view bytes);
    /// The second event of a record that tells of two (a file was read and written); valid until the next decode().
    [[nodiscard]] std::optional<Event> takeSecond();

private:
    struct Process {
        std::uint64_t start = 0;
        std::string name;
    };
    struct Use {
        std::string path;
        bool folder = false;
    };

    [[nodiscard]] Event eventOf(const RecordView& record);
    [[nodiscard]] std::optional<Event> onExec(const RecordView& record, Event event);
    [[nodiscard]] std::optional<Event> onUse(const RecordView& record, Event event);
    [[nodiscard]] std::optional<Event> onUseEnd(const RecordView& record, Event event);
    [[nodiscard]] std::optional<Event> onCall(const RecordView& record, Event event);
    void remember(const RecordView& record);

    InsideLookup& m_lookup;
    const std::int64_t m_originNs;
    const std::uint64_t m_nsPerTick;
    std::vector<std::pair<int, std::string>> m_denied;
    std::unordered_map<std::uint32_t, Process> m_processes;
    std::unordered_map<std::uint64_t, Use> m_uses;
    std::optional<Event> m_second;
};

/// Event::detail of a record with a socket's address; empty for other protocols than TCP and UDP.
[[nodiscard]] std::string_view protocolText(const BelljarRecord& head);

/// The part of decode() that depends on no other record: one call. `event` comes with who and when.
[[nodiscard]] std::optional<Event> decodeCallRecord(const RecordView& record, InsideLookup& lookup, Event event);

/// The same for what an LSM hook tells, of work that goes past the system calls.
[[nodiscard]] std::optional<Event> decodeHookRecord(const RecordView& record, InsideLookup& lookup, Event event);

}  // namespace belljar::linux_platform
