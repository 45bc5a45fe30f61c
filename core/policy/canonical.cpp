#include <deque>

#include "core/base/path_text.h"
#include "core/policy/decide.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

/// As in the kernel.
constexpr int kMaxLinks = 40;

struct Step {
    enum class Kind { plain, link, dead };
    Kind kind = Kind::plain;
    std::string target;
};

/// What the sandboxee's kernel finds at `path`: something to go on from, a link, or nothing that can be walked through.
Step stepAt(const Policy& policy, const std::string& path, const HostFacts& facts)
{
    if (const LinkRule* link = linkAt(policy, path)) return {Step::Kind::link, link->target};
    const PathRule* rule = governingRule(policy, path);
    if (!rule) return {isBareAncestor(policy, path) ? Step::Kind::plain : Step::Kind::dead, {}};
    if (!rule->present) return {Step::Kind::dead, {}};
    switch (rule->kind) {
        case PathKind::mask: {
            const bool open = rule->isDirectory && hasVisibleBelow(policy, path);
            return {open ? Step::Kind::plain : Step::Kind::dead, {}};
        }
        case PathKind::deviceTree: {
            const std::string target(deviceLinkTarget(path));
            return {target.empty() ? Step::Kind::plain : Step::Kind::link, target};
        }
        case PathKind::bind: break;
        case PathKind::privateTmp:
        case PathKind::procTree: return {};
    }
    const PathFacts found = facts.lstat(path);
    if (found.type == FileType::symlink) return {Step::Kind::link, found.linkTarget};
    return {found.type == FileType::directory ? Step::Kind::plain : Step::Kind::dead, {}};
}

}  // namespace

std::string canonicalInSandbox(const Policy& policy, const std::string& path, const HostFacts& facts)
{
    std::deque<std::string> pending;
    const auto prepend = [&pending](const std::string& text) {
        const std::vector<std::string> parts = pathComponents(text);
        pending.insert(pending.begin(), parts.begin(), parts.end());
    };
    prepend(isAbsolutePath(path) ? path : joinPath(policy.process.cwd, path));
    std::string current = "/";
    int links = 0;
    bool dead = false;
    while (!pending.empty()) {
        const std::string part = std::move(pending.front());
        pending.pop_front();
        if (part == ".") continue;
        if (part == "..") {
            // The kernel does not get out of what it could not get into.
            if (!dead) current = parentPath(current);
            continue;
        }
        std::string next = joinPath(current, part);
        if (!dead) {
            const Step step = stepAt(policy, next, facts);
            if (step.kind == Step::Kind::link && !step.target.empty() && ++links <= kMaxLinks) {
                if (isAbsolutePath(step.target)) current = "/";
                prepend(step.target);
                continue;
            }
            dead = step.kind != Step::Kind::plain;
        }
        current = std::move(next);
    }
    return current;
}

}  // namespace belljar
