// Where the programs are that Belljar itself starts.
#pragma once

#include <string>

namespace belljar::linux_platform {

/// An executable regular file called `name` in an absolute folder of PATH or in the usual places; "" when there is
/// none.
[[nodiscard]] std::string findProgram(const std::string& name);

/// belljar-shim beside the running program or in ../libexec/belljar; "" when there is none.
[[nodiscard]] std::string findShim();

/// The same for belljar-display.
[[nodiscard]] std::string findDisplayHelper();

}  // namespace belljar::linux_platform
