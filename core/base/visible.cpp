#include "core/base/visible.h"

#include <array>
#include <cstdint>

#include "core/base/utf8.h"

namespace belljar {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

/// Characters that draw nothing or reorder what stands around them (Unicode categories Cc, Cf, Zl, Zp and fillers).
bool isDeceptive(std::uint32_t c)
{
    struct Range {
        std::uint32_t first, last;
    };
    static constexpr std::array<Range, 20> kRanges{{
        {0x00, 0x1f},     {0x7f, 0x9f},     {0xad, 0xad},     {0x34f, 0x34f},   {0x600, 0x605},
        {0x61c, 0x61c},   {0x6dd, 0x6dd},   {0x70f, 0x70f},   {0x115f, 0x1160}, {0x17b4, 0x17b5},
        {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
        {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb}, {0xe0000, 0xe0fff},
    }};
    for (const Range& range : kRanges)
        if (c >= range.first && c <= range.last) return true;
    return false;
}

void appendByteEscape(std::string& out, unsigned char byte)
{
    out += "\\x";
    out += kHexDigits[byte >> 4U];
    out += kHexDigits[byte & 0xfU];
}

void appendCodePointEscape(std::string& out, std::uint32_t codePoint, EscapeStyle style)
{
    if (codePoint == '\n') {
        out += "\\n";
        return;
    }
    if (codePoint == '\t') {
        out += "\\t";
        return;
    }
    if (codePoint == '\r') {
        out += "\\r";
        return;
    }
    if (codePoint < 0x80 && style == EscapeStyle::belljar) {
        appendByteEscape(out, static_cast<unsigned char>(codePoint));
        return;
    }
    std::string digits = codePoint == 0 ? "0" : "";
    for (std::uint32_t rest = codePoint; rest != 0; rest >>= 4U) digits.insert(digits.begin(), kHexDigits[rest & 0xfU]);
    out += "\\u{" + digits + "}";
}

}  // namespace

std::string visible(std::string_view text, EscapeStyle style)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Character c = utf8At(text, i);
        if (c.length == 0) {
            appendByteEscape(out, static_cast<unsigned char>(text[i++]));
            continue;
        }
        if (c.codePoint == '\\' && style == EscapeStyle::belljar) out += "\\\\";
        else if (isDeceptive(c.codePoint)) appendCodePointEscape(out, c.codePoint, style);
        else out.append(text.substr(i, c.length));
        i += c.length;
    }
    return out;
}

bool isPlainlyVisible(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Character c = utf8At(text, i);
        if (c.length == 0 || c.codePoint == '\\' || isDeceptive(c.codePoint)) return false;
        i += c.length;
    }
    return true;
}

std::string visibleElided(std::string_view text, std::size_t limit)
{
    std::string full = visible(text);
    if (full.size() <= limit) return full;
    static constexpr std::string_view kEllipsis = "…";
    const std::size_t keep = limit > kEllipsis.size() ? limit - kEllipsis.size() : 0;
    std::size_t head = keep / 2;
    while (head > 0 && isUtf8Continuation(full[head])) --head;
    std::size_t tail = full.size() - (keep - keep / 2);
    while (tail < full.size() && isUtf8Continuation(full[tail])) ++tail;
    return full.substr(0, head) + std::string(kEllipsis) + full.substr(tail);
}

std::string jsonQuote(std::string_view text)
{
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Character c = utf8At(text, i);
        if (c.length == 0) {
            out += "\xef\xbf\xbd";
            ++i;
            continue;
        }
        if (c.codePoint == '"') out += "\\\"";
        else if (c.codePoint == '\\') out += "\\\\";
        else if (c.codePoint == '\n') out += "\\n";
        else if (c.codePoint == '\t') out += "\\t";
        else if (c.codePoint == '\r') out += "\\r";
        else if (c.codePoint < 0x20 || c.codePoint == 0x7f) {
            out += "\\u00";
            out += kHexDigits[(c.codePoint >> 4U) & 0xfU];
            out += kHexDigits[c.codePoint & 0xfU];
        } else out.append(text.substr(i, c.length));
        i += c.length;
    }
    return out + '"';
}

std::string shellQuote(std::string_view argument)
{
    static constexpr std::string_view kHarmless =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    if (!argument.empty() && argument.find_first_not_of(kHarmless) == std::string_view::npos)
        return std::string(argument);
    std::string out = "'";
    for (const char c : argument) {
        if (c == '\'') out += "'\\''";
        else out += c;
    }
    return out + '\'';
}

}  // namespace belljar
