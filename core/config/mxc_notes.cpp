#include "core/config/mxc_notes.h"

#include <array>
#include <string_view>
#include <unordered_set>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

using Paths = std::optional<std::vector<std::string>>;
using PathSet = std::unordered_set<std::string_view>;

constexpr std::size_t kMostNotes = 100;     ///< A million wrong paths are one mistake.
constexpr std::size_t kLongestPath = 8192;  ///< Bytes of a path that a note repeats.

PathSet setOf(const Paths& paths, bool needed)
{
    return needed && paths ? PathSet(paths->begin(), paths->end()) : PathSet();
}

std::string shown(std::string_view path)
{
    return visible(shortened(path, kLongestPath), EscapeStyle::mxc);
}

/// Collects notes, and counts those beyond what anybody reads.
class Notes {
public:
    void add(const std::string& note)
    {
        if (m_notes.size() < kMostNotes) m_notes.push_back(note);
        else ++m_more;
    }
    [[nodiscard]] bool full() const { return m_notes.size() >= kMostNotes; }
    void countMore() { ++m_more; }
    std::vector<std::string> take()
    {
        if (m_more > 0) m_notes.push_back(fmt::format("WARNING: {} more remarks about filesystem paths", m_more));
        return std::move(m_notes);
    }

private:
    std::vector<std::string> m_notes;
    std::size_t m_more = 0;
};

struct PathList {
    const char* key;
    const Paths& paths;
};

/// What of `weaker` is also in the stricter list.
void noteShared(const PathList& weaker, const char* strictKey, const PathSet& stricter, const PathSet& handled,
                const char* intent, Notes& notes)
{
    if (!weaker.paths || stricter.empty()) return;
    for (const std::string& path : *weaker.paths) {
        if (stricter.count(path) == 0 || handled.count(path) != 0) continue;
        if (notes.full()) notes.countMore();
        else
            notes.add(
                fmt::format("Filesystem path '{}' appears in '{}' and '{}'; applying most-restrictive intent ({})",
                            shown(path), weaker.key, strictKey, intent));
    }
}

/// What of a list is not on this machine, apart from what a stricter list has as well.
void noteMissing(const PathList& list, const PathSet& stricter, const PathSet& strictest, const RuleOptions& options,
                 Notes& notes)
{
    if (!list.paths || !options.fileType) return;
    for (const std::string& path : *list.paths) {
        if (stricter.count(path) != 0 || strictest.count(path) != 0) continue;
        if (options.fileType(path) != FileType::missing) continue;
        if (notes.full()) notes.countMore();
        else
            notes.add(
                fmt::format("WARNING: filesystem path '{}' (in '{}') does not exist on the host; the backend may "
                            "fail at mount time",
                            shown(path), list.key));
    }
}

/// Programs may ignore a proxy that only variables name.
bool proxyIsCooperative(const SandboxConfig& config)
{
    if (!config.network || !config.network->proxy || linuxContainment(config) != "bubblewrap") return false;
    const bool hosts = config.network->allowedHosts && !config.network->allowedHosts->empty();
    return config.network->defaultPolicy.value_or("block") == "block" && !hosts;
}

}  // namespace

std::vector<std::string> mxcNotes(const SandboxConfig& config, const RuleOptions& options)
{
    static const FilesystemConfig kNone;
    const FilesystemConfig& files = config.filesystem ? *config.filesystem : kNone;
    const PathList write{"readwritePaths", files.readwritePaths};
    const PathList read{"readonlyPaths", files.readonlyPaths};
    const PathList denied{"deniedPaths", files.deniedPaths};
    const PathSet inRead = setOf(read.paths, write.paths.has_value());
    const PathSet inDenied = setOf(denied.paths, write.paths || read.paths);
    Notes notes;
    noteShared(write, denied.key, inDenied, {}, "denied", notes);
    noteShared(write, read.key, inRead, inDenied, "readonly", notes);
    noteShared(read, denied.key, inDenied, {}, "denied", notes);
    noteMissing(write, inRead, inDenied, options, notes);
    noteMissing(read, inDenied, {}, options, notes);
    noteMissing(denied, {}, {}, options, notes);
    std::vector<std::string> all = notes.take();
    if (proxyIsCooperative(config))
        all.emplace_back(
            "WARNING: Bubblewrap network.proxy with defaultPolicy='block' is cooperative. HTTP_PROXY-aware clients "
            "(curl, requests, etc.) are denied at the proxy, but raw-socket clients that ignore HTTP_PROXY bypass the "
            "proxy and reach the host network. For strict isolation of all clients, remove network.proxy so "
            "--unshare-net applies; for host-list enforcement, add allowedHosts (cooperative tools only).");
    return all;
}

std::string mxcFallbackNote(const SandboxConfig& config)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOthers{
        {{"processcontainer", "ProcessContainer"},
         {"windows_sandbox", "WindowsSandbox"},
         {"wslc", "Wslc"},
         {"seatbelt", "Seatbelt"},
         {"isolation_session", "IsolationSession"},
         {"vm", "Vm"}}};
    for (const auto& [name, shown] : kOthers)
        if (config.containment == name)
            return fmt::format("Note: containment {} unsupported on lxc-exec; falling back to LXC.", shown);
    return {};
}

}  // namespace belljar
