// Questions that people ask about a policy in words, and the answers with the rule that decides: what `belljar explain`
// says and what the ask boxes of the desktop app show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/access.h"
#include "core/model/host_facts.h"
#include "core/model/policy.h"

namespace belljar {

/// What an access of `kind` to `path` (absolute) touches in the sandbox: links are followed, but for what is made or
/// removed, where the entry itself is meant.
[[nodiscard]] Access pathAccess(AccessKind kind, const std::string& path, const Policy& policy, const HostFacts& facts);

struct HostPort {
    std::string host;
    std::uint16_t port = 0;  ///< 0: of ICMP.
    IpProtocol protocol = IpProtocol::tcp;
};

/// "host:port", "1.2.3.4:port" or "[v6]:port" with a port from 1 to 65535, and "/tcp" or "/udp" behind it; or
/// "1.2.3.4/icmp".
Result<HostPort> parseHostPort(std::string_view text);

/// The access to what `address` names: as for parseHostPort(), or a socket's file as unix:/PATH or unix:@NAME. `kind`
/// is connect or bind.
Result<Access> addressAccess(AccessKind kind, const std::string& address, const Policy& policy, const HostFacts& facts);

struct Answer {
    Access access;
    Verdict verdict;
    std::string sentence;  ///< For people: decision, rule and mechanism; shown as it is.
};

[[nodiscard]] Answer answered(const Policy& policy, Access access);

/// What may be done with `path` (absolute): to a folder list, create and remove, to a file read, write, execute and
/// remove, to what does not exist create.
[[nodiscard]] std::vector<Answer> answersAbout(const std::string& path, const Policy& policy, const HostFacts& facts);

}  // namespace belljar
