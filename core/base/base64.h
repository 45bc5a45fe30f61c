// Base64 (RFC 4648) as strict as MXC reads it: the standard alphabet with padding, no white space, no stray bits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace belljar {

/// The bytes, or nothing when the text is not canonical base64.
[[nodiscard]] std::optional<std::string> decodeBase64(std::string_view text);

}  // namespace belljar
