#include "core/engine/ask_desk.h"

#include <gtest/gtest.h>

#include "core/policy/network_words.h"

namespace belljar {
namespace {

using Kind = AskDesk::Ruling::Kind;
using std::chrono::seconds;

class Asking : public testing::Test {
protected:
    Kind consider(const Access& access)
    {
        const AskDesk::Ruling ruling = desk.consider(
            access,
            [&] {
                const std::string host = access.name.empty() ? access.host : access.name;
                const bool isAddress = access.kind == AccessKind::connect && access.name.empty();
                const std::string text =
                    access.kind == AccessKind::resolve ? host : host + ":" + std::to_string(access.port);
                return std::vector<NetworkQuestion::Choice>{
                    {isAddress ? AskScope::address : AskScope::host, parseNetworkSpec(text).value()},
                    {AskScope::all, parseNetworkSpec("*").value()}};
            },
            now);
        if (ruling.kind == Kind::held) desk.tell(ruling.question, {4711, 1, 2, 3, "curl"});
        rule = ruling.rule;
        return ruling.kind;
    }
    static Access to(const char* address, std::uint16_t port = 443, const char* name = "")
    {
        Access access{AccessKind::connect, {}, address, port};
        access.name = name;
        return access;
    }
    static Access lookup(const char* name) { return {AccessKind::resolve, {}, name, 0}; }
    void answer(std::uint64_t number, bool allow, AskSpan span, std::size_t choice = 0)
    {
        const auto question = desk.find(number);
        ASSERT_TRUE(question);
        desk.settle(*question, question->choices.at(choice).spec, allow, span, 77, now);
    }

    AskDesk::Clock::time_point now = AskDesk::Clock::now();
    std::vector<NetworkQuestion> asked;
    std::vector<std::pair<std::uint64_t, AskEnd>> over;
    RuleId rule = 0;
    AskDesk desk{{[this](const NetworkQuestion& question) { asked.push_back(question); },
                  [this](std::uint64_t number, AskEnd end) { over.emplace_back(number, end); }},
                 seconds(30)};
};

TEST_F(Asking, TheSameIsAskedOnce)
{
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held);
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].process.name, "curl");
    EXPECT_EQ(asked[0].address, "192.0.2.1");
    EXPECT_EQ(desk.open().size(), 1U);
    EXPECT_EQ(consider(to("192.0.2.1", 80)), Kind::held);
    EXPECT_EQ(asked.size(), 2U);
}

TEST_F(Asking, AllowedOnceHoldsForAMoment)
{
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held);
    answer(1, true, AskSpan::once);
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::allowed);
    EXPECT_EQ(rule, 77U);
    EXPECT_EQ(consider(to("192.0.2.2")), Kind::held) << "another one";
    now += seconds(6);
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held) << "once is over";
    EXPECT_EQ(over.size(), 1U);
    EXPECT_EQ(over[0].second, AskEnd::allowed);
}

TEST_F(Asking, WhoMayLookUpMayReach)
{
    EXPECT_EQ(consider(lookup("www.example.org")), Kind::held);
    answer(1, true, AskSpan::once);
    EXPECT_EQ(consider(lookup("www.example.org")), Kind::allowed);
    EXPECT_EQ(consider(to("192.0.2.1", 443, "www.example.org")), Kind::allowed);
    EXPECT_EQ(consider(to("192.0.2.1", 443)), Kind::held) << "not known by that name";
    EXPECT_EQ(consider(lookup("www.example.com")), Kind::held);
}

TEST_F(Asking, NobodyAnswers)
{
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held);
    now += seconds(29);
    desk.tidy(now);
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held);
    now += seconds(2);
    desk.tidy(now);
    EXPECT_EQ(over, (std::vector<std::pair<std::uint64_t, AskEnd>>{{1, AskEnd::late}}));
    EXPECT_FALSE(desk.find(1));
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::denied);
    now += seconds(6);
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held) << "no rule was written";
}

TEST_F(Asking, WhoTriesAgainIsAskedLessAndLess)
{
    std::vector<int> pauses;
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(consider(to("192.0.2.1")), Kind::held);
        answer(asked.back().number, false, AskSpan::once);
        int pause = 0;
        for (; consider(to("192.0.2.1")) == Kind::denied; ++pause) now += seconds(1);
        pauses.push_back(pause);
    }
    EXPECT_EQ(pauses, (std::vector{5, 10, 20}));
}

TEST_F(Asking, DeniedForTheRun)
{
    EXPECT_EQ(consider(lookup("a.example.org")), Kind::held);
    answer(1, false, AskSpan::run);
    now += seconds(1000);
    EXPECT_EQ(consider(lookup("a.example.org")), Kind::denied);
    EXPECT_EQ(consider(to("192.0.2.1", 443, "a.example.org")), Kind::denied);
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held);
    answer(2, false, AskSpan::run, 1);
    EXPECT_EQ(consider(to("192.0.2.9", 22)), Kind::denied) << "all that no rule covers";
    EXPECT_EQ(consider(lookup("b.example.org")), Kind::denied);
}

TEST_F(Asking, OneAnswerForAllThatItCovers)
{
    EXPECT_EQ(consider(to("192.0.2.1")), Kind::held);
    EXPECT_EQ(consider(to("192.0.2.2")), Kind::held);
    EXPECT_EQ(consider(to("198.51.100.1")), Kind::held);
    answer(1, true, AskSpan::once, 1);
    EXPECT_EQ(over.size(), 3U);
    EXPECT_EQ(consider(to("192.0.2.2")), Kind::allowed);
    EXPECT_EQ(consider(to("203.0.113.1")), Kind::held) << "once is for what waits";
}

TEST_F(Asking, AFloodIsDenied)
{
    int held = 0;
    for (std::uint16_t port = 1; port <= 1000; ++port) held += consider(to("192.0.2.1", port)) == Kind::held ? 1 : 0;
    EXPECT_EQ(held, 16);
    for (int round = 0; round < 10; ++round) {
        now += seconds(1);
        for (const NetworkQuestion& question : desk.open()) answer(question.number, false, AskSpan::once);
        for (std::uint16_t port = 1001; port <= 1100; ++port)
            consider(to("192.0.2.1", static_cast<std::uint16_t>(port + 100 * round)));
    }
    EXPECT_EQ(asked.size(), 30U) << "in a minute";
    now += seconds(61);
    for (const NetworkQuestion& question : desk.open()) answer(question.number, false, AskSpan::once);
    EXPECT_EQ(consider(to("192.0.2.7")), Kind::held);
}

}  // namespace
}  // namespace belljar
