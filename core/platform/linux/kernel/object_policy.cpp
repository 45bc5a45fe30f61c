#include "core/platform/linux/kernel/object_policy.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>

#include "core/platform/linux/kernel/record.h"
#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

Result<void> forbidObject(int policy, std::uint64_t device, std::uint64_t inode, bool open, bool execute)
{
    const auto number = static_cast<dev_t>(device);
    constexpr unsigned kMinorBits = 20;
    BelljarObject object{(static_cast<std::uint64_t>(major(number)) << kMinorBits) | minor(number), inode};
    std::uint32_t value = 0;
    if (open) value |= kForbidOpen;
    if (execute) value |= kForbidExec;
    bpf_attr attributes{};
    attributes.map_fd = static_cast<std::uint32_t>(policy);
    attributes.key = reinterpret_cast<std::uint64_t>(&object);  // NOLINT: the kernel's form of a pointer
    // Who deletes an entry has to leave the value out.
    if (value != 0) attributes.value = reinterpret_cast<std::uint64_t>(&value);  // NOLINT
    const int command = value != 0 ? BPF_MAP_UPDATE_ELEM : BPF_MAP_DELETE_ELEM;
    if (::syscall(SYS_bpf, command, &attributes, sizeof attributes) == 0 || (value == 0 && errno == ENOENT)) return {};
    return Error{ErrorCode::backendError, "the kernel's rule could not be changed", {}, errnoText(errno), {}};
}

Result<void> forbidObject(int policy, int root, const std::string& path, bool open, bool execute)
{
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    const UniqueFd found(static_cast<int>(::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how)));
    struct stat info {};
    if (!found || ::fstat(found.get(), &info) != 0)
        return Error{ErrorCode::policyValidation, "there is no such object to forbid", path, errnoText(errno), {}};
    return forbidObject(policy, info.st_dev, info.st_ino, open, execute);
}

}  // namespace belljar::linux_platform
