// Numeric network addresses as text: which ones never leave the sandbox's own loopback.
#pragma once

#include <string_view>

namespace belljar {

/// True for 127.0.0.0/8, ::1, ::ffff:127.0.0.0/104 and the name "localhost"; brackets around IPv6 are accepted.
[[nodiscard]] bool isLoopbackHost(std::string_view host);

/// True for 0.0.0.0, ::, ::ffff:0.0.0.0 and the empty host: "any address of mine", which connect(2) takes as loopback.
[[nodiscard]] bool isAnyAddress(std::string_view host);

}  // namespace belljar
