// What belljar-monitord grants and what it refuses, with clients of several users and no eBPF at all.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/app/monitord/helper_scene.h"

namespace belljar::test {
namespace {

using namespace linux_platform;
using namespace std::chrono_literals;
using Kind = MonitorReplyKind;

bool root()
{
    return ::geteuid() == 0;
}

MonitorRefusal refusalOf(const std::optional<MonitorReply>& reply)
{
    return reply && reply->kind == Kind::refused ? reply->refusal : MonitorRefusal::none;
}

/// A request with one byte changed.
RequestPacket damaged(MonitorRequest request, std::size_t at, unsigned char value)
{
    RequestPacket packet = encodeRequest(request);
    packet[at] = std::byte{value};
    return packet;
}

class HelperRequests : public testing::Test {
protected:
    HelperRequests() : m_own(::geteuid()) {}

    void SetUp() override
    {
        if (!m_own.made()) GTEST_SKIP() << "this user cannot make a pid namespace";
    }

    const MonitorRequest m_hello{MonitorRequestKind::hello, TraceLevel::standard};
    const MonitorRequest m_watch{MonitorRequestKind::watch, TraceLevel::standard};
    OtherNamespace m_own;
    FakeHelper m_helper;
};

TEST_F(HelperRequests, GivesTheMapsOfASession)
{
    HelperClient client(m_helper.socket(), ::geteuid());
    ASSERT_EQ(client.hello()->kind, Kind::facts);
    const std::optional<MonitorReply> reply = client.watch(m_own.descriptor(), TraceLevel::full);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->kind, Kind::watching) << refusalSentence(reply->refusal);
    EXPECT_EQ(reply->ringBytes, 4096U);
    ASSERT_EQ(client.descriptors.size(), std::size_t{kMonitorDescriptors});
    char name[32] = {};
    EXPECT_GT(::pread(client.descriptors[kRingDescriptor].get(), name, sizeof name - 1, 0), 0);
    EXPECT_STREQ(name, "ring of 0");
    EXPECT_EQ(m_helper.table().numbers[0], m_own.number());
    EXPECT_EQ(m_helper.table().levels[0], 1U);
}

TEST_F(HelperRequests, EndsTheSessionWhenTheConnectionIsClosed)
{
    HelperClient client(m_helper.socket(), ::geteuid());
    client.hello();
    ASSERT_EQ(client.watch(m_own.descriptor())->kind, Kind::watching);
    EXPECT_EQ(m_helper.table().ended, 0U);
    client.hangUp();
    EXPECT_TRUE(eventually([&] { return m_helper.table().ended == 1 && m_helper.workers().empty(); }));
    // And the same namespace may be watched again.
    HelperClient again(m_helper.socket(), ::geteuid());
    again.hello();
    EXPECT_EQ(again.watch(m_own.descriptor())->kind, Kind::watching);
}

TEST_F(HelperRequests, EndsTheSessionWhenTheClientIsKilledThoughItsConnectionLivesOn)
{
    HelperClient client(m_helper.socket(), ::geteuid());
    client.hello();
    ASSERT_EQ(client.watch(m_own.descriptor())->kind, Kind::watching);
    int option = 0;
    socklen_t size = sizeof option;
    if (::getsockopt(client.connection(), SOL_SOCKET, 77 /* SO_PEERPIDFD */, &option, &size) != 0)
        GTEST_SKIP() << "this kernel does not tell which process is at the other end (Linux 6.5)";
    ::close(option);
    client.killProcess();
    EXPECT_TRUE(eventually([&] { return m_helper.table().ended == 1; }));
    EXPECT_TRUE(client.closed());
}

TEST_F(HelperRequests, EndsTheSessionWhenMoreIsSaid)
{
    HelperClient client(m_helper.socket(), ::geteuid());
    client.hello();
    ASSERT_EQ(client.watch(m_own.descriptor())->kind, Kind::watching);
    client.send(encodeRequest(m_hello));
    EXPECT_TRUE(eventually([&] { return m_helper.table().ended == 1; }));
    EXPECT_TRUE(m_helper.serves());
}

TEST_F(HelperRequests, RefusesWhatIsNoRequest)
{
    struct Case {
        std::vector<std::byte> packet;
        std::vector<int> descriptors;
        MonitorRefusal expected;
    };
    const auto all = [](RequestPacket packet) { return std::vector(packet.begin(), packet.end()); };
    const auto cut = [&](std::size_t length) {
        std::vector<std::byte> packet = all(encodeRequest(m_hello));
        packet.resize(length);
        return packet;
    };
    const int target = m_own.descriptor();
    const std::vector<Case> cases = {
        {cut(1), {}, MonitorRefusal::wrongSize},
        {cut(7), {}, MonitorRefusal::wrongSize},
        {cut(kRequestBytes - 1), {}, MonitorRefusal::wrongSize},
        {cut(kRequestBytes + 1), {}, MonitorRefusal::wrongSize},
        {cut(60'000), {}, MonitorRefusal::wrongSize},
        {all(damaged(m_hello, 0, 'X')), {}, MonitorRefusal::wrongMagic},
        {all(damaged(m_hello, 4, 99)), {}, MonitorRefusal::wrongVersion},
        {all(damaged(m_hello, 6, 0)), {}, MonitorRefusal::wrongKind},
        {all(damaged(m_hello, 6, 3)), {}, MonitorRefusal::wrongKind},
        {all(damaged(m_hello, 8, 1)), {}, MonitorRefusal::wrongLevel},
        {all(damaged(m_watch, 8, 2)), {target}, MonitorRefusal::wrongLevel},
        {all(damaged(m_hello, 12, 1)), {}, MonitorRefusal::notZero},
        {all(damaged(m_hello, 31, 1)), {}, MonitorRefusal::notZero},
        {all(encodeRequest(m_hello)), {target}, MonitorRefusal::wrongDescriptors},
        {all(encodeRequest(m_watch)), {}, MonitorRefusal::wrongDescriptors},
        {all(encodeRequest(m_watch)), {target, target}, MonitorRefusal::wrongDescriptors},
        {all(encodeRequest(m_watch)), {target}, MonitorRefusal::wrongOrder},
    };
    for (const Case& one : cases) {
        HelperClient client(m_helper.socket(), ::geteuid());
        ASSERT_TRUE(client.send(one.packet, one.descriptors));
        EXPECT_EQ(refusalOf(client.reply()), one.expected) << refusalSentence(one.expected);
        EXPECT_TRUE(client.closed());
    }
    EXPECT_EQ(m_helper.table().begun, 0U);
    EXPECT_TRUE(m_helper.serves());
}

TEST_F(HelperRequests, RefusesASecondHelloAndEmptyPackets)
{
    HelperClient twice(m_helper.socket(), ::geteuid());
    twice.hello();
    EXPECT_EQ(refusalOf(twice.hello()), MonitorRefusal::wrongOrder);
    HelperClient empty(m_helper.socket(), ::geteuid());
    ASSERT_TRUE(empty.send({}));
    EXPECT_TRUE(empty.closed());
    EXPECT_TRUE(m_helper.serves());
}

TEST_F(HelperRequests, RefusesDescriptorsThatAreNoPidNamespace)
{
    int pair[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    const UniqueFd one(pair[0]);
    const UniqueFd other(pair[1]);
    const UniqueFd file(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    const UniqueFd path(::open("/proc/self/ns/pid", O_PATH | O_CLOEXEC));
    const UniqueFd user(::open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
    const UniqueFd mount(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
    const UniqueFd device(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    const UniqueFd folder(::open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    for (const UniqueFd* target : {&one, &file, &path, &user, &mount, &device, &process, &folder}) {
        ASSERT_TRUE(*target);
        HelperClient client(m_helper.socket(), ::geteuid());
        client.hello();
        EXPECT_EQ(refusalOf(client.watch(target->get())), MonitorRefusal::notPidNamespace)
            << readAll("/proc/self/fdinfo/" + std::to_string(target->get()));
    }
    EXPECT_TRUE(m_helper.serves());
}

TEST_F(HelperRequests, RefusesNamespacesThatAreNotOurs)
{
    const UniqueFd own(::open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC));
    HelperClient host(m_helper.socket(), ::geteuid());
    host.hello();
    EXPECT_EQ(refusalOf(host.watch(own.get())), MonitorRefusal::notBelow);
    m_own.end();
    HelperClient late(m_helper.socket(), ::geteuid());
    late.hello();
    const MonitorRefusal refusal = refusalOf(late.watch(m_own.descriptor()));
    // Only Linux 6.11 can tell that nobody lives there.
    EXPECT_TRUE(refusal == MonitorRefusal::dead || refusal == MonitorRefusal::none) << refusalSentence(refusal);
}

TEST_F(HelperRequests, KeepsUsersApart)
{
    if (!root()) GTEST_SKIP() << "only root can be several users";
    OtherNamespace first(kFirstUser);
    OtherNamespace second(kSecondUser);
    if (!first.made() || !second.made()) GTEST_SKIP() << "users cannot make user namespaces here";
    // The descriptor alone is not enough: even who somehow got it may not watch with it.
    for (const auto& [user, target] :
         {std::pair(kSecondUser, first.descriptor()), std::pair(kFirstUser, second.descriptor()),
          std::pair(kFirstUser, m_own.descriptor()), std::pair(uid_t{0}, first.descriptor())}) {
        HelperClient client(m_helper.socket(), user);
        ASSERT_EQ(client.hello()->kind, Kind::facts);
        EXPECT_EQ(refusalOf(client.watch(target)), MonitorRefusal::notYours) << user;
        EXPECT_TRUE(client.descriptors.empty());
    }
    // Everybody's own is watched, and given to nobody else.
    HelperClient own(m_helper.socket(), kFirstUser);
    own.hello();
    EXPECT_EQ(own.watch(first.descriptor())->kind, Kind::watching);
    HelperClient other(m_helper.socket(), kSecondUser);
    other.hello();
    EXPECT_EQ(refusalOf(other.watch(first.descriptor())), MonitorRefusal::notYours);
}

TEST_F(HelperRequests, RefusesUsersWithoutANumber)
{
    if (!root()) GTEST_SKIP() << "only root can be several users";
    OtherNamespace nobodys(65534);
    if (!nobodys.made()) GTEST_SKIP() << "users cannot make user namespaces here";
    HelperClient client(m_helper.socket(), 65534);
    client.hello();
    EXPECT_EQ(refusalOf(client.watch(nobodys.descriptor())), MonitorRefusal::unknownUser);
}

TEST_F(HelperRequests, WatchesANamespaceOnceOnly)
{
    HelperClient first(m_helper.socket(), ::geteuid());
    first.hello();
    ASSERT_EQ(first.watch(m_own.descriptor())->kind, Kind::watching);
    HelperClient second(m_helper.socket(), ::geteuid());
    second.hello();
    EXPECT_EQ(refusalOf(second.watch(m_own.descriptor())), MonitorRefusal::alreadyWatched);
    EXPECT_FALSE(first.closed(50ms));
}

TEST(HelperWithoutPrograms, SaysWhy)
{
    FakeHelper helper({}, false);
    HelperClient client(helper.socket(), ::geteuid());
    const std::optional<MonitorReply> reply = client.hello();
    EXPECT_EQ(refusalOf(reply), MonitorRefusal::noPrograms);
    EXPECT_EQ(reply->text, "no reason");
}

}  // namespace
}  // namespace belljar::test
