// The evaluator's answers about addresses and names, held against a second implementation that is as simple as can be.
#include <array>
#include <optional>
#include <random>

#include <spdlog/fmt/fmt.h>

#include "core/policy/network_words.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class DecideNetwork : public PolicyTest {
protected:
    static Access connect(const std::string& host, std::uint16_t port = 443, IpProtocol protocol = IpProtocol::tcp)
    {
        return {AccessKind::connect, {}, host, port, protocol};
    }
    void allowNet(const char* text) { request.extraNetwork.push_back({true, parseNetworkSpec(text).value()}); }
    void denyNet(const char* text) { request.extraNetwork.push_back({false, parseNetworkSpec(text).value()}); }
};

TEST_F(DecideNetwork, SaysHowItFailsAndWhatMakesItSo)
{
    allowNet("10.0.0.0/8");
    denyNet("10.1.0.0/16");
    const Policy& p = policy();
    Verdict verdict = decide(p, connect("10.1.0.1"));
    EXPECT_EQ(verdict.expectedErrno, linux_errno::kConnectionRefused);
    EXPECT_EQ(verdict.mechanism, Mechanism::networkRules);
    EXPECT_EQ(explain(p, connect("10.1.0.1"), verdict),
              "denied: connect to 10.1.0.1:443: --deny-net 10.1.0.0/16 (given on the command line) - a rule denies it, "
              "ECONNREFUSED");
    verdict = decide(p, connect("2606::1", 53, IpProtocol::udp));
    EXPECT_EQ(verdict.rule, builtin_rule::kNetworkOff);
    EXPECT_EQ(
        explain(p, connect("2606::1", 53, IpProtocol::udp), verdict),
        "denied: connect to [2606::1]:53/udp: no rule allows the network (Belljar's default) - no rule allows it, "
        "ECONNREFUSED");
    const Access ping = connect("10.0.0.1", 0, IpProtocol::icmp);
    EXPECT_NE(explain(p, ping, decide(p, ping)).find("10.0.0.1/icmp"), std::string::npos);
    const Access name{AccessKind::resolve, {}, "example.org", 0};
    EXPECT_EQ(explain(p, name, decide(p, name)),
              "denied: look up example.org: no rule allows the network (Belljar's default) - no rule allows this name");
}

TEST_F(DecideNetwork, EverySpellingOfAnAddressIsTheAddress)
{
    denyNet("10.0.0.1");
    allowNet("*");
    const Policy& p = policy();
    for (const char* text : {"10.0.0.1", "::ffff:10.0.0.1", "[::ffff:a00:1]", "0:0:0:0:0:ffff:0a00:0001"})
        EXPECT_FALSE(decide(p, connect(text)).allowed) << text;
    for (const char* text : {"10.0.0.2", "::ffff:10.0.0.2", "[2606::1]", "::a00:1"})
        EXPECT_TRUE(decide(p, connect(text)).allowed) << text;
    // No address at all: a name, and no rule speaks of it.
    for (const char* text : {"10.0.0", "010.0.0.1", "0xa000001", "10.0.0.1/32", "x", "[::1", "a\0b"})
        EXPECT_FALSE(decide(p, connect(text)).allowed) << text;
}

TEST_F(DecideNetwork, ListeningReachesNobodyOutside)
{
    allowNet("10.0.0.0/8");
    const Policy& p = policy();
    for (const char* address : {"0.0.0.0", "::", "127.0.0.1", "10.0.0.1"}) {
        const Verdict verdict = decide(p, {AccessKind::bind, {}, address, 80});
        EXPECT_TRUE(verdict.allowed);
        EXPECT_NE(verdict.how.find("only the sandbox"), std::string::npos);
    }
}

TEST_F(DecideNetwork, UnixSocketsOfTheHostStayOutOfReach)
{
    host.file("/home/u/proj/agent.sock");
    readWrite({"/home/u/proj"});
    allowNet("*");
    const Verdict verdict = decide(policy(), {AccessKind::connect, "/home/u/proj/agent.sock", {}, 0});
    EXPECT_FALSE(verdict.allowed);
    EXPECT_EQ(verdict.mechanism, Mechanism::socketGuard);
}

/// A block of addresses as a list of bits, and nothing else in common with what is tested.
struct NaiveBlock {
    bool v6 = false;
    std::vector<bool> bits;  ///< As many as the prefix has.
    [[nodiscard]] bool holds(const NaiveBlock& address) const
    {
        return v6 == address.v6 && std::equal(bits.begin(), bits.end(), address.bits.begin());
    }
};

struct NaiveRule {
    bool allow = false;
    std::optional<NaiveBlock> block;  ///< Absent: everywhere.
    std::vector<NaiveBlock> excepts;
    struct Port {
        std::string protocol;
        int first = 0;
        int last = 0;  ///< 0: no ports are named.
    };
    std::vector<Port> ports;

    [[nodiscard]] bool speaksOf(const NaiveBlock& address, const std::string& protocol, int port) const
    {
        if (block && !block->holds(address)) return false;
        for (const NaiveBlock& except : excepts)
            if (except.holds(address)) return false;
        if (ports.empty()) return true;
        for (const Port& one : ports) {
            const bool ported = protocol == "tcp" || protocol == "udp";
            if (one.protocol != "any" && one.protocol != protocol) continue;
            if (one.last == 0) return true;
            if (ported && one.first <= port && port <= one.last) return true;
        }
        return false;
    }
};

/// Makes profiles and attempts out of few bits, so that they meet.
class NetworkMaker {
public:
    explicit NetworkMaker(std::uint32_t seed) : m_random(seed) {}

    int below(int limit) { return std::uniform_int_distribution<>(0, limit - 1)(m_random); }

    /// 198.18.0.0/15 or 2001:db8::/32, of which the last bits differ.
    NaiveBlock address()
    {
        NaiveBlock made;
        made.v6 = below(3) == 0;
        const std::array<int, 4> v4{198, 18, below(2), below(16)};
        for (int i = 0; i < (made.v6 ? 16 : 4); ++i) {
            const int byte = made.v6 ? std::array<int, 16>{0x20, 0x01, 0x0d, 0xb8}[static_cast<std::size_t>(i)]
                                     : v4[static_cast<std::size_t>(i)];
            for (int bit = 7; bit >= 0; --bit) made.bits.push_back((byte >> bit & 1) != 0);
        }
        if (made.v6)
            for (std::size_t i = 122; i < 128; ++i) made.bits[i] = below(2) == 0;
        return made;
    }

    NaiveBlock block(const NaiveBlock* within = nullptr)
    {
        NaiveBlock made = address();
        if (within) {
            made.v6 = within->v6;
            made.bits.resize(within->v6 ? 128 : 32);
            std::copy(within->bits.begin(), within->bits.end(), made.bits.begin());
            for (std::size_t i = within->bits.size(); i < made.bits.size(); ++i) made.bits[i] = below(4) == 0;
        }
        const int whole = static_cast<int>(made.bits.size());
        const int least = within ? static_cast<int>(within->bits.size()) : whole - 8;
        made.bits.resize(static_cast<std::size_t>(least + below(whole - least + 1)));
        return made;
    }

    std::string text(const NaiveBlock& block, bool withPrefix = true)
    {
        std::vector<bool> bits = block.bits;
        bits.resize(block.v6 ? 128 : 32);
        std::string made;
        const auto number = [&](std::size_t from, std::size_t count) {
            unsigned value = 0;
            for (std::size_t i = from; i < from + count; ++i) value = value << 1U | (bits[i] ? 1U : 0U);
            return value;
        };
        for (std::size_t i = 0; i < bits.size(); i += block.v6 ? 16 : 8)
            made += block.v6 ? fmt::format("{}{:x}", i ? ":" : "", number(i, 16))
                             : fmt::format("{}{}", i ? "." : "", number(i, 8));
        return withPrefix ? fmt::format("{}/{}", made, block.bits.size()) : made;
    }

    NaiveRule rule(NetworkRuleConfig& config)
    {
        NaiveRule made;
        if (below(12) != 0) {
            made.block = block();
            NetworkPeerConfig peer{text(*made.block), {}};
            for (int left = below(3); left > 0; --left) {
                made.excepts.push_back(block(&*made.block));
                if (!peer.except) peer.except.emplace();
                peer.except->push_back(text(made.excepts.back()));
            }
            config.to = {{peer}};
        }
        for (int left = below(3); left > 0; --left) {
            static constexpr std::array kWords{"any", "tcp", "udp", "icmp"};
            NaiveRule::Port port{kWords[static_cast<std::size_t>(below(4))], 0, 0};
            NetworkPortConfig portConfig{port.protocol, {}, {}};
            if (port.protocol != "icmp" && below(4) != 0) {
                port.first = 1 + below(10);
                port.last = port.first + below(4);
                portConfig.port = static_cast<std::uint16_t>(port.first);
                if (port.last != port.first || below(2) == 0)
                    portConfig.endPort = static_cast<std::uint16_t>(port.last);
            }
            made.ports.push_back(port);
            if (!config.ports) config.ports.emplace();
            config.ports->push_back(portConfig);
        }
        return made;
    }

private:
    std::mt19937 m_random;
};

TEST_F(DecideNetwork, AThousandRandomPoliciesAgreeWithTheNaiveReading)
{
    NetworkMaker maker(20261122);
    int allowedOnes = 0;
    int deniedOnes = 0;
    for (int round = 0; round < 1'000; ++round) {
        NetworkEgressConfig egress;
        const bool open = maker.below(2) == 0;
        egress.defaultAction = open ? "allow" : "deny";
        std::vector<NaiveRule> rules;
        for (int left = maker.below(8); left > 0; --left) {
            NetworkRuleConfig rule;
            const bool allow = maker.below(2) == 0;
            rules.push_back(maker.rule(rule));
            rules.back().allow = allow;
            auto& list = allow ? egress.allow : egress.deny;
            if (!list) list.emplace();
            list->push_back(std::move(rule));
        }
        config = {};
        network().egress = egress;
        const Policy& p = policy();
        for (int attempt = 0; attempt < 60; ++attempt) {
            const NaiveBlock address = maker.address();
            const int port = 1 + maker.below(14);
            const bool tcp = maker.below(2) == 0;
            bool denied = false;
            bool allowed = open;
            for (const NaiveRule& rule : rules) {
                if (!rule.speaksOf(address, tcp ? "tcp" : "udp", port)) continue;
                (rule.allow ? allowed : denied) = true;
            }
            const std::string text = maker.text(address, false);
            const Access access = connect(address.v6 || maker.below(3) != 0 ? text : "::ffff:" + text,
                                          static_cast<std::uint16_t>(port), tcp ? IpProtocol::tcp : IpProtocol::udp);
            const Verdict verdict = decide(p, access);
            ASSERT_EQ(verdict.allowed, allowed && !denied) << "round " << round << ": " << explain(p, access, verdict);
            (verdict.allowed ? allowedOnes : deniedOnes)++;
            EXPECT_FALSE(decide(p, connect(access.host, 0, IpProtocol::icmp)).allowed);
        }
    }
    EXPECT_GT(allowedOnes, 10'000);
    EXPECT_GT(deniedOnes, 10'000);
}

TEST_F(DecideNetwork, RandomNamesAgreeWithTheNaiveReading)
{
    NetworkMaker maker(7);
    const std::array<const char*, 3> labels{"a", "b", "*"};
    for (int round = 0; round < 300; ++round) {
        config = {};
        std::vector<std::pair<std::vector<std::string>, std::pair<int, int>>> rules;
        auto& hosts = config.experimental.emplace().belljar.emplace().network.emplace().hosts.emplace();
        for (int left = 1 + maker.below(5); left > 0; --left) {
            std::vector<std::string> parts;
            for (int stars = maker.below(3); stars > 0; --stars) parts.emplace_back("*");
            for (int words = 1 + maker.below(2); words > 0; --words)
                parts.emplace_back(labels[static_cast<std::size_t>(maker.below(2))]);
            const int first = 1 + maker.below(5);
            const int last = first + maker.below(3);
            std::string text;
            for (const std::string& part : parts) text += (text.empty() ? "" : ".") + part;
            hosts.push_back({text, {{{static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(last)}}}});
            rules.push_back({parts, {first, last}});
        }
        const Policy& p = policy();
        for (int attempt = 0; attempt < 40; ++attempt) {
            std::vector<std::string> asked;
            for (int words = 1 + maker.below(4); words > 0; --words)
                asked.emplace_back(labels[static_cast<std::size_t>(maker.below(2))]);
            const int port = 1 + maker.below(8);
            bool expected = false;
            bool known = false;
            for (const auto& [parts, ports] : rules) {
                bool same = parts.size() == asked.size();
                for (std::size_t i = 0; same && i < parts.size(); ++i) same = parts[i] == "*" || parts[i] == asked[i];
                known = known || same;
                expected = expected || (same && ports.first <= port && port <= ports.second);
            }
            std::string name;
            for (const std::string& part : asked) name += (name.empty() ? "" : ".") + part;
            Access access = connect("198.51.100.7", static_cast<std::uint16_t>(port));
            access.name = name;
            EXPECT_EQ(decide(p, access).allowed, expected) << name << ":" << port;
            EXPECT_EQ(decide(p, {AccessKind::resolve, {}, name, 0}).allowed, known) << name;
        }
    }
}

}  // namespace
}  // namespace belljar
