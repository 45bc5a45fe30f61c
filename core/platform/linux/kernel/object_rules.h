// Denied paths of a running session as rules about objects in the kernel: beside the mounts, which hide a name, these
// forbid the object itself, whatever it is called and however it is reached.
//
// A change has two halves around that of the tree, so that nothing is allowed meanwhile that neither the old nor the
// new policy allows: forbid() before it, settle() after it, or undo() when it failed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/model/path_change.h"
#include "core/platform/linux/kernel/object_policy.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// For one thread at a time.
class ObjectRules {
public:
    /// Forbids the object by this rule; without one allows it again.
    using Setter = std::function<Result<void>(const ObjectNumber&, std::optional<RuleId>)>;

    /// From now on rules are given to `set`. Without one there are none: everything below then does nothing.
    void begin(Setter set) { m_set = std::move(set); }
    void end();
    [[nodiscard]] bool holds() const { return m_set != nullptr; }

    /// Forbids what is new in `denied`: the objects that stand at these paths of the host now, no links followed; those
    /// of paths that were denied by the same rule before stay what they are. What can have no such rule is in
    /// uncovered(). An error: all is as it was.
    [[nodiscard]] Result<void> forbid(const std::vector<DeniedPath>& denied);
    /// Allows what is not denied any more. An error: some of that is still forbidden.
    [[nodiscard]] Result<void> settle();
    void undo();

    /// Why the path of the last forbid() has no rule of its own in the kernel; empty: it has one.
    [[nodiscard]] std::string uncovered(const std::string& path) const;

private:
    struct Object {
        /// Keeps the number from being given to another object, and its file system from being unmounted.
        UniqueFd held;
        ObjectNumber number;
        std::string whyNot;  ///< Not empty: there is no rule about it.
    };
    using Objects = std::map<std::pair<std::string, RuleId>, std::shared_ptr<const Object>>;
    using Entries = std::map<ObjectNumber, RuleId>;

    [[nodiscard]] static Object lookUp(const std::string& path);
    [[nodiscard]] static Entries entriesOf(const Objects& objects);
    [[nodiscard]] Result<void> add(const Entries& wanted, const Entries& there) const;
    [[nodiscard]] Result<void> remove(const Entries& unwanted, const Entries& kept) const;

    Setter m_set;
    Objects m_now;
    Objects m_next;  ///< Between forbid() and settle() or undo().
};

}  // namespace belljar::linux_platform
