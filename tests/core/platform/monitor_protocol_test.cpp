#include "core/platform/linux/monitord/protocol.h"

#include <algorithm>
#include <cstring>
#include <set>

#include <gtest/gtest.h>

namespace belljar::linux_platform {
namespace {

MonitorRefusal refusalOf(std::span<const std::byte> packet, std::size_t descriptors)
{
    const auto parsed = parseRequest(packet, descriptors);
    const auto* refusal = std::get_if<MonitorRefusal>(&parsed);
    return refusal != nullptr ? *refusal : MonitorRefusal::none;
}

TEST(MonitorProtocol, RequestsComeBackAsTheyWere)
{
    for (const MonitorRequest& request : {MonitorRequest{MonitorRequestKind::hello, TraceLevel::standard},
                                          MonitorRequest{MonitorRequestKind::watch, TraceLevel::standard},
                                          MonitorRequest{MonitorRequestKind::watch, TraceLevel::full}}) {
        const bool watch = request.kind == MonitorRequestKind::watch;
        const auto parsed = parseRequest(encodeRequest(request), watch ? 1 : 0);
        ASSERT_TRUE(std::holds_alternative<MonitorRequest>(parsed));
        EXPECT_EQ(std::get<MonitorRequest>(parsed), request);
    }
}

TEST(MonitorProtocol, EveryByteOfARequestCounts)
{
    const RequestPacket good = encodeRequest({MonitorRequestKind::watch, TraceLevel::standard});
    const std::set<std::size_t> level = {8};  // of which 1 is a value, too
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const unsigned bit : {1U, 2U, 128U}) {
            RequestPacket bad = good;
            bad[at] ^= static_cast<std::byte>(bit);
            if (level.contains(at) && bit == 1) continue;
            EXPECT_NE(refusalOf(bad, 1), MonitorRefusal::none) << at;
        }
    }
}

TEST(MonitorProtocol, AnotherVersionIsToldSoWhateverItsSize)
{
    std::vector<std::byte> packet(8);
    const RequestPacket good = encodeRequest({});
    std::copy_n(good.begin(), packet.size(), packet.begin());
    EXPECT_EQ(refusalOf(packet, 0), MonitorRefusal::wrongSize);
    packet[4] = std::byte{kMonitorProtocol + 1};
    EXPECT_EQ(refusalOf(packet, 0), MonitorRefusal::wrongVersion);
    packet.resize(100);
    EXPECT_EQ(refusalOf(packet, 5), MonitorRefusal::wrongVersion);
    EXPECT_EQ(refusalOf({}, 0), MonitorRefusal::wrongSize);
}

TEST(MonitorProtocol, RepliesComeBackAsTheyWere)
{
    MonitorReply facts;
    facts.kind = MonitorReplyKind::facts;
    facts.programs = 3;
    EXPECT_EQ(parseReply(encodeReply(facts), 0), facts);
    MonitorReply watching;
    watching.kind = MonitorReplyKind::watching;
    watching.ringBytes = 1U << 25U;
    EXPECT_EQ(parseReply(encodeReply(watching), kMonitorDescriptors), watching);
    EXPECT_EQ(parseReply(encodeReply(watching), kLeastMonitorDescriptors), watching);
    const MonitorReply refused{MonitorReplyKind::refused, MonitorRefusal::noSession, 12, 0, 0, "no memory"};
    EXPECT_EQ(parseReply(encodeReply(refused), 0), refused);
}

TEST(MonitorProtocol, LongTextsAreCut)
{
    MonitorReply refused{MonitorReplyKind::refused, MonitorRefusal::noPrograms, 0, 0, 0, std::string(1000, 'x')};
    const std::optional<MonitorReply> back = parseReply(encodeReply(refused), 0);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->text, std::string(kMonitorText - 1, 'x'));
}

TEST(MonitorProtocol, RepliesThatMakeNoSenseAreNone)
{
    MonitorReply facts;
    facts.kind = MonitorReplyKind::facts;
    const ReplyPacket good = encodeReply(facts);
    EXPECT_FALSE(parseReply(good, 1)) << "descriptors that nobody asked for";
    EXPECT_FALSE(parseReply(std::span(good).first(kReplyBytes - 1), 0));
    MonitorReply watching;
    watching.kind = MonitorReplyKind::watching;
    EXPECT_FALSE(parseReply(encodeReply(watching), 0)) << "a session without its maps";
    EXPECT_FALSE(parseReply(encodeReply(watching), kMonitorDescriptors + 1));
    MonitorReply silent;
    EXPECT_FALSE(parseReply(encodeReply(silent), 0)) << "a refusal without a reason";
    ReplyPacket bad = good;
    bad[0] ^= std::byte{1};
    EXPECT_FALSE(parseReply(bad, 0));
    bad = good;
    bad[kReplyBytes - 1] = std::byte{'x'};
    EXPECT_FALSE(parseReply(bad, 0)) << "a text without its end";
    bad = good;
    bad[4] ^= std::byte{2};
    const std::optional<MonitorReply> other = parseReply(bad, 0);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->refusal, MonitorRefusal::wrongVersion);
}

TEST(MonitorProtocol, EveryRefusalHasASentenceOfItsOwn)
{
    std::set<std::string_view> sentences;
    for (std::uint32_t number = 1; number < static_cast<std::uint32_t>(MonitorRefusal::count); ++number)
        sentences.insert(refusalSentence(static_cast<MonitorRefusal>(number)));
    EXPECT_EQ(sentences.size(), static_cast<std::size_t>(MonitorRefusal::count) - 1);
    EXPECT_FALSE(sentences.contains(refusalSentence(MonitorRefusal::count)));
}

}  // namespace
}  // namespace belljar::linux_platform
