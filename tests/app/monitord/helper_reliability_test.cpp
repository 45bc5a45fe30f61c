// belljar-monitord under clients that are slow, many, or mean; and what it has given up.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "tests/app/monitord/helper_scene.h"

namespace belljar::test {
namespace {

using namespace linux_platform;
using namespace std::chrono_literals;
using Kind = MonitorReplyKind;

MonitorRefusal refusalOf(const std::optional<MonitorReply>& reply)
{
    return reply && reply->kind == Kind::refused ? reply->refusal : MonitorRefusal::none;
}

monitord::ListenerOptions impatient()
{
    monitord::ListenerOptions options;
    options.patience = {300ms, 300ms};
    return options;
}

TEST(HelperReliability, TellsSilentClientsThatTheyAreLate)
{
    FakeHelper helper(impatient());
    HelperClient silent(helper.socket(), ::geteuid());
    EXPECT_EQ(refusalOf(silent.reply()), MonitorRefusal::tooLate);
    HelperClient halfway(helper.socket(), ::geteuid());
    ASSERT_EQ(halfway.hello()->kind, Kind::facts);
    EXPECT_EQ(refusalOf(halfway.reply()), MonitorRefusal::tooLate);
    EXPECT_TRUE(eventually([&] { return helper.workers().empty(); }));
    EXPECT_TRUE(helper.serves());
}

TEST(HelperReliability, LimitsEachUserAndLetsTheOthersIn)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be several users";
    FakeHelper helper;
    std::vector<std::unique_ptr<HelperClient>> clients;
    for (unsigned i = 0; i < monitord::SessionLimits{}.ofUser; ++i) {
        clients.push_back(std::make_unique<HelperClient>(helper.socket(), kFirstUser));
        ASSERT_EQ(clients.back()->hello()->kind, Kind::facts);
    }
    HelperClient more(helper.socket(), kFirstUser);
    EXPECT_EQ(refusalOf(more.reply()), MonitorRefusal::tooManyOfUser);
    HelperClient other(helper.socket(), kSecondUser);
    EXPECT_EQ(other.hello()->kind, Kind::facts);
    clients.pop_back();
    EXPECT_TRUE(eventually([&] { return helper.workers().size() == clients.size() + 1; }));
    HelperClient again(helper.socket(), kFirstUser);
    EXPECT_EQ(again.hello()->kind, Kind::facts);
}

TEST(HelperReliability, LimitsAllUsersTogether)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be several users";
    FakeHelper helper;
    std::vector<std::unique_ptr<HelperClient>> clients;
    for (unsigned i = 0; i < monitord::SessionLimits{}.sessions; ++i) {
        clients.push_back(std::make_unique<HelperClient>(helper.socket(), kFirstUser + i));
        ASSERT_EQ(clients.back()->hello()->kind, Kind::facts);
    }
    HelperClient more(helper.socket(), 0);
    EXPECT_EQ(refusalOf(more.reply()), MonitorRefusal::tooMany);
}

TEST(HelperReliability, CountsSessionsWhoseMapsAreStillHeld)
{
    OtherNamespace own(::geteuid());
    if (!own.made()) GTEST_SKIP() << "this user cannot make a pid namespace";
    FakeHelper helper;
    helper.table().stillHeld = true;
    for (unsigned i = 1; i <= monitord::SessionLimits{}.ofUser; ++i) {
        HelperClient client(helper.socket(), ::geteuid());
        ASSERT_TRUE(client.hello()) << i;
        ASSERT_EQ(client.watch(own.descriptor())->kind, Kind::watching);
        client.hangUp();
        ASSERT_TRUE(eventually([&] { return helper.table().ended == i && helper.workers().empty(); }));
    }
    HelperClient more(helper.socket(), ::geteuid());
    EXPECT_EQ(refusalOf(more.reply()), MonitorRefusal::tooManyOfUser);
    helper.table().stillHeld = false;
    EXPECT_TRUE(helper.serves());
}

TEST(HelperReliability, SurvivesTenThousandRequests)
{
    FakeHelper helper;
    std::mt19937 random(1);
    unsigned answered = 0;
    for (int i = 0; i < 10'000; ++i) {
        const UniqueFd connection = connectTo(helper.socket());
        ASSERT_TRUE(connection) << i;
        RequestPacket packet = encodeRequest({MonitorRequestKind::watch, TraceLevel::full});
        packet[random() % packet.size()] ^= std::byte{1};
        // Refused unread when there are many, so that sending fails.
        if (!sendPacket(connection.get(), packet, std::array{connection.get()})) continue;
        if (i % 100 != 0) continue;
        pollfd waits{connection.get(), POLLIN, 0};
        ASSERT_EQ(::poll(&waits, 1, 5'000), 1);
        std::array<std::byte, kReplyBytes> room{};
        const ReceivedPacket got = receivePacket(connection.get(), room, 1);
        if (got.state == ReceivedPacket::State::packet && parseReply(room, 0)) ++answered;
    }
    EXPECT_GT(answered, 50U);
    EXPECT_TRUE(eventually([&] { return helper.workers().empty(); }));
    EXPECT_EQ(helper.table().begun, 0U);
    // Requests that nobody has taken yet may stand before ours.
    EXPECT_TRUE(eventually([&] { return helper.serves(); }));
}

/// A TCP socket that takes a minute to close: what it has sent is never read.
UniqueFd lingering(UniqueFd& reader)
{
    const UniqueFd listening(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    UniqueFd writer(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (::bind(listening.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listening.get(), 1) != 0 ||
        ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        return {};
    ::connect(writer.get(), reinterpret_cast<sockaddr*>(&address), size);
    reader.reset(::accept(listening.get(), nullptr, nullptr));
    const linger minute{1, 60};
    if (::setsockopt(writer.get(), SOL_SOCKET, SO_LINGER, &minute, sizeof minute) != 0) return {};
    const std::vector<char> much(1U << 20U);
    while (::send(writer.get(), much.data(), much.size(), MSG_NOSIGNAL) > 0) {}
    return writer;
}

TEST(HelperReliability, IsNotHeldUpByDescriptorsThatCloseSlowly)
{
    FakeHelper helper;
    std::vector<UniqueFd> full;
    for (unsigned i = 0; i < monitord::SessionLimits{}.ofUser; ++i) full.push_back(connectTo(helper.socket()));
    ASSERT_TRUE(eventually([&] { return helper.workers().size() == full.size(); }));
    // A connection too many is closed by the listener itself, and what was sent to it with it. The listener is stopped
    // so that the packets are there before it looks.
    std::vector<UniqueFd> readers(4);
    std::vector<UniqueFd> tooMany;
    ASSERT_EQ(::kill(helper.pid(), SIGSTOP), 0);
    for (UniqueFd& reader : readers) {
        const UniqueFd slow = lingering(reader);
        ASSERT_TRUE(slow && reader);
        tooMany.push_back(connectTo(helper.socket()));
        ASSERT_TRUE(sendPacket(tooMany.back().get(), encodeRequest({}), std::array{slow.get()}));
    }
    ASSERT_EQ(::kill(helper.pid(), SIGCONT), 0);
    for (const UniqueFd& connection : tooMany) {
        pollfd waits{connection.get(), POLLIN, 0};
        ASSERT_EQ(::poll(&waits, 1, 10'000), 1);
        std::array<std::byte, kReplyBytes> room{};
        EXPECT_EQ(receivePacket(connection.get(), room, 1).state, ReceivedPacket::State::packet);
        EXPECT_EQ(refusalOf(parseReply(room, 0)), MonitorRefusal::tooManyOfUser);
    }
    full.clear();
    EXPECT_TRUE(eventually([&] { return helper.serves(); }));
}

TEST(HelperReliability, TidiesUpAfterAKilledWorker)
{
    if (::geteuid() != 0) GTEST_SKIP() << "only root can kill a worker";
    OtherNamespace own(0);
    ASSERT_TRUE(own.made());
    FakeHelper helper;
    HelperClient client(helper.socket(), 0);
    client.hello();
    ASSERT_EQ(client.watch(own.descriptor())->kind, Kind::watching);
    ASSERT_EQ(helper.workers().size(), 1U);
    ASSERT_EQ(::kill(helper.workers().front(), SIGKILL), 0);
    EXPECT_TRUE(eventually([&] { return helper.table().ended == 1; }));
    EXPECT_TRUE(client.closed());
    EXPECT_TRUE(helper.serves());
}

TEST(HelperReliability, EndsItsWorkersWhenItIsKilled)
{
    FakeHelper helper;
    HelperClient client(helper.socket(), ::geteuid());
    client.hello();
    const std::vector<pid_t> workers = helper.workers();
    ASSERT_EQ(workers.size(), 1U);
    EXPECT_FALSE(client.closed(50ms));
    if (::kill(helper.pid(), SIGKILL) != 0) GTEST_SKIP() << "this user cannot kill it";
    EXPECT_TRUE(client.closed());
    EXPECT_TRUE(helper.wait(5s));
}

TEST(HelperReliability, EndsWhenIdleButNotBefore)
{
    monitord::ListenerOptions options;
    options.idle = 300ms;
    FakeHelper helper(options);
    HelperClient client(helper.socket(), ::geteuid());
    ASSERT_EQ(client.hello()->kind, Kind::facts);
    EXPECT_FALSE(helper.wait(1500ms)) << "it has a client";
    client.hangUp();
    const std::optional<int> status = helper.wait(10s);
    ASSERT_TRUE(status);
    EXPECT_EQ(*status, 0);
}

TEST(HelperReliability, EndsWhenItIsTold)
{
    FakeHelper helper;
    ASSERT_TRUE(helper.serves());
    if (::kill(helper.pid(), SIGTERM) != 0) GTEST_SKIP() << "this user cannot end it";
    const std::optional<int> status = helper.wait(5s);
    ASSERT_TRUE(status);
    EXPECT_EQ(*status, 0);
}

}  // namespace
}  // namespace belljar::test
