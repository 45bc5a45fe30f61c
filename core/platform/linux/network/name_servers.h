// Whom this host asks for names.
#pragma once

#include <string_view>
#include <vector>

#include "core/model/network_attempt.h"

namespace belljar::linux_platform {

/// Those that a text like /etc/resolv.conf names, at most three; without any the host's own, as the C library has it.
[[nodiscard]] std::vector<NetworkEndpoint> nameServersIn(std::string_view text);

/// Those of /etc/resolv.conf as it is now.
[[nodiscard]] std::vector<NetworkEndpoint> hostNameServers();

}  // namespace belljar::linux_platform
