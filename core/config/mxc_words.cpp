#include "core/config/mxc_words.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>

#include <spdlog/fmt/fmt.h>

#include "core/config/sentences.h"

namespace belljar {
namespace {

/// Shortest form, always with a point or an exponent.
std::string floatText(double value)
{
    std::string text = fmt::format("{}", value);
    const std::size_t exponent = text.find('e');
    if (exponent == std::string::npos) return text.find('.') == std::string::npos ? text + ".0" : text;
    if (text[exponent + 2] == '0') text.erase(exponent + 2, 1);  // e-07 is written e-7.
    return text;
}

}  // namespace

std::string numberText(std::string_view digits)
{
    const char* end = digits.data() + digits.size();
    const auto isWhole = [&](auto& number) {
        const auto [stop, problem] = std::from_chars(digits.data(), end, number);
        return stop == end && problem == std::errc{};
    };
    std::uint64_t number = 0;
    std::int64_t negative = 0;
    if (isWhole(number)) return fmt::format("integer `{}`", number);
    if (isWhole(negative) && negative != 0) return fmt::format("integer `{}`", negative);
    return fmt::format("floating point `{}`", floatText(std::strtod(std::string(digits).c_str(), nullptr)));
}

std::string quotedText(std::string_view text)
{
    std::string quoted = "\"";
    for (const char c : shortened(text, kLongestQuotation)) {
        if (c == '"' || c == '\\') quoted += '\\';
        if (c == '\0') quoted += "\\0";
        else quoted += c;
    }
    return quoted + '"';
}

bool isSecretKey(std::string_view key)
{
    const std::string lower = lowered(key);
    if (lower == "user") return true;
    static constexpr std::string_view kParts[] = {
        "password", "pwd",        "secret",     "token",      "apikey",
        "bearer",   "credential", "passphrase", "privatekey", "connectionstring"};
    return std::any_of(std::begin(kParts), std::end(kParts),
                       [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

}  // namespace belljar
