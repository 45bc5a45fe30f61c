#include "core/policy/network_builder.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "core/base/host_name.h"
#include "core/policy/network_table.h"
#include "core/policy/network_words.h"
#include "core/policy/published_ports.h"

namespace belljar {
namespace {

/// Of one network, once its exceptions are taken out: as many as MXC allows.
constexpr std::size_t kMostBlocks = 256;
constexpr std::size_t kMostExceptions = 4'096;

constexpr const char* kMappedFix =
    "Name the IPv6 networks that are meant, for example 2000::/3, and the IPv4 networks by themselves";
constexpr const char* kCidrFix = "Write for example 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32";

NetworkRule::Service serviceOf(const NetworkPortConfig& port)
{
    NetworkRule::Service service;
    if (port.protocol == "tcp") service.protocol = IpProtocol::tcp;
    else if (port.protocol == "udp") service.protocol = IpProtocol::udp;
    else if (port.protocol == "icmp") service.protocol = IpProtocol::icmp;
    if (port.port) service.ports = {*port.port, port.endPort.value_or(*port.port)};
    return service;
}

/// "443/tcp, 53/udp", "everything"
std::string servicesText(const std::vector<NetworkRule::Service>& services)
{
    std::string text;
    for (const NetworkRule::Service& service : services) {
        const std::string one = serviceText(service);
        text += (text.empty() ? "" : ", ") + (one.empty() ? "everything" : one);
    }
    return text;
}

IpNetwork network(const char* text)
{
    return *parseIpNetwork(text);
}

/// 64:ff9b::/96 (RFC 6052), where it is routed, leads to IPv4 addresses: what is denied there is denied here, too.
IpNetwork translated(const IpNetwork& v4)
{
    IpNetwork twin = network("64:ff9b::");
    std::copy(v4.address.begin(), v4.address.begin() + 4, twin.address.begin() + 12);
    twin.prefix = 96 + v4.prefix;
    return twin;
}

std::string_view trimmed(std::string_view text)
{
    const auto isSpace = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
    return text;
}

constexpr const char* kNowhere = "multicast, broadcast and reserved addresses do not leave a sandbox";

/// What every filtered network denies, under rules that are there already or come to be there.
void addBuiltIn(NetworkPolicy& policy, const std::function<RuleId(const char*)>& ruleFor)
{
    std::vector<NetworkRule> extra;
    for (const NetworkRule& rule : policy.egress) {
        if (rule.allow || rule.network.isIpv6) continue;
        NetworkRule twin = rule;
        twin.derived = true;
        twin.network = translated(rule.network);
        for (IpNetwork& except : twin.except) except = translated(except);
        extra.push_back(std::move(twin));
    }
    const RuleId nowhere = ruleFor(kNowhere);
    for (const char* text : {"0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "ff00::/8"})
        extra.push_back({false, network(text), {}, {}, nowhere, true});
    const RuleId linkLocal = ruleFor(kLinkLocalRule);
    for (const char* text : {"169.254.0.0/16", "fe80::/10"}) {
        NetworkRule rule{false, network(text), {}, {}, linkLocal, true};
        for (const NetworkRule& other : policy.egress)
            if (other.allow && rule.network.contains(other.network)) rule.except.push_back(other.network);
        extra.push_back(std::move(rule));
    }
    if (!policy.echoes) {
        const RuleId icmp = ruleFor(kNoIcmp);
        for (const char* text : {"0.0.0.0/0", "::/0"})
            extra.push_back({false, network(text), {}, {{IpProtocol::icmp, {}}}, icmp, true});
    }
    std::move(extra.begin(), extra.end(), std::back_inserter(policy.egress));
}

}  // namespace

bool NetworkBuilder::mayAdd(std::size_t count, const char* pointer)
{
    if (count <= kMostNetworkRules) return true;
    m_context.report(Severity::error, "network-many",
                     fmt::format("There are {} entries, and at most {} can be enforced", count, kMostNetworkRules),
                     m_context.place(pointer), "Name larger networks instead of single addresses");
    return false;
}

bool NetworkBuilder::hasRoom(RuleId rule)
{
    const NetworkPolicy& policy = m_context.policy.network;
    if (policy.egress.size() + policy.names.size() < kMostNetworkRules) return true;
    if (!m_tooMany)
        m_context.report(Severity::error, "network-many",
                         fmt::format("There are more than {} rules about the network", kMostNetworkRules), rule,
                         "Name larger networks instead of single addresses");
    m_tooMany = true;
    return false;
}

void NetworkBuilder::add(NetworkRule rule)
{
    if (hasRoom(rule.rule)) m_context.policy.network.egress.push_back(std::move(rule));
}

void NetworkBuilder::addPeer(const NetworkPeerConfig& peer, NetworkRule rule, const std::string& words,
                             const std::string& pointer)
{
    const Result<IpNetwork> parsed = parseIpNetwork(peer.cidr);
    const SourcePlace place = m_context.place(pointer);
    const auto refuse = [&](const char* id, std::string message, const char* fix) {
        m_context.report(Severity::error, id, std::move(message), place, fix);
    };
    if (!parsed) {
        refuse("network-cidr", fmt::format("{} is no network: {}", quoted(peer.cidr), parsed.error().message),
               kCidrFix);
        return;
    }
    if (holdsMappedIpv4(*parsed)) {
        refuse("network-mapped", fmt::format("{} holds ::ffff:0:0/96, whose addresses are IPv4 addresses", peer.cidr),
               kMappedFix);
        return;
    }
    rule.network = withoutMapping(*parsed);
    if (peer.except && peer.except->size() > kMostExceptions) {
        refuse("network-many", fmt::format("The network has {} exceptions", peer.except->size()),
               "Name a smaller network, or fewer exceptions");
        return;
    }
    for (const std::string& text : peer.except.value_or(std::vector<std::string>{})) {
        const Result<IpNetwork> except = parseIpNetwork(text);
        if (!except) {
            refuse("network-cidr", fmt::format("{} is no network: {}", quoted(text), except.error().message), kCidrFix);
            return;
        }
        rule.except.push_back(withoutMapping(*except));
    }
    if (withoutNetworks(rule.network, rule.except, kMostBlocks).size() > kMostBlocks) {
        refuse("network-many", "The network falls apart into more than 256 blocks once its exceptions are taken out",
               "Name a smaller network, or fewer exceptions");
        return;
    }
    std::string text = words + ipNetworkText(rule.network);
    if (!rule.except.empty()) text += fmt::format(" without {} exceptions", rule.except.size());
    const std::string services = servicesText(rule.services);
    if (!services.empty()) text += " (" + services + ")";
    rule.rule = m_context.addRule(RuleSource::profile, std::move(text), place);
    add(std::move(rule));
}

void NetworkBuilder::addEntry(const NetworkRuleConfig& entry, bool allow, const std::string& pointer)
{
    NetworkRule rule;
    rule.allow = allow;
    for (const NetworkPortConfig& port : entry.ports.value_or(std::vector<NetworkPortConfig>{}))
        rule.services.push_back(serviceOf(port));
    const std::string words = allow ? "egress.allow: " : "egress.deny: ";
    if (!entry.to) {
        const std::string services = servicesText(rule.services);
        rule.rule = m_context.addRule(RuleSource::profile,
                                      words + "everywhere" + (services.empty() ? "" : " (" + services + ")"),
                                      m_context.place(pointer));
        for (const char* everywhere : {"0.0.0.0/0", "::/0"}) {
            rule.network = network(everywhere);
            add(rule);
        }
        return;
    }
    for (std::size_t i = 0; i < entry.to->size() && !m_tooMany; ++i)
        addPeer((*entry.to)[i], rule, words, fmt::format("{}/to/{}", pointer, i));
}

void NetworkBuilder::addHost(const std::string& written, bool allow, bool namesAllowed, const std::string& pointer)
{
    const std::string host(trimmed(written));
    const std::string words = allow ? "allowedHosts: " : "blockedHosts: ";
    const SourcePlace place = m_context.place(pointer);
    if (const Result<IpNetwork> parsed = parseIpNetworkLoosely(host)) {
        if (holdsMappedIpv4(*parsed)) {
            m_context.report(Severity::error, "network-mapped",
                             fmt::format("{} holds ::ffff:0:0/96, whose addresses are IPv4 addresses", host), place,
                             kMappedFix);
            return;
        }
        const IpNetwork plain = withoutMapping(*parsed);
        add({allow, plain, {}, {}, m_context.addRule(RuleSource::profile, words + ipNetworkText(plain), place)});
        return;
    }
    const Result<std::string> name = parseHostPattern(host);
    if (!name)
        m_context.report(Severity::error, "network-name",
                         fmt::format("{} is neither a network nor a host name: {}", quoted(host), name.error().message),
                         place, name.error().hint.empty() ? kCidrFix : name.error().hint);
    else if (!allow)
        m_context.report(
            Severity::error, "network-name",
            fmt::format("The name {} cannot be denied: what it leads to can be reached by its address", quoted(host)),
            place, "Deny its addresses, or deny everything and allow what is needed");
    else if (!namesAllowed)
        m_context.report(Severity::error, "network-name",
                         fmt::format("Since schema 0.8 {} cannot stand here: it is a name", quoted(host)), place,
                         "Write it into experimental.belljar.network.hosts");
    else addPattern(*name, {}, m_context.addRule(RuleSource::profile, words + *name, place));
}

void NetworkBuilder::addPattern(const std::string& name, std::vector<PortRange> ports, RuleId rule)
{
    if (name == "localhost" || name.ends_with(".localhost")) {
        m_context.report(Severity::warning, "network-no-effect",
                         fmt::format("The name {} is the sandbox's own, whatever a rule says", quoted(name)), rule,
                         "Remove the entry");
        return;
    }
    if (hasRoom(rule)) m_context.policy.network.names.push_back({name, std::move(ports), rule});
}

void NetworkBuilder::addName(const HostNameConfig& entry, const std::string& pointer)
{
    const Result<std::string> name = parseHostPattern(entry.name);
    if (!name) {
        m_context.report(Severity::error, "network-name",
                         fmt::format("{} is no host name: {}", quoted(entry.name), name.error().message),
                         m_context.place(pointer + "/name"), name.error().hint);
        return;
    }
    std::vector<PortRange> ports;
    std::string text;
    for (std::size_t i = 0; entry.ports && i < entry.ports->size(); ++i) {
        const HostPortConfig& port = (*entry.ports)[i];
        const std::uint16_t first = port.port.value_or(0);
        const PortRange range{first, port.endPort.value_or(first)};
        if (first == 0 || range.last < first) {
            m_context.report(
                Severity::error, "network-port",
                first == 0 ? "A port of a host name is a number from 1 to 65535" : "The range of ports goes downwards",
                m_context.place(fmt::format("{}/ports/{}", pointer, i)),
                "Write { \"port\": 443 } or { \"port\": 8000, \"endPort\": 8010 }");
            return;
        }
        ports.push_back(range);
        text += (text.empty() ? " (" : ", ") + serviceText({IpProtocol::any, range});
    }
    if (entry.ports && entry.ports->empty()) {
        m_context.report(Severity::error, "network-port", "A list of ports that is given names at least one",
                         m_context.place(pointer + "/ports"), "Leave it out to mean every port");
        return;
    }
    if (!text.empty()) text += ")";
    addPattern(*name, std::move(ports),
               m_context.addRule(RuleSource::profile, "network.hosts: " + *name + text, m_context.place(pointer)));
}

void NetworkBuilder::addPublished(const PublishConfig& entry, const std::string& pointer)
{
    const auto refuse = [&](std::string message, const char* fix) {
        m_context.report(Severity::error, "network-publish", std::move(message), m_context.place(pointer), fix);
    };
    const std::string written = entry.address.value_or("127.0.0.1");
    const Result<IpNetwork> address = parseIpNetwork(written);
    PublishedPort made{{}, entry.hostPort.value_or(entry.port.value_or(0)), entry.port.value_or(0)};
    if (made.port == 0 || made.hostPort == 0) {
        refuse("A port that is offered is a number from 1 to 65535", "Write { \"port\": 8080 }");
        return;
    }
    if (!address || !address->isOneAddress()) {
        refuse(fmt::format("{} is no address of this computer", quoted(written)),
               "Write 127.0.0.1, ::1, or an address of one of its interfaces");
        return;
    }
    made.hostAddress = ipNetworkText(withoutMapping(*address));
    if (entry.protocol.value_or("tcp") == "udp") made.protocol = IpProtocol::udp;
    auto& published = m_context.policy.network.published;
    if (std::optional<Error> why = publishObstacle(published, made)) {
        refuse(std::move(why->message), why->hint.c_str());
        return;
    }
    made.rule = m_context.addRule(RuleSource::profile,
                                  fmt::format("network.publish: {} as {}", insideText(made), placeText(made)),
                                  m_context.place(pointer));
    published.push_back(std::move(made));
}

void NetworkBuilder::addSpec(const NetworkSpec& spec, bool allow, RuleId rule)
{
    const bool all = spec.service == NetworkRule::Service{};
    for (const IpNetwork& one : spec.networks)
        add({allow, one, {}, all ? std::vector<NetworkRule::Service>{} : std::vector{spec.service}, rule});
    if (!spec.networks.empty()) return;
    if (!allow)
        m_context.report(Severity::error, "network-name",
                         fmt::format("The name {} cannot be denied: what it leads to can be reached by its address",
                                     quoted(spec.name)),
                         rule, "Deny its addresses");
    else
        addPattern(spec.name, spec.service.ports.isAll() ? std::vector<PortRange>{} : std::vector{spec.service.ports},
                   rule);
}

bool NetworkBuilder::opensAnything() const
{
    const NetworkPolicy& policy = m_context.policy.network;
    return policy.egressAllowed || policy.proxy || !policy.names.empty() || !policy.published.empty() ||
           std::any_of(policy.egress.begin(), policy.egress.end(), [](const NetworkRule& rule) { return rule.allow; });
}

void NetworkBuilder::finish()
{
    NetworkPolicy& policy = m_context.policy.network;
    policy.mode = NetworkMode::filtered;
    policy.echoes = m_context.facts.system().echoes;
    indexNetwork(policy);
    lintNetwork(m_context);
    addBuiltIn(policy, [&](const char* text) { return m_context.addRule(RuleSource::builtIn, text); });
    indexNetwork(policy);
}

void NetworkBuilder::refresh(NetworkPolicy& network, const std::vector<Rule>& rules)
{
    std::erase_if(network.egress, [](const NetworkRule& rule) { return rule.derived; });
    addBuiltIn(network, [&](const char* text) {
        const auto known = std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) {
            return rule.source == RuleSource::builtIn && rule.text == text;
        });
        return static_cast<RuleId>(known - rules.begin());
    });
    indexNetwork(network);
}

}  // namespace belljar
