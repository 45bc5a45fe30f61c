// One connection of the Wayland protocol as bytes and descriptors: whole messages out of what arrives, and what is to
// be sent, kept until the other side takes it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/linux/display/wayland_tables.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// What libwayland takes in one message.
inline constexpr std::size_t kLongestWaylandMessage = 4096;

/// A message as it came: words of four bytes in the machine's order, the object and the header first.
struct WaylandPacket {
    std::string bytes;
    std::vector<UniqueFd> files;

    [[nodiscard]] std::uint32_t word(std::size_t index) const;
    [[nodiscard]] std::uint32_t object() const { return word(0); }
    [[nodiscard]] std::uint32_t opcode() const { return word(1) & 0xffffU; }
};

class WaylandWire {
public:
    /// `socket` must not block.
    explicit WaylandWire(UniqueFd socket) : m_socket(std::move(socket)) {}

    [[nodiscard]] int descriptor() const { return m_socket.get(); }
    /// From now on the kernel says who sends.
    void askForSender();
    /// Who sent last, by the kernel; 0: not known. Where the launcher performs a sandbox's socket calls, nobody is.
    [[nodiscard]] pid_t sender() const { return m_sender; }
    /// Takes what has arrived, a part at a time. False when the other side is gone or sends what is no message.
    [[nodiscard]] bool receive();
    /// The next whole message, without its descriptors; nullopt: not yet.
    [[nodiscard]] std::optional<WaylandPacket> next();
    /// Moves `count` of the descriptors that have arrived. False when there are not so many.
    [[nodiscard]] bool takeFiles(std::size_t count, std::vector<UniqueFd>& into);
    void queue(WaylandPacket packet);
    /// Sends as much as the other side takes. False when it is gone.
    [[nodiscard]] bool flush();
    [[nodiscard]] bool hasUnsent() const { return !m_unsent.empty(); }
    /// So much waits that no more should be made.
    [[nodiscard]] bool isFull() const { return m_unsentBytes > 16 * kLongestWaylandMessage; }

private:
    UniqueFd m_socket;
    std::string m_received;
    std::size_t m_read = 0;  ///< Of m_received.
    std::deque<UniqueFd> m_files;
    std::deque<WaylandPacket> m_unsent;
    std::size_t m_unsentBytes = 0;
    std::size_t m_sent = 0;  ///< Of the first.
    pid_t m_sender = 0;
};

/// Makes one message.
class WaylandWriter {
public:
    WaylandWriter(std::uint32_t object, std::uint32_t opcode);
    WaylandWriter& number(std::uint32_t value);
    WaylandWriter& text(std::string_view value);
    [[nodiscard]] WaylandPacket done();

private:
    std::string m_bytes;
    std::uint32_t m_opcode;
};

/// Values of a message, checked against its form.
class WaylandReader {
public:
    /// The values must be exactly those of `form`, to the last byte; otherwise none is right.
    WaylandReader(const WaylandPacket& packet, const WaylandMessage& message);
    [[nodiscard]] bool isSound() const { return m_sound; }
    /// By place in the form: an object, a number, or where the text begins in the packet.
    [[nodiscard]] std::uint32_t number(std::size_t value) const { return m_values[value]; }
    [[nodiscard]] std::string_view text(std::size_t value) const;
    [[nodiscard]] std::size_t files() const { return m_files; }
    struct Reference {
        std::uint32_t id = 0;
        std::string_view interface;  ///< That it must have; empty: any.
        bool isNew = false;
    };
    /// Objects that it names and makes.
    [[nodiscard]] const std::vector<Reference>& references() const { return m_references; }

private:
    bool takeText(std::size_t& at, bool mayBeNothing);
    bool takeArray(std::size_t& at);

    const WaylandPacket& m_packet;
    std::vector<std::uint32_t> m_values;
    std::vector<Reference> m_references;
    std::size_t m_files = 0;
    bool m_sound = false;
};

}  // namespace belljar::linux_platform
