// Configuration + machine → effective policy, or the reasons why there is none.
//
// Pure: everything about the machine comes through HostFacts. A policy that cannot be enforced exactly is refused with
// the reason and a fix; nothing is weakened silently.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/model/finding.h"
#include "core/model/host_facts.h"
#include "core/model/network_change.h"
#include "core/model/policy.h"
#include "core/model/sandbox_config.h"

namespace belljar {

/// A path rule given outside the profile (--ro, --rw, --deny).
struct ExtraPath {
    std::string path;
    PathAccess access = PathAccess::readOnly;
};

/// One path rule as someone wrote it, and what it turned out to be.
struct PathEntry {
    std::string written;  ///< As given; hostile.
    PathAccess access = PathAccess::denied;
    RuleId rule = 0;
    std::string canonical;
    PathFacts facts;
    std::vector<LinkRule> links;  ///< Met on the way, in order.
};

/// What stands at and below the places that the system tree hides.
struct HiddenObjects {
    std::unordered_map<std::string, PathFacts> facts;
    std::unordered_map<std::string, std::vector<std::string>> lists;
};

/// What a policy's paths were made of, for amendPolicy().
struct PathOrigins {
    std::vector<PathEntry> requests;
    std::vector<PathRule> basePaths;  ///< The system tree, before the requests changed it.
    std::vector<LinkRule> baseLinks;
    /// Filled by the first amendment; all copies share it. Only an administrator changes what is there.
    std::shared_ptr<HiddenObjects> hidden = std::make_shared<HiddenObjects>();
};

struct ResolveRequest {
    const SandboxConfig* config = nullptr;
    /// Where a JSON pointer stands in the profile; may be empty.
    std::function<SourcePlace(const std::string& pointer)> place;
    /// How the path at a JSON pointer is written in the profile where `config` has what it stands for; "" elsewhere.
    std::function<std::string(const std::string& pointer)> written;
    std::vector<ExtraPath> extraPaths;
    std::optional<NetworkMode> network;                ///< --net
    std::vector<ExtraNetwork> extraNetwork;            ///< --allow-net, --deny-net
    bool asksNetwork = false;  ///< What no rule covers is asked: a network without any rule is a filtered one.
    std::vector<std::string> argv;                     ///< Replaces process.commandLine when not empty.
    std::vector<std::string> extraEnv;                 ///< "KEY=VALUE", after the profile's.
    std::optional<std::string> cwd;                    ///< Replaces process.cwd.
    std::optional<std::chrono::milliseconds> timeout;  ///< Replaces process.timeout.
    /// PATH, HOME, LANG and TERM for programs whose profile does not set them. MXC gives none of them.
    bool defaultEnvironment = true;
};

struct Resolution {
    std::optional<Policy> policy;   ///< Absent when a finding is an error.
    std::vector<Finding> findings;  ///< In the order of the profile.
    PathOrigins origins;
};

/// Resolves everything and reports every finding, also after an error. `Policy::process.argv` is empty when neither the
/// configuration nor the request has a command; whether that matters is the caller's to say.
[[nodiscard]] Resolution resolvePolicy(const ResolveRequest& request, const HostFacts& facts);

}  // namespace belljar
