// What in a text looks like a secret: values of variables and options with telling names, tokens by their known shapes,
// passwords in addresses. For showing texts to people who may not be alone; a recording holds them as they are.
//
// It is a guess: a secret that looks like nothing in particular is not found.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace belljar {

/// A variable, option or key of that name usually holds a secret: "GITHUB_TOKEN", "--db-password", "apiKey".
[[nodiscard]] bool isSecretName(std::string_view name);

/// Bytes of a text. Never a quote, a backslash or a control character, so a JSON text stays one when they are replaced.
struct SecretSpan {
    std::size_t offset = 0;
    std::size_t length = 0;
    bool operator==(const SecretSpan&) const = default;
};

/// In the order of the text, without overlaps.
[[nodiscard]] std::vector<SecretSpan> secretSpans(std::string_view text);

/// What stands for a secret, whatever its length.
inline constexpr std::string_view kSecretMask = "********";

/// `text` with kSecretMask in the place of each.
[[nodiscard]] std::string withoutSecrets(std::string_view text);

}  // namespace belljar
