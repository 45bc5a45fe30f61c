// What Belljar and its privileged helper, belljar-monitord, say to each other: packets of fixed sizes over a
// SOCK_SEQPACKET socket. One connection is one session: hello, then at most one watch; closing it ends the session.
//
// The helper reads requests of anybody who can reach its socket, so everything here is checked to the last byte.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "core/model/launch_plan.h"

namespace belljar::linux_platform {

/// Where the helper listens when nothing else is said.
inline constexpr const char* kMonitorSocket = "/run/belljar/monitord.sock";
/// Names another one, for tests and for helpers started by hand.
inline constexpr const char* kMonitorSocketVariable = "BELLJAR_MONITORD_SOCKET";

/// Raised whenever packets, or the maps that are passed, change: both ends must be of the same build's making.
inline constexpr std::uint16_t kMonitorProtocol = 1;

enum class MonitorRequestKind : std::uint16_t {
    hello = 1,  ///< Says what is loaded. Without descriptors.
    watch = 2,  ///< Watches the pid namespace whose descriptor (/proc/PID/ns/pid) comes along, and nothing beside it.
};

struct MonitorRequest {
    MonitorRequestKind kind = MonitorRequestKind::hello;
    TraceLevel level = TraceLevel::standard;
    bool operator==(const MonitorRequest&) const = default;
};

/// Why the helper does not do what it was asked. Numbers are part of the protocol: append only.
enum class MonitorRefusal : std::uint32_t {
    none = 0,
    wrongSize,
    wrongMagic,
    wrongVersion,
    wrongKind,
    wrongLevel,
    notZero,  ///< Bytes without a meaning are not 0.
    wrongDescriptors,
    wrongOrder,
    tooLate,
    notPidNamespace,
    notBelow,  ///< Not a pid namespace below the helper's own.
    notYours,
    unknownUser,
    dead,
    alreadyWatched,
    tooManyOfUser,
    tooMany,
    noPrograms,  ///< The kernel takes no programs; the reply's text says why.
    noSession,   ///< The session's maps could not be made; the reply's error says why.
    count,
};

/// What the user is told: a sentence without a full stop.
[[nodiscard]] std::string_view refusalSentence(MonitorRefusal refusal);

enum class MonitorReplyKind : std::uint16_t {
    facts = 1,     ///< `programs` is set; `text` says why there are not more.
    watching = 2,  ///< The session's descriptors come along, in the order of MonitorDescriptor.
    refused = 3,   ///< `refusal`, `error` and `text` are set; the helper closes the connection.
};

/// What comes along with MonitorReplyKind::watching; the policy only where programs that can forbid are loaded.
enum MonitorDescriptor : std::size_t { kRingDescriptor, kCountersDescriptor, kPolicyDescriptor, kMonitorDescriptors };
inline constexpr std::size_t kLeastMonitorDescriptors = kPolicyDescriptor;

struct MonitorReply {
    MonitorReplyKind kind = MonitorReplyKind::refused;
    MonitorRefusal refusal = MonitorRefusal::none;
    std::int32_t error = 0;      ///< errno; 0: none.
    std::uint32_t programs = 0;  ///< Which programs of the kernel source are loaded.
    std::uint32_t ringBytes = 0;
    std::string text;  ///< At most kMonitorText - 1 bytes; show it through visible().
    bool operator==(const MonitorReply&) const = default;
};

inline constexpr std::size_t kRequestBytes = 32;
inline constexpr std::size_t kReplyBytes = 192;
inline constexpr std::size_t kMonitorText = 160;

using RequestPacket = std::array<std::byte, kRequestBytes>;
using ReplyPacket = std::array<std::byte, kReplyBytes>;

[[nodiscard]] RequestPacket encodeRequest(const MonitorRequest& request);
/// `descriptors`: how many came along.
[[nodiscard]] std::variant<MonitorRequest, MonitorRefusal> parseRequest(std::span<const std::byte> packet,
                                                                        std::size_t descriptors);

/// A text that is too long is cut.
[[nodiscard]] ReplyPacket encodeReply(const MonitorReply& reply);
/// Nothing when it is no reply of this protocol.
[[nodiscard]] std::optional<MonitorReply> parseReply(std::span<const std::byte> packet, std::size_t descriptors);

}  // namespace belljar::linux_platform
