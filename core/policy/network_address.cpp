#include "core/policy/network_address.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace belljar {
namespace {

using V4 = std::array<std::uint8_t, 4>;
using V6 = std::array<std::uint16_t, 8>;

template <class Number>
std::optional<Number> wholeNumber(std::string_view text, int base)
{
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<V4> parseV4(std::string_view text)
{
    V4 bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t dot = text.find('.');
        if ((dot == std::string_view::npos) != (i == bytes.size() - 1)) return std::nullopt;
        const auto byte = wholeNumber<std::uint8_t>(text.substr(0, dot), 10);
        if (!byte) return std::nullopt;
        bytes[i] = *byte;
        text = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    }
    return bytes;
}

/// Fills `groups` from colon-separated text and returns how many there were; a final dotted quad counts as two.
std::optional<std::size_t> parseGroups(std::string_view text, V6& groups)
{
    std::size_t count = 0;
    if (text.empty()) return count;
    while (true) {
        const std::size_t colon = text.find(':');
        const std::string_view part = text.substr(0, colon);
        if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
            const auto quad = parseV4(part);
            if (!quad || count + 2 > groups.size()) return std::nullopt;
            groups[count] = static_cast<std::uint16_t>((*quad)[0] << 8 | (*quad)[1]);
            groups[count + 1] = static_cast<std::uint16_t>((*quad)[2] << 8 | (*quad)[3]);
            return count + 2;
        }
        const auto group = wholeNumber<std::uint16_t>(part, 16);
        if (!group || count == groups.size()) return std::nullopt;
        groups[count++] = *group;
        if (colon == std::string_view::npos) return count;
        text = text.substr(colon + 1);
    }
}

std::optional<V6> parseV6(std::string_view text)
{
    if (text.size() > 1 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    const std::size_t gap = text.find("::");
    V6 head{};
    if (gap == std::string_view::npos) {
        const auto count = parseGroups(text, head);
        if (count != head.size()) return std::nullopt;
        return head;
    }
    V6 tail{};
    const auto headCount = parseGroups(text.substr(0, gap), head);
    const auto tailCount = parseGroups(text.substr(gap + 2), tail);
    if (!headCount || !tailCount || *headCount + *tailCount >= head.size()) return std::nullopt;
    for (std::size_t i = 0; i < *tailCount; ++i) head[head.size() - *tailCount + i] = tail[i];
    return head;
}

/// The IPv4 address itself, or the one that an IPv4-mapped IPv6 address stands for.
std::optional<V4> asV4(std::string_view host)
{
    if (const auto v4 = parseV4(host)) return v4;
    const auto v6 = parseV6(host);
    if (!v6 || (*v6)[5] != 0xffff) return std::nullopt;
    for (std::size_t i = 0; i < 5; ++i) {
        if ((*v6)[i] != 0) return std::nullopt;
    }
    const auto low = [](std::uint16_t group) { return static_cast<std::uint8_t>(group & 0xff); };
    const auto high = [](std::uint16_t group) { return static_cast<std::uint8_t>(group >> 8); };
    return V4{high((*v6)[6]), low((*v6)[6]), high((*v6)[7]), low((*v6)[7])};
}

}  // namespace

bool isLoopbackHost(std::string_view host)
{
    if (host == "localhost") return true;
    if (const auto v4 = asV4(host)) return (*v4)[0] == 127;
    return parseV6(host) == V6{0, 0, 0, 0, 0, 0, 0, 1};
}

bool isAnyAddress(std::string_view host)
{
    if (host.empty()) return true;
    if (const auto v4 = asV4(host)) return *v4 == V4{};
    return parseV6(host) == V6{};
}

}  // namespace belljar
