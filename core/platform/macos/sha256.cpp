#include "core/platform/sha256.h"

#include <CommonCrypto/CommonDigest.h>

#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>

namespace belljar {

struct Sha256::State {
    CC_SHA256_CTX context{};
};

Sha256::Sha256() : m_state(std::make_unique<State>())
{
    CC_SHA256_Init(&m_state->context);
}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes)
{
    constexpr std::size_t kMost = std::size_t{1} << 30U;  // A length has 32 bits.
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kMost)))
        CC_SHA256_Update(&m_state->context, bytes.data(), static_cast<CC_LONG>(std::min(bytes.size(), kMost)));
}

std::string Sha256::finish()
{
    std::array<unsigned char, CC_SHA256_DIGEST_LENGTH> digest{};
    CC_SHA256_Final(digest.data(), &m_state->context);
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace belljar
