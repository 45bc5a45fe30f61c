// Paths as text: lexical work that never asks the file system.
//
// POSIX form with '/' separators. Real paths may hold any byte but NUL, so nothing here assumes UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace belljar {

/// True for a path that starts with '/'.
[[nodiscard]] bool isAbsolutePath(std::string_view path);

/// `path` without empty and "." components and without a trailing '/'; ".." is resolved lexically and stops at "/".
/// Only right where no symbolic link is involved; ask HostFacts otherwise. "" stays "".
[[nodiscard]] std::string normalizedPath(std::string_view path);

/// `tail` appended to `head` with exactly one '/' between; an absolute `tail` replaces `head`.
[[nodiscard]] std::string joinPath(std::string_view head, std::string_view tail);

/// Everything before the last '/', "/" for entries of the root; "" for a path without '/'.
[[nodiscard]] std::string parentPath(std::string_view path);

/// Everything after the last '/'.
[[nodiscard]] std::string fileName(std::string_view path);

/// True when `path` equals `ancestor` or lies below it. Both normalized and absolute.
[[nodiscard]] bool isAtOrBelow(std::string_view path, std::string_view ancestor);

/// Number of components of a normalized absolute path: 0 for "/", 2 for "/usr/bin".
[[nodiscard]] std::size_t pathDepth(std::string_view path);

/// The components of `path`, without empty ones.
[[nodiscard]] std::vector<std::string> pathComponents(std::string_view path);

}  // namespace belljar
