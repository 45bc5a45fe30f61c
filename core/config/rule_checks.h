// The checks behind the rows of config_rules.cpp, by subject. Private to core/config.
#pragma once

#include <string>
#include <string_view>

#include "core/config/config_rules.h"

namespace belljar::rules {

// rules_request.cpp: version, what is asked for, command and paths.
void newerFields(const RuleContext& context, RuleViolations& out);
void newerFieldsOfNoVersion(const RuleContext& context, RuleViolations& out);
void oneShot(const RuleContext& context, RuleViolations& out);
void stateAware(const RuleContext& context, RuleViolations& out);
void schemaVersion(const RuleContext& context, RuleViolations& out);
void processGiven(const RuleContext& context, RuleViolations& out);
void commandText(const RuleContext& context, RuleViolations& out);
void pathText(const RuleContext& context, RuleViolations& out);

// rules_containment.cpp: sections of containments and what only one of them knows.
void oneSection(const RuleContext& context, RuleViolations& out);
void capabilityNames(const RuleContext& context, RuleViolations& out);
void captureOutput(const RuleContext& context, RuleViolations& out);
void proxyPeer(const RuleContext& context, RuleViolations& out);
void seatbeltMoved(const RuleContext& context, RuleViolations& out);
void wslcPorts(const RuleContext& context, RuleViolations& out);
void wslcNetwork(const RuleContext& context, RuleViolations& out);
void experimentalContainment(const RuleContext& context, RuleViolations& out);
void hyperlightLimits(const RuleContext& context, RuleViolations& out);

// rules_network.cpp: the network sections by themselves.
void oneNetworkStyle(const RuleContext& context, RuleViolations& out);
void egressRules(const RuleContext& context, RuleViolations& out);
void oneProxy(const RuleContext& context, RuleViolations& out);
void proxyAddress(const RuleContext& context, RuleViolations& out);
void runtimeProxyAddress(const RuleContext& context, RuleViolations& out);
void runtimeProxyAlone(const RuleContext& context, RuleViolations& out);

// rules_proxy.cpp: which containment can use which proxy.
void proxyContainment(const RuleContext& context, RuleViolations& out);
void bubblewrapProxyFirewall(const RuleContext& context, RuleViolations& out);
void bubblewrapProxy(const RuleContext& context, RuleViolations& out);
void lxcProxy(const RuleContext& context, RuleViolations& out);
void seatbeltProxy(const RuleContext& context, RuleViolations& out);
void processContainerProxy(const RuleContext& context, RuleViolations& out);
void wslcProxy(const RuleContext& context, RuleViolations& out);
void proxyCredentials(const RuleContext& context, RuleViolations& out);

// rules_bubblewrap.cpp: what the Bubblewrap containment can enforce.
void testProxy(const RuleContext& context, RuleViolations& out);
void unsupportedRuntimeProxy(const RuleContext& context, RuleViolations& out);
void bubblewrapIngress(const RuleContext& context, RuleViolations& out);
void bubblewrapLegacyNetwork(const RuleContext& context, RuleViolations& out);
void bubblewrapHosts(const RuleContext& context, RuleViolations& out);
void bubblewrapEgress(const RuleContext& context, RuleViolations& out);
void bubblewrapProxyEndpoint(const RuleContext& context, RuleViolations& out);

// Shared by the above.

/// The network section, or an empty one.
const NetworkConfig& networkOf(const SandboxConfig& config);
/// The runtime proxy's address, or nullptr.
const std::string* runtimeProxy(const SandboxConfig& config);
/// processContainer.network.allowedProxyPeer is given and not blank.
bool hasProxyPeer(const SandboxConfig& config);
/// "allow" or "block".
std::string_view defaultPolicy(const NetworkConfig& network);
/// A list that is given and not empty.
bool hasEntries(const std::optional<std::vector<std::string>>& list);
bool hasHosts(const NetworkConfig& network);
/// enforcementMode is firewall or both.
bool usesFirewall(const NetworkConfig& network);
/// `text` without the white space of Unicode around it: what is empty then counts as blank.
std::string_view withoutSpaceAround(std::string_view text);
/// A proxy URL as messages may repeat it: without user name and password.
std::string redactedUrl(std::string_view url);

}  // namespace belljar::rules
