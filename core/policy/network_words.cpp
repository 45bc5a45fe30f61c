#include "core/policy/network_words.h"

#include <array>
#include <charconv>
#include <optional>

#include <spdlog/fmt/fmt.h>

#include "core/base/host_name.h"

namespace belljar {
namespace {

constexpr const char* kHint =
    "Write for example 192.0.2.7:443/tcp, 10.0.0.0/8, [2001:db8::]/32:80-90, www.example.org:443 or *:53/udp";

Error refused(std::string message, const char* hint = kHint)
{
    return Error{ErrorCode::malformedRequest, std::move(message), {}, {}, hint};
}

/// Takes "/tcp" from the end.
std::optional<IpProtocol> takeProtocol(std::string_view& text)
{
    for (const IpProtocol protocol : {IpProtocol::any, IpProtocol::tcp, IpProtocol::udp, IpProtocol::icmp}) {
        const std::string_view name = protocolName(protocol);
        if (text.size() <= name.size() || !text.ends_with(name) || text[text.size() - name.size() - 1] != '/') continue;
        text.remove_suffix(name.size() + 1);
        return protocol;
    }
    return std::nullopt;
}

std::optional<std::uint16_t> readPort(std::string_view text)
{
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

Result<PortRange> readPorts(std::string_view text)
{
    const std::size_t dash = text.find('-');
    const std::optional<std::uint16_t> first = readPort(text.substr(0, dash));
    const std::optional<std::uint16_t> last = dash == std::string_view::npos ? first : readPort(text.substr(dash + 1));
    if (!first || !last) return refused("a port is a number from 1 to 65535, or two with `-` between");
    if (*last < *first) return refused("the range of ports goes downwards");
    return PortRange{*first, *last};
}

struct Parts {
    std::string destination;
    std::optional<std::string_view> ports;
};

/// "[2001:db8::]/32:443" without brackets, and its ports.
Result<Parts> splitPorts(std::string_view text)
{
    Parts parts;
    std::string_view rest = text;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return refused("the bracket is not closed");
        parts.destination = text.substr(1, close - 1);
        rest = text.substr(close + 1);
        const std::size_t colon = std::min(rest.find(':'), rest.size());
        parts.destination += rest.substr(0, colon);
        rest.remove_prefix(colon);
    } else {
        const std::size_t colon = std::min(text.find(':'), text.size());
        parts.destination = text.substr(0, colon);
        rest.remove_prefix(colon);
        if (rest.find(':', 1) != std::string_view::npos)
            return refused("an IPv6 address stands in brackets",
                           "Write for example [2001:db8::1]:443 or [2001:db8::]/32");
    }
    if (!rest.empty()) parts.ports = rest.substr(1);
    return parts;
}

Result<void> readNetwork(const std::string& destination, NetworkSpec& spec)
{
    if (destination == "*") {
        spec.networks = {*parseIpNetwork("0.0.0.0/0"), *parseIpNetwork("::/0")};
        return {};
    }
    const Result<IpNetwork> network = parseIpNetwork(destination);
    if (!network)
        return Error{
            ErrorCode::malformedRequest, fmt::format("`{}`: {}", destination, network.error().message), {}, {}, kHint};
    if (holdsMappedIpv4(*network))
        return refused("the block holds ::ffff:0:0/96, whose addresses are IPv4 addresses",
                       "Write `*` for everything, or the IPv6 networks that are meant, for example [2000::]/3");
    spec.networks = {withoutMapping(*network)};
    return {};
}

Result<void> readName(const std::string& destination, std::optional<IpProtocol> protocol, NetworkSpec& spec)
{
    Result<std::string> name = parseHostPattern(destination);
    if (!name) {
        Error error = std::move(name).error();
        error.message = fmt::format("`{}` is neither a network nor a name: {}", destination, error.message);
        if (error.hint.empty()) error.hint = kHint;
        return error;
    }
    if (protocol)
        return refused("the rule of a name has no protocol", "Leave it out: names are reached by tcp and udp");
    spec.name = std::move(name).value();
    return {};
}

/// Looks like an address, right or wrong: then it is no name.
bool isNumeric(const std::string& destination)
{
    return destination == "*" || destination.find(':') != std::string::npos ||
           destination.find('/') != std::string::npos ||
           destination.find_first_not_of("0123456789.") == std::string::npos;
}

std::string portsText(const PortRange& ports)
{
    return ports.first == ports.last ? std::to_string(ports.first) : fmt::format("{}-{}", ports.first, ports.last);
}

std::string networkText(const NetworkSpec& spec)
{
    if (spec.networks.empty()) return spec.name;
    if (spec.networks.size() > 1) return "*";
    const IpNetwork& network = spec.networks.front();
    const std::string text = ipNetworkText(network);
    if (!network.isIpv6) return text;
    const std::size_t slash = std::min(text.find('/'), text.size());
    return "[" + text.substr(0, slash) + "]" + text.substr(slash);
}

NetworkSpec completed(NetworkSpec spec)
{
    spec.text = networkText(spec);
    if (!spec.service.ports.isAll()) spec.text += ":" + portsText(spec.service.ports);
    if (spec.service.protocol != IpProtocol::any) spec.text += "/" + std::string(protocolName(spec.service.protocol));
    return spec;
}

}  // namespace

Result<NetworkSpec> parseNetworkSpec(std::string_view text)
{
    NetworkSpec spec;
    std::string_view rest = text;
    const std::optional<IpProtocol> protocol = takeProtocol(rest);
    Result<Parts> parts = splitPorts(rest);
    if (!parts) return std::move(parts).error();
    if (parts->destination.empty()) return refused("the destination is missing");
    spec.service.protocol = protocol.value_or(IpProtocol::any);
    if (parts->ports) {
        const Result<PortRange> ports = readPorts(*parts->ports);
        if (!ports) return ports.error();
        if (protocol == IpProtocol::icmp) return refused("icmp has no ports");
        spec.service.ports = *ports;
    }
    const Result<void> read = isNumeric(parts->destination) ? readNetwork(parts->destination, spec)
                                                            : readName(parts->destination, protocol, spec);
    if (!read) return read.error();
    return completed(std::move(spec));
}

NetworkSpec networkSpec(const IpNetwork& network, const NetworkRule::Service& service)
{
    NetworkSpec spec;
    spec.networks = {network};
    spec.service = service;
    return completed(std::move(spec));
}

NetworkSpec networkSpec(const std::string& name, const PortRange& ports)
{
    NetworkSpec spec;
    spec.name = name;
    spec.service.ports = ports;
    return completed(std::move(spec));
}

NetworkEntry networkEntry(const NetworkSpec& spec, bool allow)
{
    const NetworkRule::Service& service = spec.service;
    std::string port;
    if (!service.ports.isAll()) port = fmt::format("\"port\": {}", service.ports.first);
    if (service.ports.last != service.ports.first && !port.empty())
        port += fmt::format(", \"endPort\": {}", service.ports.last);
    if (spec.networks.empty()) {
        const std::string ports = port.empty() ? "" : ", \"ports\": [{ " + port + " }]";
        return {"/experimental/belljar/network/hosts", fmt::format("{{ \"name\": \"{}\"{} }}", spec.name, ports)};
    }
    std::string text;
    if (spec.networks.size() == 1)
        text = fmt::format("\"to\": [{{ \"cidr\": \"{}\" }}]", ipNetworkText(spec.networks.front()));
    if (service != NetworkRule::Service{})
        text += fmt::format("{}\"ports\": [{{ \"protocol\": \"{}\"{}{} }}]", text.empty() ? "" : ", ",
                            protocolName(service.protocol), port.empty() ? "" : ", ", port);
    const char* list = allow ? "/network/egress/allow" : "/network/egress/deny";
    return {list, text.empty() ? "{}" : "{ " + text + " }"};
}

std::string_view protocolName(IpProtocol protocol)
{
    switch (protocol) {
        case IpProtocol::any: return "any";
        case IpProtocol::tcp: return "tcp";
        case IpProtocol::udp: return "udp";
        case IpProtocol::icmp: return "icmp";
    }
    return "any";
}

std::string serviceText(const NetworkRule::Service& service)
{
    const std::string ports = service.ports.isAll() ? std::string() : portsText(service.ports);
    if (service.protocol == IpProtocol::any) return ports;
    return (ports.empty() ? "" : ports + "/") + std::string(protocolName(service.protocol));
}

}  // namespace belljar
