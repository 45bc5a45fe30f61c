// What a terminal may be shown of a sandboxed program, written down a second time as regular expressions, so that the
// filter is not held against itself.
#pragma once

#include <regex>
#include <string>

namespace belljar {

/// True when `text` holds whole sequences that only draw, valid UTF-8, and no control that a terminal answers or obeys
/// otherwise.
inline bool isHarmlessToTerminals(const std::string& text)
{
    static const std::regex kSequence(
        "^(\x1b[78=>DEHMNOno|}~]"
        "|\x1b[()*+][012ABKU]|\x1b#[34568]"
        "|\x1b\\[[0-9:;]*[@ABCDEFGHIKLMPSTXZ`abdefgmrsu]|\x1b\\[[012]?J|\x1b\\[\\??6n|\x1b\\[5n|\x1b\\[>?0?c"
        "|\x1b\\[[?][0-9;]*[JK]|\x1b\\[4(;4)*[hl]|\x1b\\[[0-9;]* q|\x1b\\[[0-9;:]*!p"
        "|\x1b\\[[?]([15679]|12|25|47|66|69|100[0234567]|1015|104[789]|2004|2026)"
        "(;([15679]|12|25|47|66|69|100[0234567]|1015|104[789]|2004|2026))*[hl])",
        std::regex::optimize);
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        std::smatch found;
        if (byte == 0x1b) {
            const std::string rest = text.substr(at, 300);
            if (!std::regex_search(rest, found, kSequence)) return false;
            at += static_cast<std::size_t>(found.length());
        } else if (byte >= 0x80) {
            const std::size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
            if (byte < 0xC2 || byte > 0xF4 || at + size > text.size()) return false;
            if (byte == 0xC2 && static_cast<unsigned char>(text[at + 1]) < 0xA0) return false;
            for (std::size_t i = 1; i < size; ++i)
                if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80) return false;
            at += size;
        } else {
            if ((byte < 0x20 && (byte < 7 || byte > 15)) || byte == 0x7f) return false;
            ++at;
        }
    }
    return true;
}

}  // namespace belljar
