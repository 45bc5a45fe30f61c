#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/policy/decide.h"
#include "core/policy/network_words.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

std::string errnoWord(int value)
{
    switch (value) {
        case linux_errno::kNotPermitted: return "EPERM";
        case linux_errno::kNoEntry: return "ENOENT";
        case linux_errno::kAccess: return "EACCES";
        case linux_errno::kBusy: return "EBUSY";
        case linux_errno::kNotDirectory: return "ENOTDIR";
        case linux_errno::kReadOnly: return "EROFS";
        case linux_errno::kAddressNotAvailable: return "EADDRNOTAVAIL";
        case linux_errno::kNoSuchCall: return "ENOSYS";
        case linux_errno::kNetworkUnreachable: return "ENETUNREACH";
        case linux_errno::kConnectionRefused: return "ECONNREFUSED";
        default: return fmt::format("errno {}", value);
    }
}

std::string ruleOrigin(const Rule& rule)
{
    switch (rule.source) {
        case RuleSource::builtIn: return "Belljar's default";
        case RuleSource::base: return "the system tree that every sandbox gets";
        case RuleSource::commandLine: return "given on the command line";
        case RuleSource::live: return "changed while it ran";
        case RuleSource::profile: break;
    }
    const std::string profile =
        rule.place.file.empty() ? "the profile" : "the base profile " + visible(rule.place.file);
    if (rule.place.line == 0) return profile;
    return fmt::format("{}, line {}", profile, rule.place.line);
}

std::string objectText(const Access& access)
{
    if (!access.path.empty()) return visible(access.path);
    if (access.kind == AccessKind::resolve) return visible(access.host);
    const bool bracket = access.host.find(':') != std::string::npos && access.host.front() != '[';
    std::string text = fmt::format("{}{}{}", bracket ? "[" : "", visible(access.host), bracket ? "]" : "");
    if (access.protocol != IpProtocol::icmp) text += fmt::format(":{}", access.port);
    if (access.protocol != IpProtocol::tcp) text += "/" + std::string(protocolName(access.protocol));
    return access.name.empty() ? text : text + " (" + visible(access.name) + ")";
}

}  // namespace

std::string accessKindName(AccessKind kind)
{
    switch (kind) {
        case AccessKind::stat: return "stat";
        case AccessKind::list: return "list";
        case AccessKind::read: return "read";
        case AccessKind::write: return "write";
        case AccessKind::create: return "create";
        case AccessKind::remove: return "remove";
        case AccessKind::execute: return "execute";
        case AccessKind::connect: return "connect to";
        case AccessKind::bind: return "listen on";
        case AccessKind::systemCall: return "call";
        case AccessKind::resolve: return "look up";
        case AccessKind::clipboardRead: return "paste from the host";
        case AccessKind::clipboardWrite: return "copy to the host";
    }
    return "use";
}

std::string explain(const Policy& policy, const Access& access, const Verdict& verdict)
{
    // A rule id may come from a recording, so it is checked.
    static const Rule kUnknown{RuleSource::builtIn, "unknown rule", {}};
    const Rule& rule = verdict.rule < policy.rules.size() ? policy.rules[verdict.rule] : kUnknown;
    std::string how = verdict.how;
    if (!verdict.allowed && verdict.expectedErrno != 0) {
        if (!how.empty()) how += ", ";
        how += errnoWord(verdict.expectedErrno);
    }
    return fmt::format("{}: {} {}: {} ({}){}", verdict.allowed ? "allowed" : "denied", accessKindName(access.kind),
                       objectText(access), visible(rule.text), ruleOrigin(rule), how.empty() ? "" : " - " + how);
}

}  // namespace belljar
