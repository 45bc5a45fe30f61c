#include "core/base/proxy_url.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/base/compatibility_letters.h"
#include "core/base/ip_network.h"
#include "core/base/nearest.h"

namespace belljar {
namespace {

Error refused(std::string clause)
{
    return Error{ErrorCode::malformedRequest, std::move(clause), {}, {}, {}};
}

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        unsigned value = 0;
        const std::string_view digits = text.substr(i + 1, 2);
        const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() != 2 || problem != std::errc{} || end != digits.data() + 2) return std::nullopt;
        result += static_cast<char>(value);
        i += 2;
    }
    return result;
}

/// One part of a host made of numbers: decimal, 0x hexadecimal, 0 octal.
std::optional<std::uint64_t> hostNumber(std::string_view text)
{
    int base = 10;
    if (text.size() > 1 && text[0] == '0') {
        base = text[1] == 'x' ? 16 : 8;
        text.remove_prefix(base == 16 ? 2 : 1);
        if (text.empty()) return 0;
    }
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// 127.1, 2130706433 and 0x7f000001 are all 127.0.0.1 to whoever opens a URL. nullopt: it is a name; an error: its last
/// part is a number, so it has to be an address, but it is none.
Result<std::optional<std::string>> numericHost(std::string_view host)
{
    std::vector<std::string_view> parts;
    if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
    for (std::size_t from = 0; from <= host.size();) {
        const std::size_t dot = std::min(host.find('.', from), host.size());
        parts.push_back(host.substr(from, dot - from));
        from = dot + 1;
    }
    const std::string_view last = parts.back();
    const bool digits = !last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos;
    if (!digits && !(last.substr(0, 2) == "0x" && hostNumber(last))) return std::optional<std::string>();
    std::uint64_t address = 0;
    if (parts.size() > 4) return refused("invalid IPv4 address");
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::optional<std::uint64_t> part = hostNumber(parts[i]);
        const bool isLast = i + 1 == parts.size();
        const std::uint64_t room = isLast ? std::uint64_t{1} << (8 * (5 - parts.size())) : 256;
        if (!part || *part >= room) return refused("invalid IPv4 address");
        address |= isLast ? *part : *part << (8 * (3 - i));
    }
    return std::optional(
        fmt::format("{}.{}.{}.{}", address >> 24U & 255U, address >> 16U & 255U, address >> 8U & 255U, address & 255U));
}

Result<std::string> parseHost(std::string_view text)
{
    if (text.empty()) return refused("empty host");
    if (text.front() == '[') {
        const std::string_view inner = text.substr(1, text.size() - 2);
        const bool closed = text.size() > 2 && text.back() == ']';
        if (!closed || inner.find('/') != std::string_view::npos || inner.find(':') == std::string_view::npos ||
            !parseIpNetwork(inner))
            return refused("invalid IPv6 address");
        return lowered(inner);
    }
    const std::optional<std::string> decoded = percentDecoded(text);
    static constexpr std::string_view kForbidden = " #%/:<>?@[\\]^|";
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
    if (!decoded || decoded->find_first_of(kForbidden) != std::string::npos ||
        std::any_of(decoded->begin(), decoded->end(), isControl))
        return refused("invalid international domain name");
    std::string host = lowered(withPlainLetters(*decoded));
    Result<std::optional<std::string>> numeric = numericHost(host);
    if (!numeric) return std::move(numeric).error();
    return *numeric ? std::move(**numeric) : host;
}

/// The digits behind the host's colon; none is the scheme's own port.
Result<std::optional<std::uint16_t>> parsePort(std::string_view digits, std::uint16_t schemePort)
{
    std::uint32_t port = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return refused("invalid port number");
        port = port * 10 + static_cast<std::uint32_t>(c - '0');
        if (port > 65535) return refused("invalid port number");
    }
    if (digits.empty() || port == schemePort) return std::optional<std::uint16_t>();
    return std::optional(static_cast<std::uint16_t>(port));
}

/// Soft hyphens and zero-width characters, which names may not consist of alone: they vanish from a name.
std::string withoutInvisible(std::string_view text)
{
    static constexpr std::string_view kInvisible[] = {"\xc2\xad", "\xe2\x80\x8b", "\xe2\x81\xa0", "\xef\xbb\xbf"};
    std::string result(text);
    for (const std::string_view piece : kInvisible)
        for (std::size_t at = result.find(piece); at != std::string::npos; at = result.find(piece))
            result.erase(at, piece.size());
    return result;
}

/// What a URL reader drops before it looks at anything: white space around it, tabs and line breaks in it.
std::string trimmed(std::string_view text)
{
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20) text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20) text.remove_suffix(1);
    std::string result;
    for (const char c : text)
        if (c != '\t' && c != '\n' && c != '\r') result += c;
    return result;
}

bool isSpecial(std::string_view scheme)
{
    return scheme == "http" || scheme == "https" || scheme == "ftp" || scheme == "ws" || scheme == "wss";
}

/// Fills in what stands between the slashes and the path.
Result<void> readAuthority(std::string_view authority, ProxyUrl& url)
{
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        url.hasCredentials = at > 0 && authority.substr(0, at) != ":";
        authority.remove_prefix(at + 1);
    }
    const std::size_t bracket = authority.rfind(']');
    if (authority.starts_with('[') && bracket == std::string_view::npos) return refused("invalid IPv6 address");
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    const std::string_view digits = colon == std::string_view::npos ? "" : authority.substr(colon + 1);
    if (isSpecial(url.scheme)) {
        Result<std::string> host = parseHost(withoutInvisible(authority.substr(0, colon)));
        if (!host) return std::move(host).error();
        url.host = std::move(host).value();
    }
    const Result<std::optional<std::uint16_t>> port = parsePort(digits, url.scheme == "http" ? 80 : 443);
    if (!port) return port.error();
    url.port = *port;
    return {};
}

}  // namespace

bool ProxyUrl::isOwnComputer() const
{
    if (host == "localhost" || host == "127.0.0.1") return true;
    const Result<IpNetwork> address = parseIpNetwork(host);
    static constexpr std::array<std::uint8_t, 16> kIpv6Loopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return address && address->isIpv6 && address->address == kIpv6Loopback;
}

bool ProxyUrl::isLoopback() const
{
    return isOwnComputer() || (host.starts_with("127.") && parseIpNetwork(host));
}

Result<ProxyUrl> parseProxyUrl(std::string_view written)
{
    const std::string whole = trimmed(written);
    std::string_view text = whole;
    ProxyUrl url;
    const std::size_t colon = text.find(':');
    const std::size_t notScheme =
        text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");
    const bool startsWithLetter = !text.empty() && lowered(text)[0] >= 'a' && lowered(text)[0] <= 'z';
    if (colon == std::string_view::npos || notScheme != colon || !startsWithLetter)
        return refused("relative URL without a base");
    url.scheme = lowered(text.substr(0, colon));
    text.remove_prefix(colon + 1);
    if (isSpecial(url.scheme)) {
        text.remove_prefix(std::min(text.find_first_not_of("/\\"), text.size()));
    } else {
        if (!text.starts_with("//")) return url;
        text.remove_prefix(2);
    }
    if (Result<void> read = readAuthority(text.substr(0, text.find_first_of("/\\?#")), url); !read)
        return std::move(read).error();
    return url;
}

}  // namespace belljar
