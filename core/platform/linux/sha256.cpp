#include "core/platform/sha256.h"

// The functions of one hash, which need no provider to be loaded.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <array>

#include <spdlog/fmt/fmt.h>

namespace belljar {

struct Sha256::State {
    SHA256_CTX context{};
};

Sha256::Sha256() : m_state(std::make_unique<State>())
{
    SHA256_Init(&m_state->context);
}

Sha256::~Sha256() = default;

void Sha256::add(std::string_view bytes)
{
    SHA256_Update(&m_state->context, bytes.data(), bytes.size());
}

std::string Sha256::finish()
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256_Final(digest.data(), &m_state->context);
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace belljar
