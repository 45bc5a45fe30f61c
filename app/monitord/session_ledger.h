// Who has how many sessions: pure book-keeping of belljar-monitord's limits.
//
// A session counts until its worker has ended and nobody holds its maps any more. Their memory is the helper's, so a
// client that kept the descriptors of sessions long gone could otherwise use it up.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "app/monitord/session_maker.h"

namespace belljar::monitord {

struct SessionLimits {
    unsigned sessions = 16;  ///< At the same time, of all users: 16 MiB of ring each.
    unsigned ofUser = 6;
};

class SessionLedger {
public:
    explicit SessionLedger(SessionLimits limits) : m_limits(limits), m_slots(limits.sessions) {}

    /// The slot that a new connection of `user` gets, that of a spare or a free one; a refusal when there is none.
    struct Admission {
        linux_platform::MonitorRefusal refusal = linux_platform::MonitorRefusal::none;
        unsigned slot = 0;
    };
    [[nodiscard]] Admission admit(std::uint32_t user, std::optional<unsigned> spare = {});

    /// A slot for what is prepared for nobody in particular yet, and counts as a session of nobody's.
    [[nodiscard]] std::optional<unsigned> reserve();

    /// The worker of `slot`, or the spare, has ended; `numbers` are those of the maps that it made, all 0: none.
    void ended(unsigned slot, const MapNumbers& numbers);

    /// Sets of maps of ended sessions that count, to be asked about.
    [[nodiscard]] std::vector<MapNumbers> leftBehind() const;
    /// Forgets those of leftBehind(), in its order, that are not held any more.
    void forget(std::span<const bool> held);

    [[nodiscard]] bool idle() const { return running() == 0; }
    [[nodiscard]] unsigned running() const;

private:
    struct Held {
        std::uint32_t user = 0;
        MapNumbers numbers{};
    };
    SessionLimits m_limits;
    [[nodiscard]] std::optional<unsigned> freeSlot() const;

    enum class Use : std::uint8_t { none, spare, session };
    struct Slot {
        Use use = Use::none;
        std::uint32_t user = 0;
    };
    std::vector<Slot> m_slots;
    std::vector<Held> m_held;
};

}  // namespace belljar::monitord
