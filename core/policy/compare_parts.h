// The parts of compareAccess(). Internal to core/policy.
#pragma once

#include "core/policy/compare.h"

namespace belljar {

void comparePaths(const Policy& before, const Policy& after, AccessComparison& out);
void compareNetworks(const Policy& before, const Policy& after, AccessComparison& out);
void compareSettings(const Policy& before, const Policy& after, AccessComparison& out);

}  // namespace belljar
