// A process that may do anything to the screen may do nothing to the machine: whatever a random click saves, removes or
// starts, it stays in one folder.
#pragma once

#include <string>

namespace belljar::test {

/// Makes every mount but `folder` read-only for this process and what it starts, takes its network away, and points its
/// home, its settings and its temporary files into `folder`, which must exist. To be called before there is a second
/// thread. The reason when that cannot be done; empty when it is.
[[nodiscard]] std::string confineTo(const std::string& folder);

}  // namespace belljar::test
