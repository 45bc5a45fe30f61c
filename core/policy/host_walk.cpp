#include "core/policy/host_walk.h"

#include <deque>

#include "core/base/path_text.h"

namespace belljar {
namespace {

constexpr std::size_t kMaxLinks = 40;

std::string withRest(std::string path, const std::deque<std::string>& rest)
{
    for (const std::string& part : rest) path = joinPath(path, part);
    return normalizedPath(path);
}

}  // namespace

HostWalk walkHost(const std::string& path, const HostFacts& facts)
{
    HostWalk walk;
    std::deque<std::string> pending;
    for (std::string& part : pathComponents(path)) pending.push_back(std::move(part));
    std::string current = "/";
    while (!pending.empty()) {
        const std::string part = std::move(pending.front());
        pending.pop_front();
        if (part == ".") continue;
        if (part == "..") {
            current = parentPath(current);
            continue;
        }
        std::string next = joinPath(current, part);
        const PathFacts found = facts.lstat(next);
        const bool brokenWay = found.type != FileType::directory && found.type != FileType::symlink && !pending.empty();
        if (found.error != 0 || found.type == FileType::missing || brokenWay) {
            walk.end = found.error != 0 ? HostWalk::End::unreadable : HostWalk::End::missing;
            walk.error = found.error;
            walk.stoppedAt = next;
            walk.canonical = withRest(std::move(next), pending);
            return walk;
        }
        if (found.type != FileType::symlink) {
            current = std::move(next);
            continue;
        }
        if (walk.links.size() == kMaxLinks || found.linkTarget.empty()) {
            walk.end = HostWalk::End::loop;
            walk.stoppedAt = next;
            walk.canonical = withRest(std::move(next), pending);
            return walk;
        }
        walk.links.push_back({next, found.linkTarget, 0});
        const std::vector<std::string> target = pathComponents(found.linkTarget);
        pending.insert(pending.begin(), target.begin(), target.end());
        if (isAbsolutePath(found.linkTarget)) current = "/";
    }
    walk.canonical = current;
    walk.facts = facts.lstat(current);
    return walk;
}

}  // namespace belljar
