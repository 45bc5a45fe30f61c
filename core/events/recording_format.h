// The bytes of a recording, shared by its writer and its reader. Described in resources/help/recording-format.md.
//
// All numbers are little-endian. A file is a 16-byte prefix and frames; every frame has a checksum of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace belljar::recording {

inline constexpr std::string_view kFileMagic{"BELLJAR\x1a", 8};
inline constexpr std::uint16_t kMajorVersion = 2;  ///< Readers refuse another one. 1 was never released.
inline constexpr std::uint16_t kMinorVersion = 0;  ///< Higher ones add frame kinds that older readers skip.
inline constexpr std::size_t kPrefixSize = 16;     ///< magic, major, minor, CRC-32C of the 12 bytes before.

inline constexpr std::uint32_t kFrameMagic = 0x324d4a42;  ///< "BJM2"
inline constexpr std::size_t kFrameHeaderSize = 16;  ///< magic, kind, 0, length, CRC-32C of kind .. end of payload.
inline constexpr std::size_t kLongestFrame = 64U << 20U;  ///< Payload; readers take more for damage.
inline constexpr std::size_t kLongestText = 1U << 20U;    ///< Longer texts are cut by the writer.

enum class FrameKind : std::uint16_t {
    notice = 1,     ///< JSON padded with blanks to kNoticeSize. Always the first; the only one that is written again.
    header = 2,     ///< JSON: what is known before the first event. Always the second.
    texts = 3,      ///< Bytes that later frames refer to.
    processes = 4,  ///< Rows of kProcessSize.
    shapes = 5,     ///< Rows of kShapeSize.
    events = 6,     ///< Five columns.
    rules = 7,      ///< JSON: rules that were added while the session ran.
    end = 8,        ///< JSON: outcome and losses. Nothing after it is read.
};

/// So small that prefix and notice are in one page of the file.
inline constexpr std::size_t kNoticeSize = 1024;
inline constexpr std::size_t kProcessSize = 24;
inline constexpr std::size_t kShapeSize = 16;
inline constexpr std::size_t kEventsHeadSize = 24;  ///< Before the columns.
inline constexpr std::size_t kEventSize = 20;       ///< Five columns of four bytes.

/// What a text that was cut ends with.
inline constexpr std::string_view kCutMark = "…[cut]";

/// Appends an unsigned number, lowest byte first.
template <class Number>
void putNumber(std::string& out, Number number)
{
    static_assert(static_cast<Number>(-1) > Number{0}, "unsigned only");
    for (std::size_t i = 0; i < sizeof number; ++i)
        out += static_cast<char>((static_cast<std::uint64_t>(number) >> (8U * i)) & 0xffU);
}

/// Appends room for a frame's header and returns where it is; what is appended then is the payload, until endFrame().
[[nodiscard]] std::size_t beginFrame(std::string& out);
void endFrame(std::string& out, std::size_t frame, FrameKind kind);
/// Both at once.
void putFrame(std::string& out, FrameKind kind, std::string_view payload);

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
