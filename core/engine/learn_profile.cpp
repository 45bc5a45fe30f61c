#include "core/engine/learn_profile.h"

#include <algorithm>
#include <array>

#include "core/base/path_text.h"
#include "core/base/utf8.h"
#include "core/base/visible.h"
#include "core/config/config_io.h"
#include "core/policy/host_walk.h"
#include "core/policy/secrets.h"

namespace belljar {
namespace {

constexpr const char* kVersion = "0.8.0";  ///< The newest schema that MXC's published tools take without a warning.
constexpr std::size_t kMostLookedAt = 20'000;

using PathList = std::optional<std::vector<std::string>>;

void add(PathList& list, const std::string& path)
{
    if (firstInvalidUtf8(path)) return;
    if (!list) list.emplace();
    if (std::find(list->begin(), list->end(), path) == list->end()) list->push_back(path);
}

FilesystemConfig& filesystemOf(SandboxConfig& config)
{
    return config.filesystem ? *config.filesystem : config.filesystem.emplace();
}

/// A profile under construction.
class Builder {
public:
    explicit Builder(const ProfileFrame& frame) : m_frame(frame), m_config(frame.base) {}

    void grant(const std::string& path, PathAccess access)
    {
        if (m_frame.refused.contains(path)) return;
        FilesystemConfig& files = filesystemOf(m_config);
        add(access == PathAccess::readWrite  ? files.readwritePaths
            : access == PathAccess::readOnly ? files.readonlyPaths
                                             : files.deniedPaths,
            path);
    }

    std::string finish()
    {
        if (!m_config.version) m_config.version = kVersion;
        if (!m_frame.comment.empty()) m_config.comment = AnyJson{jsonQuote(m_frame.comment)};
        const std::string& folder = m_frame.folder;
        if (!folder.empty() && !m_frame.refused.contains(folder) && !firstInvalidUtf8(folder) && shows(folder)) {
            if (!m_config.process) m_config.process.emplace();
            if (!m_config.process->cwd) m_config.process->cwd = folder;
        }
        return writeConfig(m_config);
    }

private:
    [[nodiscard]] bool shows(const std::string& folder)
    {
        const auto near = [&](const std::string& path) {
            return isAtOrBelow(path, folder) || isAtOrBelow(folder, path);
        };
        const FilesystemConfig& files = filesystemOf(m_config);
        for (const PathList* list : {&files.readonlyPaths, &files.readwritePaths})
            if (*list && std::any_of((*list)->begin(), (*list)->end(), near)) return true;
        return false;
    }

    const ProfileFrame& m_frame;
    SandboxConfig m_config;
};

/// Secrets at fixed places and by their names; only what exists can be denied.
void denySecrets(Exploration& more, const std::string& folder, const std::string& home, const HostFacts& facts)
{
    for (const auto& [path, row] : secretsBelow(folder, home))
        if (facts.lstat(path).type != FileType::missing) more.denied.push_back(path);
    std::vector<std::string> pending{folder};
    std::size_t looked = 0;
    while (!pending.empty() && looked < kMostLookedAt) {
        const std::string current = std::move(pending.back());
        pending.pop_back();
        for (const std::string& name : facts.list(current)) {
            ++looked;
            std::string path = joinPath(current, name);
            const FileType type = facts.lstat(path).type;
            if (secretAt(name, {}) != nullptr && type != FileType::symlink) more.denied.push_back(path);
            else if (type == FileType::directory) pending.push_back(std::move(path));
        }
    }
}

bool isSystemFolder(const std::string& path)
{
    static constexpr std::array<std::string_view, 6> kNever{"/proc", "/dev", "/sys", "/run", "/tmp", "/boot"};
    return std::find(kNever.begin(), kNever.end(), path) != kNever.end();
}

/// In the order of a shell; the first that is there.
std::string programOf(const std::string& name, const std::string& folder, const HostFacts& facts)
{
    if (name.find('/') != std::string::npos) return joinPath(folder, name);
    for (const char* place : {"/usr/local/bin", "/usr/bin", "/bin"}) {
        std::string path = joinPath(place, name);
        if (facts.lstat(path).type != FileType::missing) return path;
    }
    return {};
}

}  // namespace

Exploration firstLook(const std::vector<std::string>& command, const std::string& folder, const std::string& home,
                      const HostFacts& facts)
{
    Exploration more;
    const auto look = [&](const std::string& path) {
        const HostWalk walk = walkHost(path, facts);
        const bool there = walk.end == HostWalk::End::found && facts.mayAccess(walk.canonical, false);
        const bool system = isAtOrBelow(walk.canonical, "/usr/bin") || isAtOrBelow(walk.canonical, "/proc") ||
                            isAtOrBelow(walk.canonical, "/dev") || isAtOrBelow(walk.canonical, "/sys");
        if (!there || system || secretAt(walk.canonical, home) != nullptr) return;
        const bool isFolder = walk.facts.type == FileType::directory;
        if (isFolder && isTooWide(walk.canonical, home)) return;
        more.readOnly.push_back(walk.canonical == path ? path : walk.canonical);
        if (isFolder) denySecrets(more, walk.canonical, home, facts);
    };
    look(folder);
    if (command.empty()) return more;
    if (const std::string program = programOf(command.front(), folder, facts); !program.empty()) look(program);
    for (std::size_t i = 1; i < command.size(); ++i)
        if (!command[i].empty() && command[i].size() < 4096) look(normalizedPath(joinPath(folder, command[i])));
    return more;
}

Exploration permissiveTree(const std::string& folder, const std::string& home, const HostFacts& facts)
{
    Exploration more;
    for (const std::string& name : facts.list("/")) {
        const std::string path = "/" + name;
        if (facts.lstat(path).type != FileType::directory || isSystemFolder(path) || !facts.mayAccess(path, false))
            continue;
        if (secretAt(path, home) != nullptr) continue;
        more.readOnly.push_back(path);
        for (const auto& [secret, row] : secretsBelow(path, home))
            if (facts.lstat(secret).type != FileType::missing) more.denied.push_back(secret);
    }
    for (const std::string& path : {home, folder}) {
        if (!isAbsolutePath(path) || pathDepth(path) == 0 || !facts.mayAccess(path, true)) continue;
        std::erase(more.readOnly, path);
        if (std::find(more.readWrite.begin(), more.readWrite.end(), path) == more.readWrite.end())
            more.readWrite.push_back(path);
    }
    denySecrets(more, folder, home, facts);
    return more;
}

std::string explorationProfile(const ProfileFrame& frame, const Exploration& more)
{
    Builder builder(frame);
    for (const std::string& path : more.readOnly) builder.grant(path, PathAccess::readOnly);
    for (const std::string& path : more.readWrite) builder.grant(path, PathAccess::readWrite);
    for (const std::string& path : more.denied) builder.grant(path, PathAccess::denied);
    return builder.finish();
}

std::string learnedProfile(const ProfileFrame& frame, const std::vector<LearnedRule>& rules)
{
    Builder builder(frame);
    for (const LearnedRule& rule : rules) builder.grant(rule.path, rule.access);
    return builder.finish();
}

}  // namespace belljar
