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

bool isLoopbackHost(std::string_view host)
{
    if (host == "localhost") return true;
    static const IpNetwork kLoopback6 = *parseIpNetwork("::1");
    const std::optional<IpNetwork> address = numericAddress(host);
    return address && (address->isIpv6 ? *address == kLoopback6 : address->address[0] == 127);
}

bool isAnyAddress(std::string_view host)
{
    if (host.empty()) return true;
    const std::optional<IpNetwork> address = numericAddress(host);
    return address &&
           std::all_of(address->address.begin(), address->address.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace belljar
