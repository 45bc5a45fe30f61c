// The rules of a running session as others are told of them.
#pragma once

#include <string>

#include "core/model/policy.h"

namespace belljar {

/// {"rules": [{"path", "access", "text", "source"}, ...]}: `path` is a path, or what is named in --remove-net or
/// --unpublish.
[[nodiscard]] std::string rulesText(const Policy& policy);

}  // namespace belljar
