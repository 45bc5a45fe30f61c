// The address of a proxy as profiles write it: an http or https URL with a port that is not the scheme's own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace belljar {

struct ProxyUrl {
    std::string scheme;  ///< "http" or "https".
    std::string host;    ///< Lower case; IPv6 addresses without brackets.
    std::uint16_t port = 0;
    bool hasCredentials = false;

    /// localhost, 127.0.0.1 or [::1], in any spelling of these that a URL reader resolves.
    [[nodiscard]] bool isOwnComputer() const;
};

/// Reads as the WHATWG URL standard does where profiles can tell: spaces around it, upper case and missing slashes are
/// forgiven. The error is a clause such as "it has no port".
Result<ProxyUrl> parseProxyUrl(std::string_view text);

}  // namespace belljar
