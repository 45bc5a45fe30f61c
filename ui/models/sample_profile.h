// The bundled sample: a small program, a profile for it, and something that the profile keeps it from.
#pragma once

#include <QString>

#include <string>

#include "core/base/result.h"

namespace belljar {

/// Lays a fresh copy of the sample into `folder` (made when missing) and returns the path of its profile. Does what
/// resources/sample/prepare.sh does, from the built-in files; files of the same names are replaced.
Result<QString> laySample(const QString& folder);

/// What a new profile starts with: the newest schema, bubblewrap, no paths, no network.
[[nodiscard]] std::string newProfileText();

}  // namespace belljar
