// Messages of netlink(7), put together, sent and acknowledged.
//
// The sockets may be of another network namespace than ours: the kernel looks at where a socket was made, and at
// whether both its maker and its user have power there, which the owner of the user namespace has.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace belljar::linux_platform {

/// One or more messages in a row, in the order of their calls: begin(), the fixed part, attributes.
class NetlinkMessages {
public:
    void begin(unsigned type, unsigned flags);
    /// Bytes of a fixed part, padded.
    void fixed(const void* bytes, std::size_t length);
    template <typename Struct>
    void fixed(const Struct& value)
    {
        fixed(&value, sizeof value);
    }

    void attribute(unsigned type, const void* bytes, std::size_t length);
    /// With its final NUL.
    void text(unsigned type, const char* value);
    /// In network byte order, as netfilter wants its numbers.
    void number32(unsigned type, std::uint32_t value);
    void number8(unsigned type, std::uint8_t value);

    /// Everything until close() lies inside the attribute.
    [[nodiscard]] std::size_t open(unsigned type);
    void close(std::size_t opened);

    [[nodiscard]] const std::string& bytes() const { return m_bytes; }
    /// How many messages ask for an acknowledgement.
    [[nodiscard]] unsigned awaited() const { return m_awaited; }

private:
    void pad();

    std::string m_bytes;
    std::size_t m_message = 0;  ///< Where the last one begins.
    std::uint32_t m_number = 0;
    unsigned m_awaited = 0;
};

/// Sends all in one go and waits for as many acknowledgements; the first error is returned as an errno, 0: done.
[[nodiscard]] int exchange(int socket, const NetlinkMessages& messages);

}  // namespace belljar::linux_platform
