// Laying out the bundled sample, for the desktop app's "Try the sample" and `belljar new --sample`.
#pragma once

#include <string>

#include "core/base/result.h"

namespace belljar {

/// Lays a fresh copy of the sample into `folder` (made when missing) for a user with this home, and returns the path of
/// its profile. Files of the same names are replaced, others left. Does what resources/sample/prepare.sh does.
Result<std::string> laySample(const std::string& folder, const std::string& home);

}  // namespace belljar
