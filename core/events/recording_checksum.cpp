#include "core/events/recording_checksum.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

namespace belljar::recording {
namespace {

using Table = std::array<std::uint32_t, 256>;

/// Table k is what a byte does to the checksum when k further bytes follow it.
constexpr std::array<Table, 8> makeTables()
{
    std::array<Table, 8> tables{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) != 0 ? 0x82f63b78U : 0U);
        tables[0][i] = value;
    }
    for (std::size_t k = 1; k < tables.size(); ++k)
        for (std::size_t i = 0; i < 256; ++i)
            tables[k][i] = (tables[k - 1][i] >> 8U) ^ tables[0][tables[k - 1][i] & 0xffU];
    return tables;
}
constexpr std::array<Table, 8> kTables = makeTables();

std::uint64_t load8(const char* bytes)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

#if defined(__x86_64__)
[[gnu::target("sse4.2")]] std::uint32_t crcByInstruction(std::string_view bytes, std::uint32_t crc)
{
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    std::uint64_t state = ~crc;
    for (; end - at >= 8; at += 8) state = _mm_crc32_u64(state, load8(at));
    auto rest = static_cast<std::uint32_t>(state);
    for (; at != end; ++at) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(*at));
    return ~rest;
}
bool hasInstruction()
{
    static const bool kHas = __builtin_cpu_supports("sse4.2") != 0;
    return kHas;
}
#elif defined(__ARM_FEATURE_CRC32)
std::uint32_t crcByInstruction(std::string_view bytes, std::uint32_t crc)
{
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    std::uint32_t state = ~crc;
    for (; end - at >= 8; at += 8) state = __crc32cd(state, load8(at));
    for (; at != end; ++at) state = __crc32cb(state, static_cast<unsigned char>(*at));
    return ~state;
}
bool hasInstruction()
{
    return true;
}
#else
std::uint32_t crcByInstruction(std::string_view bytes, std::uint32_t crc)
{
    return crc32cPortable(bytes, crc);
}
bool hasInstruction()
{
    return false;
}
#endif

}  // namespace

std::uint32_t crc32cPortable(std::string_view bytes, std::uint32_t crc)
{
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    std::uint32_t state = ~crc;
    if constexpr (std::endian::native == std::endian::little) {
        for (; end - at >= 8; at += 8) {
            const std::uint64_t eight = load8(at) ^ state;
            state = 0;
            for (unsigned k = 0; k < 8; ++k) state ^= kTables[7 - k][(eight >> (8 * k)) & 0xffU];
        }
    }
    for (; at != end; ++at) state = (state >> 8U) ^ kTables[0][(state ^ static_cast<unsigned char>(*at)) & 0xffU];
    return ~state;
}

std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc)
{
    return hasInstruction() ? crcByInstruction(bytes, crc) : crc32cPortable(bytes, crc);
}

}  // namespace belljar::recording
