// Three JSON values in a row, of which only strings and lists of strings occur: a reader of whole documents would ask
// for their ends first, and refuse all of what was cut.
#include "core/events/exec_detail.h"

#include <charconv>

#include "core/base/utf8.h"

namespace belljar {
namespace {

class DetailReader {
public:
    explicit DetailReader(std::string_view text) : m_text(text) {}

    [[nodiscard]] bool starts(char c)
    {
        while (m_text.starts_with(' ')) m_text.remove_prefix(1);
        return m_text.starts_with(c);
    }

    /// False: there is no list, or it is not complete; `list` has what could be read.
    bool readList(std::vector<std::string>& list)
    {
        if (!take('[')) return false;
        while (!take(']')) {
            std::string text;
            if (!readString(text)) return false;
            list.push_back(std::move(text));
            if (!take(',') && !starts(']')) return false;
        }
        return true;
    }

    /// False: there is no string, or it is not complete.
    bool readString(std::string& text)
    {
        if (!take('"')) return false;
        while (!m_text.empty()) {
            const char c = m_text.front();
            m_text.remove_prefix(1);
            if (c == '"') return true;
            if (c != '\\') text += c;
            else if (!readEscape(text)) return false;
        }
        return false;
    }

private:
    bool take(char wanted)
    {
        if (!starts(wanted)) return false;
        m_text.remove_prefix(1);
        return true;
    }

    bool readEscape(std::string& text)
    {
        static constexpr std::string_view kLetters = "\"\\/bfnrt";
        static constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
        if (m_text.empty()) return false;
        const char c = m_text.front();
        m_text.remove_prefix(1);
        if (c == 'u') return readCodePoint(text);
        const std::size_t letter = kLetters.find(c);
        if (letter == std::string_view::npos) return false;
        text += kMeanings[letter];
        return true;
    }

    std::optional<std::uint32_t> readUnit()
    {
        std::uint32_t unit = 0;
        const std::string_view digits = m_text.substr(0, 4);
        const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
        if (digits.size() < 4 || error != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
        m_text.remove_prefix(4);
        return unit;
    }

    bool readCodePoint(std::string& text)
    {
        const auto unit = readUnit();
        if (!unit || (*unit >= 0xdc00 && *unit < 0xe000)) return false;
        std::uint32_t codePoint = *unit;
        if (*unit >= 0xd800 && *unit < 0xdc00) {
            if (!m_text.starts_with("\\u")) return false;
            m_text.remove_prefix(2);
            const auto low = readUnit();
            if (!low || *low < 0xdc00 || *low >= 0xe000) return false;
            codePoint = 0x10000 + ((*unit - 0xd800) << 10U) + (*low - 0xdc00);
        }
        appendUtf8(text, codePoint);
        return true;
    }

    std::string_view m_text;
};

}  // namespace

ExecDetail readExecDetail(std::string_view detail)
{
    ExecDetail result;
    DetailReader reader(detail);
    if (!reader.readList(result.argv)) return result;
    if (reader.starts('"')) {
        std::string folder;
        if (!reader.readString(folder)) return result;
        result.folder = std::move(folder);
    }
    std::vector<std::string> names;
    if (reader.starts('[') && reader.readList(names)) result.environment = std::move(names);
    return result;
}

}  // namespace belljar
