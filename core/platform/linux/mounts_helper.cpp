#include "core/platform/linux/mounts_helper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/program_paths.h"
#include "core/platform/linux/shim_message.h"
#include "core/platform/posix/errno_text.h"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace belljar::linux_platform {
namespace {

/// Far longer than any change takes: then something is wrong.
constexpr int kPatienceMs = 10'000;

/// Descriptors of the child.
constexpr int kSocket = 3;
constexpr int kNamespace = 4;

ShimMessage failure(ShimMessageKind kind, const char* step, int error)
{
    ShimMessage message{};
    message.kind = kind;
    message.value = error;
    std::strncpy(message.step, step, sizeof message.step - 1);
    return message;
}

std::string requestOf(const std::vector<TreeStep>& steps)
{
    std::vector<ShimStep> made(steps.size());
    std::string texts;
    const std::size_t textsAt = sizeof(ShimChange) + steps.size() * sizeof(ShimStep);
    const auto text = [&](const std::string& value) {
        const auto at = static_cast<std::uint32_t>(textsAt + texts.size());
        texts.append(value.c_str(), value.size() + 1);
        return at;
    };
    for (std::size_t i = 0; i < steps.size(); ++i) {
        made[i].kind = steps[i].kind;
        made[i].mode = steps[i].mode;
        made[i].size = steps[i].size;
        made[i].source = steps[i].source.empty() ? 0 : text(steps[i].source);
        made[i].target = text(steps[i].target);
    }
    const ShimChange head{BELLJAR_SHIM_MAGIC, static_cast<std::uint32_t>(steps.size())};
    std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);                      // NOLINT: plain bytes
    bytes.append(reinterpret_cast<const char*>(made.data()), made.size() * sizeof(ShimStep));  // NOLINT
    return bytes + texts;
}

}  // namespace

Result<void> MountsHelper::start(pid_t init)
{
    stop();
    const auto failed = [](const char* what, int error) {
        return Error{ErrorCode::backendError, what, {}, errnoText(error), {}};
    };
    const UniqueFd space(::open(fmt::format("/proc/{}/ns/mnt", init).c_str(), O_RDONLY | O_CLOEXEC));
    if (!space) return failed("the sandbox's mounts are out of reach", errno);
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return failed("the helper for mounts could not be started", errno);
    UniqueFd ours(ends[0]);
    const UniqueFd theirs(ends[1]);
    const int room = 2 * kShimLongestChange;
    ::setsockopt(ours.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    // Above the numbers that the child is to have, so that neither is overwritten before it is copied.
    const UniqueFd socketCopy(::fcntl(theirs.get(), F_DUPFD_CLOEXEC, kNamespace + 1));
    const UniqueFd spaceCopy(::fcntl(space.get(), F_DUPFD_CLOEXEC, kNamespace + 1));
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (int stream = 0; stream < 3; ++stream)
        ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    ::posix_spawn_file_actions_adddup2(&actions, socketCopy.get(), kSocket);
    ::posix_spawn_file_actions_adddup2(&actions, spaceCopy.get(), kNamespace);
    const std::string program = findShim();
    std::string words[] = {"belljar-shim", "mounts", std::to_string(kSocket), std::to_string(kNamespace)};
    char* argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    char* none[] = {nullptr};
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, argv, none);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return failed("the helper for mounts could not be started", error);
    m_pid = pid;
    m_socket = std::move(ours);
    const ShimMessage said = answer();
    if (said.kind == kShimHello) return {};
    stop();
    return failed("this system does not let the sandbox's mounts be changed while it runs", said.value);
}

void MountsHelper::stop()
{
    if (m_pid <= 0) return;
    m_socket.reset();  // it ends by itself; a stuck one is ended
    ::kill(m_pid, SIGKILL);
    while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) {}
    m_pid = -1;
}

ShimMessage MountsHelper::answer()
{
    pollfd wait{m_socket.get(), POLLIN, 0};
    int ready = 0;
    do ready = ::poll(&wait, 1, kPatienceMs);
    while (ready < 0 && errno == EINTR);
    const std::optional<Received> got = ready > 0 ? receive(m_socket.get()) : std::nullopt;
    return got ? got->message : failure(kShimBroken, "helper", ready == 0 ? ETIMEDOUT : EPIPE);
}

ShimMessage MountsHelper::change(const std::vector<TreeStep>& steps)
{
    const std::string request = requestOf(steps);
    if (request.size() > kShimLongestChange) return failure(kShimFailed, "size of the change", E2BIG);
    ShimMessage said = failure(kShimFailed, "helper", EPIPE);
    if (::send(m_socket.get(), request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()))
        said = answer();
    said.step[sizeof said.step - 1] = '\0';
    if (said.kind != kShimChanged) stop();
    return said;
}

}  // namespace belljar::linux_platform
