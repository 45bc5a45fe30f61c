#include "core/config/text_cursor.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "core/config/json_text.h"

namespace belljar {
namespace {

constexpr std::size_t kDeepest = 1000;

/// One object or array that is open.
struct Frame {
    bool isArray = false;
    bool wantsKey = true;  ///< Of an object: no key has been read since its brace or the last comma.
    bool hasValue = false;
    std::string key;
    std::size_t index = 0;
    std::set<std::string> keys;
};

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isStructure(char c)
{
    return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
}

class CursorScanner {
public:
    CursorScanner(std::string_view text, std::size_t offset) : m_text(text), m_offset(std::min(offset, text.size())) {}

    TextCursor scan()
    {
        std::size_t at = 0;
        while (at < m_text.size() && (!m_found || m_frames.size() >= m_depth)) {
            const char c = m_text[at];
            if (!m_found && at >= m_offset && (isBlank(c) || isStructure(c))) settle({}, m_offset, m_offset);
            if (isBlank(c)) {
                ++at;
            } else if (isStructure(c)) {
                structure(c);
                ++at;
            } else {
                const std::size_t end = c == '"' ? stringEnd(at) : wordEnd(at);
                token(at, end);
                at = end;
            }
        }
        if (!m_found) settle({}, m_offset, m_offset);
        m_cursor.keys.erase(m_cursor.token);
        return m_cursor;
    }

private:
    std::size_t stringEnd(std::size_t at) const
    {
        // An open string ends with its line, so that what follows is still understood.
        for (++at; at < m_text.size() && m_text[at] != '\n'; ++at) {
            if (m_text[at] == '"') return at + 1;
            if (m_text[at] == '\\' && at + 1 < m_text.size()) ++at;
        }
        return at;
    }

    std::size_t wordEnd(std::size_t at) const
    {
        while (at < m_text.size() && !isBlank(m_text[at]) && !isStructure(m_text[at]) && m_text[at] != '"') ++at;
        return at;
    }

    /// The token as a person means it.
    std::string decoded(std::size_t begin, std::size_t end) const
    {
        std::string raw(m_text.substr(begin, end - begin));
        if (raw.empty() || raw.front() != '"') return raw;
        if (raw.size() < 2 || raw.back() != '"') return raw.substr(1);
        const Result<JsonText> parsed = JsonText::parse(raw);
        return parsed ? parsed->string(parsed->root()) : raw.substr(1, raw.size() - 2);
    }

    void structure(char c)
    {
        if (c == '{' || c == '[') {
            if (m_frames.size() >= kDeepest) return;
            m_frames.push_back({});
            m_frames.back().isArray = c == '[';
            return;
        }
        if (c == '}' || c == ']') {
            if (!m_frames.empty()) m_frames.pop_back();
            if (!m_frames.empty()) m_frames.back().hasValue = true;
            return;
        }
        if (m_frames.empty()) return;
        Frame& frame = m_frames.back();
        if (c == ':') {
            if (m_found && m_frames.size() == m_depth && m_cursor.at == TextCursor::At::key && m_last == m_cursor.token)
                m_cursor.hasColon = true;
            frame.wantsKey = false;
            return;
        }
        frame.wantsKey = true;
        frame.hasValue = false;
        ++frame.index;
    }

    void token(std::size_t begin, std::size_t end)
    {
        if (!m_found && m_offset <= end && m_offset >= begin) settle(decoded(begin, end), begin, end);
        if (m_frames.empty()) return;
        Frame& frame = m_frames.back();
        if (frame.isArray || !frame.wantsKey) {
            frame.hasValue = true;
            return;
        }
        frame.key = decoded(begin, end);
        m_last = frame.key;
        // A key that is read ends at its colon; until then a second token would be one, too.
        if (m_found && m_frames.size() == m_depth) m_cursor.keys.insert(frame.key);
        else frame.keys.insert(frame.key);
    }

    void settle(std::string token, std::size_t begin, std::size_t end)
    {
        m_found = true;
        m_depth = m_frames.size();
        if (m_frames.empty()) return;
        const Frame& frame = m_frames.back();
        m_cursor.token = std::move(token);
        m_cursor.begin = begin;
        m_cursor.end = end;
        const bool isKey = !frame.isArray && frame.wantsKey;
        for (std::size_t i = 0; i + (isKey ? 1 : 0) < m_frames.size(); ++i) {
            const Frame& each = m_frames[i];
            m_cursor.pointer += "/" + (each.isArray ? std::to_string(each.index) : pointerElement(each.key));
        }
        m_cursor.keys = frame.keys;
        if (frame.hasValue && begin == end) m_cursor.at = TextCursor::At::nothing;
        else m_cursor.at = isKey ? TextCursor::At::key : TextCursor::At::value;
    }

    std::string_view m_text;
    std::size_t m_offset;
    std::vector<Frame> m_frames;
    std::size_t m_depth = 0;
    bool m_found = false;
    std::string m_last;
    TextCursor m_cursor;
};

}  // namespace

TextCursor cursorAt(std::string_view text, std::size_t offset)
{
    return CursorScanner(text, offset).scan();
}

}  // namespace belljar
