#include "core/policy/network_address.h"

#include <algorithm>

namespace belljar {

std::optional<IpNetwork> numericAddress(std::string_view host)
{
    if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (const std::size_t zone = host.find('%'); zone != std::string_view::npos && host.find(':') < zone)
        host = host.substr(0, zone);
    if (host.find('/') != std::string_view::npos) return std::nullopt;
    const Result<IpNetwork> address = parseIpNetwork(host);
    if (!address) return std::nullopt;
    return withoutMapping(*address);
}

bool isLoopbackAddress(const IpNetwork& address)
{
    static const IpNetwork kLoopback6 = *parseIpNetwork("::1");
    return address.isIpv6 ? address == kLoopback6 : address.address[0] == 127;
}

bool isLoopbackHost(std::string_view host)
{
    if (host == "localhost") return true;
    const std::optional<IpNetwork> address = numericAddress(host);
    return address && isLoopbackAddress(*address);
}

bool isAnyAddress(const IpNetwork& address)
{
    return std::all_of(address.address.begin(), address.address.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool isNamedHost(std::string_view host)
{
    return !isLoopbackHost(host) && !numericAddress(host);
}

bool isAnyAddress(std::string_view host)
{
    if (host.empty()) return true;
    const std::optional<IpNetwork> address = numericAddress(host);
    return address && isAnyAddress(*address);
}

bool isPublicAddress(const IpNetwork& address)
{
    static const std::vector<IpNetwork> kOwn = [] {
        std::vector<IpNetwork> networks;
        for (const char* text : {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
                                 "172.16.0.0/12", "192.168.0.0/16", "::/96", "fc00::/7", "fe80::/10", "fec0::/10"})
            networks.push_back(*parseIpNetwork(text));
        return networks;
    }();
    static const IpNetwork kTranslated = *parseIpNetwork("64:ff9b::/96");  // RFC 6052
    static const IpNetwork k6to4 = *parseIpNetwork("2002::/16");
    const IpNetwork plain = withoutMapping(address);
    const auto inner = [&](std::size_t at) {
        IpNetwork v4;
        std::copy_n(plain.address.begin() + static_cast<std::ptrdiff_t>(at), 4, v4.address.begin());
        v4.prefix = v4.bits();
        return isPublicAddress(v4);
    };
    if (kTranslated.contains(plain)) return inner(12);
    if (k6to4.contains(plain)) return inner(2);
    return std::none_of(kOwn.begin(), kOwn.end(), [&](const IpNetwork& own) { return own.contains(plain); });
}

}  // namespace belljar
