// Files that Belljar makes and never overwrites. Private to core/events and the verbs that write them.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace belljar {

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePointer = std::unique_ptr<std::FILE, FileCloser>;

/// Makes `path`, which must not exist, not even as a dangling link, for writing by its owner and reading by nobody else
/// (mode 0600 on POSIX systems). `what` begins the error's sentence: "the recording".
Result<FilePointer> makeNewFile(const std::string& path, std::string_view what);

/// An error with the system's own name of `number`, an errno value.
[[nodiscard]] Error fileError(const std::string& path, std::string message, int number);

}  // namespace belljar
