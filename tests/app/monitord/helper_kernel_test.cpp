// The real belljar-monitord with the real programs: as root, it lets another user watch. Skipped where the kernel takes
// no programs.
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include "core/platform/linux/kernel/map_census.h"
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

class RealHelper : public testing::Test {
protected:
    void SetUp() override
    {
        if (::geteuid() != 0) GTEST_SKIP() << "only root can start the helper with its rights";
        ASSERT_EQ(::chmod(m_folder.path().c_str(), 0755), 0);
        m_helper.emplace(uid_t{0}, [this] {
            const int log = ::open((m_folder / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
            ::dup2(log, STDERR_FILENO);
            const std::string program = binFolder() + "/belljar-monitord";
            ::execl(program.c_str(), program.c_str(), "--socket", m_socket.c_str(), nullptr);
            return 1;
        });
        ASSERT_TRUE(eventually([&] { return log().find("\n") != std::string::npos; }, 20s));
        HelperClient client(m_socket, 0);
        const std::optional<MonitorReply> reply = client.hello();
        ASSERT_TRUE(reply) << log();
        if (reply->kind == Kind::refused) GTEST_SKIP() << "no eBPF here: " << reply->text;
    }

    std::string log() const { return readAll(m_folder / "log"); }

    /// A run as a user of its own; the helper is found by its socket's name.
    RunResult runAs(uid_t user, const std::vector<std::string>& options, const std::vector<std::string>& command,
                    const std::function<void(pid_t)>& afterStart = {})
    {
        Profile profile;
        for (const char* folder : {"/usr", "/bin", "/lib", "/lib64", "/etc"}) {
            if (exists(folder)) profile.readOnly.push_back(folder);
        }
        RunOptions run;
        run.env = {{"BELLJAR_MONITORD_SOCKET", m_socket}, {"HOME", m_folder.path()}};
        run.afterStart = afterStart;
        run.inChild = [user] {
            if (::setresgid(user, user, user) != 0 || ::setresuid(user, user, user) != 0) ::_exit(125);
        };
        return runProgram(belljarRun(m_folder, profile.json(), options, command), run);
    }

    TempFolder m_folder;
    const std::string m_socket = m_folder / "socket";
    std::optional<ChildProcess> m_helper;
};

TEST_F(RealHelper, LetsAnOrdinaryUserWatchInTheKernel)
{
    const RunResult result = runAs(kFirstUser, {"--monitor", "kernel", "--trace", "full", "--events", "jsonl"},
                                   {"sh", "-c", "cat /etc/hostname; cat /nowhere 2>/dev/null"});
    const std::vector<SeenEvent> events = parseEvents(result.err);
    const auto seen = [&](const std::string& object, const std::string& outcome) {
        return std::any_of(events.begin(), events.end(), [&](const SeenEvent& event) {
            return event.kind == "file.open" && event.object == object && event.result == outcome &&
                   event.trust == "seen";
        });
    };
    EXPECT_TRUE(seen("/etc/hostname", "ok")) << result.err << log();
    EXPECT_TRUE(seen("/nowhere", "ENOENT")) << result.err;
    EXPECT_NE(log().find("watching (user " + std::to_string(kFirstUser)), std::string::npos) << log();
}

TEST_F(RealHelper, SaysAloudWhenItIsNotThere)
{
    m_helper.reset();
    const RunResult strict = runAs(kFirstUser, {"--monitor", "kernel"}, {"true"});
    EXPECT_NE(strict.status, 0);
    EXPECT_NE(strict.err.find("belljar-monitord does not run"), std::string::npos) << strict.err;
    const RunResult lenient = runAs(kFirstUser, {"--events", "jsonl"}, {"true"});
    EXPECT_EQ(lenient.status, 0) << lenient.err;
    EXPECT_FALSE(parseEvents(lenient.err).empty()) << "notify watches instead";
}

TEST_F(RealHelper, EndsAStrictRunWhenItDiesAndTellsTheOthers)
{
    const auto killHelper = [this](pid_t) {
        EXPECT_TRUE(eventually([&] { return log().find("watching (user") != std::string::npos; }, 20s)) << log();
        std::this_thread::sleep_for(300ms);
        ::kill(m_helper->pid(), SIGKILL);
    };
    const RunResult strict =
        runAs(kFirstUser, {"--monitor", "kernel", "--events", "jsonl"}, {"sleep", "20"}, killHelper);
    EXPECT_FALSE(strict.late);
    EXPECT_LT(strict.seconds, 15) << "it went on without being watched";
    EXPECT_NE(strict.err.find("nothing is seen from here on"), std::string::npos) << strict.err;
}

TEST_F(RealHelper, TellsARunThatGoesOnWithoutIt)
{
    const auto killHelper = [this](pid_t) {
        EXPECT_TRUE(eventually([&] { return log().find("watching (user") != std::string::npos; }, 20s)) << log();
        ::kill(m_helper->pid(), SIGKILL);
    };
    const RunResult result = runAs(kFirstUser, {"--events", "jsonl"}, {"sh", "-c", "sleep 3; exit 5"}, killHelper);
    EXPECT_EQ(result.status, 5) << result.err;
    EXPECT_NE(result.err.find("nothing is seen from here on"), std::string::npos) << result.err;
}

TEST_F(RealHelper, KeepsUsersApart)
{
    OtherNamespace first(kFirstUser);
    ASSERT_TRUE(first.made());
    HelperClient other(m_socket, kSecondUser);
    other.hello();
    EXPECT_EQ(refusalOf(other.watch(first.descriptor())), MonitorRefusal::notYours);
    HelperClient own(m_socket, kFirstUser);
    own.hello();
    EXPECT_EQ(own.watch(first.descriptor())->kind, Kind::watching);
    HelperClient again(m_socket, kFirstUser);
    again.hello();
    EXPECT_EQ(refusalOf(again.watch(first.descriptor())), MonitorRefusal::alreadyWatched);
}

long bpf(int command, bpf_attr& attributes)
{
    return ::syscall(SYS_bpf, command, &attributes, sizeof attributes);
}

TEST_F(RealHelper, HandsOutNoMoreThanASessionNeeds)
{
    OtherNamespace first(kFirstUser);
    ASSERT_TRUE(first.made());
    HelperClient client(m_socket, kFirstUser);
    client.hello();
    ASSERT_EQ(client.watch(first.descriptor())->kind, Kind::watching);
    ASSERT_GE(client.descriptors.size(), kLeastMonitorDescriptors);
    for (const UniqueFd& descriptor : client.descriptors) {
        char target[64] = {};
        const std::string link = "/proc/self/fd/" + std::to_string(descriptor.get());
        EXPECT_GT(::readlink(link.c_str(), target, sizeof target - 1), 0);
        EXPECT_STREQ(target, "anon_inode:bpf-map");
    }
    // The counters cannot be written, neither through memory nor through a call, though we are root here.
    const int counters = client.descriptors[kCountersDescriptor].get();
    EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, counters, 0), MAP_FAILED);
    void* readable = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, counters, 0);
    ASSERT_NE(readable, MAP_FAILED);
    ::munmap(readable, 4096);
    std::uint32_t key = 0;
    std::uint64_t value = 77;
    bpf_attr attributes{};
    attributes.map_fd = static_cast<std::uint32_t>(counters);
    attributes.key = reinterpret_cast<std::uintptr_t>(&key);
    attributes.value = reinterpret_cast<std::uintptr_t>(&value);
    EXPECT_NE(bpf(BPF_MAP_UPDATE_ELEM, attributes), 0);
}

std::uint32_t numberOf(int map)
{
    bpf_map_info info{};
    bpf_attr attributes{};
    attributes.info.bpf_fd = static_cast<std::uint32_t>(map);
    attributes.info.info_len = sizeof info;
    attributes.info.info = reinterpret_cast<std::uintptr_t>(&info);
    return bpf(BPF_OBJ_GET_INFO_BY_FD, attributes) == 0 ? info.id : 0;
}

TEST_F(RealHelper, LeavesNothingBehind)
{
    Result<std::unique_ptr<MapCensus>> census = MapCensus::load();
    ASSERT_TRUE(census) << describe(census.error());
    const auto alive = [&](std::uint32_t number) {
        const Result<std::vector<std::uint32_t>> all = (*census)->take();
        return !all || std::binary_search(all->begin(), all->end(), number);
    };
    OtherNamespace first(kFirstUser);
    ASSERT_TRUE(first.made());
    HelperClient client(m_socket, kFirstUser);
    client.hello();
    ASSERT_EQ(client.watch(first.descriptor())->kind, Kind::watching);
    const std::uint32_t ring = numberOf(client.descriptors[kRingDescriptor].get());
    const std::uint32_t counters = numberOf(client.descriptors[kCountersDescriptor].get());
    ASSERT_NE(ring, 0U);
    ASSERT_NE(counters, 0U);
    client.descriptors.clear();
    EXPECT_TRUE(alive(ring)) << "the programs hold it";
    client.killProcess();
    client.hangUp();
    EXPECT_TRUE(eventually([&] { return !alive(ring) && !alive(counters); }));
}

TEST_F(RealHelper, HandsOutEachRingOnce)
{
    OtherNamespace first(kFirstUser);
    OtherNamespace second(kSecondUser);
    ASSERT_TRUE(first.made() && second.made());
    std::vector<std::uint32_t> numbers;
    for (int i = 0; i < 12; ++i) {
        // Some find a session that was prepared, some are too fast for that.
        if (i % 3 == 0) std::this_thread::sleep_for(200ms);
        const OtherNamespace& own = i % 2 == 0 ? first : second;
        HelperClient client(m_socket, i % 2 == 0 ? kFirstUser : kSecondUser);
        ASSERT_TRUE(client.hello());
        std::optional<MonitorReply> reply = client.watch(own.descriptor());
        if (reply->refusal == MonitorRefusal::alreadyWatched) continue;  // the end of the one before takes a moment
        ASSERT_EQ(reply->kind, Kind::watching) << i;
        for (const UniqueFd& map : client.descriptors) numbers.push_back(numberOf(map.get()));
    }
    EXPECT_GE(numbers.size(), 8U);
    std::sort(numbers.begin(), numbers.end());
    EXPECT_NE(numbers.front(), 0U);
    EXPECT_EQ(std::adjacent_find(numbers.begin(), numbers.end()), numbers.end());
}

TEST_F(RealHelper, CountsRingsThatAClientKeeps)
{
    OtherNamespace first(kFirstUser);
    ASSERT_TRUE(first.made());
    std::vector<UniqueFd> kept;
    for (unsigned i = 0; i < monitord::SessionLimits{}.ofUser; ++i) {
        HelperClient client(m_socket, kFirstUser);
        ASSERT_EQ(client.hello()->kind, Kind::facts) << i;
        std::optional<MonitorReply> reply = client.watch(first.descriptor());
        ASSERT_EQ(reply->kind, Kind::watching) << refusalSentence(reply->refusal);
        kept.push_back(std::move(client.descriptors[kRingDescriptor]));
        client.hangUp();
        const std::string ended = "watched (user " + std::to_string(kFirstUser);
        ASSERT_TRUE(eventually([&] {
            std::size_t count = 0;
            const std::string lines = log();
            for (std::size_t at = 0; (at = lines.find(ended, at)) != std::string::npos; ++at) ++count;
            return count == i + 1;
        }));
        std::this_thread::sleep_for(100ms);
    }
    {
        HelperClient more(m_socket, kFirstUser);
        EXPECT_EQ(refusalOf(more.reply()), MonitorRefusal::tooManyOfUser);
    }
    kept.clear();
    HelperClient again(m_socket, kFirstUser);
    const std::optional<MonitorReply> reply = again.hello();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->kind, Kind::facts) << refusalSentence(reply->refusal);
}

TEST_F(RealHelper, HasGivenUpWhatItDoesNotNeed)
{
    const pid_t helper = m_helper->pid();
    EXPECT_EQ(statusLine(helper, "CapEff"), "0000008000000000") << "CAP_BPF";
    EXPECT_EQ(statusLine(helper, "CapPrm"), "0000008000000000");
    EXPECT_EQ(statusLine(helper, "CapBnd"), "0000000000000000");
    EXPECT_EQ(statusLine(helper, "NoNewPrivs"), "1");
    EXPECT_EQ(statusLine(helper, "Seccomp"), "2");
    EXPECT_FALSE(statusLine(helper, "Uid").starts_with("0\t"));
}

}  // namespace
}  // namespace belljar::test
