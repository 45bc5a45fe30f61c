// What this Mac is like. Enough to check, export and read recordings; there is no containment for it yet.
#include <dirent.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>

#include "core/platform/platform.h"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace belljar {
namespace {

FileType typeOf(mode_t mode)
{
    if (S_ISREG(mode)) return FileType::regular;
    if (S_ISDIR(mode)) return FileType::directory;
    if (S_ISLNK(mode)) return FileType::symlink;
    return FileType::other;
}

class MacHost final : public HostFacts {
public:
    MacHost()
    {
        m_system.system = "macos";
        m_system.distribution = "macOS";
        utsname name{};
        if (::uname(&name) == 0) m_system.kernel = name.release;
        m_system.uid = ::geteuid();
        if (const passwd* user = ::getpwuid(m_system.uid)) {
            m_system.userName = user->pw_name;
            m_system.homePath = user->pw_dir;
        }
        std::array<char, PATH_MAX> folder{};
        if (::getcwd(folder.data(), folder.size()) != nullptr) m_system.currentPath = folder.data();
        m_system.userNamespacesReason = "user namespaces belong to Linux";
        for (char** entry = environ; *entry != nullptr; ++entry) m_system.environment.emplace_back(*entry);
    }

    [[nodiscard]] const SystemFacts& system() const override { return m_system; }

    [[nodiscard]] PathFacts lstat(const std::string& path) const override
    {
        PathFacts facts;
        struct stat info{};
        if (::lstat(path.c_str(), &info) != 0) {
            if (errno != ENOENT && errno != ENOTDIR) facts.error = errno;
            return facts;
        }
        facts.type = typeOf(info.st_mode);
        facts.device = static_cast<std::uint64_t>(info.st_dev);
        facts.inode = static_cast<std::uint64_t>(info.st_ino);
        facts.linkCount = static_cast<std::uint64_t>(info.st_nlink);
        facts.ownerUid = info.st_uid;
        facts.mode = static_cast<std::uint32_t>(info.st_mode) & 07777U;
        if (facts.type == FileType::symlink) {
            std::array<char, PATH_MAX> target{};
            const ssize_t length = ::readlink(path.c_str(), target.data(), target.size());
            if (length > 0) facts.linkTarget.assign(target.data(), static_cast<std::size_t>(length));
        }
        return facts;
    }

    [[nodiscard]] bool mayAccess(const std::string& path, bool write) const override
    {
        return ::access(path.c_str(), write ? R_OK | W_OK : R_OK) == 0;
    }

    [[nodiscard]] const std::vector<MountFacts>& mounts() const override { return m_mounts; }

    [[nodiscard]] std::vector<std::string> list(const std::string& path) const override
    {
        std::vector<std::string> names;
        DIR* folder = ::opendir(path.c_str());
        if (folder == nullptr) return names;
        while (const dirent* entry = ::readdir(folder)) {
            const std::string name = entry->d_name;
            if (name != "." && name != "..") names.push_back(name);
        }
        ::closedir(folder);
        return names;
    }

private:
    SystemFacts m_system;
    std::vector<MountFacts> m_mounts;
};

}  // namespace

std::unique_ptr<HostFacts> inspectHost(bool) { return std::make_unique<MacHost>(); }

}  // namespace belljar
