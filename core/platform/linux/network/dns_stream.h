// Messages of the Domain Name System over TCP: each with its length before it, in both directions, on a socket that
// never blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belljar::linux_platform {

class DnsStream {
public:
    /// To be sent by advance().
    void put(std::string_view message);
    /// Sends and reads as far as it goes now; errno when nothing more comes, ECONNRESET at an orderly end.
    int advance(int socket);
    /// A message that has come, in order.
    std::optional<std::string> take();
    /// EPOLLOUT while something is left to send; what comes is always awaited.
    [[nodiscard]] std::uint32_t awaited() const;

private:
    int send(int socket);
    int read(int socket);

    std::string m_out;
    std::string m_in;
};

}  // namespace belljar::linux_platform
