// Puts the rules of a filtered network together, whoever wrote them. Internal to core/policy.
#pragma once

#include <string>

#include "core/model/network_change.h"
#include "core/policy/resolve_context.h"

namespace belljar {

/// Most rules about networks and names that a policy may hold.
inline constexpr std::size_t kMostNetworkRules = 16'384;

/// The rule about link-local addresses, which a profile can open by naming them.
inline constexpr const char* kLinkLocalRule = "link-local addresses are reached by a rule that names them only";

/// Why there is no ICMP where the user may send no echo requests.
inline constexpr const char* kNoIcmp =
    "ICMP does not leave a sandbox: its user may send no echo requests (net.ipv4.ping_group_range)";

class NetworkBuilder {
public:
    explicit NetworkBuilder(ResolveContext& context) : m_context(context) {}

    /// False, and said, when that many entries at `pointer` are too many.
    bool mayAdd(std::size_t count, const char* pointer);
    /// One entry of an egress list.
    void addEntry(const NetworkRuleConfig& entry, bool allow, const std::string& pointer);
    /// One entry of allowedHosts or blockedHosts, which may be a name up to schema 0.7.
    void addHost(const std::string& host, bool allow, bool namesAllowed, const std::string& pointer);
    /// One entry of experimental.belljar.network.hosts.
    void addName(const HostNameConfig& entry, const std::string& pointer);
    /// One entry of experimental.belljar.network.publish.
    void addPublished(const PublishConfig& entry, const std::string& pointer);
    /// From the command line or a live change; `rule` says so.
    void addSpec(const NetworkSpec& spec, bool allow, RuleId rule);

    /// Anything leads out or in.
    [[nodiscard]] bool opensAnything() const;
    /// Adds what every filtered network denies, and looks at what the rules do to each other.
    void finish();

    /// For a policy that was finished before and has other rules now: what follows from them is made anew.
    static void refresh(NetworkPolicy& network, const std::vector<Rule>& rules);

private:
    /// Says so, once, when there are too many rules.
    bool hasRoom(RuleId rule);
    void add(NetworkRule rule);
    void addPattern(const std::string& name, std::vector<PortRange> ports, RuleId rule);
    void addPeer(const NetworkPeerConfig& peer, NetworkRule rule, const std::string& words, const std::string& pointer);

    ResolveContext& m_context;
    bool m_tooMany = false;
};

/// What rules of the profile and the command line do to each other: shadowed, contradictory, needless and broad ones.
void lintNetwork(ResolveContext& context);

}  // namespace belljar
