// SHA-256 (FIPS 180-4): to tell whether a file or an output is still the same. Not for passwords.
//
// The work is done by the library that each system has for it, which uses the processor's own instructions.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace belljar {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes);
    /// 64 lower-case hexadecimal digits. Nothing may be added afterwards.
    [[nodiscard]] std::string finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

[[nodiscard]] inline std::string sha256(std::string_view bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

}  // namespace belljar
