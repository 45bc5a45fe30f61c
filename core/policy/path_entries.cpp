// Reading the path lists: each entry is checked, followed on the host and refused with its place when it cannot be
// right.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/path_text.h"
#include "core/policy/host_walk.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

/// What a kernel takes at most: Linux 4095 bytes, macOS 1023, Windows 32767 characters. Longer ones cost time for
/// nothing.
constexpr std::size_t kLongestPath = 32767;

/// `~/x`, `$HOME/x` and `${HOME}/x` as the absolute path that was meant; nullopt when that cannot be told.
std::optional<std::string> expandedPlaceholder(const std::string& text, const SystemFacts& system)
{
    if (text == "~" || text.rfind("~/", 0) == 0) return normalizedPath(system.homePath + text.substr(1));
    if (text.empty() || text.front() != '$') return std::nullopt;
    const bool brace = text.size() > 1 && text[1] == '{';
    const std::size_t begin = brace ? 2 : 1;
    const std::size_t end = std::min(text.find(brace ? '}' : '/', begin), text.size());
    const std::string key = text.substr(begin, end - begin) + "=";
    const std::string rest = text.substr(std::min(end + (brace ? 1U : 0U), text.size()));
    for (const std::string& entry : system.environment) {
        if (entry.rfind(key, 0) == 0 && entry.size() > key.size())
            return normalizedPath(entry.substr(key.size()) + rest);
    }
    return std::nullopt;
}

class EntryReader {
public:
    explicit EntryReader(ResolveContext& context) : m_context(context) {}

    void read(const std::string& written, PathAccess access, RuleId rule)
    {
        PathEntry entry{written, access, rule, {}, {}, {}};
        if (!checkText(entry)) return;
        const HostWalk walk = walkHost(written, m_context.facts);
        entry.canonical = walk.canonical;
        entry.facts = walk.facts;
        entry.links = walk.links;
        if (!checkWalk(entry, walk)) return;
        if (access == PathAccess::denied ? checkDenial(entry) : checkGrant(entry)) {
            m_context.origins.requests.push_back(entry);
            m_context.entries.push_back(std::move(entry));
        }
    }

private:
    void refuse(const PathEntry& entry, const char* id, std::string message, std::string fix)
    {
        m_context.report(Severity::error, id, std::move(message), entry.rule, std::move(fix));
    }

    bool checkText(const PathEntry& entry)
    {
        const std::string& text = entry.written;
        if (text.empty()) {
            refuse(entry, "path-empty", "A path is empty", "Remove the entry or name a path");
            return false;
        }
        if (text.find('\0') != std::string::npos) {
            refuse(entry, "path-nul", fmt::format("The path {} holds a NUL character", quoted(text)), "Remove it");
            return false;
        }
        if (text.size() > kLongestPath) {
            refuse(entry, "path-too-long",
                   fmt::format("A path has {} bytes, and no file's name can have more than {}: {}...", text.size(),
                               kLongestPath, quoted(text.substr(0, 60))),
                   "Remove the entry");
            return false;
        }
        if (isAbsolutePath(text)) return true;
        const SystemFacts& system = m_context.facts.system();
        if (text.front() == '~' || text.front() == '$') {
            const auto meant = expandedPlaceholder(text, system);
            refuse(entry, "path-placeholder",
                   fmt::format("{} is taken literally: MXC profiles do not expand ~ or variables", quoted(text)),
                   meant ? fmt::format("Write {}", quoted(*meant)) : "Write the absolute path");
            return false;
        }
        refuse(entry, "path-relative", fmt::format("The path {} is not absolute", quoted(text)),
               fmt::format("Write {}", quoted(normalizedPath(joinPath(system.currentPath, text)))));
        return false;
    }

    bool checkWalk(const PathEntry& entry, const HostWalk& walk)
    {
        if (walk.end == HostWalk::End::loop) {
            refuse(entry, "path-unreadable",
                   fmt::format("{} leads through too many symbolic links at {}", quoted(entry.written),
                               quoted(walk.stoppedAt)),
                   "Name the real path");
            return false;
        }
        if (walk.end == HostWalk::End::unreadable) {
            // For a denial this fails closed: what cannot be looked at cannot be masked with certainty.
            refuse(entry, "path-unreadable",
                   fmt::format("{} cannot be looked at: {} gives errno {}", quoted(entry.written),
                               quoted(walk.stoppedAt), walk.error),
                   "Remove the entry, or run as a user who may look at it");
            return false;
        }
        if (walk.end == HostWalk::End::missing && entry.access != PathAccess::denied) {
            const bool literal = entry.written.find_first_of("$*?[") != std::string::npos;
            refuse(entry, "path-missing", fmt::format("{} does not exist on this machine", quoted(entry.written)),
                   literal ? "Create it or remove the entry; variables and patterns are not expanded"
                           : "Create it or remove the entry");
            return false;
        }
        return true;
    }

    bool checkGrant(const PathEntry& entry)
    {
        const std::string& path = entry.canonical;
        if (path == "/") {
            refuse(entry, "path-too-wide",
                   "Granting / would show every file of this machine, also devices and other users' files",
                   "Grant the folders that the program needs, e.g. /usr/local");
            return false;
        }
        if (isAtOrBelow(path, "/proc") || isAtOrBelow(path, "/dev") || isKernelMount(path)) {
            refuse(entry, "path-private",
                   fmt::format("{} belongs to the kernel: a sandbox gets its own /proc and /dev and never the host's",
                               quoted(entry.written)),
                   "Remove the entry");
            return false;
        }
        const bool write = entry.access == PathAccess::readWrite;
        if (!m_context.facts.mayAccess(path, write)) {
            refuse(entry, "not-yours",
                   fmt::format("{} cannot be granted: you may not {} it yourself", quoted(entry.written),
                               write ? "write" : "read"),
                   write && m_context.facts.mayAccess(path, false) ? "Grant it read-only" : "Remove the entry");
            return false;
        }
        if (path == "/tmp") {
            m_context.report(
                Severity::warning, "tmp-shared",
                "Granting /tmp gives the sandbox the temporary files of all programs instead of its own empty /tmp",
                entry.rule, "Remove the entry, or grant a folder below /tmp");
        }
        if (entry.facts.type == FileType::other) {
            m_context.report(
                Severity::warning, "special-file",
                fmt::format("{} is a socket, pipe or device: read-only does not stop talking to what is behind it",
                            quoted(entry.written)),
                entry.rule, "Grant it only when the sandbox may talk to that program");
        }
        return true;
    }

    /// Folders of the host's process and device trees, wherever they are mounted.
    bool isKernelMount(const std::string& path) const
    {
        const MountFacts* best = nullptr;
        for (const MountFacts& mount : m_context.facts.mounts()) {
            if (!isAtOrBelow(path, mount.mountPoint)) continue;
            if (!best || mount.mountPoint.size() >= best->mountPoint.size()) best = &mount;
        }
        return best && (best->fileSystem == "proc" || best->fileSystem == "devtmpfs" || best->fileSystem == "devpts");
    }

    bool checkDenial(const PathEntry& entry)
    {
        const std::string& path = entry.canonical;
        if (path == "/" || path == "/dev" || path == "/proc") {
            refuse(entry, "path-private",
                   fmt::format(
                       "{} cannot be denied as a whole: the sandbox has its own, which holds nothing of the host's",
                       quoted(entry.written)),
                   "Remove the entry: what no rule grants is absent anyway");
            return false;
        }
        if (!isAtOrBelow(path, "/proc")) return true;
        const std::string first = pathComponents(path).at(1);
        const bool number = first.find_first_not_of("0123456789") == std::string::npos;
        if (!number && first != "self" && first != "thread-self") return true;
        refuse(
            entry, "path-private",
            fmt::format("{} is about one process of the host, which the sandbox does not see", quoted(entry.written)),
            "Remove the entry");
        return false;
    }

    ResolveContext& m_context;
};

using PathList = std::optional<std::vector<std::string>> FilesystemConfig::*;

struct ListRow {
    const char* key;
    PathList list;
    PathAccess access;
};

constexpr std::array<ListRow, 3> kLists{{
    {"readwritePaths", &FilesystemConfig::readwritePaths, PathAccess::readWrite},
    {"readonlyPaths", &FilesystemConfig::readonlyPaths, PathAccess::readOnly},
    {"deniedPaths", &FilesystemConfig::deniedPaths, PathAccess::denied},
}};

const char* optionFor(PathAccess access)
{
    switch (access) {
        case PathAccess::readOnly: return "--ro";
        case PathAccess::readWrite: return "--rw";
        case PathAccess::denied: break;
    }
    return "--deny";
}

/// Each entry costs look-ups on the host and a mount; no tool takes more than this, so a huge list is refused at once.
constexpr std::size_t kMaxEntries = 10'000;

bool hasTooManyEntries(ResolveContext& context)
{
    std::size_t count = context.request.extraPaths.size();
    for (const ListRow& row : kLists) {
        if (const auto& filesystem = context.config.filesystem; filesystem && (*filesystem).*(row.list))
            count += ((*filesystem).*(row.list))->size();
    }
    if (count <= kMaxEntries) return false;
    context.report(Severity::error, "too-many-paths",
                   fmt::format("The profile names {} paths, and at most {} can be enforced", count, kMaxEntries),
                   context.place("/filesystem"), "Name folders instead of single files");
    return true;
}

}  // namespace

void readPathEntry(ResolveContext& context, const std::string& written, PathAccess access, RuleId rule)
{
    EntryReader(context).read(written, access, rule);
}

void readPathEntries(ResolveContext& context)
{
    if (hasTooManyEntries(context)) return;
    EntryReader reader(context);
    if (const auto& filesystem = context.config.filesystem) {
        for (const ListRow& row : kLists) {
            const auto& list = (*filesystem).*(row.list);
            if (!list) continue;
            for (std::size_t i = 0; i < list->size(); ++i) {
                const std::string& path = (*list)[i];
                const SourcePlace place = context.place(fmt::format("/filesystem/{}/{}", row.key, i));
                const std::string written = context.request.written ? context.request.written(place.pointer) : "";
                const std::string text = written.empty() ? path : fmt::format("{} -> {}", written, path);
                reader.read(path, row.access,
                            context.addRule(RuleSource::profile, fmt::format("{}: {}", row.key, text), place));
            }
        }
    }
    for (const ExtraPath& extra : context.request.extraPaths) {
        const std::string text = fmt::format("{} {}", optionFor(extra.access), extra.path);
        reader.read(extra.path, extra.access, context.addRule(RuleSource::commandLine, text));
    }
}

}  // namespace belljar
