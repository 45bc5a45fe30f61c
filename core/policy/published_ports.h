// Ports of the sandbox that are offered on this computer: as people write them on one line, and while it runs.
//
//     8080:80     8080 (the same inside)     8080:80/udp     0.0.0.0:8080:80     [::1]:8080:80/udp
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/policy/amend_network.h"

namespace belljar {

/// Without a rule. The error says in `hint` how to write it.
Result<PublishedPort> parsePublish(std::string_view text);
/// In its one spelling: without 127.0.0.1, and without tcp.
[[nodiscard]] std::string publishText(const PublishedPort& port);
/// Where it is offered: "127.0.0.1:8080".
[[nodiscard]] std::string placeText(const PublishedPort& port);
/// What of the sandbox: "80", "80/udp".
[[nodiscard]] std::string insideText(const PublishedPort& port);

/// Why `port` cannot be offered beside the others; nullopt: it can.
[[nodiscard]] std::optional<Error> publishObstacle(const std::vector<PublishedPort>& others, const PublishedPort& port);

/// As amendNetwork(). A session needs no `ingress.default: allow` for it: who changes it says so.
[[nodiscard]] NetworkAmendment amendPublished(Policy policy, const PublishChange& change);

}  // namespace belljar
