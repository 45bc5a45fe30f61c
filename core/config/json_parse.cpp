// JsonText::parse: nlohmann's event reader checks the grammar, this file adds places, limits and duplicate keys.
#include <algorithm>
#include <deque>
#include <optional>

#include <nlohmann/json.hpp>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/config/json_text.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

/// Length of the UTF-8 character at `at` (RFC 3629), 0 when it is none.
std::size_t utf8Length(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned lead = byte(at);
    if (lead < 0x80) return 1;
    const auto continues = [&](std::size_t i) { return (byte(at + i) & 0xc0U) == 0x80U; };
    if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
    const unsigned second = byte(at + 1);
    if (lead >= 0xe0 && lead <= 0xef) {
        const bool secondFits = !(lead == 0xe0 && second < 0xa0) && !(lead == 0xed && second > 0x9f);
        return secondFits && continues(1) && continues(2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        const bool secondFits = !(lead == 0xf0 && second < 0x90) && !(lead == 0xf4 && second > 0x8f);
        return secondFits && continues(1) && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

struct Problem {
    std::size_t offset = 0;
    std::string message;
    std::string hint;
};

/// What makes the bytes no JSON text whatever their structure: NUL, a byte order mark, broken UTF-8.
std::optional<Problem> badBytes(std::string_view text)
{
    if (text.substr(0, 3) == "\xef\xbb\xbf")
        return Problem{0, "the text starts with a byte order mark", "Save it as UTF-8 without a byte order mark."};
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte == 0)
            return Problem{i, "the text holds a NUL byte", "A profile is UTF-8 text; is this another kind of file?"};
        const std::size_t length = utf8Length(text, i);
        if (length == 0)
            return Problem{i, fmt::format("byte 0x{:02x} is not valid UTF-8", byte), "Save the profile as UTF-8."};
        i += length;
    }
    return std::nullopt;
}

/// How far nlohmann's reader has come in the text.
struct ReadState {
    const char* next = nullptr;
    std::size_t delivered = 0;
};

/// Hands the text to nlohmann's reader byte by byte, each run of white space between tokens as its first byte only: the
/// reader keeps white space for its error messages and writes each of them as eight bytes there.
class TextIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    TextIterator() = default;
    TextIterator(const char* at, const char* end, ReadState* state) : m_at(at), m_end(end), m_state(state) {}

    reference operator*() const { return *m_at; }
    bool operator==(const TextIterator& other) const { return m_at == other.m_at; }
    bool operator!=(const TextIterator& other) const { return m_at != other.m_at; }
    TextIterator& operator++()
    {
        const char read = *m_at++;
        if (m_escaped) m_escaped = false;
        else if (m_inString && read == '\\') m_escaped = true;
        else if (read == '"') m_inString = !m_inString;
        else if (!m_inString && isSpace(read))
            while (m_at != m_end && isSpace(*m_at)) ++m_at;
        m_state->next = m_at;
        ++m_state->delivered;
        return *this;
    }
    TextIterator operator++(int)
    {
        TextIterator before = *this;
        ++*this;
        return before;
    }

private:
    static bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    const char* m_at = nullptr;
    const char* m_end = nullptr;
    ReadState* m_state = nullptr;
    bool m_inString = false;
    bool m_escaped = false;
};

}  // namespace

/// Receives the events of nlohmann's reader and builds the tree. Places are derived from the text: what stands between
/// two tokens is white space, commas and colons only, so a token starts at the next other byte.
class JsonTextBuilder final : public nlohmann::json_sax<nlohmann::json> {
public:
    JsonTextBuilder(JsonText& target, const JsonLimits& limits)
        : m_target(target), m_text(target.m_text), m_limits(limits)
    {
    }

    static void markLines(JsonText& target);

    bool run()
    {
        const char* end = m_text.data() + m_text.size();
        const bool done =
            nlohmann::json::sax_parse(TextIterator(m_text.data(), end, &m_read), TextIterator(end, end, &m_read), this);
        return done && !m_problem;
    }
    [[nodiscard]] const Problem& problem() const { return *m_problem; }

    bool null() override { return scalar(JsonType::null, 4); }
    bool boolean(bool value) override { return scalar(JsonType::boolean, value ? 4 : 5); }
    bool number_integer(number_integer_t) override { return number(); }
    bool number_unsigned(number_unsigned_t) override { return number(); }
    bool number_float(number_float_t, const string_t&) override { return number(); }
    bool binary(binary_t&) override { return false; }  // Never sent for JSON text.
    bool start_object(std::size_t) override { return open(JsonType::object); }
    bool start_array(std::size_t) override { return open(JsonType::array); }
    bool end_array() override { return close(); }

    bool string(string_t&) override
    {
        skipSeparators();
        return scalar(JsonType::string, stringEnd(m_cursor) - m_cursor);
    }

    bool key(string_t&) override
    {
        skipSeparators();
        m_keyBegin = m_cursor;
        m_cursor = stringEnd(m_cursor);
        m_keyEnd = m_cursor;
        return true;
    }

    bool end_object() override { return (m_limits.allowDuplicateKeys || checkKeys()) && close(); }

    bool parse_error(std::size_t position, const string_t& token, const nlohmann::detail::exception& error) override;

private:
    struct Frame {
        JsonText::NodeId node = JsonText::kNone;
        JsonText::NodeId lastChild = JsonText::kNone;
        std::size_t children = 0;
    };

    [[nodiscard]] std::size_t stringEnd(std::size_t quote) const;
    [[nodiscard]] std::string_view rawKey(JsonText::NodeId id) const;
    void skipSeparators();
    bool fail(std::size_t offset, std::string message, std::string hint = {});
    bool scalar(JsonType type, std::size_t length);
    bool number();
    bool open(JsonType type);
    bool close();
    bool addNode(JsonType type, std::size_t end);
    bool checkKeys();

    JsonText& m_target;
    const std::string& m_text;
    JsonLimits m_limits;
    ReadState m_read;
    std::vector<Frame> m_stack;
    std::size_t m_cursor = 0;  ///< One past the last token.
    std::size_t m_keyBegin = 0;
    std::size_t m_keyEnd = 0;
    std::optional<Problem> m_problem;
};

void JsonTextBuilder::markLines(JsonText& target)
{
    const std::string& text = target.m_text;
    JsonText::LineMark mark;
    target.m_lineMarks.reserve(text.size() / JsonText::kLineBlock + 1);
    for (std::size_t block = 0; block <= text.size(); block += JsonText::kLineBlock) {
        target.m_lineMarks.push_back(mark);
        const std::size_t end = std::min(text.size(), block + JsonText::kLineBlock);
        for (std::size_t i = block; i < end; ++i) {
            if (text[i] != '\n') continue;
            ++mark.line;
            mark.lineStart = static_cast<std::uint32_t>(i + 1);
        }
    }
}

void JsonTextBuilder::skipSeparators()
{
    m_cursor = std::min(m_text.find_first_not_of(" \t\r\n,:", m_cursor), m_text.size());
}

std::size_t JsonTextBuilder::stringEnd(std::size_t quote) const
{
    std::size_t i = quote + 1;
    while (i < m_text.size() && m_text[i] != '"') i += m_text[i] == '\\' ? 2 : 1;
    return std::min(i + 1, m_text.size());
}

std::string_view JsonTextBuilder::rawKey(JsonText::NodeId id) const
{
    const JsonText::Node& node = m_target.m_nodes[id];
    return std::string_view(m_text).substr(node.keyBegin + 1, node.keyEnd - node.keyBegin - 2);
}

bool JsonTextBuilder::fail(std::size_t offset, std::string message, std::string hint)
{
    if (!m_problem) m_problem = Problem{std::min(offset, m_text.size()), std::move(message), std::move(hint)};
    return false;
}

bool JsonTextBuilder::addNode(JsonType type, std::size_t end)
{
    std::vector<JsonText::Node>& nodes = m_target.m_nodes;
    if (nodes.size() >= m_limits.maxValues)
        return fail(m_cursor, fmt::format("the text holds more than {} values", m_limits.maxValues),
                    "Belljar reads profiles up to that size only.");
    const auto id = static_cast<JsonText::NodeId>(nodes.size());
    JsonText::Node node;
    node.begin = static_cast<std::uint32_t>(m_cursor);
    node.end = static_cast<std::uint32_t>(end);
    node.type = type;
    node.flat = type == JsonType::array || type == JsonType::object;
    if (!m_stack.empty()) {
        Frame& frame = m_stack.back();
        node.parent = frame.node;
        if (nodes[frame.node].type == JsonType::object) {
            node.keyBegin = static_cast<std::uint32_t>(m_keyBegin);
            node.keyEnd = static_cast<std::uint32_t>(m_keyEnd);
        }
        if (node.flat) nodes[frame.node].flat = false;
        if (frame.lastChild == JsonText::kNone) nodes[frame.node].firstChild = id;
        else nodes[frame.lastChild].nextSibling = id;
        frame.lastChild = id;
        ++frame.children;
    }
    nodes.push_back(node);
    m_cursor = end;
    return true;
}

bool JsonTextBuilder::scalar(JsonType type, std::size_t length)
{
    skipSeparators();
    return addNode(type, m_cursor + length);
}

bool JsonTextBuilder::number()
{
    skipSeparators();
    const auto at = [&](std::size_t i) { return i < m_text.size() ? m_text[i] : '\0'; };
    const auto digitsEnd = [&](std::size_t i) {
        return std::min(m_text.find_first_not_of("0123456789", i), m_text.size());
    };
    std::size_t end = m_cursor + (at(m_cursor) == '-' ? 1 : 0);
    end = at(end) == '0' ? end + 1 : digitsEnd(end);
    if (at(end) == '.') end = digitsEnd(end + 1);
    if (at(end) == 'e' || at(end) == 'E') {
        const bool sign = at(end + 1) == '+' || at(end + 1) == '-';
        end = digitsEnd(end + (sign ? 2 : 1));
    }
    return addNode(JsonType::number, end);
}

bool JsonTextBuilder::open(JsonType type)
{
    skipSeparators();
    if (m_stack.size() >= m_limits.maxDepth)
        return fail(m_cursor, fmt::format("the text is nested more than {} levels deep", m_limits.maxDepth));
    if (!addNode(type, m_cursor + 1)) return false;
    m_stack.push_back({static_cast<JsonText::NodeId>(m_target.m_nodes.size() - 1), JsonText::kNone, 0});
    return true;
}

bool JsonTextBuilder::close()
{
    skipSeparators();
    ++m_cursor;
    m_target.m_nodes[m_stack.back().node].end = static_cast<std::uint32_t>(m_cursor);
    m_stack.pop_back();
    return true;
}

/// Sorted, not compared pair by pair: an object may hold a million keys.
bool JsonTextBuilder::checkKeys()
{
    const Frame& frame = m_stack.back();
    if (frame.children < 2) return true;
    std::vector<std::pair<std::string_view, JsonText::NodeId>> keys;
    std::deque<std::string> decoded;  // A deque: its strings stay where they are.
    keys.reserve(frame.children);
    for (JsonText::NodeId id = m_target.m_nodes[frame.node].firstChild; id != JsonText::kNone;
         id = m_target.m_nodes[id].nextSibling) {
        std::string_view key = rawKey(id);
        if (key.find('\\') != std::string_view::npos) key = decoded.emplace_back(m_target.key(id));
        keys.emplace_back(key, id);
    }
    std::sort(keys.begin(), keys.end());
    const auto* second = static_cast<const std::pair<std::string_view, JsonText::NodeId>*>(nullptr);
    for (std::size_t i = 1; i < keys.size(); ++i)
        if (keys[i].first == keys[i - 1].first && (!second || keys[i].second < second->second)) second = &keys[i];
    if (!second) return true;
    const auto first = std::lower_bound(keys.begin(), keys.end(), std::pair{second->first, JsonText::NodeId{0}});
    const JsonText::Node& there = m_target.m_nodes[first->second];
    return fail(m_target.m_nodes[second->second].keyBegin,
                duplicateSentence(second->first, m_target.placeOfOffset(there.keyBegin).line), kDuplicateHint);
}

/// nlohmann's sentence looks like "[id] parse error at line 1, column 2: syntax error while parsing value - REASON;
/// last read: 'TOKEN'"; REASON is for people, the rest is ours to say better. `read` counts the bytes asked for, which
/// is one more than were delivered when the text ended.
bool JsonTextBuilder::parse_error(std::size_t read, const string_t&, const nlohmann::detail::exception& error)
{
    if (dynamic_cast<const nlohmann::json::out_of_range*>(&error)) {
        skipSeparators();
        return fail(m_cursor, "the number is too large to be represented");
    }
    static constexpr std::size_t kHeadBytes = 600;  // The end quotes the token, which may be the whole text.
    std::string reason(std::string_view(error.what()).substr(0, kHeadBytes));
    if (const std::size_t dash = reason.find(" - "); dash != std::string::npos) reason.erase(0, dash + 3);
    if (const std::size_t tail = reason.find("; last read"); tail != std::string::npos) reason.erase(tail);
    if (const std::size_t more = reason.find("; expected"); more != std::string::npos) reason.replace(more, 1, ",");

    const auto about = [&](std::string_view what) { return reason.compare(0, what.size(), what) == 0; };
    const bool atEnd = read > m_read.delivered || m_read.next == nullptr;
    std::size_t offset = m_text.size();
    if (about("unexpected ") && !about("unexpected end") && !about("unexpected ','") && !about("unexpected ':'")) {
        skipSeparators();  // A whole token that may not stand there: its start.
        offset = m_cursor;
    } else if (!atEnd) {
        offset = static_cast<std::size_t>(m_read.next - m_text.data()) - 1;  // The last byte read.
    }
    return fail(offset, "this is not JSON: " + reason);
}

Result<JsonText> JsonText::parse(std::string text, std::string name, const JsonLimits& limits)
{
    JsonText result;
    result.m_name = std::move(name);
    if (text.size() >= kNone)
        return Error{ErrorCode::malformedRequest, "the text is 4 GiB or larger", result.m_name, {}, {}};
    result.m_text = std::move(text);
    JsonTextBuilder::markLines(result);
    const auto errorAt = [&](const Problem& problem) {
        return Error{ErrorCode::malformedRequest,
                     problem.message,
                     result.where(result.placeOfOffset(problem.offset)),
                     {},
                     problem.hint};
    };
    if (const std::optional<Problem> problem = badBytes(result.m_text)) return errorAt(*problem);
    JsonTextBuilder builder(result, limits);
    if (!builder.run()) return errorAt(builder.problem());
    return result;
}

}  // namespace belljar
