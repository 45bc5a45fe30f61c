#include "tests/app/monitord/helper_scene.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "app/monitord/listening_socket.h"
#include "app/monitord/privileges.h"
#include "app/monitord/target_check.h"

namespace belljar::test {
namespace {

using namespace linux_platform;

void become(uid_t user)
{
    if (::geteuid() == user) return;
    if (::setgroups(0, nullptr) != 0 || ::setresgid(user, user, user) != 0 || ::setresuid(user, user, user) != 0)
        ::_exit(125);
    ::prctl(PR_SET_DUMPABLE, 1);  // as a process that was started by that user
}

bool readable(int fd, std::chrono::milliseconds patience)
{
    pollfd waits{fd, POLLIN, 0};
    return ::poll(&waits, 1, static_cast<int>(patience.count())) > 0;
}

template <class Table>
Table* sharedTable()
{
    void* at = ::mmap(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? nullptr : static_cast<Table*>(at);
}

}  // namespace

ChildProcess::ChildProcess(uid_t user, const std::function<int()>& body)
{
    const pid_t parent = ::getpid();
    m_pid = ::fork();
    if (m_pid != 0) return;
    become(user);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    ::_exit(body());
}

ChildProcess::~ChildProcess()
{
    if (m_pid <= 0 || m_status) return;
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
}

std::optional<int> ChildProcess::wait(std::chrono::milliseconds patience)
{
    const auto over = [&] {
        int status = 0;
        if (!m_status && ::waitpid(m_pid, &status, WNOHANG) == m_pid) m_status = status;
        return m_status.has_value();
    };
    eventually(over, patience);
    return m_status;
}

OtherNamespace::OtherNamespace(uid_t user)
{
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0) return;
    const UniqueFd from(pipe[0]);
    UniqueFd into(pipe[1]);
    m_maker.emplace(user, [&] {
        const int others = user == 0 ? CLONE_NEWPID : CLONE_NEWUSER | CLONE_NEWPID;
        if (::unshare(others) != 0) return 1;
        const pid_t init = ::fork();
        if (init == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;) ::pause();
        }
        if (::write(into.get(), &init, sizeof init) != sizeof init) return 1;
        for (;;) ::pause();
    });
    into.reset();
    if (::read(from.get(), &m_init, sizeof m_init) != sizeof m_init) return;
    m_descriptor.reset(::open(("/proc/" + std::to_string(m_init) + "/ns/pid").c_str(), O_RDONLY | O_CLOEXEC));
}

std::uint32_t OtherNamespace::number() const
{
    struct stat status {};
    return ::fstat(m_descriptor.get(), &status) == 0 ? static_cast<std::uint32_t>(status.st_ino) : 0;
}

OtherNamespace::~OtherNamespace()
{
    end();
}

void OtherNamespace::end()
{
    if (m_init <= 0) return;
    // Itself, too: where its maker dies before it has asked to die with it, it would live for ever.
    ::kill(m_init, SIGKILL);
    m_maker.reset();
    eventually([&] { return ::kill(m_init, 0) != 0; });
    m_init = -1;
}

UniqueFd connectTo(const std::string& socket)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.copy(address.sun_path, sizeof address.sun_path - 1);
    UniqueFd made(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) made.reset();
    return made;
}

HelperClient::HelperClient(const std::string& socket, uid_t user)
{
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return;
    const UniqueFd ours(pair[0]);
    UniqueFd theirs(pair[1]);
    m_process.emplace(user, [&] {
        UniqueFd made = connectTo(socket);
        const std::byte one{1};
        if (!made || !sendPacket(theirs.get(), std::span(&one, 1), std::array{made.get()})) return 1;
        made.reset();
        for (;;) ::pause();
    });
    theirs.reset();
    std::byte one{};
    if (!readable(ours.get(), std::chrono::seconds(5))) return;
    ReceivedPacket got = receivePacket(ours.get(), std::span(&one, 1), 1);
    if (got.descriptors.size() == 1) m_connection = std::move(got.descriptors.front());
}

bool HelperClient::send(std::span<const std::byte> packet, const std::vector<int>& passed)
{
    return sendPacket(m_connection.get(), packet, passed);
}

std::optional<MonitorReply> HelperClient::reply(std::chrono::milliseconds patience)
{
    descriptors.clear();
    if (!readable(m_connection.get(), patience)) return std::nullopt;
    std::array<std::byte, kReplyBytes + 1> room{};
    ReceivedPacket got = receivePacket(m_connection.get(), room, 8);
    if (got.state != ReceivedPacket::State::packet || got.length > room.size()) return std::nullopt;
    descriptors = std::move(got.descriptors);
    return parseReply(std::span(room).first(got.length), descriptors.size());
}

std::optional<MonitorReply> HelperClient::hello()
{
    if (!send(encodeRequest({MonitorRequestKind::hello, TraceLevel::standard}))) return std::nullopt;
    return reply();
}

std::optional<MonitorReply> HelperClient::watch(int target, TraceLevel level)
{
    if (!send(encodeRequest({MonitorRequestKind::watch, level}), {target})) return std::nullopt;
    return reply();
}

bool HelperClient::closed(std::chrono::milliseconds patience)
{
    if (!readable(m_connection.get(), patience)) return false;
    std::array<std::byte, kReplyBytes> room{};
    return receivePacket(m_connection.get(), room, 8).state == ReceivedPacket::State::ended;
}

FakeSessions::FakeSessions() : table(sharedTable<Table>())
{
    for (unsigned slot = 0; slot < kMost; ++slot) {
        auto& maps = m_maps.emplace_back();
        for (UniqueFd& map : maps) map.reset(::memfd_create("map", MFD_CLOEXEC));
        const std::string name = "ring of " + std::to_string(slot);
        EXPECT_EQ(::write(maps[0].get(), name.data(), name.size()), static_cast<ssize_t>(name.size()));
    }
}

FakeSessions::~FakeSessions()
{
    ::munmap(table, sizeof *table);
}

Result<monitord::SessionMaps> FakeSessions::prepare(unsigned slot)
{
    const unsigned prepared = ++table->prepared;
    monitord::SessionMaps maps;
    maps.descriptors = std::move(m_maps[slot]);
    maps.numbers = {3 * prepared, 3 * prepared + 1, 3 * prepared + 2};
    maps.ringBytes = 4096;
    return maps;
}

Result<void> FakeSessions::begin(unsigned slot, std::uint32_t number, TraceLevel level)
{
    for (const auto& other : table->numbers) {
        if (other == number) return Error{ErrorCode::alreadyStarted, "watched", {}, {}, {}};
    }
    table->numbers[slot] = number;
    table->levels[slot] = static_cast<std::uint32_t>(level);
    ++table->begun;
    return {};
}

void FakeSessions::end(unsigned slot)
{
    if (table->numbers[slot].exchange(0) != 0) ++table->ended;
}

bool FakeSessions::anyHeld(std::span<const monitord::MapNumbers>, std::span<bool> held)
{
    for (bool& one : held) one = table->stillHeld;
    return true;
}

FakeHelper::FakeHelper(monitord::ListenerOptions options, bool withPrograms) : m_socket(m_folder / "socket")
{
    EXPECT_EQ(::chmod(m_folder.path().c_str(), 0755), 0);
    Result<UniqueFd> listening = monitord::makeSocket(m_socket);
    EXPECT_TRUE(listening);
    if (!listening) return;
    m_process.emplace(::geteuid(), [&] {
        ::close(STDERR_FILENO);  // lines about hostile clients
        ::open("/dev/null", O_WRONLY);
        [[maybe_unused]] const uid_t nobody = monitord::userWithoutNumber();
        if (!monitord::keepLoadingRights("nobody")) return 10;
        monitord::Listener listener(std::move(*listening), withPrograms ? &m_sessions : nullptr, "no reason", options);
        if (!listener.prepare()) return 11;
#ifndef __SANITIZE_ADDRESS__
        if (!monitord::keepServingRights()) return 12;  // sanitizers make calls of their own
#endif
        return listener.run() ? 0 : 13;
    });
}

std::vector<pid_t> FakeHelper::workers() const
{
    const std::string own = std::to_string(pid());
    std::istringstream words(readAll("/proc/" + own + "/task/" + own + "/children"));
    return {std::istream_iterator<pid_t>(words), {}};
}

bool FakeHelper::serves()
{
    HelperClient client(m_socket, ::geteuid());
    const std::optional<MonitorReply> reply = client.hello();
    return reply && reply->kind == MonitorReplyKind::facts && reply->programs == FakeSessions::kPrograms;
}

std::string statusLine(pid_t pid, const std::string& name)
{
    std::istringstream lines(readAll("/proc/" + std::to_string(pid) + "/status"));
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
    }
    return {};
}

}  // namespace belljar::test
