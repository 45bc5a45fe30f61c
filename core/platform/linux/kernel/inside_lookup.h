// What stands at a path in the sandbox, asked again and again: remembers answers for a moment.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "core/platform/linux/target_memory.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// Resolves paths for the decoder; a test gives it another tree.
class InsideLookup {
public:
    virtual ~InsideLookup() = default;
    InsideLookup(const InsideLookup&) = delete;
    InsideLookup& operator=(const InsideLookup&) = delete;
    /// What stands at `path` (absolute); `tid` asks, which names like /proc/self depend on.
    [[nodiscard]] virtual InsideObject lookUp(std::int32_t tid, const std::string& path, bool follow) = 0;
    /// Names have changed: what was found before may be wrong.
    virtual void forget() = 0;

protected:
    InsideLookup() = default;
};

/// Below a sandbox's root. Answers are kept for 50 ms at most, because somebody outside may change the tree, too.
class RootLookup final : public InsideLookup {
public:
    /// `root`: O_PATH descriptor of the sandbox's "/"; must outlive this.
    explicit RootLookup(int root) : m_root(root) {}
    [[nodiscard]] InsideObject lookUp(std::int32_t tid, const std::string& path, bool follow) override;
    void forget() override { m_known[0].clear(), m_known[1].clear(); }

private:
    const int m_root;
    std::unordered_map<std::string, InsideObject> m_known[2];  ///< Without and with following the last link.
    std::chrono::steady_clock::time_point m_until;
};

/// Seen from here, /proc/self is somebody else.
[[nodiscard]] bool namesOneself(const std::string& path);

}  // namespace belljar::linux_platform
