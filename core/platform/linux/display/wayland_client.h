// One sandboxed program's connection to the user's compositor, message by message.
//
// What the program says is checked against the protocols' own description; objects, their kinds and their ends are kept
// track of, so that a message is what it seems to be. Only interfaces of the table exist. The clipboard passes through
// pipes of ours. Anything else that is wrong ends the connection, which is the program's own loss.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/model/ui_policy.h"
#include "core/platform/linux/display/clipboard_reporter.h"
#include "core/platform/linux/display/content_pump.h"
#include "core/platform/linux/display/wayland_wire.h"

namespace belljar::linux_platform {

/// Content on its way, and what will be told of it.
struct RunningContent {
    ContentPump pump;
    ClipboardReporter::Transfer transfer;
    std::string program;
};

/// What the clients of one sandbox share.
struct WaylandShared {
    ClipboardRights rights;
    std::string mark;  ///< Before each window's title.
    ClipboardReporter& reporter;
    std::vector<RunningContent> contents;
};

class WaylandClient {
public:
    /// Sockets that do not block; `shared` must outlive it.
    WaylandClient(UniqueFd program, UniqueFd compositor, WaylandShared& shared);

    [[nodiscard]] WaylandWire& program() { return m_program; }
    [[nodiscard]] WaylandWire& compositor() { return m_compositor; }
    // Take and send what there is. False when the connection is over.
    [[nodiscard]] bool onProgram();
    [[nodiscard]] bool onCompositor();
    [[nodiscard]] bool flush() { return m_compositor.flush() && m_program.flush(); }

private:
    struct Object {
        const WaylandInterface* interface = nullptr;
        bool ended = false;  ///< The program has said so, and the compositor has not yet.
    };
    struct Global {
        std::string interface;
        std::uint32_t version = 0;
        bool hidden = false;
    };

    [[nodiscard]] bool passRequest(WaylandPacket packet);
    [[nodiscard]] bool passEvent(WaylandPacket packet);
    [[nodiscard]] bool knows(const WaylandReader& reader, bool fromProgram);
    [[nodiscard]] bool isRightId(std::uint32_t id, bool fromProgram) const;
    [[nodiscard]] bool bind(const WaylandReader& reader);
    void announce(const WaylandReader& reader, const WaylandPacket& packet);
    /// True when the message is not to be passed on as it is.
    [[nodiscard]] bool interceptRequest(const WaylandInterface& interface, const WaylandMessage& message,
                                        const WaylandReader& reader, WaylandPacket& packet);
    [[nodiscard]] bool interceptEvent(const WaylandInterface& interface, const WaylandMessage& message,
                                      const WaylandReader& reader, WaylandPacket& packet);
    [[nodiscard]] bool offerSelection(const WaylandInterface& interface, bool clears);
    [[nodiscard]] bool bridge(const WaylandInterface& interface, bool isWrite, const std::string& type,
                              WaylandPacket& packet);
    /// The process's, or what its window says of itself.
    [[nodiscard]] std::string programName() const;
    void mark(std::uint32_t object, std::string_view title);
    void tell(const WaylandInterface& interface, bool isWrite, const std::string& type, int error);
    [[nodiscard]] ClipboardReporter::Transfer transfer(const WaylandInterface& interface, bool isWrite,
                                                       const std::string& type, int error) const;

    WaylandWire m_program;
    WaylandWire m_compositor;
    WaylandShared& m_shared;
    std::string m_claimedName;  ///< Of its last window.
    std::unordered_map<std::uint32_t, Object> m_objects;
    std::unordered_map<std::uint32_t, Global> m_globals;
};

}  // namespace belljar::linux_platform
