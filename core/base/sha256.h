// SHA-256 (FIPS 180-4): to tell whether a file or an output is still the same. Not for passwords.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace belljar {

class Sha256 {
public:
    void add(std::string_view bytes);
    /// 64 lower-case hexadecimal digits. Nothing may be added afterwards.
    [[nodiscard]] std::string finish();

private:
    void block(const unsigned char* bytes);

    std::array<std::uint32_t, 8> m_state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<unsigned char, 64> m_pending{};
    std::uint64_t m_length = 0;  ///< Bytes so far.
};

[[nodiscard]] std::string sha256(std::string_view bytes);

}  // namespace belljar
