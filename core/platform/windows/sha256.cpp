#include "core/platform/sha256.h"

#include <windows.h>
// After it: it needs its types.
#include <bcrypt.h>

#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>

namespace belljar {

// Every Windows has this hash; with it, none of the calls fails.
struct Sha256::State {
    BCRYPT_ALG_HANDLE provider = nullptr;
    BCRYPT_HASH_HANDLE hash = nullptr;
};

Sha256::Sha256() : m_state(std::make_unique<State>())
{
    BCryptOpenAlgorithmProvider(&m_state->provider, BCRYPT_SHA256_ALGORITHM, nullptr, 0);
    BCryptCreateHash(m_state->provider, &m_state->hash, nullptr, 0, nullptr, 0, 0);
}

Sha256::~Sha256()
{
    BCryptDestroyHash(m_state->hash);
    BCryptCloseAlgorithmProvider(m_state->provider, 0);
}

void Sha256::add(std::string_view bytes)
{
    constexpr std::size_t kMost = std::size_t{1} << 30U;  // A length has 32 bits.
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kMost))) {
        auto* at = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));  // NOLINT: only read
        BCryptHashData(m_state->hash, at, static_cast<ULONG>(std::min(bytes.size(), kMost)), 0);
    }
}

std::string Sha256::finish()
{
    std::array<unsigned char, 32> digest{};
    BCryptFinishHash(m_state->hash, digest.data(), static_cast<ULONG>(digest.size()), 0);
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace belljar
