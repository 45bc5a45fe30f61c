#include "app/monitord/privileges.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "app/monitord/call_filter.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::monitord {
namespace {

constexpr int kMostCapabilities = 64;

constexpr std::uint64_t bit(int capability)
{
    return std::uint64_t{1} << capability;
}

struct Capabilities {
    std::array<__user_cap_data_struct, 2> words{};
};

__user_cap_header_struct header()
{
    return {_LINUX_CAPABILITY_VERSION_3, 0};
}

std::uint64_t permitted()
{
    auto head = header();
    Capabilities now;
    if (::syscall(SYS_capget, &head, now.words.data()) != 0) return 0;
    return now.words[0].permitted | std::uint64_t{now.words[1].permitted} << 32;
}

bool setCapabilities(std::uint64_t kept)
{
    auto head = header();
    Capabilities wanted;
    for (std::size_t i = 0; i < wanted.words.size(); ++i)
        wanted.words[i].effective = wanted.words[i].permitted = static_cast<std::uint32_t>(kept >> (32 * i));
    return ::syscall(SYS_capset, &head, wanted.words.data()) == 0;
}

Error failed(const char* what)
{
    return Error{ErrorCode::backendError, std::string("cannot give up rights: ") + what, {}, errnoText(errno), {}};
}

struct Person {
    uid_t user = 65534;
    gid_t group = 65534;
};

/// From the file: name-service libraries are none of a static program's, and no user of ours stands anywhere else.
Person personNamed(const std::string& name)
{
    Person person;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/etc/passwd", "re"), &std::fclose);
    if (!file) return person;
    while (const passwd* entry = ::fgetpwent(file.get())) {
        if (name == entry->pw_name && entry->pw_uid != 0) return {entry->pw_uid, entry->pw_gid};
    }
    return person;
}

/// Empties the bounding set: nothing that this process ever becomes can have a capability.
bool dropBounds()
{
    for (int capability = 0; capability < kMostCapabilities; ++capability) {
        if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EINVAL) return false;
    }
    return true;
}

bool limit(__rlimit_resource resource, rlim_t most)
{
    const rlimit value{most, most};
    return ::setrlimit(resource, &value) == 0;
}

}  // namespace

bool closeFiles()
{
    landlock_ruleset_attr rules{};
    rules.handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // All of the first version.
    const int ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0));
    if (ruleset < 0) return errno == ENOSYS || errno == EOPNOTSUPP;
    const bool closed = ::syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    ::close(ruleset);
    return closed;
}

Result<void> keepLoadingRights(const std::string& user)
{
    const std::uint64_t kept = permitted() & (bit(CAP_BPF) | bit(CAP_PERFMON));
    if (::geteuid() == 0) {
        const Person person = personNamed(user);
        if (!dropBounds()) return failed("the bounding set");
        if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return failed("keeping capabilities");
        if (::setgroups(0, nullptr) != 0) return failed("groups");
        if (::setresgid(person.group, person.group, person.group) != 0) return failed("the group");
        if (::setresuid(person.user, person.user, person.user) != 0) return failed("the user");
    }
    if (!setCapabilities(kept)) return failed("capabilities");
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return failed("ambient capabilities");
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return failed("new privileges");
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return failed("being traced");
    return {};
}

Result<void> keepServingRights()
{
    if (!setCapabilities(permitted() & bit(CAP_BPF))) return failed("capabilities");
    if (!closeFiles()) return failed("files");
    // A session needs a few descriptors, and the memory of its ring is not part of ours.
    if (!limit(RLIMIT_NOFILE, 512) || !limit(RLIMIT_CORE, 0) || !limit(RLIMIT_MSGQUEUE, 0)) return failed("resources");
    return installCallFilter();
}

void surrenderEverything()
{
    // Nothing can be refused that only gives up.
    [[maybe_unused]] const bool done = setCapabilities(0);
}

}  // namespace belljar::monitord
