// The address of a proxy as profiles write it: an http or https URL with a port that is not the scheme's own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace belljar {

struct ProxyUrl {
    std::string scheme;  ///< Lower case; for others than http and https, host and port are not looked at.
    std::string host;    ///< Lower case; IPv6 addresses without brackets, IPv4 addresses as four numbers.
    std::optional<std::uint16_t> port;  ///< Absent also when it is the scheme's own.
    bool hasCredentials = false;

    [[nodiscard]] bool isHttp() const { return scheme == "http" || scheme == "https"; }
    /// localhost, 127.0.0.1 or [::1], in any spelling of these that a URL reader resolves.
    [[nodiscard]] bool isOwnComputer() const;
    /// The same and the rest of 127.0.0.0/8.
    [[nodiscard]] bool isLoopback() const;
};

/// Reads as the WHATWG URL standard does where profiles can tell: spaces around it, tabs and line breaks in it, upper
/// case and missing slashes are forgiven. The error is a clause in MXC's words, "invalid port number".
Result<ProxyUrl> parseProxyUrl(std::string_view text);

}  // namespace belljar
