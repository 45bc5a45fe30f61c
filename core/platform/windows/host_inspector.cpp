// What this Windows machine is like. Enough to check, export and read recordings; there is no containment for it yet.
#include <windows.h>

#include <io.h>

#include <cstdlib>
#include <filesystem>

#include <spdlog/fmt/fmt.h>

#include "core/platform/platform.h"

namespace belljar {
namespace {

namespace fs = std::filesystem;

std::string environmentValue(const char* name)
{
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

/// "10.0.19045". The documented functions tell every program the version that it was made for, this one the truth.
std::string versionText()
{
    const HMODULE library = GetModuleHandleA("ntdll.dll");
    if (library == nullptr) return {};
    using GetVersion = LONG(WINAPI*)(OSVERSIONINFOW*);
    const auto getVersion =
        reinterpret_cast<GetVersion>(reinterpret_cast<void*>(GetProcAddress(library, "RtlGetVersion")));
    OSVERSIONINFOW info{};
    info.dwOSVersionInfoSize = sizeof info;
    if (getVersion == nullptr || getVersion(&info) != 0) return {};
    return fmt::format("{}.{}.{}", info.dwMajorVersion, info.dwMinorVersion, info.dwBuildNumber);
}

FileType typeOf(fs::file_type type)
{
    switch (type) {
        case fs::file_type::not_found: return FileType::missing;
        case fs::file_type::regular: return FileType::regular;
        case fs::file_type::directory: return FileType::directory;
        case fs::file_type::symlink: return FileType::symlink;
        default: return FileType::other;
    }
}

class WindowsHost final : public HostFacts {
public:
    WindowsHost()
    {
        m_system.system = "windows";
        m_system.kernel = versionText();
        m_system.distribution = "Windows";
        m_system.userName = environmentValue("USERNAME");
        m_system.homePath = environmentValue("USERPROFILE");
        std::error_code failure;
        m_system.currentPath = fs::current_path(failure).string();
        m_system.userNamespacesReason = "user namespaces belong to Linux";
        for (char** entry = _environ; entry != nullptr && *entry != nullptr; ++entry)
            m_system.environment.emplace_back(*entry);
    }

    [[nodiscard]] const SystemFacts& system() const override { return m_system; }

    [[nodiscard]] PathFacts lstat(const std::string& path) const override
    {
        PathFacts facts;
        std::error_code failure;
        const fs::file_status status = fs::symlink_status(path, failure);
        facts.type = typeOf(status.type());
        if (facts.type == FileType::missing) return facts;
        if (failure) {
            facts.type = FileType::missing;
            facts.error = failure.default_error_condition().value();
            return facts;
        }
        facts.mode = static_cast<std::uint32_t>(status.permissions() & fs::perms::mask);
        if (facts.type == FileType::symlink) facts.linkTarget = fs::read_symlink(path, failure).string();
        const std::uintmax_t links = fs::hard_link_count(path, failure);
        facts.linkCount = failure ? 1 : static_cast<std::uint64_t>(links);
        return facts;
    }

    [[nodiscard]] bool mayAccess(const std::string& path, bool write) const override
    {
        constexpr int kRead = 4;
        constexpr int kReadWrite = 6;
        return _access(path.c_str(), write ? kReadWrite : kRead) == 0;
    }

    [[nodiscard]] const std::vector<MountFacts>& mounts() const override { return m_mounts; }

    [[nodiscard]] std::vector<std::string> list(const std::string& path) const override
    {
        std::vector<std::string> names;
        std::error_code failure;
        for (fs::directory_iterator entry(path, failure); !failure && entry != fs::directory_iterator();
             entry.increment(failure))
            names.push_back(entry->path().filename().string());
        return names;
    }

private:
    SystemFacts m_system;
    std::vector<MountFacts> m_mounts;
};

}  // namespace

std::unique_ptr<HostFacts> inspectHost(bool)
{
    return std::make_unique<WindowsHost>();
}

}  // namespace belljar
