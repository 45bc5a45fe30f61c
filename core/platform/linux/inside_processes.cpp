#include "core/platform/linux/inside_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <climits>
#include <cstdlib>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/platform/platform.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kMountTable = 16U << 20U;
constexpr std::size_t kMostHolders = 100;

std::string linkText(const std::string& path)
{
    std::array<char, PATH_MAX> text{};
    const ssize_t length = ::readlink(path.c_str(), text.data(), text.size());
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

/// Names in a folder of /proc that are numbers.
std::vector<int> numbersIn(const std::string& folder)
{
    std::vector<int> numbers;
    DIR* opened = ::opendir(folder.c_str());
    if (opened == nullptr) return numbers;
    while (const dirent* entry = ::readdir(opened)) {  // NOLINT: each call has its own DIR
        const std::string_view name = entry->d_name;
        int number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error == std::errc{} && end == name.data() + name.size()) numbers.push_back(number);
    }
    ::closedir(opened);
    return numbers;
}

/// The letter after the name, which may hold anything.
char stateOf(const std::string& stat)
{
    const std::size_t close = stat.rfind(')');
    return close == std::string::npos || close + 2 >= stat.size() ? 'X' : stat[close + 2];
}

std::string processSpace(pid_t pid)
{
    return linkText(fmt::format("/proc/{}/ns/pid", pid));
}

/// The process's pid namespace was made inside that one, or inside one that was.
bool isBelow(pid_t pid, const std::string& space)
{
    UniqueFd at(::open(fmt::format("/proc/{}/ns/pid", pid).c_str(), O_RDONLY | O_CLOEXEC));
    while (at) {
        at.reset(::ioctl(at.get(), NS_GET_PARENT));  // none is in sight above our own
        if (at && linkText(fmt::format("/proc/self/fd/{}", at.get())) == space) return true;
    }
    return false;
}

struct Place {
    std::uint64_t mount = 0;
    std::uint64_t inode = 0;
    bool isFileOrFolder = false;
};

std::optional<Place> placeOf(int folder, const char* path, int flags)
{
    struct statx info {};
    if (::statx(folder, path, flags, STATX_MNT_ID | STATX_INO | STATX_TYPE, &info) != 0) return std::nullopt;
    return Place{info.stx_mnt_id, info.stx_ino, S_ISREG(info.stx_mode) || S_ISDIR(info.stx_mode)};
}

class HolderSearch {
public:
    HolderSearch(pid_t init, const std::set<std::uint64_t>& known)
        : m_known(known), m_root(::open(fmt::format("/proc/{}/root", init).c_str(), O_PATH | O_CLOEXEC | O_DIRECTORY))
    {
    }

    void look(pid_t pid)
    {
        if (!m_root) return;
        consider(pid, fmt::format("/proc/{}/cwd", pid), "working folder");
        const std::string folder = fmt::format("/proc/{}/fd", pid);
        for (const int number : numbersIn(folder))
            consider(pid, fmt::format("{}/{}", folder, number), fmt::format("descriptor {}", number));
    }

    std::vector<TreeHolder> found;

private:
    void consider(pid_t pid, const std::string& link, const std::string& what)
    {
        if (found.size() >= kMostHolders) return;
        const std::optional<Place> held = placeOf(AT_FDCWD, link.c_str(), 0);
        if (!held || !held->isFileOrFolder || !m_known.contains(held->mount)) return;
        std::string path = linkText(link);
        const std::optional<Place> named = byName(path);
        if (named && named->mount == held->mount) return;
        const Result<std::string> name = readFile(fmt::format("/proc/{}/comm", pid), 64);
        found.push_back({pid, name ? name->substr(0, name->find('\n')) : std::string(), what, std::move(path)});
    }

    [[nodiscard]] std::optional<Place> byName(const std::string& path) const
    {
        if (!isAbsolutePath(path)) return std::nullopt;
        struct open_how how {};
        how.flags = O_PATH | O_CLOEXEC;
        how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS;
        const UniqueFd opened(static_cast<int>(::syscall(SYS_openat2, m_root.get(), path.c_str(), &how, sizeof how)));
        return opened ? placeOf(opened.get(), "", AT_EMPTY_PATH) : std::nullopt;
    }

    const std::set<std::uint64_t>& m_known;
    UniqueFd m_root;
};

}  // namespace

std::vector<pid_t> processesInside(pid_t init)
{
    const std::string space = processSpace(init);
    const std::string ours = linkText("/proc/self/ns/pid");
    std::vector<pid_t> inside;
    if (space.empty()) return inside;
    for (const int pid : numbersIn("/proc")) {
        const std::string its = pid == init ? std::string() : processSpace(pid);
        if (its.empty() || its == ours) continue;
        if (its == space || isBelow(pid, space)) inside.push_back(pid);
    }
    return inside;
}

bool allStopped(const std::vector<pid_t>& processes)
{
    for (const pid_t pid : processes) {
        for (const int thread : numbersIn(fmt::format("/proc/{}/task", pid))) {
            const Result<std::string> stat = readFile(fmt::format("/proc/{}/task/{}/stat", pid, thread), 4096);
            if (stat && std::string_view("TtZXD").find(stateOf(*stat)) == std::string_view::npos) return false;
        }
    }
    return true;
}

std::vector<InsideMount> mountsInside(pid_t init)
{
    std::vector<InsideMount> mounts;
    const Result<std::string> table = readFile(fmt::format("/proc/{}/mountinfo", init), kMountTable);
    if (!table) return mounts;
    for (std::size_t begin = 0; begin < table->size();) {
        const std::size_t end = std::min(table->find('\n', begin), table->size());
        const std::string line = table->substr(begin, end - begin);
        begin = end + 1;
        // "id parent major:minor root point ..."
        std::array<std::string_view, 5> fields;
        std::string_view rest = line;
        for (std::string_view& field : fields) {
            field = rest.substr(0, rest.find(' '));
            rest.remove_prefix(std::min(field.size() + 1, rest.size()));
        }
        InsideMount mount;
        std::from_chars(fields[0].data(), fields[0].data() + fields[0].size(), mount.id);
        for (std::size_t i = 0; i < fields[4].size(); ++i) {
            const std::string_view point = fields[4];
            const bool escaped = point[i] == '\\' && i + 3 < point.size();
            mount.point +=
                escaped ? static_cast<char>((point[i + 1] - '0') * 64 + (point[i + 2] - '0') * 8 + (point[i + 3] - '0'))
                        : point[i];
            if (escaped) i += 3;
        }
        mounts.push_back(std::move(mount));
    }
    return mounts;
}

std::vector<TreeHolder> holdersInside(pid_t init, const std::set<std::uint64_t>& known)
{
    HolderSearch search(init, known);
    for (const pid_t pid : processesInside(init)) search.look(pid);
    return std::move(search.found);
}

}  // namespace belljar::linux_platform
