// What each form of the network section means, in each version of the schema.
#include "core/policy/network_words.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class ResolveNetwork : public PolicyTest {
protected:
    NetworkMode mode() { return policy().network.mode; }
    bool reaches(const char* address, std::uint16_t port = 443, IpProtocol protocol = IpProtocol::tcp)
    {
        return decide(policy(), {AccessKind::connect, {}, address, port, protocol}).allowed;
    }
    bool resolves(const char* name) { return decide(policy(), {AccessKind::resolve, {}, name, 0}).allowed; }
    /// The network's only address of the host that a test has: decide() is told.
    bool reachesHost(const char* address)
    {
        Access access{AccessKind::connect, {}, address, 443};
        access.isHost = true;
        return decide(policy(), access).allowed;
    }
    OwnNetworkConfig& own() { return config.experimental.emplace().belljar.emplace().network.emplace(); }
    void expectRefused(const char* id, const char* pointer)
    {
        const Finding& f = refused(id);
        EXPECT_EQ(f.place.pointer, pointer);
        EXPECT_FALSE(f.fix.empty());
    }
    void extra(bool allow, const char* text)
    {
        request.extraNetwork.push_back({allow, parseNetworkSpec(text).value()});
    }
    static NetworkRuleConfig to(std::vector<NetworkPeerConfig> peers, std::vector<NetworkPortConfig> ports = {})
    {
        NetworkRuleConfig rule;
        rule.to = std::move(peers);
        if (!ports.empty()) rule.ports = std::move(ports);
        return rule;
    }
};

TEST_F(ResolveNetwork, OffUnlessAsked)
{
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_EQ(resolution.policy->rules[builtin_rule::kNetworkOff].source, RuleSource::builtIn);
    network().defaultPolicy = "block";
    network().enforcementMode = "both";
    network().blockedHosts = {"example.org"};
    EXPECT_EQ(mode(), NetworkMode::off);
    const Rule& rule = resolution.policy->rules[builtin_rule::kNetworkOff];
    EXPECT_EQ(rule.text, "network.defaultPolicy: block");
    EXPECT_EQ(rule.place.pointer, "/network/defaultPolicy");
    config.network.reset();
    network().egress = NetworkEgressConfig{"deny", {}, {{NetworkRuleConfig{}}}};
    network().ingress = NetworkIngressConfig{"deny", "deny"};
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_TRUE(policy().network.egress.empty());
}

TEST_F(ResolveNetwork, HostOnlyWhenNothingAsksForLess)
{
    network().defaultPolicy = "allow";
    network().allowLocalNetwork = true;
    EXPECT_EQ(mode(), NetworkMode::host);
    EXPECT_NE(finding("host-network"), nullptr);
    EXPECT_EQ(resolution.policy->rules[resolution.policy->network.rule].place.pointer, "/network/defaultPolicy");
    network().allowLocalNetwork = false;
    EXPECT_EQ(mode(), NetworkMode::filtered);
    EXPECT_NE(finding("network-not-shared"), nullptr);
    EXPECT_TRUE(reaches("93.184.216.34") && reaches("10.0.0.1") && reaches("2606::1"));
    EXPECT_FALSE(reachesHost("10.0.0.5") || reaches(kHostLoopback4) || reaches(kHostLoopback6));
    EXPECT_TRUE(resolves("example.org"));
}

TEST_F(ResolveNetwork, OlderHostListsAreEnforcedInEachMode)
{
    for (const char* version : {"", "0.6.0", "0.7.0-alpha", "0.8.0", "0.9.0-dev"}) {
        for (const char* enforcement : {"", "capabilities", "firewall", "both"}) {
            SCOPED_TRACE(std::string(version) + " " + enforcement);
            config = {};
            if (*version) config.version = version;
            if (*enforcement) network().enforcementMode = enforcement;
            network().allowedHosts = {"10.0.0.0/8", " 192.0.2.77/24 ", "2001:db8::1", "::ffff:198.51.100.1"};
            EXPECT_EQ(mode(), NetworkMode::filtered);
            for (const char* address : {"10.1.2.3", "192.0.2.1", "2001:db8::1", "198.51.100.1", "::ffff:10.1.2.3"})
                EXPECT_TRUE(reaches(address)) << address;
            for (const char* address : {"11.0.0.1", "192.0.3.1", "2001:db8::2", "169.254.169.254"})
                EXPECT_FALSE(reaches(address)) << address;
            network().blockedHosts = {"10.1.0.0/16"};
            EXPECT_FALSE(reaches("10.1.2.3"));
            EXPECT_TRUE(reaches("10.2.2.3"));
            network().allowedHosts.reset();
            network().defaultPolicy = "allow";
            EXPECT_TRUE(reaches("11.0.0.1"));
            EXPECT_FALSE(reaches("10.1.2.3"));
        }
    }
}

TEST_F(ResolveNetwork, NamesInHostLists)
{
    network().allowedHosts = {"*.Example.org"};
    network().enforcementMode = "firewall";
    EXPECT_EQ(mode(), NetworkMode::filtered);
    EXPECT_TRUE(resolves("www.example.org") && !resolves("example.org"));
    config.version = "0.8.0";
    expectRefused("network-name", "/network/allowedHosts/0");
    config.version = "0.7.0";
    network().allowedHosts = {"http://example.org"};
    expectRefused("network-name", "/network/allowedHosts/0");
    network().allowedHosts.reset();
    network().defaultPolicy = "allow";
    network().blockedHosts = {"10.0.0.1", "example.org"};
    expectRefused("network-name", "/network/blockedHosts/1");
    network().blockedHosts = {"::/0"};
    expectRefused("network-mapped", "/network/blockedHosts/0");
    network().blockedHosts.reset();
    network().allowedHosts = {"10.0.0.1"};
    expectRefused("network-contradiction", "/network/allowedHosts");
}

TEST_F(ResolveNetwork, TheLocalNetworkGoesWithTheWholeOneOnly)
{
    network().defaultPolicy = "block";
    network().allowLocalNetwork = true;
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_NE(finding("network-no-effect"), nullptr);
    config.version = "0.8.0";
    expectRefused("network-contradiction", "/network/allowLocalNetwork");
    config.version = "0.7.0";
    network().defaultPolicy = "allow";
    network().blockedHosts = {"10.0.0.1"};
    EXPECT_EQ(mode(), NetworkMode::filtered);
    EXPECT_NE(finding("network-no-effect"), nullptr);
}

TEST_F(ResolveNetwork, DirectionsByAddressPortAndProtocol)
{
    config.version = "0.8.0";
    NetworkEgressConfig& egress = network().egress.emplace();
    egress.defaultAction = "deny";
    egress.allow = {{to({{"10.0.0.0/8", {{"10.1.0.0/16", "10.2.0.1"}}}, {"2001:db8::/32", {}}},
                        {{"tcp", 443, {}}, {"udp", 5000, 5010}})}};
    egress.allow->push_back(to({{"192.0.2.1", {}}}, {{{}, 80, {}}}));
    egress.deny = {{to({{"10.3.0.0/16", {}}})}};
    EXPECT_TRUE(reaches("10.0.0.1") && reaches("2001:db8::9"));
    EXPECT_TRUE(reaches("10.0.0.1", 5010, IpProtocol::udp) && !reaches("10.0.0.1", 5011, IpProtocol::udp));
    EXPECT_FALSE(reaches("10.0.0.1", 80) || reaches("10.0.0.1", 443, IpProtocol::udp));
    EXPECT_FALSE(reaches("10.1.2.3") || reaches("10.2.0.1") || reaches("10.3.0.1"));
    EXPECT_TRUE(reaches("10.2.0.2"));
    EXPECT_TRUE(reaches("192.0.2.1", 80) && reaches("192.0.2.1", 80, IpProtocol::udp));
    EXPECT_FALSE(reaches("10.0.0.1", 0, IpProtocol::icmp));
    const Verdict denied = decide(policy(), {AccessKind::connect, {}, "10.3.0.1", 443});
    EXPECT_EQ(policy().rules[denied.rule].place.pointer, "/network/egress/deny/0/to/0");
    EXPECT_EQ(policy().rules[denied.rule].text, "egress.deny: 10.3.0.0/16");
    const Verdict allowed = decide(policy(), {AccessKind::connect, {}, "2001:db8::9", 443});
    EXPECT_EQ(policy().rules[allowed.rule].place.pointer, "/network/egress/allow/0/to/1");
    EXPECT_EQ(policy().rules[allowed.rule].text, "egress.allow: 2001:db8::/32 (443/tcp, 5000-5010/udp)");
    egress = {};
    egress.defaultAction = "allow";
    egress.deny = {{to({{"10.0.0.0/8", {}}})}};
    EXPECT_TRUE(reaches("11.0.0.1") && reaches("2606::1") && !reaches("10.0.0.1"));
    egress = {};
    egress.allow = {{NetworkRuleConfig{}}};
    EXPECT_TRUE(reaches("11.0.0.1") && reaches("2606::1")) << "no destination is every one";
}

TEST_F(ResolveNetwork, WrongNetworksHaveTheirPlace)
{
    NetworkEgressConfig& egress = network().egress.emplace();
    egress.allow = {{to({{"10.0.0.0/8", {}}, {"10.0.0.1/8", {}}})}};
    expectRefused("network-cidr", "/network/egress/allow/0/to/1");
    egress.allow = {{to({{"::/0", {}}})}};
    expectRefused("network-mapped", "/network/egress/allow/0/to/0");
    egress.allow = {{to({{"10.0.0.0/8", {{"x"}}}})}};
    expectRefused("network-cidr", "/network/egress/allow/0/to/0");
    std::vector<std::string> excepts;
    for (int i = 0; i < 256; i += 2) excepts.push_back("10." + std::to_string(i) + ".0.1");
    egress.allow = {{to({{"10.0.0.0/8", excepts}})}};
    expectRefused("network-many", "/network/egress/allow/0/to/0");
}

TEST_F(ResolveNetwork, IngressAndHostLoopback)
{
    network().ingress = NetworkIngressConfig{"allow", {}};
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_NE(finding("network-no-effect"), nullptr);
    network().ingress = NetworkIngressConfig{{}, "allow"};
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_NE(finding("network-no-effect"), nullptr);
    network().egress = NetworkEgressConfig{{}, {{to({{"100.64.0.1", {}}}, {{"tcp", 5432, {}}})}}, {}};
    EXPECT_EQ(mode(), NetworkMode::filtered);
    EXPECT_TRUE(reaches(kHostLoopback4, 5432) && !reaches(kHostLoopback4, 80));
    EXPECT_FALSE(reachesHost("10.0.0.5"));
    network().ingress.reset();
    EXPECT_FALSE(reaches(kHostLoopback4, 5432));
    EXPECT_NE(finding("network-no-effect"), nullptr);
}

TEST_F(ResolveNetwork, ARuntimeProxyIsTheOnlyWayOut)
{
    config.version = "0.8.0";
    for (const char* url : {"http://127.0.0.1:8080", "http://localhost:8080/", "https://[::1]:8080"}) {
        config.runtimeConfig = RuntimeConfig{url};
        process().env = {"NO_PROXY=example.org", "no_proxy=*", "http_proxy=http://other", "A=1"};
        EXPECT_EQ(mode(), NetworkMode::filtered);
        ASSERT_TRUE(policy().network.proxy.has_value());
        EXPECT_EQ(policy().network.proxy->host, "localhost");
        EXPECT_TRUE(reaches("127.0.0.1", 8080) && reaches("127.0.0.1", 8081)) << "its own loopback";
        EXPECT_FALSE(reaches("93.184.216.34") || reaches("10.0.0.1", 8080) || resolves("example.org"));
        const std::vector<std::string>& env = policy().process.env;
        const auto has = [&](const std::string& entry) { return std::count(env.begin(), env.end(), entry) == 1; };
        for (const char* key : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"})
            EXPECT_TRUE(has(std::string(key) + "=" + url)) << key;
        EXPECT_TRUE(has("A=1"));
        EXPECT_FALSE(has("NO_PROXY=example.org") || has("no_proxy=*"));
    }
    const Verdict denied = decide(policy(), {AccessKind::connect, {}, "93.184.216.34", 443});
    EXPECT_NE(denied.how.find("proxy"), std::string::npos);
}

TEST_F(ResolveNetwork, OlderProxies)
{
    network().defaultPolicy = "allow";
    network().proxy = NetworkProxyConfig{3128, {}, {}};
    EXPECT_EQ(mode(), NetworkMode::filtered);
    EXPECT_EQ(policy().network.proxy->url, "http://127.0.0.1:3128");
    EXPECT_FALSE(reaches("93.184.216.34"));
    EXPECT_NE(finding("network-proxy-only"), nullptr);
    network().proxy = NetworkProxyConfig{{}, {}, "http://192.0.2.9:3128"};
    EXPECT_TRUE(reaches("192.0.2.9", 3128) && !reaches("192.0.2.9", 3129));
    EXPECT_FALSE(reaches("192.0.2.9", 3128, IpProtocol::udp));
    network().proxy = NetworkProxyConfig{{}, {}, "http://u:p@192.0.2.9:3128"};
    expectRefused("network-proxy", "/network/proxy/url");
    network().proxy = NetworkProxyConfig{{}, {}, "socks5://192.0.2.9:3128"};
    expectRefused("network-proxy", "/network/proxy/url");
    network().proxy = NetworkProxyConfig{{}, true, {}};
    expectRefused("network-proxy", "/network/proxy/builtinTestServer");
    network().proxy = NetworkProxyConfig{3128, {}, {}};
    network().allowedHosts = {"10.0.0.1"};
    expectRefused("network-contradiction", "/network/proxy");
}

TEST_F(ResolveNetwork, AProxyByNameIsLookedUpAndReachedByIt)
{
    host.file("/etc/resolv.conf");
    network().defaultPolicy = "allow";
    network().proxy = NetworkProxyConfig{{}, {}, "http://Proxy.Example.:3128"};
    ASSERT_TRUE(policy().network.proxy.has_value());
    EXPECT_EQ(policy().network.proxy->host, "proxy.example");
    EXPECT_FALSE(policy().network.resolverFile.empty()) << "programs must be told whom to ask";
    EXPECT_TRUE(resolves("proxy.example") && reaches("PROXY.example", 3128) && reaches(kResolver4, kResolverPort));
    EXPECT_FALSE(resolves("example") || resolves("www.proxy.example") || reaches("other.example", 3128));
    EXPECT_FALSE(reaches("proxy.example", 3129) || reaches("proxy.example", 3128, IpProtocol::udp));
    const auto byAddress = [&](const std::string& name, const std::string& address, bool isHost = false) {
        Access access{AccessKind::connect, {}, address, 3128};
        access.name = name;
        access.isHost = isHost;
        return decide(policy(), access).allowed;
    };
    EXPECT_TRUE(byAddress("proxy.example", "93.184.216.34") && byAddress("proxy.example", "10.1.2.3"));
    EXPECT_FALSE(byAddress("", "93.184.216.34") || byAddress("other.example", "93.184.216.34"));
    EXPECT_FALSE(byAddress("proxy.example", "192.0.2.7", true) || byAddress("proxy.example", kHostLoopback4))
        << "an address of this machine";
    network().proxy = NetworkProxyConfig{{}, {}, "http://a..b:3128"};
    expectRefused("network-proxy", "/network/proxy/url");
}

TEST_F(ResolveNetwork, ACooperativeProxyIsOnlyOffered)
{
    network().proxy = NetworkProxyConfig{3128, {}, {}};
    own().cooperativeProxy = true;
    EXPECT_EQ(mode(), NetworkMode::host);
    EXPECT_NE(finding("host-network"), nullptr);
    EXPECT_FALSE(policy().network.proxy.has_value());
    const std::vector<std::string> env = policy().process.env;
    EXPECT_EQ(std::count(env.begin(), env.end(), "HTTP_PROXY=http://127.0.0.1:3128"), 1);
    config.version = "0.8.0";
    expectRefused("network-contradiction", "/experimental/belljar/network/cooperativeProxy");
    config.version.reset();
    config.network.reset();
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_NE(finding("network-no-effect"), nullptr);
}

TEST_F(ResolveNetwork, TheKernelForwardsWhatIsFiltered)
{
    OwnNetworkConfig& network = own();
    network.kernelForwarding = true;
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_FALSE(policy().network.kernelForwards);
    EXPECT_NE(finding("network-no-effect"), nullptr);
    network.hosts = {HostNameConfig{"intranet", {}}};
    EXPECT_EQ(mode(), NetworkMode::filtered);
    EXPECT_TRUE(policy().network.kernelForwards);
    EXPECT_EQ(finding("network-no-effect"), nullptr);
    network.kernelForwarding = false;
    EXPECT_FALSE(policy().network.kernelForwards);
}

TEST_F(ResolveNetwork, HostNamesOfOurOwn)
{
    own().hosts = {HostNameConfig{"*.Example.org", {{{443, {}}, {8000, 8010}}}}, HostNameConfig{"intranet", {}}};
    EXPECT_EQ(mode(), NetworkMode::filtered);
    EXPECT_TRUE(resolves("www.example.org") && resolves("WWW.example.org.") && resolves("intranet"));
    EXPECT_FALSE(resolves("example.org") || resolves("a.www.example.org") || resolves("example.com"));
    Access access{AccessKind::connect, {}, "93.184.216.34", 443};
    EXPECT_FALSE(decide(policy(), access).allowed) << "by its address alone";
    access.name = "www.example.org";
    const Verdict verdict = decide(policy(), access);
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(policy().rules[verdict.rule].place.pointer, "/experimental/belljar/network/hosts/0");
    EXPECT_EQ(policy().rules[verdict.rule].text, "network.hosts: *.example.org (443, 8000-8010)");
    access.port = 8011;
    EXPECT_FALSE(decide(policy(), access).allowed);
    access.port = 8005;
    access.protocol = IpProtocol::udp;
    EXPECT_TRUE(decide(policy(), access).allowed);
    access.port = 443;
    EXPECT_FALSE(decide(policy(), access).allowed) << "QUIC";
    access.protocol = IpProtocol::icmp;
    EXPECT_FALSE(decide(policy(), access).allowed);
    // A name leads nowhere that is denied.
    for (const char* address :
         {"169.254.169.254", "224.0.0.1", "0.1.2.3", "fe80::1", "100.64.0.1", "10.1.2.3", "172.31.0.1", "192.168.1.1",
          "fd00::1", "64:ff9b::a01:203", "2002:a01:203::1", "::ffff:10.1.2.3", "::10.1.2.3"}) {
        access = {AccessKind::connect, {}, address, 443};
        access.name = "www.example.org";
        EXPECT_FALSE(decide(policy(), access).allowed) << address;
    }
}

TEST_F(ResolveNetwork, WhoIsAskedForNames)
{
    host.file("/etc/resolv.conf");
    own().hosts = {HostNameConfig{"www.example.org", {}}};
    EXPECT_EQ(policy().network.resolverFile, "/etc/resolv.conf");
    for (const char* address : {"100.64.0.53", "fd64::53"}) {
        Access access{AccessKind::connect, {}, address, 53};
        access.protocol = IpProtocol::udp;
        EXPECT_TRUE(decide(policy(), access).allowed);
        access.port = 54;
        EXPECT_FALSE(decide(policy(), access).allowed);
    }
    // Who allows name servers only, has them asked.
    own().hosts.reset();
    request.extraNetwork = {{true, parseNetworkSpec("10.0.0.53:53/udp").value()}};
    EXPECT_EQ(policy().network.resolverFile, "");
    request.extraNetwork = {{true, parseNetworkSpec("10.0.0.53:443").value()}};
    EXPECT_EQ(policy().network.resolverFile, "/etc/resolv.conf");
}

TEST_F(ResolveNetwork, WrongHostNamesHaveTheirPlace)
{
    const auto expect = [&](HostNameConfig entry, const char* id, const char* pointer) {
        own().hosts = {HostNameConfig{"good.example", {}}, std::move(entry)};
        expectRefused(id, pointer);
    };
    const char* const name = "/experimental/belljar/network/hosts/1/name";
    expect({"", {}}, "network-name", name);
    expect({"10.0.0.1", {}}, "network-name", name);
    expect({"münchen.de", {}}, "network-name", name);
    expect({"*", {}}, "network-name", name);
    expect({"a.org", {{{443, 442}}}}, "network-port", "/experimental/belljar/network/hosts/1/ports/0");
    expect({"a.org", {{{{}, 442}}}}, "network-port", "/experimental/belljar/network/hosts/1/ports/0");
    expect({"a.org", std::vector<HostPortConfig>{}}, "network-port", "/experimental/belljar/network/hosts/1/ports");
    own().hosts = {HostNameConfig{"localhost", {}}};
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_NE(finding("network-no-effect"), nullptr);
    own().hosts = {HostNameConfig{"a.org", {}}};
    config.runtimeConfig = RuntimeConfig{"http://127.0.0.1:8080"};
    expectRefused("network-contradiction", "/experimental/belljar/network/hosts");
}

TEST_F(ResolveNetwork, PublishedPorts)
{
    network().ingress = NetworkIngressConfig{"allow", {}};
    own().publish = {PublishConfig{8080, {}, {}}, PublishConfig{8080, 80, "::1"}};
    EXPECT_EQ(mode(), NetworkMode::filtered) << "something leads in";
    EXPECT_EQ(finding("network-no-effect"), nullptr);
    const std::vector<PublishedPort>& published = policy().network.published;
    ASSERT_EQ(published.size(), 2U);
    EXPECT_EQ(published[0], (PublishedPort{"127.0.0.1", 8080, 8080, published[0].rule}));
    EXPECT_EQ(published[1], (PublishedPort{"::1", 80, 8080, published[1].rule}));
    EXPECT_EQ(policy().rules[published[1].rule].text, "network.publish: 8080 as [::1]:80");
    EXPECT_EQ(policy().rules[published[1].rule].place.pointer, "/experimental/belljar/network/publish/1");
    EXPECT_EQ(decide(policy(), {AccessKind::bind, {}, "0.0.0.0", 8080}).rule, published[0].rule);
    EXPECT_EQ(decide(policy(), {AccessKind::bind, {}, "0.0.0.0", 8081}).rule, builtin_rule::kOwnLoopback);
    EXPECT_FALSE(reaches("93.184.216.34"));
    network().ingress = NetworkIngressConfig{"deny", {}};
    expectRefused("network-contradiction", "/experimental/belljar/network/publish");
    network().ingress.reset();
    expectRefused("network-contradiction", "/experimental/belljar/network/publish");
}

TEST_F(ResolveNetwork, EchoesLeaveWhereTheUserMaySendThem)
{
    network().egress = NetworkEgressConfig{"deny", {{to({{"10.0.0.0/8", {}}}, {{"icmp", {}, {}}})}}, {}};
    const auto pings = [&](const char* address) { return reaches(address, 0, IpProtocol::icmp); };
    EXPECT_FALSE(pings("10.0.0.1"));
    EXPECT_FALSE(policy().network.echoes);
    EXPECT_NE(finding("network-no-effect"), nullptr);
    host.facts.echoes = true;
    EXPECT_TRUE(pings("10.0.0.1"));
    EXPECT_TRUE(policy().network.echoes);
    EXPECT_EQ(finding("network-no-effect"), nullptr);
    EXPECT_FALSE(pings("11.0.0.1") || pings("224.0.0.1") || pings(kHostLoopback4) || reaches("10.0.0.1"));
    network().egress = NetworkEgressConfig{"allow", {}, {{to({{"10.0.0.1", {}}})}}};
    EXPECT_TRUE(pings("10.0.0.2") && pings("2606::1"));
    EXPECT_FALSE(pings("10.0.0.1") || pings("64:ff9b::a00:1") || pings("169.254.169.254"));
}

TEST_F(ResolveNetwork, PublishedPortsOfUdp)
{
    network().ingress = NetworkIngressConfig{"allow", {}};
    own().publish = {PublishConfig{53, 5353, {}, "udp"}, PublishConfig{53, 5353, {}, "tcp"}};
    const std::vector<PublishedPort>& published = policy().network.published;
    ASSERT_EQ(published.size(), 2U);
    EXPECT_EQ(published[0], (PublishedPort{"127.0.0.1", 5353, 53, published[0].rule, IpProtocol::udp}));
    EXPECT_EQ(policy().rules[published[0].rule].text, "network.publish: 53/udp as 127.0.0.1:5353");
    EXPECT_EQ(published[1].protocol, IpProtocol::tcp);
    EXPECT_EQ(decide(policy(), {AccessKind::bind, {}, "0.0.0.0", 53, IpProtocol::udp}).rule, published[0].rule);
    EXPECT_EQ(decide(policy(), {AccessKind::bind, {}, "0.0.0.0", 53}).rule, published[1].rule);
    const auto answers = [&](const char* address, IpProtocol protocol) {
        return decide(policy(), {AccessKind::connect, {}, address, 40000, protocol}).allowed;
    };
    EXPECT_TRUE(answers(kVisitors4, IpProtocol::udp) && answers(kVisitors6, IpProtocol::udp));
    EXPECT_FALSE(answers(kVisitors4, IpProtocol::tcp) || answers("100.64.0.6", IpProtocol::udp));
    own().publish = {PublishConfig{53, 5353, {}, "tcp"}};
    EXPECT_FALSE(answers(kVisitors4, IpProtocol::udp)) << "nobody comes";
    own().publish = {PublishConfig{53, 5353, {}, "udp"}, PublishConfig{54, 5353, {}, "udp"}};
    expectRefused("network-publish", "/experimental/belljar/network/publish/1");
}

TEST_F(ResolveNetwork, PublishedPortsThatAreWrong)
{
    network().ingress = NetworkIngressConfig{"allow", {}};
    const auto expect = [&](PublishConfig entry) {
        own().publish = {PublishConfig{8080, {}, {}}, std::move(entry)};
        expectRefused("network-publish", "/experimental/belljar/network/publish/1");
    };
    expect({});
    expect({8081, {}, "localhost"});
    expect({8081, {}, "10.0.0.0/8"});
    expect({8080, {}, {}});
    expect({9090, 8080, "::ffff:127.0.0.1"});
}

TEST_F(ResolveNetwork, WhatEveryFilteredNetworkDenies)
{
    network().egress = NetworkEgressConfig{"allow", {}, {{to({{"198.51.100.0/24", {}}})}}};
    for (const char* address : {"169.254.169.254", "224.0.0.251", "255.255.255.255", "0.1.2.3", "240.0.0.1", "ff02::1",
                                "fe80::1", "fe80::1%eth0", "64:ff9b::c633:6401"})
        EXPECT_FALSE(reaches(address)) << address;
    EXPECT_TRUE(reaches("64:ff9b::c633:6501")) << "the translated address of what is not denied";
    for (const char* address : {"0.0.0.0", "::", "127.8.9.1", "::1", "100.64.0.2", "fd64::2"})
        EXPECT_TRUE(reaches(address)) << address << " is the sandbox itself";
    EXPECT_FALSE(reaches("93.184.216.34", 0, IpProtocol::icmp));
    network().egress->allow = {{to({{"169.254.169.254", {}}}, {{"tcp", 80, {}}})}};
    EXPECT_TRUE(reaches("169.254.169.254", 80)) << "named";
    EXPECT_FALSE(reaches("169.254.169.253", 80));
    const Verdict verdict = decide(policy(), {AccessKind::connect, {}, "169.254.1.1", 80});
    EXPECT_EQ(policy().rules[verdict.rule].source, RuleSource::builtIn);
}

TEST_F(ResolveNetwork, Options)
{
    extra(true, "192.0.2.0/24:443/tcp");
    extra(true, "www.example.org:443");
    extra(false, "192.0.2.9");
    EXPECT_EQ(mode(), NetworkMode::filtered);
    EXPECT_TRUE(reaches("192.0.2.1") && !reaches("192.0.2.1", 80) && !reaches("192.0.2.9"));
    EXPECT_TRUE(resolves("www.example.org"));
    EXPECT_EQ(policy().rules[decide(policy(), {AccessKind::connect, {}, "192.0.2.9", 443}).rule].text,
              "--deny-net 192.0.2.9");
    request.network = NetworkMode::host;
    refused("network-contradiction");
    request.network = NetworkMode::off;
    EXPECT_TRUE(reaches("192.0.2.1"));
    request.network.reset();
    config.runtimeConfig = RuntimeConfig{"http://127.0.0.1:8080"};
    refused("network-contradiction");
    config.runtimeConfig.reset();
    extra(false, "example.org");
    refused("network-name");
}

TEST_F(ResolveNetwork, TheOptionReplacesTheProfilesNetwork)
{
    network().allowedHosts = {"10.0.0.1"};
    request.network = NetworkMode::off;
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_EQ(resolution.policy->rules[builtin_rule::kNetworkOff].source, RuleSource::commandLine);
    request.network = NetworkMode::host;
    EXPECT_EQ(mode(), NetworkMode::host);
}

TEST_F(ResolveNetwork, RulesThatDoNothingAreNamed)
{
    const auto only = [&](std::vector<const char*> allow, std::vector<const char*> deny, const char* id,
                          const char* pointer) {
        NetworkEgressConfig& egress = network().egress.emplace();
        for (const char* cidr : allow) {
            if (!egress.allow) egress.allow.emplace();
            egress.allow->push_back(to({{cidr, {}}}));
        }
        for (const char* cidr : deny) {
            if (!egress.deny) egress.deny.emplace();
            egress.deny->push_back(to({{cidr, {}}}));
        }
        policy();
        ASSERT_NE(finding(id), nullptr) << id << "\n" << messages();
        EXPECT_EQ(finding(id)->place.pointer, pointer);
    };
    only({"10.0.0.0/8", "10.1.0.0/16"}, {"192.0.2.0/24"}, "network-redundant", "/network/egress/allow/1/to/0");
    only({"10.0.0.0/8", "10.0.0.0/8"}, {}, "network-redundant", "/network/egress/allow/1/to/0");
    only({"10.0.0.0/8", "192.0.2.1"}, {"192.0.2.0/24"}, "network-shadowed", "/network/egress/allow/1/to/0");
    only({"127.0.0.1"}, {}, "network-no-effect", "/network/egress/allow/0/to/0");
    only({"224.0.0.1"}, {}, "network-no-effect", "/network/egress/allow/0/to/0");
    network().egress = NetworkEgressConfig{"allow", {{to({{"10.0.0.1", {}}})}}, {}};
    policy();
    EXPECT_NE(finding("network-redundant"), nullptr);
    network().egress = NetworkEgressConfig{{}, {{to({{"10.0.0.1", {}}}, {{"icmp", {}, {}}})}}, {}};
    policy();
    EXPECT_NE(finding("network-no-effect"), nullptr);
    // What differs in ports is no repetition.
    network().egress = NetworkEgressConfig{
        {}, {{to({{"10.0.0.0/8", {}}}, {{"tcp", 80, 90}}), to({{"10.0.0.1", {}}}, {{"tcp", 90, 91}})}}, {}};
    policy();
    EXPECT_TRUE(resolution.findings.empty()) << messages();
    config.network.reset();
    own().hosts = {HostNameConfig{"*.org", {}}};
    policy();
    EXPECT_NE(finding("network-broad"), nullptr);
}

TEST_F(ResolveNetwork, TenThousandRules)
{
    NetworkEgressConfig& egress = network().egress.emplace();
    std::vector<NetworkRuleConfig>& allow = egress.allow.emplace();
    std::vector<NetworkRuleConfig>& deny = egress.deny.emplace();
    for (int i = 0; i < 5'000; ++i) {
        const std::string tail = std::to_string(i / 250) + "." + std::to_string(i % 250);
        allow.push_back(to({{"10.1." + tail, {}}}, {{"tcp", 443, {}}}));
        deny.push_back(to({{"10.1." + tail, {}}}, {{"tcp", 444, {}}}));
    }
    EXPECT_TRUE(reaches("10.1.19.249", 443));
    EXPECT_FALSE(reaches("10.1.19.249", 444) || reaches("10.1.20.1", 443));
    EXPECT_EQ(count("network-redundant") + count("network-shadowed"), 0U);
    for (int i = 0; i < 11'000; ++i) allow.push_back(to({{"10.0.0.1", {}}}));
    refused("network-many");
    EXPECT_EQ(count("network-many"), 1U);
    allow.resize(1'000'000);
    EXPECT_EQ(refused("network-many").place.pointer, "/network/egress");
    network().egress =
        NetworkEgressConfig{{}, {{to({{"10.0.0.0/8", std::vector<std::string>(5'000, "10.0.0.1")}})}}, {}};
    refused("network-many");
}

TEST_F(ResolveNetwork, WithoutAPacketFilterAProxyOfOursIsTheWayOut)
{
    host.obstacle = "this kernel has no nf_tables";
    extra(true, "192.0.2.0/24:443/tcp");
    extra(true, "www.example.org:443");
    process().env = {"https_proxy=http://other", "no_proxy="};
    EXPECT_EQ(mode(), NetworkMode::filtered);
    ASSERT_TRUE(policy().network.proxyOnly.has_value());
    const Finding* said = finding("network-proxy-only");
    ASSERT_NE(said, nullptr);
    EXPECT_EQ(said->severity, Severity::warning);
    EXPECT_NE(said->message.find(host.obstacle), std::string::npos);
    const std::vector<std::string>& env = policy().process.env;
    const auto has = [&](const std::string& entry) { return std::count(env.begin(), env.end(), entry) == 1; };
    for (const char* key : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"})
        EXPECT_TRUE(has(std::string(key) + "=http://127.0.0.1:65530")) << key;
    EXPECT_TRUE(has("https_proxy=http://other") && has("no_proxy=") && has("NO_PROXY=localhost,127.0.0.1,::1"));
    EXPECT_NE(finding("network-proxy-variable"), nullptr);
    EXPECT_TRUE(policy().network.resolverFile.empty());
    EXPECT_TRUE(reaches("192.0.2.1") && !reaches("192.0.2.1", 80) && !reaches("198.51.100.1"));
    EXPECT_TRUE(resolves("www.example.org") && !resolves("other.example.org"));
    EXPECT_FALSE(reaches("192.0.2.1", 443, IpProtocol::udp) || reaches(kResolver4, 53, IpProtocol::udp));
    Access direct{AccessKind::connect, {}, "192.0.2.1", 443};
    EXPECT_EQ(decide(policy(), direct).how, "a rule allows it, through Belljar's proxy");
    direct.isDirect = true;
    const Verdict verdict = decide(policy(), direct);
    EXPECT_FALSE(verdict.allowed);
    EXPECT_EQ(verdict.expectedErrno, 101);
    EXPECT_NE(policy().rules[verdict.rule].text.find("by proxy only: " + host.obstacle), std::string::npos);
    direct.host = "127.0.0.1";
    EXPECT_TRUE(decide(policy(), direct).allowed) << "its own loopback, where the proxy stands";
    host.obstacle.clear();
    EXPECT_FALSE(policy().network.proxyOnly.has_value());
    EXPECT_EQ(finding("network-proxy-only"), nullptr);
    direct.host = "192.0.2.1";
    EXPECT_TRUE(decide(policy(), direct).allowed);
}

TEST_F(ResolveNetwork, WhoeverAllowsNameServersGetsNamesOfTheProxy)
{
    host.obstacle = "this kernel has no nf_tables";
    extra(true, "192.0.2.0/24:443/tcp");
    EXPECT_FALSE(resolves("www.example.org"));
    extra(true, "10.0.0.0/8");
    EXPECT_TRUE(resolves("www.example.org"));
    EXPECT_FALSE(reaches("198.51.100.1"));
}

TEST_F(ResolveNetwork, WithoutAPacketFilterWhatNeedsItIsRefused)
{
    host.obstacle = "this kernel has no nf_tables";
    config.version = "0.8.0";
    config.runtimeConfig = RuntimeConfig{"http://127.0.0.1:8080"};
    EXPECT_NE(refused("network-needs-packets").message.find("a proxy of the profile's own"), std::string::npos);
    config.runtimeConfig.reset();
    extra(true, "192.0.2.1:53/udp");
    EXPECT_NE(refused("network-needs-packets").message.find("another protocol than TCP"), std::string::npos);
    request.extraNetwork.clear();
    extra(true, "192.0.2.0/24:443/tcp");
    own().kernelForwarding = true;
    expectRefused("network-needs-packets", "/experimental/belljar/network/kernelForwarding");
    config.experimental.reset();
    request.extraNetwork.clear();
    extra(false, "192.0.2.1:53/udp");
    extra(true, "192.0.2.0/24:443/tcp");
    EXPECT_EQ(mode(), NetworkMode::filtered) << "to deny needs nothing";
    request.extraNetwork.clear();
    EXPECT_EQ(mode(), NetworkMode::off);
    EXPECT_EQ(finding("network-proxy-only"), nullptr) << "nothing is asked for";
}

}  // namespace
}  // namespace belljar
