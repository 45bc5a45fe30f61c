// What a program says to its X server, as far as it makes input: the requests of one connection, read while they pass.
//
// Nothing is refused here. The server decides, and does without XTEST and RECORD where input tools are not allowed; so
// who asks for them then has tried and failed.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace belljar::linux_platform {

/// First bytes of the requests of a server's extensions; 0: it does not have that one.
struct XOpcodes {
    std::uint8_t bigRequests = 0;
    std::uint8_t xtest = 0;
    std::uint8_t record = 0;
    std::uint8_t xinput = 0;
};

/// One attempt: how, and whether the server does it. `way` is a text of this file's.
struct XAttempt {
    std::string_view way;
    bool refused = false;
    auto operator<=>(const XAttempt&) const = default;
};

class XRequestReader {
public:
    using Sink = std::function<void(const XAttempt&)>;

    XRequestReader(const XOpcodes& opcodes, Sink sink);

    /// The next bytes of the program's. False: this is no X, or could be read in two ways; nothing more is understood.
    [[nodiscard]] bool read(std::string_view bytes);
    /// The next bytes of the server's.
    void readAnswer(std::string_view bytes);

private:
    [[nodiscard]] bool skips(std::string_view bytes);
    [[nodiscard]] bool take();
    [[nodiscard]] bool takeSetup();
    [[nodiscard]] bool takeLength();
    void examine();
    void examineEvent() const;
    void examineQuery() const;
    void examineTest() const;
    [[nodiscard]] std::uint8_t byte(std::size_t at) const { return static_cast<std::uint8_t>(m_head[at]); }
    [[nodiscard]] std::uint16_t half(std::string_view from, std::size_t at) const;
    [[nodiscard]] std::uint32_t word(std::string_view from, std::size_t at) const;

    const XOpcodes m_opcodes;
    const Sink m_sink;
    std::bitset<256> m_isOfInterest;  ///< By first byte.
    std::string m_head;               ///< The beginning of a request, without the longer length that it may have.
    std::size_t m_wanted = 12;        ///< So much of it.
    std::uint64_t m_length = 0;       ///< Of the request; 0: not known yet.
    std::uint64_t m_skipped = 0;      ///< Bytes that come and are of no interest.
    bool m_isSetUp = false;
    bool m_isSwapped = false;  ///< The program's numbers have the other order than ours.
    bool m_hasBigRequests = false;
    std::string m_answer;         ///< The beginning of the server's first answer.
    std::uint32_t m_firstId = 0;  ///< What the program makes has such numbers.
    std::uint32_t m_ids = 0;      ///< Their bits.
};

}  // namespace belljar::linux_platform
