#include "core/base/ip_network.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <tuple>

#include <spdlog/fmt/fmt.h>

namespace belljar {
namespace {

constexpr std::size_t kIpv4Bytes = 4;
constexpr std::size_t kIpv6Bytes = 16;

bool parseIpv4(std::string_view text, std::uint8_t* out)
{
    for (std::size_t i = 0; i < kIpv4Bytes; ++i) {
        const std::size_t dot = i + 1 < kIpv4Bytes ? text.find('.') : text.size();
        if (dot == std::string_view::npos || dot == 0 || dot > 3) return false;
        const std::string_view part = text.substr(0, dot);
        unsigned value = 0;
        const auto [end, problem] = std::from_chars(part.data(), part.data() + part.size(), value);
        if (problem != std::errc{} || end != part.data() + part.size() || value > 255) return false;
        if (part.size() > 1 && part.front() == '0') return false;
        out[i] = static_cast<std::uint8_t>(value);
        text.remove_prefix(std::min(text.size(), dot + 1));
    }
    return text.empty();
}

/// Colon-separated groups, the last of which may be an IPv4 address; appends two bytes a group.
bool parseGroups(std::string_view text, std::vector<std::uint8_t>& out)
{
    while (!text.empty()) {
        const std::size_t colon = text.find(':');
        const std::string_view group = text.substr(0, colon);
        std::array<std::uint8_t, kIpv4Bytes> tail{};
        if (colon == std::string_view::npos && parseIpv4(group, tail.data())) {
            out.insert(out.end(), tail.begin(), tail.end());
            return true;
        }
        unsigned value = 0;
        const auto [end, problem] = std::from_chars(group.data(), group.data() + group.size(), value, 16);
        if (group.empty() || group.size() > 4 || problem != std::errc{} || end != group.data() + group.size())
            return false;
        out.push_back(static_cast<std::uint8_t>(value >> 8U));
        out.push_back(static_cast<std::uint8_t>(value & 0xffU));
        if (colon == std::string_view::npos) return true;
        text.remove_prefix(colon + 1);
        if (text.empty()) return false;  // A single colon at the end.
    }
    return true;
}

bool parseIpv6(std::string_view text, std::array<std::uint8_t, kIpv6Bytes>& out)
{
    std::vector<std::uint8_t> head;
    std::vector<std::uint8_t> tail;
    const std::size_t gap = text.find("::");
    if (gap == std::string_view::npos) {
        if (!parseGroups(text, head) || head.size() != kIpv6Bytes) return false;
    } else {
        if (!parseGroups(text.substr(0, gap), head) || !parseGroups(text.substr(gap + 2), tail)) return false;
        if (text.substr(0, gap).find('.') != std::string_view::npos) return false;
        if (head.size() + tail.size() > kIpv6Bytes - 2) return false;
    }
    std::copy(head.begin(), head.end(), out.begin());
    std::copy(tail.begin(), tail.end(), out.end() - static_cast<std::ptrdiff_t>(tail.size()));
    return true;
}

/// The first `bits` bits are equal.
bool samePrefix(const std::array<std::uint8_t, kIpv6Bytes>& a, const std::array<std::uint8_t, kIpv6Bytes>& b,
                unsigned bits)
{
    for (unsigned i = 0; i < bits; ++i) {
        const unsigned shift = 7 - i % 8;
        if ((a[i / 8] >> shift & 1U) != (b[i / 8] >> shift & 1U)) return false;
    }
    return true;
}

Error refused(std::string clause)
{
    return Error{ErrorCode::malformedRequest, std::move(clause), {}, {}, {}};
}

/// What stands behind the '/': at most `bits`, and at most 255 to be a number at all.
Result<unsigned> parseLength(std::string_view text, unsigned bits)
{
    static constexpr const char* kNoNumber = "couldn't parse length in network: ";
    if (text.empty()) return refused(std::string(kNoNumber) + "cannot parse integer from empty string");
    if (text.size() > 1 && text.front() == '+') text.remove_prefix(1);
    if (text.find_first_not_of("0123456789") != std::string_view::npos)
        return refused(std::string(kNoNumber) + "invalid digit found in string");
    std::uint8_t length = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (problem != std::errc{}) return refused(std::string(kNoNumber) + "number too large to fit in target type");
    if (length > bits)
        return refused(fmt::format("invalid length for network: Network length {} is too long for {} (maximum: {})",
                                   length, bits == 32 ? "Ipv4" : "Ipv6", bits));
    return static_cast<unsigned>(length);
}

/// `excepts` are sorted, apart, and inside `network` or around it.
void addRemaining(const IpNetwork& network, std::span<const IpNetwork> excepts, std::size_t most,
                  std::vector<IpNetwork>& out)
{
    if (out.size() > most) return;
    if (excepts.empty()) {
        out.push_back(network);
        return;
    }
    if (excepts.front().contains(network)) return;
    IpNetwork low = network;
    ++low.prefix;
    IpNetwork high = low;
    high.address[network.prefix / 8] |= static_cast<std::uint8_t>(0x80U >> (network.prefix % 8));
    const auto middle = std::partition_point(excepts.begin(), excepts.end(),
                                             [&](const IpNetwork& except) { return except.address < high.address; });
    const auto below = static_cast<std::size_t>(middle - excepts.begin());
    addRemaining(low, excepts.first(below), most, out);
    addRemaining(high, excepts.subspan(below), most, out);
}

/// The longest run of two or more zero groups, as RFC 5952 shortens it: {first, count}.
std::pair<std::size_t, std::size_t> zeroRun(const std::array<std::uint16_t, 8>& groups)
{
    std::pair<std::size_t, std::size_t> best{0, 1};
    for (std::size_t i = 0; i < groups.size(); ++i) {
        std::size_t end = i;
        while (end < groups.size() && groups[end] == 0) ++end;
        if (end - i > best.second) best = {i, end - i};
    }
    return best.second > 1 ? best : std::pair<std::size_t, std::size_t>{groups.size(), 0};
}

std::string ipv6Text(const std::array<std::uint8_t, kIpv6Bytes>& address)
{
    std::array<std::uint16_t, 8> groups{};
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i] = static_cast<std::uint16_t>(address[2 * i] << 8U | address[2 * i + 1]);
    const auto [zeros, count] = zeroRun(groups);
    std::string text;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (i == zeros) {
            text += "::";
            i += count - 1;
            continue;
        }
        if (!text.empty() && text.back() != ':') text += ':';
        text += fmt::format("{:x}", groups[i]);
    }
    return text;
}

const IpNetwork& mappedIpv4()
{
    static const IpNetwork kMapped{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, true};
    return kMapped;
}

/// Host bits as they were written.
Result<IpNetwork> parseBlock(std::string_view text)
{
    IpNetwork result;
    const std::size_t slash = text.rfind('/');
    const std::string_view address = text.substr(0, slash);
    result.isIpv6 = address.find(':') != std::string_view::npos;
    if (!(result.isIpv6 ? parseIpv6(address, result.address) : parseIpv4(address, result.address.data())))
        return refused("couldn't parse address in network: invalid IP address syntax");
    result.prefix = result.bits();
    if (slash != std::string_view::npos) {
        const Result<unsigned> length = parseLength(text.substr(slash + 1), result.bits());
        if (!length) return length.error();
        result.prefix = *length;
    }
    return result;
}

}  // namespace

bool IpNetwork::contains(const IpNetwork& other) const
{
    return isIpv6 == other.isIpv6 && other.prefix >= prefix && samePrefix(address, other.address, prefix);
}

IpNetwork IpNetwork::widened(unsigned toPrefix) const
{
    IpNetwork wide = *this;
    wide.prefix = std::min(prefix, toPrefix);
    if (wide.prefix % 8 != 0) wide.address[wide.prefix / 8] &= static_cast<std::uint8_t>(0xff00U >> (wide.prefix % 8));
    for (std::size_t i = (wide.prefix + 7) / 8; i < kIpv6Bytes; ++i) wide.address[i] = 0;
    return wide;
}

Result<IpNetwork> parseIpNetwork(std::string_view text)
{
    Result<IpNetwork> block = parseBlock(text);
    if (block && block->widened(block->prefix) != *block) return refused("host part of address was not zero");
    return block;
}

Result<IpNetwork> parseIpNetworkLoosely(std::string_view text)
{
    Result<IpNetwork> block = parseBlock(text);
    return block ? block->widened(block->prefix) : block;
}

std::string ipNetworkText(const IpNetwork& network)
{
    const auto& at = network.address;
    std::string text = network.isIpv6 ? ipv6Text(at) : fmt::format("{}.{}.{}.{}", at[0], at[1], at[2], at[3]);
    if (!network.isOneAddress()) text += fmt::format("/{}", network.prefix);
    return text;
}

IpNetwork withoutMapping(const IpNetwork& network)
{
    if (!mappedIpv4().contains(network)) return network;
    IpNetwork plain;
    std::copy(network.address.begin() + 12, network.address.end(), plain.address.begin());
    plain.prefix = network.prefix - mappedIpv4().prefix;
    return plain;
}

bool holdsMappedIpv4(const IpNetwork& network)
{
    return network.prefix < mappedIpv4().prefix && network.contains(mappedIpv4());
}

std::vector<IpNetwork> withoutNetworks(const IpNetwork& network, std::span<const IpNetwork> excepts, std::size_t most)
{
    std::vector<IpNetwork> sorted;
    std::copy_if(excepts.begin(), excepts.end(), std::back_inserter(sorted),
                 [&](const IpNetwork& except) { return network.contains(except) || except.contains(network); });
    std::sort(sorted.begin(), sorted.end(), [](const IpNetwork& a, const IpNetwork& b) {
        return std::tie(a.address, a.prefix) < std::tie(b.address, b.prefix);
    });
    std::size_t kept = 0;
    for (const IpNetwork& except : sorted)
        if (kept == 0 || !sorted[kept - 1].contains(except)) sorted[kept++] = except;
    sorted.resize(kept);
    std::vector<IpNetwork> remaining;
    addRemaining(network, sorted, most, remaining);
    return remaining;
}

}  // namespace belljar
