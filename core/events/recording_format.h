// The bytes of a recording, shared by its writer and its reader. Described in resources/help/recording-format.md.
//
// All numbers are little-endian. A file is a 16-byte prefix and frames; every frame has a checksum of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace belljar::recording {

inline constexpr std::string_view kFileMagic{"BELLJAR\x1a", 8};
inline constexpr std::uint16_t kMajorVersion = 1;  ///< Readers refuse a higher one.
inline constexpr std::uint16_t kMinorVersion = 0;  ///< Higher ones add frame kinds that older readers skip.
inline constexpr std::size_t kPrefixSize = 16;     ///< magic, major, minor, CRC-32C of the 12 bytes before.

inline constexpr std::uint32_t kFrameMagic = 0x314d4a42;  ///< "BJM1"
inline constexpr std::size_t kFrameHeaderSize = 16;  ///< magic, kind, 0, length, CRC-32C of kind .. end of payload.
inline constexpr std::size_t kEventSize = 56;
inline constexpr std::size_t kLongestString = 1U << 20U;  ///< Longer texts are cut by the writer.

enum class FrameKind : std::uint16_t {
    header = 1,   ///< JSON: what is known before the first event. Always the first frame.
    strings = 2,  ///< Texts that later events refer to.
    events = 3,   ///< Fixed-size records.
    end = 4,      ///< JSON: outcome and losses. Nothing after it is read.
};

/// What a text that was cut ends with.
inline constexpr std::string_view kCutMark = "…[cut]";

namespace detail {
constexpr std::array<std::uint32_t, 256> makeCrcTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) != 0 ? 0x82f63b78U : 0U);
        table[i] = value;
    }
    return table;
}
inline constexpr std::array<std::uint32_t, 256> kCrcTable = makeCrcTable();
}  // namespace detail

/// CRC-32C (Castagnoli) of `bytes`; pass an earlier result as `crc` to continue it.
[[nodiscard]] constexpr std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0)
{
    crc = ~crc;
    for (const char c : bytes) crc = (crc >> 8U) ^ detail::kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xffU];
    return ~crc;
}

/// Appends an unsigned number, lowest byte first.
template <class Number>
void putNumber(std::string& out, Number number)
{
    static_assert(static_cast<Number>(-1) > Number{0}, "unsigned only");
    for (std::size_t i = 0; i < sizeof number; ++i)
        out += static_cast<char>((static_cast<std::uint64_t>(number) >> (8U * i)) & 0xffU);
}

/// Reads numbers from bytes that nobody vouches for: beyond the end everything is 0 and ok() turns false.
class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : m_bytes(bytes) {}

    template <class Number>
    [[nodiscard]] Number number()
    {
        static_assert(static_cast<Number>(-1) > Number{0}, "unsigned only");
        std::uint64_t value = 0;
        const std::string_view part = bytes(sizeof(Number));
        for (std::size_t i = 0; i < part.size(); ++i)
            value |= static_cast<std::uint64_t>(static_cast<unsigned char>(part[i])) << (8U * i);
        return static_cast<Number>(value);
    }

    [[nodiscard]] std::string_view bytes(std::size_t length)
    {
        if (length > m_bytes.size() - m_at) {
            m_ok = false;
            m_at = m_bytes.size();
            return {};
        }
        m_at += length;
        return m_bytes.substr(m_at - length, length);
    }

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool atEnd() const { return m_at == m_bytes.size(); }

private:
    std::string_view m_bytes;
    std::size_t m_at = 0;
    bool m_ok = true;
};

}  // namespace belljar::recording
