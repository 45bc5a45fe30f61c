// Sessions that belljar-monitord prepares ahead: never for two, never too many, never in the way.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "tests/app/monitord/helper_scene.h"

namespace belljar::test {
namespace {

using namespace linux_platform;
using namespace std::chrono_literals;
using Kind = MonitorReplyKind;

constexpr unsigned kSpares = 2;

monitord::ListenerOptions withSpares(monitord::SessionLimits limits = {})
{
    monitord::ListenerOptions options;
    options.limits = limits;
    options.patience = {500ms, 500ms};
    options.spares = kSpares;
    return options;
}

class HelperSpares : public testing::Test {
protected:
    void SetUp() override
    {
        if (!m_first.made()) GTEST_SKIP() << "this user cannot make a pid namespace";
    }

    /// A session that has been handed out and is over, after which there are spares.
    void runOneSession(FakeHelper& helper)
    {
        HelperClient client(helper.socket(), ::geteuid());
        ASSERT_TRUE(client.hello());
        ASSERT_EQ(client.watch(m_first.descriptor())->kind, Kind::watching);
        const unsigned ended = helper.table().ended;
        client.hangUp();
        ASSERT_TRUE(eventually([&] { return helper.workers().size() == kSpares && helper.table().ended > ended; }));
    }

    OtherNamespace m_first{::geteuid()};
    OtherNamespace m_second{::geteuid()};
};

TEST_F(HelperSpares, AreNotMadeBeforeThereIsASession)
{
    FakeHelper helper(withSpares());
    ASSERT_TRUE(helper.serves());
    EXPECT_TRUE(eventually([&] { return helper.workers().empty(); }));
    std::this_thread::sleep_for(200ms);
    EXPECT_TRUE(helper.workers().empty()) << "who only asks what there is has no session";
    EXPECT_EQ(helper.table().prepared, 0U);
}

TEST_F(HelperSpares, ServeTheNextClientsAndAreMadeAgain)
{
    FakeHelper helper(withSpares());
    runOneSession(helper);
    ASSERT_TRUE(eventually([&] { return helper.table().prepared == 1 + kSpares; }));
    const std::vector<pid_t> spares = helper.workers();
    HelperClient client(helper.socket(), ::geteuid());
    ASSERT_EQ(client.hello()->kind, Kind::facts);
    EXPECT_EQ(helper.workers(), spares) << "no new worker";
    ASSERT_EQ(client.watch(m_first.descriptor(), TraceLevel::full)->kind, Kind::watching);
    EXPECT_TRUE(eventually([&] { return helper.table().prepared == 2 + kSpares; }));
    EXPECT_EQ(helper.workers().size(), 1 + kSpares);
}

TEST_F(HelperSpares, KeepTheRulesForEachClient)
{
    FakeHelper helper(withSpares());
    runOneSession(helper);
    HelperClient client(helper.socket(), ::geteuid());
    ASSERT_EQ(client.hello()->kind, Kind::facts);
    ASSERT_EQ(client.watch(m_first.descriptor())->kind, Kind::watching);
    HelperClient again(helper.socket(), ::geteuid());
    ASSERT_EQ(again.hello()->kind, Kind::facts);
    const std::optional<MonitorReply> reply = again.watch(m_first.descriptor());
    EXPECT_EQ(reply->refusal, MonitorRefusal::alreadyWatched);
    EXPECT_TRUE(again.descriptors.empty());
    if (::geteuid() != 0) return;
    HelperClient other(helper.socket(), kSecondUser);
    ASSERT_EQ(other.hello()->kind, Kind::facts);
    EXPECT_EQ(other.watch(m_second.descriptor())->refusal, MonitorRefusal::notYours);
}

TEST_F(HelperSpares, AreNeverServedTwiceWhateverTheFirstClientDid)
{
    FakeHelper helper(withSpares());
    runOneSession(helper);
    const std::vector<pid_t> spares = helper.workers();
    {
        HelperClient rude(helper.socket(), ::geteuid());
        ASSERT_TRUE(rude.send(RequestPacket{}));
        EXPECT_EQ(rude.reply()->refusal, MonitorRefusal::wrongMagic);
        EXPECT_TRUE(rude.closed());
        HelperClient silent(helper.socket(), ::geteuid());
        EXPECT_EQ(silent.reply()->refusal, MonitorRefusal::tooLate);
    }
    EXPECT_TRUE(eventually([&] { return helper.workers().empty(); })) << "made again only after a session";
    EXPECT_EQ(helper.table().begun, 1U);
    runOneSession(helper);
    for (const pid_t worker : helper.workers())
        EXPECT_EQ(std::count(spares.begin(), spares.end(), worker), 0) << "nobody's second client";
}

TEST_F(HelperSpares, CountAsSessionsAndGiveWay)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be several users";
    constexpr unsigned kSessions = 4;
    FakeHelper helper(withSpares({kSessions, kSessions}));
    runOneSession(helper);
    std::vector<std::unique_ptr<HelperClient>> clients;
    for (unsigned i = 0; i < kSessions; ++i) {
        clients.push_back(std::make_unique<HelperClient>(helper.socket(), kFirstUser + i));
        const std::optional<MonitorReply> reply = clients.back()->hello();
        ASSERT_TRUE(reply) << i;
        EXPECT_EQ(reply->kind, Kind::facts) << i;
    }
    EXPECT_EQ(helper.workers().size(), kSessions);
    HelperClient more(helper.socket(), kFirstUser);
    EXPECT_EQ(more.reply()->refusal, MonitorRefusal::tooMany);
    EXPECT_EQ(helper.workers().size(), kSessions);
}

TEST_F(HelperSpares, MayDie)
{
    FakeHelper helper(withSpares());
    runOneSession(helper);
    for (const pid_t spare : helper.workers()) ::kill(spare, SIGKILL);
    EXPECT_TRUE(eventually([&] { return helper.workers().empty(); }));
    EXPECT_TRUE(helper.serves());
    runOneSession(helper);
}

TEST_F(HelperSpares, EndWithTheHelper)
{
    FakeHelper helper(withSpares());
    runOneSession(helper);
    const std::vector<pid_t> spares = helper.workers();
    ::kill(helper.pid(), SIGKILL);
    ASSERT_TRUE(helper.wait(5s));
    for (const pid_t spare : spares)
        EXPECT_TRUE(eventually([&] { return ::kill(spare, 0) != 0 || statusLine(spare, "State").starts_with("Z"); }));
}

}  // namespace
}  // namespace belljar::test
