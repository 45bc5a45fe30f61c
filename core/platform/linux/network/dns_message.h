// Messages of the Domain Name System (RFC 1035, 6891), as the sandbox's resolver needs them: questions of programs,
// which are hostile, and replies of name servers, which are, too.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/network_attempt.h"

namespace belljar::linux_platform {

namespace dns_type {
inline constexpr std::uint16_t kA = 1;
inline constexpr std::uint16_t kCname = 5;
inline constexpr std::uint16_t kAaaa = 28;
inline constexpr std::uint16_t kOpt = 41;
inline constexpr std::uint16_t kSvcb = 64;
inline constexpr std::uint16_t kHttps = 65;
}  // namespace dns_type

enum class DnsCode : std::uint8_t {
    noError = 0,
    formatError = 1,
    serverFailure = 2,
    noSuchName = 3,
    notImplemented = 4,
    refused = 5,
};

struct DnsQuestion {
    std::uint16_t id = 0;
    std::uint16_t type = 0;
    /// Labels with dots between, in lower case. What is no letter of a name stands there as "\" and three digits.
    std::string name;
    std::string section;     ///< The question's own bytes: name, type and class.
    std::size_t room = 512;  ///< Bytes of a datagram that the program takes.
    bool hasOptions = false;
    [[nodiscard]] bool asksAddress() const { return type == dns_type::kA || type == dns_type::kAaaa; }
};

/// One question of class IN in a message of ordinary size; nullopt: nothing that gets an answer.
[[nodiscard]] std::optional<DnsQuestion> readQuestion(std::string_view message);

/// For the addresses of a name that is as parseHostName() gives it, in IPv6 or IPv4.
[[nodiscard]] DnsQuestion addressQuestion(const std::string& name, bool isIpv6);

/// The same question for a name server.
[[nodiscard]] std::string questionMessage(const DnsQuestion& question, std::uint16_t id);

struct DnsReply {
    DnsCode code = DnsCode::serverFailure;
    bool isTruncated = false;
    /// Of the name that was asked for, or of that at the end of its chain of aliases; ports are 0. At most
    /// kMostAddresses.
    std::vector<NetworkEndpoint> addresses;
    std::chrono::seconds lifetime{0};  ///< The least of all records used.
    bool isCircle = false;             ///< The chain of aliases never ends.
};

inline constexpr std::size_t kMostAddresses = 32;

/// nullopt: it is no reply to that question under that number.
[[nodiscard]] std::optional<DnsReply> readReply(std::string_view message, const DnsQuestion& question,
                                                std::uint16_t id);

/// What the program is told: `addresses` in the name of what it asked for. What does not fit into `room` bytes is
/// left out as a whole, and it is told to ask by TCP.
[[nodiscard]] std::string replyMessage(const DnsQuestion& question, DnsCode code,
                                       const std::vector<NetworkEndpoint>& addresses, std::chrono::seconds lifetime,
                                       std::size_t room);

/// A name server's whole reply under the program's own number; when it does not fit, as replyMessage().
[[nodiscard]] std::string passedOn(const DnsQuestion& question, std::string reply, std::size_t room);

}  // namespace belljar::linux_platform
