#include "core/policy/network_table.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include <spdlog/fmt/fmt.h>

namespace belljar {
namespace {

using Service = NetworkRule::Service;

IpNetwork net(const std::string& text)
{
    return parseIpNetwork(text).value();
}

TEST(NetworkTable, DenyBeatsAllowAndTheSmallestBlockIsNamed)
{
    const std::vector<NetworkRule> rules{
        {true, net("10.0.0.0/8"), {}, {}, 1},
        {false, net("10.1.0.0/16"), {}, {{IpProtocol::tcp, {80, 90}}}, 2},
        {true, net("10.1.2.0/24"), {}, {}, 3},
        {false, net("10.0.0.0/8"), {net("10.2.0.0/16")}, {{IpProtocol::udp, {53, 53}}}, 4},
    };
    const NetworkTable table = makeNetworkTable(rules);
    const auto asked = [&](const char* address, IpProtocol protocol, int port) -> int {
        const NetworkTable::Span* span = findSpan(table, net(address), protocol, static_cast<std::uint16_t>(port));
        return span ? (span->allow ? 1 : -1) * static_cast<int>(span->rule) : 0;
    };
    EXPECT_EQ(asked("10.9.9.9", IpProtocol::tcp, 80), 1);
    EXPECT_EQ(asked("10.1.9.9", IpProtocol::tcp, 79), 1);
    EXPECT_EQ(asked("10.1.9.9", IpProtocol::tcp, 80), -2);
    EXPECT_EQ(asked("10.1.2.9", IpProtocol::tcp, 90), -2) << "although a smaller block is allowed";
    EXPECT_EQ(asked("10.1.2.9", IpProtocol::tcp, 91), 3);
    EXPECT_EQ(asked("10.9.9.9", IpProtocol::udp, 53), -4);
    EXPECT_EQ(asked("10.2.9.9", IpProtocol::udp, 53), 1) << "an exception";
    EXPECT_EQ(asked("10.9.9.9", IpProtocol::icmp, 0), 1);
    EXPECT_EQ(asked("10.9.9.9", IpProtocol::any, 0), 1);
    EXPECT_EQ(asked("11.0.0.0", IpProtocol::tcp, 80), 0);
    EXPECT_EQ(asked("a00::", IpProtocol::tcp, 80), 0) << "another family";
}

TEST(NetworkTable, ServicesMeanWhatTheirProtocolCarries)
{
    const NetworkTable table = makeNetworkTable(std::vector<NetworkRule>{
        {true, net("10.0.0.1"), {}, {{IpProtocol::any, {443, 443}}}, 1},
        {true, net("10.0.0.2"), {}, {{IpProtocol::tcp, {}}}, 2},
        {true, net("10.0.0.3"), {}, {{IpProtocol::icmp, {}}}, 3},
        {true, net("10.0.0.4"), {}, {{IpProtocol::any, {}}}, 4},
    });
    const auto allowed = [&](const char* address, IpProtocol protocol, std::uint16_t port) {
        return findSpan(table, net(address), protocol, port) != nullptr;
    };
    EXPECT_TRUE(allowed("10.0.0.1", IpProtocol::tcp, 443) && allowed("10.0.0.1", IpProtocol::udp, 443));
    EXPECT_FALSE(allowed("10.0.0.1", IpProtocol::icmp, 0) || allowed("10.0.0.1", IpProtocol::any, 443));
    EXPECT_TRUE(allowed("10.0.0.2", IpProtocol::tcp, 1) && !allowed("10.0.0.2", IpProtocol::udp, 1));
    EXPECT_TRUE(allowed("10.0.0.3", IpProtocol::icmp, 9) && !allowed("10.0.0.3", IpProtocol::tcp, 9));
    for (const IpProtocol protocol : {IpProtocol::any, IpProtocol::tcp, IpProtocol::udp, IpProtocol::icmp})
        EXPECT_TRUE(allowed("10.0.0.4", protocol, 0));
}

TEST(NetworkTable, SpansOfABlockDoNotOverlap)
{
    std::mt19937 random(7);
    const auto below = [&](int limit) { return std::uniform_int_distribution<>(0, limit - 1)(random); };
    std::vector<NetworkRule> rules;
    for (RuleId i = 0; i < 200; ++i) {
        const auto first = static_cast<std::uint16_t>(below(60));
        const auto last = static_cast<std::uint16_t>(first + below(20));
        rules.push_back({below(2) == 0, net("10.0.0.0/24"), {}, {{IpProtocol::tcp, {first, last}}}, i});
    }
    const NetworkTable table = makeNetworkTable(rules);
    ASSERT_EQ(table.blocks.size(), 1U);
    for (std::size_t i = 1; i < table.spans.size(); ++i)
        EXPECT_TRUE(table.spans[i - 1].allow != table.spans[i].allow ||
                    table.spans[i - 1].ports.last < table.spans[i].ports.first);
    for (int port = 0; port < 90; ++port) {
        const NetworkRule* expected = nullptr;
        for (const bool allow : {true, false})
            for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule)
                if (rule->allow == allow && rule->services[0].ports.contains(static_cast<std::uint16_t>(port)) &&
                    (!expected || expected->allow == allow || !allow))
                    expected = &*rule;
        const NetworkTable::Span* span =
            findSpan(table, net("10.0.0.7"), IpProtocol::tcp, static_cast<std::uint16_t>(port));
        ASSERT_EQ(span != nullptr, expected != nullptr) << port;
        if (span) { EXPECT_EQ(span->rule, expected->rule) << port; }
    }
}

TEST(NetworkTable, TenThousandRulesAreSearchedNotWalked)
{
    std::vector<NetworkRule> rules;
    for (RuleId i = 0; i < 10'000; ++i) {
        const std::string text = fmt::format("10.{}.{}.{}/32", i % 200, i / 200, i % 7);
        rules.push_back({i % 2 == 0, net(text), {}, {{IpProtocol::tcp, {443, 443}}}, i});
    }
    const NetworkTable table = makeNetworkTable(rules);
    EXPECT_EQ(table.blocks.size(), rules.size());
    for (const NetworkRule& rule : rules) {
        const NetworkTable::Span* span = findSpan(table, rule.network, IpProtocol::tcp, 443);
        ASSERT_NE(span, nullptr);
        EXPECT_EQ(span->rule, rule.rule);
        EXPECT_EQ(findSpan(table, rule.network, IpProtocol::tcp, 444), nullptr);
    }
    // All of them about one block.
    for (NetworkRule& rule : rules) {
        rule.network = net("10.0.0.0/8");
        rule.services = {
            {IpProtocol::tcp, {static_cast<std::uint16_t>(rule.rule), static_cast<std::uint16_t>(rule.rule + 5000)}}};
    }
    const NetworkTable ports = makeNetworkTable(rules);
    EXPECT_LT(ports.spans.size(), 20'001U);
    EXPECT_EQ(findSpan(ports, net("10.0.0.1"), IpProtocol::tcp, 14'999)->rule, 9'999U);
}

TEST(NetworkTable, NamesAreFoundByTheirLabels)
{
    NetworkPolicy network;
    network.names = {{"www.example.org", {{80, 80}}, 1}, {"*.example.org", {{443, 443}}, 2}, {"*.*.net", {}, 3}};
    indexNetwork(network);
    const auto asked = [&](const char* name, std::optional<std::uint16_t> port) {
        const HostNameRule* rule = findName(network, name, port);
        return rule ? static_cast<int>(rule->rule) : 0;
    };
    EXPECT_EQ(asked("www.example.org", 80), 1);
    EXPECT_EQ(asked("www.example.org", 443), 2);
    EXPECT_EQ(asked("www.example.org", 22), 0);
    EXPECT_EQ(asked("www.example.org", {}), 1);
    EXPECT_EQ(asked("a.example.org", 443), 2);
    EXPECT_EQ(asked("example.org", 443), 0);
    EXPECT_EQ(asked("a.b.example.org", 443), 0);
    EXPECT_EQ(asked("a.b.net", 1), 3);
    EXPECT_EQ(asked("b.net", 1), 0);
    EXPECT_EQ(asked("net", 1), 0);
    EXPECT_EQ(findName(NetworkPolicy{}, "a.b", {}), nullptr);
}

}  // namespace
}  // namespace belljar
