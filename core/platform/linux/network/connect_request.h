// What a program asks of Belljar's HTTP proxy: CONNECT host:port, or a request with a whole address to be passed on
// ("GET http://host/path").
//
// Hostile, and read as strictly as can be: what another reader could take for something else is refused, so that nobody
// behind us reads a request that we have not decided about.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ip_network.h"

namespace belljar::linux_platform {

namespace http_status {
inline constexpr int kBadRequest = 400;
inline constexpr int kForbidden = 403;
inline constexpr int kRequestTimeout = 408;
inline constexpr int kLengthRequired = 411;
inline constexpr int kHeadTooLarge = 431;
inline constexpr int kBadGateway = 502;
inline constexpr int kUnavailable = 503;
inline constexpr int kGatewayTimeout = 504;
inline constexpr int kVersion = 505;
}  // namespace http_status

struct ConnectRequest {
    enum class State {
        more,   ///< Cannot be told yet.
        whole,  ///< The members below hold.
        bad,    ///< To be refused with `status`, for the reason `problem`.
    };
    State state = State::more;
    int status = http_status::kBadRequest;
    const char* problem = "";  ///< A clause.

    bool isTunnel = false;               ///< CONNECT.
    std::string host{};                  ///< As parseHostName() gives it; empty: `address` it is.
    std::optional<IpNetwork> address{};  ///< One address, never IPv4 mapped into IPv6.
    std::uint16_t port = 0;
    std::string head{};          ///< What the peer is told instead, for a request that is passed on.
    std::uint64_t bodySize = 0;  ///< Bytes that follow the head and belong to the request.
    std::size_t size = 0;        ///< Of the head.
};

/// A head may have so many bytes, and so many lines.
inline constexpr std::size_t kMostHead = 16U << 10U;
inline constexpr std::size_t kMostHeaders = 100;

/// `bytes` are all from the beginning.
[[nodiscard]] ConnectRequest readConnectRequest(std::string_view bytes);

/// The whole answer to who gets nothing else. `why` is a clause in visible letters.
[[nodiscard]] std::string refusalText(int status, std::string_view why);

}  // namespace belljar::linux_platform
