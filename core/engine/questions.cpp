#include "core/engine/questions.h"

#include <algorithm>
#include <charconv>

#include "core/base/path_text.h"
#include "core/policy/decide.h"
#include "core/policy/host_walk.h"
#include "core/policy/network_address.h"
#include "core/policy/network_words.h"

namespace belljar {

Access pathAccess(AccessKind kind, const std::string& path, const Policy& policy, const HostFacts& facts)
{
    Access access;
    access.kind = kind;
    const bool entry = kind == AccessKind::create || kind == AccessKind::remove;
    access.path = entry ? joinPath(canonicalInSandbox(policy, parentPath(path), facts), fileName(path))
                        : canonicalInSandbox(policy, path, facts);
    return access;
}

Result<HostPort> parseHostPort(std::string_view text)
{
    const Error bad{ErrorCode::malformedRequest,
                    "this is no address with a port",
                    std::string(text),
                    {},
                    "Write 93.184.216.34:443, [2606::1]:53/udp, example.org:443 or 93.184.216.34/icmp."};
    HostPort peer;
    for (const IpProtocol protocol : {IpProtocol::tcp, IpProtocol::udp, IpProtocol::icmp}) {
        const std::string ending = "/" + std::string(protocolName(protocol));
        if (!text.ends_with(ending)) continue;
        text.remove_suffix(ending.size());
        peer.protocol = protocol;
    }
    const bool ported = peer.protocol != IpProtocol::icmp;
    const std::size_t colon = ported ? text.rfind(':') : text.size();
    if (colon == std::string_view::npos || colon == 0) return bad;
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.front() == '[';
    if (bracketed) {
        if (host.size() < 3 || host.back() != ']') return bad;
        host = host.substr(1, host.size() - 2);
    } else if (ported && host.find(':') != std::string_view::npos) {
        return bad;
    }
    peer.host = host;
    if (!ported) return peer;
    const std::string_view digits = text.substr(colon + 1);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), peer.port);
    if (failure != std::errc() || end != digits.data() + digits.size() || peer.port == 0) return bad;
    return peer;
}

Result<Access> addressAccess(AccessKind kind, const std::string& address, const Policy& policy, const HostFacts& facts)
{
    constexpr std::string_view kUnix = "unix:";
    Access access;
    access.kind = kind;
    if (address.starts_with(kUnix)) {
        access.path = address.substr(kUnix.size());
        if (access.path.starts_with("@")) return access;
        if (!isAbsolutePath(access.path))
            return Error{ErrorCode::malformedRequest, "this is no socket", address, {}, "Write unix:/PATH."};
        const AccessKind way = kind == AccessKind::bind ? AccessKind::create : AccessKind::read;
        access.path = pathAccess(way, access.path, policy, facts).path;
        return access;
    }
    Result<HostPort> peer = parseHostPort(address);
    if (!peer) return std::move(peer).error();
    access.host = std::move(peer->host);
    access.port = peer->port;
    access.protocol = peer->protocol;
    const std::vector<IpNetwork> own = facts.ownAddresses();
    const std::optional<IpNetwork> asked = numericAddress(access.host);
    access.isHost = asked && std::find(own.begin(), own.end(), *asked) != own.end();
    return access;
}

Answer answered(const Policy& policy, Access access)
{
    Answer answer;
    answer.verdict = decide(policy, access);
    answer.sentence = explain(policy, access, answer.verdict);
    answer.access = std::move(access);
    return answer;
}

std::vector<Answer> answersAbout(const std::string& path, const Policy& policy, const HostFacts& facts)
{
    const HostWalk walk = walkHost(path, facts);
    std::vector<AccessKind> kinds{AccessKind::create};
    if (walk.end == HostWalk::End::found)
        kinds = walk.facts.type == FileType::directory
                    ? std::vector{AccessKind::list, AccessKind::create, AccessKind::remove}
                    : std::vector{AccessKind::read, AccessKind::write, AccessKind::execute, AccessKind::remove};
    std::vector<Answer> answers;
    for (const AccessKind kind : kinds) {
        // What may be made in a folder is asked of an entry that it does not have.
        const bool inside = kind == AccessKind::create && walk.end == HostWalk::End::found;
        answers.push_back(
            answered(policy, pathAccess(kind, inside ? joinPath(path, ".belljar-new") : path, policy, facts)));
    }
    return answers;
}

}  // namespace belljar
