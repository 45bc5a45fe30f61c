#include "core/platform/linux/display/helper_spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

#include <cerrno>

#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words)
{
    std::vector<char*> list;
    for (std::string& word : words) list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

/// posix_spawn's attributes: a process group of its own (Ctrl+C is ours to handle) and no signal blocked or ignored.
class SpawnAttributes {
public:
    SpawnAttributes()
    {
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_init(&m_attributes);
        ::posix_spawnattr_setsigmask(&m_attributes, &none);
        ::posix_spawnattr_setsigdefault(&m_attributes, &all);
        ::posix_spawnattr_setpgroup(&m_attributes, 0);
        ::posix_spawnattr_setflags(&m_attributes,
                                   POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~SpawnAttributes() { ::posix_spawnattr_destroy(&m_attributes); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;
    [[nodiscard]] const posix_spawnattr_t* get() const { return &m_attributes; }

private:
    posix_spawnattr_t m_attributes{};
};

}  // namespace

Result<pid_t> spawnHelper(const std::string& program, std::vector<std::string> words,
                          std::vector<std::string> environment, const std::vector<int>& descriptors)
{
    constexpr int kFirst = 3;
    const int end = kFirst + static_cast<int>(descriptors.size());
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    for (int stream = 0; stream < kFirst; ++stream)
        ::posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
    std::vector<UniqueFd> copies;
    for (const int descriptor : descriptors) {
        // Above the numbers that the child is to have, so that none is overwritten before it is copied.
        copies.emplace_back(::fcntl(descriptor, F_DUPFD_CLOEXEC, end));
        ::posix_spawn_file_actions_adddup2(&actions, copies.back().get(), kFirst + static_cast<int>(copies.size()) - 1);
    }
    const SpawnAttributes attributes;
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, program.c_str(), &actions, attributes.get(), pointers(words).data(),
                                    pointers(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    if (error == 0) return pid;
    return Error{ErrorCode::backendError, "belljar-display could not be started", {}, errnoText(error), {}};
}

}  // namespace belljar::linux_platform
