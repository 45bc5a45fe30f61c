// What MXC's executor remarks about a request that it accepts. Its users know these lines, so ours are the same.
#pragma once

#include <string>
#include <vector>

#include "core/config/config_rules.h"

namespace belljar {

/// Paths in two lists, paths that are not there, a proxy that programs may ignore. Text is escaped as MXC does.
[[nodiscard]] std::vector<std::string> mxcNotes(const SandboxConfig& config, const RuleOptions& options);

/// "Note: containment Wslc unsupported on lxc-exec; falling back to LXC.", or "".
[[nodiscard]] std::string mxcFallbackNote(const SandboxConfig& config);

}  // namespace belljar
