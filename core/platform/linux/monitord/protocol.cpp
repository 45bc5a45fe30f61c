#include "core/platform/linux/monitord/protocol.h"

#include <algorithm>
#include <cstring>

namespace belljar::linux_platform {
namespace {

constexpr std::uint32_t kMagic = 0x4e4d4a42;  // "BJMN"

struct WireRequest {
    std::uint32_t magic;
    std::uint16_t version;
    std::uint16_t kind;
    std::uint32_t level;
    std::uint8_t zero[20];
};
static_assert(sizeof(WireRequest) == kRequestBytes);

struct WireReply {
    std::uint32_t magic;
    std::uint16_t version;
    std::uint16_t kind;
    std::uint32_t refusal;
    std::int32_t error;
    std::uint32_t programs;
    std::uint32_t ringBytes;
    std::uint8_t zero[8];
    char text[kMonitorText];
};
static_assert(sizeof(WireReply) == kReplyBytes);

template <class Wire>
Wire wireOf(std::span<const std::byte> packet)
{
    Wire wire{};
    std::memcpy(&wire, packet.data(), sizeof wire);
    return wire;
}

bool allZero(std::span<const std::uint8_t> bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::string_view refusalSentence(MonitorRefusal refusal)
{
    switch (refusal) {
        case MonitorRefusal::none: break;
        case MonitorRefusal::wrongSize: return "the request has a wrong size";
        case MonitorRefusal::wrongMagic: return "the request is not one of Belljar";
        case MonitorRefusal::wrongVersion: return "Belljar and belljar-monitord are of different versions";
        case MonitorRefusal::wrongKind: return "the request is of an unknown kind";
        case MonitorRefusal::wrongLevel: return "the request has an unknown trace level";
        case MonitorRefusal::notZero: return "the request has bytes set that mean nothing";
        case MonitorRefusal::wrongDescriptors: return "the request came with a wrong number of descriptors";
        case MonitorRefusal::wrongOrder: return "the requests came in a wrong order";
        case MonitorRefusal::tooLate: return "the request did not come in time";
        case MonitorRefusal::notPidNamespace: return "the descriptor is not that of a pid namespace";
        case MonitorRefusal::notBelow: return "the pid namespace is not below that of belljar-monitord";
        case MonitorRefusal::notYours: return "the pid namespace belongs to another user";
        case MonitorRefusal::unknownUser: return "the user has no number in belljar-monitord's user namespace";
        case MonitorRefusal::dead: return "no process is alive in the pid namespace";
        case MonitorRefusal::alreadyWatched: return "the pid namespace is watched already";
        case MonitorRefusal::tooManyOfUser: return "the user has as many watched sessions as one user may have";
        case MonitorRefusal::tooMany: return "as many sessions are watched as can be";
        case MonitorRefusal::noPrograms: return "the kernel does not take the programs that watch";
        case MonitorRefusal::noSession: return "the tables of the session could not be made";
        case MonitorRefusal::count: break;
    }
    return "refused for an unknown reason";
}

RequestPacket encodeRequest(const MonitorRequest& request)
{
    WireRequest wire{};
    wire.magic = kMagic;
    wire.version = kMonitorProtocol;
    wire.kind = static_cast<std::uint16_t>(request.kind);
    wire.level = static_cast<std::uint32_t>(request.level);
    RequestPacket packet{};
    std::memcpy(packet.data(), &wire, sizeof wire);
    return packet;
}

std::variant<MonitorRequest, MonitorRefusal> parseRequest(std::span<const std::byte> packet, std::size_t descriptors)
{
    // Size comes after magic and version, so that another version hears that it is one.
    if (packet.size() < offsetof(WireRequest, level)) return MonitorRefusal::wrongSize;
    WireRequest wire{};
    std::memcpy(&wire, packet.data(), std::min(packet.size(), sizeof wire));
    if (wire.magic != kMagic) return MonitorRefusal::wrongMagic;
    if (wire.version != kMonitorProtocol) return MonitorRefusal::wrongVersion;
    if (packet.size() != sizeof wire) return MonitorRefusal::wrongSize;
    if (!allZero(wire.zero)) return MonitorRefusal::notZero;
    if (wire.kind == static_cast<std::uint16_t>(MonitorRequestKind::hello)) {
        if (wire.level != 0) return MonitorRefusal::wrongLevel;
        if (descriptors != 0) return MonitorRefusal::wrongDescriptors;
        return MonitorRequest{MonitorRequestKind::hello, TraceLevel::standard};
    }
    if (wire.kind != static_cast<std::uint16_t>(MonitorRequestKind::watch)) return MonitorRefusal::wrongKind;
    if (wire.level > static_cast<std::uint32_t>(TraceLevel::full)) return MonitorRefusal::wrongLevel;
    if (descriptors != 1) return MonitorRefusal::wrongDescriptors;
    return MonitorRequest{MonitorRequestKind::watch, static_cast<TraceLevel>(wire.level)};
}

ReplyPacket encodeReply(const MonitorReply& reply)
{
    WireReply wire{};
    wire.magic = kMagic;
    wire.version = kMonitorProtocol;
    wire.kind = static_cast<std::uint16_t>(reply.kind);
    wire.refusal = static_cast<std::uint32_t>(reply.refusal);
    wire.error = reply.error;
    wire.programs = reply.programs;
    wire.ringBytes = reply.ringBytes;
    reply.text.copy(wire.text, kMonitorText - 1);
    ReplyPacket packet{};
    std::memcpy(packet.data(), &wire, sizeof wire);
    return packet;
}

std::optional<MonitorReply> parseReply(std::span<const std::byte> packet, std::size_t descriptors)
{
    if (packet.size() != kReplyBytes) return std::nullopt;
    const auto wire = wireOf<WireReply>(packet);
    if (wire.magic != kMagic) return std::nullopt;
    MonitorReply reply;
    reply.kind = static_cast<MonitorReplyKind>(wire.kind);
    // The magic, the version and a refusal have the same places in all versions, so that it can be told.
    if (wire.version != kMonitorProtocol) {
        reply.kind = MonitorReplyKind::refused;
        reply.refusal = MonitorRefusal::wrongVersion;
        return reply;
    }
    const bool known = reply.kind == MonitorReplyKind::facts || reply.kind == MonitorReplyKind::watching ||
                       reply.kind == MonitorReplyKind::refused;
    const bool refused = reply.kind == MonitorReplyKind::refused;
    const bool fits = reply.kind == MonitorReplyKind::watching
                          ? descriptors >= kLeastMonitorDescriptors && descriptors <= kMonitorDescriptors
                          : descriptors == 0;
    if (!known || !fits || !allZero(wire.zero) || refused == (wire.refusal == 0) || wire.text[kMonitorText - 1] != '\0')
        return std::nullopt;
    reply.refusal = wire.refusal < static_cast<std::uint32_t>(MonitorRefusal::count)
                        ? static_cast<MonitorRefusal>(wire.refusal)
                        : MonitorRefusal::count;
    reply.error = wire.error;
    reply.programs = wire.programs;
    reply.ringBytes = wire.ringBytes;
    reply.text = wire.text;
    return reply;
}

}  // namespace belljar::linux_platform
