#include "core/platform/linux/kernel/inside_lookup.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace belljar::linux_platform {
namespace {

constexpr std::chrono::milliseconds kMemory{50};
constexpr std::size_t kMostKnown = 8192;

}  // namespace

bool namesOneself(const std::string& path)
{
    static constexpr std::string_view kNames[] = {"/proc/self", "/proc/thread-self", "/dev/fd",
                                                  "/dev/stdin", "/dev/stdout",       "/dev/stderr"};
    return std::any_of(std::begin(kNames), std::end(kNames),
                       [&](std::string_view name) { return path.starts_with(name); });
}

InsideObject RootLookup::lookUp(std::int32_t tid, const std::string& path, bool follow)
{
    if (namesOneself(path)) {
        const std::string meant = follow ? withoutOwnNames(tid, m_root, path) : path;
        InsideObject object = lookUpInside(m_root, meant, follow);
        object.unknown |= meant == path;
        return object;
    }
    const auto now = std::chrono::steady_clock::now();
    auto& known = m_known[follow ? 1 : 0];
    if (now >= m_until || known.size() >= kMostKnown) {
        forget();
        m_until = now + kMemory;
    }
    if (const auto found = known.find(path); found != known.end()) return found->second;
    return known.emplace(path, lookUpInside(m_root, path, follow)).first->second;
}

}  // namespace belljar::linux_platform
