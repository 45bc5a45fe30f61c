// All containments that this build knows, in the order of preference.
#pragma once

#include "core/engine/backend.h"

namespace belljar {

[[nodiscard]] BackendList allBackends();

}  // namespace belljar
