// What the engine knows of a containment: what it is, whether it is here, and the plan it makes.
#pragma once

#include <memory>
#include <vector>

#include "core/base/result.h"
#include "core/model/capability.h"
#include "core/model/host_facts.h"
#include "core/model/launch_plan.h"
#include "core/model/policy.h"

namespace belljar {

struct PlanOptions {
    WatchPlan watch;
};

class Backend {
public:
    virtual ~Backend() = default;
    Backend(const Backend&) = delete;
    Backend& operator=(const Backend&) = delete;

    [[nodiscard]] virtual const BackendInfo& info() const = 0;
    /// Whether it can run on the machine that `facts` describe; with reason and fix when not. Pure.
    [[nodiscard]] virtual Availability probe(const SystemFacts& facts) const = 0;
    /// The launch as data. Pure; an error when the policy needs what this containment cannot enforce.
    [[nodiscard]] virtual Result<LaunchPlan> plan(const Policy& policy, const SystemFacts& facts,
                                                  const PlanOptions& options) const = 0;

protected:
    Backend() = default;
};

using BackendList = std::vector<std::unique_ptr<Backend>>;

/// The backend with that MXC containment id, or nullptr.
[[nodiscard]] const Backend* findBackend(const BackendList& backends, const std::string& id);

}  // namespace belljar
