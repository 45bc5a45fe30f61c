#include "core/base/host_name.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/base/ip_network.h"
#include "core/base/nearest.h"

namespace belljar {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;

Error refused(std::string clause, std::string hint)
{
    return Error{ErrorCode::malformedRequest, std::move(clause), {}, {}, std::move(hint)};
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

Result<void> checkLabel(std::string_view label)
{
    if (label.empty()) return refused("it has an empty label", "Write one dot between labels.");
    if (label.size() > kLongestLabel) return refused("a label is longer than 63 characters", {});
    if (std::any_of(label.begin(), label.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        return refused("it has letters that are not ASCII", "Write the name as resolvers see it: xn--...");
    if (label.find('*') != std::string_view::npos)
        return refused("`*` is a whole label, and stands at the beginning", "Write for example *.example.org.");
    if (!std::all_of(label.begin(), label.end(), isLetter))
        return refused("a name has letters, digits, `-` and `_` only", "Write for example www.example.org.");
    if (label.front() == '-' || label.back() == '-') return refused("a label begins or ends with `-`", {});
    return {};
}

Result<std::string> parse(std::string_view text, bool pattern)
{
    std::string name = lowered(text);
    if (name.ends_with('.')) name.pop_back();
    if (name.empty()) return refused("it is empty", "Write for example www.example.org.");
    if (name.size() > kLongestName) return refused("it is longer than 253 characters", {});
    if (parseIpNetworkLoosely(name)) return refused("it is an address, not a name", "Name it as a network.");
    std::string_view rest = name;
    while (pattern && rest.starts_with("*.")) rest.remove_prefix(2);
    if (pattern && rest == "*") return refused("`*` alone names nothing", "Write for example *.example.org.");
    std::string_view last;
    for (std::size_t from = 0; from <= rest.size();) {
        const std::size_t dot = std::min(rest.find('.', from), rest.size());
        last = rest.substr(from, dot - from);
        if (const Result<void> right = checkLabel(last); !right) return right.error();
        from = dot + 1;
    }
    // What resolvers take for an address in some spelling: 127.1, 0x7f000001.
    const bool number =
        last.find_first_not_of("0123456789") == std::string_view::npos ||
        (last.starts_with("0x") && last.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos);
    if (number) return refused("it ends with a number, as addresses do", "Name addresses as networks.");
    return name;
}

}  // namespace

Result<std::string> parseHostName(std::string_view text)
{
    return parse(text, false);
}

Result<std::string> parseHostPattern(std::string_view text)
{
    return parse(text, true);
}

bool matchesHost(std::string_view pattern, std::string_view name)
{
    while (pattern.starts_with("*.")) {
        const std::size_t dot = name.find('.');
        if (dot == std::string_view::npos || dot == 0) return false;
        pattern.remove_prefix(2);
        name.remove_prefix(dot + 1);
    }
    return pattern == name;
}

}  // namespace belljar
