#include "core/policy/path_lookup.h"

#include <algorithm>
#include <array>
#include <string>

namespace belljar {
namespace {

struct ByPath {
    bool operator()(const PathRule& rule, std::string_view path) const { return rule.path < path; }
    bool operator()(const LinkRule& link, std::string_view path) const { return link.path < path; }
};

/// Compares a table's path with `folder` + "/" without making that text.
template <class Entry>
bool sortsBeforeChildren(const Entry& entry, std::string_view folder)
{
    const std::string_view path = entry.path;
    const int order = path.substr(0, folder.size()).compare(folder);
    if (order != 0) return order < 0;
    return path.size() == folder.size() || static_cast<unsigned char>(path[folder.size()]) < '/';
}

template <class Entry>
auto firstBelow(const std::vector<Entry>& table, std::string_view folder)
{
    if (folder == "/") {
        return std::find_if(table.begin(), table.end(), [](const Entry& e) { return e.path.size() > 1; });
    }
    return std::lower_bound(table.begin(), table.end(), folder, sortsBeforeChildren<Entry>);
}

bool isStrictlyBelow(std::string_view path, std::string_view folder)
{
    if (folder == "/") return path.size() > 1;
    return path.size() > folder.size() && path.substr(0, folder.size()) == folder && path[folder.size()] == '/';
}

std::string_view parentOf(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string_view::npos ? std::string_view("/") : path.substr(0, slash);
}

struct DeviceRow {
    std::string_view name;
    DeviceEntry entry;
    std::string_view target;
};

/// What bubblewrap's --dev makes. /dev/console is there only when a terminal is; it is harmless to call it present.
constexpr std::array<DeviceRow, 15> kDevices{{
    {"null", DeviceEntry::node, ""},
    {"zero", DeviceEntry::node, ""},
    {"full", DeviceEntry::node, ""},
    {"random", DeviceEntry::node, ""},
    {"urandom", DeviceEntry::node, ""},
    {"tty", DeviceEntry::node, ""},
    {"console", DeviceEntry::node, ""},
    {"stdin", DeviceEntry::link, "/proc/self/fd/0"},
    {"stdout", DeviceEntry::link, "/proc/self/fd/1"},
    {"stderr", DeviceEntry::link, "/proc/self/fd/2"},
    {"fd", DeviceEntry::link, "/proc/self/fd"},
    {"core", DeviceEntry::link, "/proc/kcore"},
    {"ptmx", DeviceEntry::link, "pts/ptmx"},
    {"pts", DeviceEntry::folder, ""},
    {"shm", DeviceEntry::folder, ""},
}};

const DeviceRow* deviceRow(std::string_view path)
{
    constexpr std::string_view kPrefix = "/dev/";
    if (path.substr(0, kPrefix.size()) != kPrefix) return nullptr;
    const std::string_view name = path.substr(kPrefix.size());
    const auto row = std::find_if(kDevices.begin(), kDevices.end(), [&](const DeviceRow& r) { return r.name == name; });
    return row == kDevices.end() ? nullptr : &*row;
}

}  // namespace

const PathRule* ruleAt(const Policy& policy, std::string_view path)
{
    const auto found = std::lower_bound(policy.paths.begin(), policy.paths.end(), path, ByPath{});
    return found != policy.paths.end() && found->path == path ? &*found : nullptr;
}

const LinkRule* linkAt(const Policy& policy, std::string_view path)
{
    const auto found = std::lower_bound(policy.links.begin(), policy.links.end(), path, ByPath{});
    return found != policy.links.end() && found->path == path ? &*found : nullptr;
}

const PathRule* governingRule(const Policy& policy, std::string_view path)
{
    while (true) {
        if (const PathRule* rule = ruleAt(policy, path)) return rule;
        if (path.size() <= 1) return nullptr;
        path = parentOf(path);
    }
}

bool hasVisibleBelow(const Policy& policy, std::string_view path)
{
    for (auto rule = firstBelow(policy.paths, path); rule != policy.paths.end(); ++rule) {
        if (!isStrictlyBelow(rule->path, path)) break;
        if (rule->present) return true;
    }
    const auto link = firstBelow(policy.links, path);
    return link != policy.links.end() && isStrictlyBelow(link->path, path);
}

bool isBareAncestor(const Policy& policy, std::string_view path)
{
    return governingRule(policy, path) == nullptr && (path == "/" || hasVisibleBelow(policy, path));
}

void sortTables(Policy& policy)
{
    const auto byPath = [](const auto& a, const auto& b) { return a.path < b.path; };
    const auto sort = [&](auto& table) {
        if (!std::is_sorted(table.begin(), table.end(), byPath)) std::sort(table.begin(), table.end(), byPath);
    };
    sort(policy.paths);
    sort(policy.links);
}

DeviceEntry deviceEntry(std::string_view path)
{
    if (path == "/dev") return DeviceEntry::folder;
    if (const DeviceRow* row = deviceRow(path)) return row->entry;
    return isStrictlyBelow(path, "/dev/pts") ? DeviceEntry::node : DeviceEntry::absent;
}

std::string_view deviceLinkTarget(std::string_view path)
{
    const DeviceRow* row = deviceRow(path);
    return row ? row->target : std::string_view{};
}

}  // namespace belljar
