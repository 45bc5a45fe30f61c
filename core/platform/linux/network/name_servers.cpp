#include "core/platform/linux/network/name_servers.h"

#include "core/base/ip_network.h"
#include "core/platform/platform.h"

namespace belljar::linux_platform {
namespace {

constexpr const char* kBlank = " \t\r";

/// Takes the next word from the front.
std::string_view word(std::string_view& line)
{
    line.remove_prefix(std::min(line.find_first_not_of(kBlank), line.size()));
    const std::string_view found = line.substr(0, line.find_first_of(kBlank));
    line.remove_prefix(found.size());
    return found;
}

}  // namespace

std::vector<NetworkEndpoint> nameServersIn(std::string_view text)
{
    constexpr std::size_t kMost = 3;
    std::vector<NetworkEndpoint> servers;
    while (!text.empty() && servers.size() < kMost) {
        std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (word(line) != "nameserver") continue;
        const Result<IpNetwork> address = parseIpNetwork(word(line));
        if (!address || !address->isOneAddress()) continue;
        const IpNetwork plain = withoutMapping(*address);
        servers.push_back({plain.address, kResolverPort, plain.isIpv6});
    }
    if (servers.empty()) servers.push_back({{127, 0, 0, 1}, kResolverPort, false});
    return servers;
}

std::vector<NetworkEndpoint> hostNameServers()
{
    constexpr std::size_t kLargest = 64U << 10U;
    const Result<std::string> text = readFile("/etc/resolv.conf", kLargest);
    return nameServersIn(text ? std::string_view(*text) : std::string_view());
}

}  // namespace belljar::linux_platform
