// CRC-32C (Castagnoli), the checksum of recordings: by the processor's own instruction where it has one.
#pragma once

#include <cstdint>
#include <string_view>

namespace belljar::recording {

/// Of `bytes`; pass an earlier result as `crc` to continue it. Several GB/s with the instruction (asked for at run time
/// on x86-64, known from the build on ARM), about 1.5 GB/s without.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes, std::uint32_t crc = 0);

/// The same without the instruction.
[[nodiscard]] std::uint32_t crc32cPortable(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace belljar::recording
