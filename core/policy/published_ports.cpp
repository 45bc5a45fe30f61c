#include "core/policy/published_ports.h"

#include <algorithm>
#include <charconv>

#include <spdlog/fmt/fmt.h>

#include "core/base/ip_network.h"
#include "core/policy/network_words.h"

namespace belljar {
namespace {

constexpr const char* kDefaultAddress = "127.0.0.1";

Error refused(std::string message)
{
    return {ErrorCode::malformedRequest,
            std::move(message),
            {},
            {},
            "Write the port of this computer and that of the sandbox: 8080:80, 8080:80/udp or 0.0.0.0:8080:80"};
}

std::optional<std::uint16_t> readPort(std::string_view text)
{
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

IpProtocol takeProtocol(std::string_view& text)
{
    for (const IpProtocol protocol : {IpProtocol::tcp, IpProtocol::udp}) {
        const std::string ending = fmt::format("/{}", protocolName(protocol));
        if (!text.ends_with(ending)) continue;
        text.remove_suffix(ending.size());
        return protocol;
    }
    return IpProtocol::tcp;
}

/// Takes "0.0.0.0:" or "[::1]:" from the beginning.
std::optional<std::string_view> takeAddress(std::string_view& text)
{
    if (text.starts_with('[')) {
        const std::size_t close = text.find("]:");
        if (close == std::string_view::npos) return std::nullopt;
        const std::string_view address = text.substr(1, close - 1);
        text.remove_prefix(close + 2);
        return address;
    }
    const std::size_t dot = text.find('.');
    const std::size_t colon = text.find(':');
    if (dot == std::string_view::npos || colon == std::string_view::npos || dot > colon) return std::nullopt;
    const std::string_view address = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    return address;
}

bool areSame(const PublishedPort& one, const PublishedPort& other)
{
    return one.hostAddress == other.hostAddress && one.hostPort == other.hostPort && one.port == other.port &&
           one.protocol == other.protocol;
}

NetworkAmendment refusal(const char* id, std::string message, std::string fix)
{
    NetworkAmendment amendment;
    amendment.findings.push_back({Severity::error, id, std::move(message), {}, std::move(fix)});
    return amendment;
}

}  // namespace

Result<PublishedPort> parsePublish(std::string_view text)
{
    PublishedPort port;
    std::string_view rest = text;
    port.protocol = takeProtocol(rest);
    const std::string_view written = takeAddress(rest).value_or(kDefaultAddress);
    const Result<IpNetwork> address = parseIpNetwork(written);
    if (!address || !address->isOneAddress())
        return refused(fmt::format("`{}` is no address of this computer", written));
    port.hostAddress = ipNetworkText(withoutMapping(*address));
    const std::size_t colon = rest.find(':');
    const std::optional<std::uint16_t> outer = readPort(rest.substr(0, colon));
    const std::optional<std::uint16_t> inner =
        colon == std::string_view::npos ? outer : readPort(rest.substr(colon + 1));
    if (!outer || !inner) return refused("a port is a number from 1 to 65535");
    port.hostPort = *outer;
    port.port = *inner;
    return port;
}

std::string placeText(const PublishedPort& port)
{
    const bool isIpv6 = port.hostAddress.find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", isIpv6 ? "[" : "", port.hostAddress, isIpv6 ? "]" : "", port.hostPort);
}

std::string insideText(const PublishedPort& port)
{
    return fmt::format("{}{}", port.port, port.protocol == IpProtocol::udp ? "/udp" : "");
}

std::string publishText(const PublishedPort& port)
{
    const std::string outer = port.hostAddress == kDefaultAddress ? std::to_string(port.hostPort) : placeText(port);
    return outer + ":" + insideText(port);
}

std::optional<Error> publishObstacle(const std::vector<PublishedPort>& others, const PublishedPort& port)
{
    constexpr std::size_t kMostPublished = 256;
    const auto isTaken = [&](const PublishedPort& other) {
        return other.hostAddress == port.hostAddress && other.hostPort == port.hostPort &&
               other.protocol == port.protocol;
    };
    if (std::any_of(others.begin(), others.end(), isTaken))
        return Error{ErrorCode::policyValidation,
                     placeText(port) + " is offered twice",
                     {},
                     {},
                     "Give each port of the sandbox a hostPort of its own"};
    if (others.size() >= kMostPublished)
        return Error{ErrorCode::policyValidation,
                     fmt::format("More than {} ports are offered", kMostPublished),
                     {},
                     {},
                     "Offer fewer"};
    return std::nullopt;
}

NetworkAmendment amendPublished(Policy policy, const PublishChange& change)
{
    constexpr const char* kAnew = "Start a new session with the changed profile";
    std::vector<PublishedPort>& published = policy.network.published;
    if (policy.network.mode != NetworkMode::filtered)
        return refusal("network-fixed",
                       policy.network.mode == NetworkMode::host
                           ? "The session shares the host's network, where every port is offered by itself"
                           : "The session was started without a network, and gets none while it runs",
                       kAnew);
    if (policy.network.proxyOnly)
        return refusal("network-fixed",
                       "No port of the session can be offered: " + policy.rules[policy.network.proxyOnly->rule].text,
                       kAnew);
    const auto known = std::find_if(published.begin(), published.end(),
                                    [&](const PublishedPort& one) { return areSame(one, change.port); });
    const bool isKnown = known != published.end();
    if (change.publish) {
        if (std::optional<Error> why = publishObstacle(published, change.port))
            return refusal("network-publish", std::move(why->message), std::move(why->hint));
        policy.rules.push_back({RuleSource::live,
                                fmt::format("--publish {} (while it ran, by {})", publishText(change.port),
                                            change.by.empty() ? "Belljar" : change.by),
                                {}});
        published.push_back(change.port);
        published.back().rule = static_cast<RuleId>(policy.rules.size() - 1);
    } else if (isKnown) {
        published.erase(known);
    } else {
        return refusal("no-such-rule",
                       fmt::format("No port of this session is offered as {}", publishText(change.port)),
                       "belljar policy SESSION lists them");
    }
    NetworkAmendment amendment;
    amendment.before = isKnown ? "offered" : "not offered";
    amendment.after = change.publish ? "offered" : "not offered";
    amendment.policy = std::move(policy);
    return amendment;
}

}  // namespace belljar
