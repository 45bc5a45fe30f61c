// What will become of a call that is about to happen, told from the tree as it is now: an errno, or 0. The kernel's own
// rules in its own order, as far as they can be seen from outside; nullopt where they cannot.
#pragma once

#include <cstdint>
#include <optional>

#include "core/model/event.h"
#include "core/platform/linux/notify_lookup.h"

namespace belljar::linux_platform {

/// Making an entry: mkdir, mknod, symlink, binding a unix socket.
[[nodiscard]] int makeResult(TreeView& tree, const InsideObject& object);

/// Calls of one path or descriptor other than open: `kind` says what is done to `object`.
[[nodiscard]] std::optional<int> pathResult(TreeView& tree, EventKind kind, const InsideObject& object);

/// Whether an open with these flags would change an existing file.
[[nodiscard]] bool opensToWrite(std::uint64_t flags);
[[nodiscard]] std::optional<int> openResult(TreeView& tree, const InsideObject& object, std::uint64_t flags);

[[nodiscard]] int linkResult(TreeView& tree, const InsideObject& from, const InsideObject& to);
/// `flags`: RENAME_NOREPLACE and the like.
[[nodiscard]] int renameResult(TreeView& tree, const InsideObject& from, const InsideObject& to, std::uint64_t flags);

/// What the call does to where other paths lead, if it succeeds.
[[nodiscard]] TreeChange changeBy(EventKind kind, const InsideObject& object);
[[nodiscard]] TreeChange changeByRename(const InsideObject& from, const InsideObject& to);

}  // namespace belljar::linux_platform
