#include "core/platform/linux/kernel/object_policy.h"

#include <linux/bpf.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/platform/linux/kernel/record.h"
#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {

bool hasObjectNumbers(std::int64_t type)
{
    // ext2 to ext4 have one number.
    constexpr std::array<std::int64_t, 5> kKnown{EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, F2FS_SUPER_MAGIC, TMPFS_MAGIC,
                                                 RAMFS_MAGIC};
    return std::find(kKnown.begin(), kKnown.end(), type) != kKnown.end();
}

Result<void> forbidObject(int policy, const ObjectNumber& object, RuleId rule, bool open, bool execute)
{
    const auto device = static_cast<dev_t>(object.device);
    constexpr unsigned kMinorBits = 20;
    BelljarObject key{(static_cast<std::uint64_t>(major(device)) << kMinorBits) | minor(device), object.inode};
    std::uint32_t value = 0;
    if (open) value |= kForbidOpen;
    if (execute) value |= kForbidExec;
    if (value != 0) value |= rule << kForbidRuleShift;
    bpf_attr attributes{};
    attributes.map_fd = static_cast<std::uint32_t>(policy);
    attributes.key = reinterpret_cast<std::uint64_t>(&key);  // NOLINT: the kernel's form of a pointer
    // Who deletes an entry has to leave the value out.
    if (value != 0) attributes.value = reinterpret_cast<std::uint64_t>(&value);  // NOLINT
    const int command = value != 0 ? BPF_MAP_UPDATE_ELEM : BPF_MAP_DELETE_ELEM;
    if (::syscall(SYS_bpf, command, &attributes, sizeof attributes) == 0 || (value == 0 && errno == ENOENT)) return {};
    return Error{ErrorCode::backendError, "the kernel's rule could not be changed", {}, errnoText(errno), {}};
}

}  // namespace belljar::linux_platform
