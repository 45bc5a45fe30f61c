#include "core/base/secret_text.h"

#include <algorithm>
#include <array>

namespace belljar {
namespace {

constexpr std::array<std::string_view, 10> kNames{"TOKEN",  "SECRET",     "PASSWORD",  "PASSWD",     "PASSPHRASE",
                                                  "APIKEY", "PRIVATEKEY", "ACCESSKEY", "CREDENTIAL", "BEARER"};
constexpr std::size_t kLongestName = 200;

/// A token that is known by how it begins.
struct Shape {
    std::string_view begin;
    std::size_t least;  ///< Characters after it.
};
constexpr std::array kShapes{Shape{"ghp_", 20},  Shape{"gho_", 20},        Shape{"ghu_", 20},  Shape{"ghs_", 20},
                             Shape{"ghr_", 20},  Shape{"glpat-", 16},      Shape{"npm_", 30},  Shape{"AKIA", 16},
                             Shape{"ASIA", 16},  Shape{"AIza", 30},        Shape{"sk-", 20},   Shape{"sk_live_", 16},
                             Shape{"xoxb-", 20}, Shape{"github_pat_", 20}, Shape{"xoxp-", 20}, Shape{"hf_", 30},
                             Shape{"eyJ", 40},   Shape{"dop_v1_", 40}};

bool isWordByte(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || byte == '-' || byte == '.';
}

/// Ends a value wherever it stands: in a shell line, a JSON text, an address.
bool endsValue(char c)
{
    constexpr std::string_view kEnds = "\"'\\`,;&|<>()[]{}";
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7f || kEnds.find(c) != std::string_view::npos;
}

std::size_t endOfValue(std::string_view text, std::size_t at)
{
    while (at < text.size() && !endsValue(text[at])) ++at;
    return at;
}

bool isShape(std::string_view word)
{
    return std::any_of(kShapes.begin(), kShapes.end(), [&](const Shape& shape) {
        return word.size() >= shape.begin.size() + shape.least && word.starts_with(shape.begin);
    });
}

class Finder {
public:
    explicit Finder(std::string_view text) : m_text(text) {}

    std::vector<SecretSpan> find()
    {
        std::size_t at = 0;
        while (at < m_text.size()) {
            if (!isWordByte(m_text[at])) {
                ++at;
                continue;
            }
            std::size_t end = at;
            while (end < m_text.size() && isWordByte(m_text[end])) ++end;
            at = word(at, end);
        }
        return std::move(m_spans);
    }

private:
    /// Looks at a word; where to go on.
    std::size_t word(std::size_t begin, std::size_t end)
    {
        const std::string_view text = m_text.substr(begin, end - begin);
        if (isShape(text)) return take(begin, end);
        if (m_text.substr(end).starts_with("://")) return address(end + 3);
        if (text.size() > kLongestName || !isSecretName(text)) return end;
        const std::size_t value = valueAfter(begin, end);
        return value == std::string_view::npos ? end : take(value, endOfValue(m_text, value));
    }

    /// "scheme://user:password@host": only that password.
    std::size_t address(std::size_t begin)
    {
        const std::size_t end = std::min(endOfValue(m_text, begin), std::min(m_text.find('/', begin), m_text.size()));
        const std::string_view host = m_text.substr(begin, end - begin);
        const std::size_t at = host.rfind('@');
        const std::size_t colon = host.find(':');
        if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return begin;
        return take(begin + colon + 1, begin + at);
    }

    /// Where the value of a name stands: after "=" or ":", or, of an option and of "Bearer", in the next word.
    [[nodiscard]] std::size_t valueAfter(std::size_t begin, std::size_t end) const
    {
        const bool isOption = m_text.substr(begin).starts_with("--");
        const std::string_view name = m_text.substr(begin, end - begin);
        const bool takesWord = isOption || name == "Bearer" || name == "bearer";
        std::size_t at = end;
        const auto skip = [&](std::string_view these) {
            while (at < m_text.size() && these.find(m_text[at]) != std::string_view::npos) ++at;
        };
        if (at < m_text.size() && m_text[at] == '=') {
            ++at;
            skip("\"'\\");
        } else {
            // "password": "x" of JSON, also within a JSON string; password: x of YAML and of headers.
            skip("\"'\\");
            if (at < m_text.size() && m_text[at] == ':') {
                ++at;
                skip(" \"'\\");
            } else if (takesWord) {
                skip(", \"'\\");
                if (at < m_text.size() && m_text[at] == '-') return std::string_view::npos;  // Another option.
            } else {
                return std::string_view::npos;
            }
        }
        return at < m_text.size() && !endsValue(m_text[at]) ? at : std::string_view::npos;
    }

    std::size_t take(std::size_t begin, std::size_t end)
    {
        if (end > begin) m_spans.push_back({begin, end - begin});
        return std::max(begin + 1, end);
    }

    std::string_view m_text;
    std::vector<SecretSpan> m_spans;
};

}  // namespace

bool isSecretName(std::string_view name)
{
    std::string plain;
    for (const char c : name.substr(0, kLongestName)) {
        const bool isLower = c >= 'a' && c <= 'z';
        if (c != '_' && c != '-' && c != '.') plain += isLower ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return std::any_of(kNames.begin(), kNames.end(),
                       [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

std::vector<SecretSpan> secretSpans(std::string_view text)
{
    return Finder(text).find();
}

std::string withoutSecrets(std::string_view text)
{
    std::string out;
    std::size_t from = 0;
    for (const SecretSpan& span : secretSpans(text)) {
        out.append(text.substr(from, span.offset - from)).append(kSecretMask);
        from = span.offset + span.length;
    }
    return out.append(text.substr(from));
}

}  // namespace belljar
