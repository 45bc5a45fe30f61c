// JsonText::parse: a strict RFC 8259 scanner. It is our own because a profile's reader needs the place of every value,
// what stood before a mistake, and MXC's verdict and words on each mistake.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <deque>
#include <optional>

#include <spdlog/fmt/fmt.h>

#include "core/base/utf8.h"
#include "core/config/json_text.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

constexpr const char* kControlCharacter = "control character (\\u0000-\\u001F) found while parsing a string";

}  // namespace

/// Reads the text from front to end and builds the tree. Functions return false after setting the problem.
class JsonScanner {
public:
    JsonScanner(JsonText& target, const JsonLimits& limits) : m_target(target), m_text(target.m_text), m_limits(limits)
    {
    }

    static void markLines(JsonText& target);

    bool run();
    [[nodiscard]] std::optional<JsonProblem>& problem() { return m_problem; }

private:
    struct Frame {
        JsonText::NodeId node = JsonText::kNone;
        JsonText::NodeId lastChild = JsonText::kNone;
        std::size_t children = 0;
        bool isObject = false;
    };

    [[nodiscard]] char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    void skipSpace();
    bool fail(std::string message, std::string hint = {});
    bool failAt(std::size_t offset, std::string message, std::string hint = {});
    bool value();
    bool beforeElement();
    bool beforeMember();
    bool keepKey(std::size_t begin);
    bool literal(std::string_view word, JsonType type);
    bool number();
    bool digits();
    bool checkRange(std::size_t begin);
    bool skipString();
    bool escape();
    bool hexDigits(unsigned& value);
    bool open(JsonType type);
    bool close();
    bool addNode(JsonType type, std::size_t begin);
    bool checkKeys();

    JsonText& m_target;
    const std::string& m_text;
    JsonLimits m_limits;
    std::vector<Frame> m_stack;
    std::size_t m_at = 0;  ///< The next byte.
    std::size_t m_keyBegin = 0;
    std::size_t m_keyEnd = 0;
    std::optional<JsonProblem> m_problem;
};

void JsonScanner::markLines(JsonText& target)
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

void JsonScanner::skipSpace()
{
    while (m_at < m_text.size()) {
        const char c = m_text[m_at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
        ++m_at;
    }
}

bool JsonScanner::failAt(std::size_t offset, std::string message, std::string hint)
{
    if (!m_problem) m_problem = JsonProblem{std::min(offset, m_text.size()), std::move(message), std::move(hint)};
    return false;
}

bool JsonScanner::fail(std::string message, std::string hint)
{
    return failAt(m_at, std::move(message), std::move(hint));
}

/// One round of the loop reads one value, or closes what is open: nothing recurses.
bool JsonScanner::run()
{
    skipSpace();
    if (!value()) return false;
    while (!m_stack.empty()) {
        skipSpace();
        const Frame& frame = m_stack.back();
        if (!atEnd() && peek() == (frame.isObject ? '}' : ']')) {
            if (!close()) return false;
            continue;
        }
        const bool inObject = frame.isObject;
        m_keyEnd = 0;
        if (!(inObject ? beforeMember() : beforeElement())) return inObject && keepKey(m_text.size());
        skipSpace();
        const std::size_t before = m_target.m_nodes.size();
        const std::size_t begin = m_at;
        if (!value()) return inObject && before == m_target.m_nodes.size() && keepKey(begin);
    }
    skipSpace();
    return atEnd() || fail("trailing characters", "A profile is one JSON object; remove what follows it.");
}

/// The key whose value, from `begin`, the text breaks off at: readers judge keys before values. Returns false.
bool JsonScanner::keepKey(std::size_t begin)
{
    if (m_keyEnd != 0 && addNode(JsonType::null, begin)) m_target.m_nodes.back().isOpen = true;
    return false;
}

/// The comma between elements.
bool JsonScanner::beforeElement()
{
    if (m_stack.back().children == 0) return !atEnd() || fail("EOF while parsing a list", "Close it with ].");
    if (atEnd()) return fail("EOF while parsing a list", "Close it with ].");
    if (peek() != ',') return fail("expected `,` or `]`");
    ++m_at;
    skipSpace();
    if (peek() == ']') return fail("trailing comma", "Remove the comma before ].");
    return true;
}

/// The comma between members, the key and its colon.
bool JsonScanner::beforeMember()
{
    static constexpr const char* kClose = "Close it with }.";
    if (atEnd()) return fail("EOF while parsing an object", kClose);
    if (m_stack.back().children > 0) {
        if (peek() != ',') return fail("expected `,` or `}`");
        ++m_at;
        skipSpace();
        if (atEnd()) return fail("EOF while parsing a value", kClose);
        if (peek() == '}') return fail("trailing comma", "Remove the comma before }.");
    }
    if (peek() != '"') return fail("key must be a string", "Write the key in double quotes.");
    m_keyBegin = m_at;
    if (!skipString()) return false;
    m_keyEnd = m_at;
    skipSpace();
    if (atEnd()) return fail("EOF while parsing an object", kClose);
    if (peek() != ':') return fail("expected `:`");
    ++m_at;
    return true;
}

bool JsonScanner::value()
{
    if (atEnd()) return fail("EOF while parsing a value", m_at == 0 ? "The profile is empty." : "");
    const std::size_t begin = m_at;
    switch (peek()) {
        case 'n': return literal("null", JsonType::null);
        case 't': return literal("true", JsonType::boolean);
        case 'f': return literal("false", JsonType::boolean);
        case '"': return skipString() && addNode(JsonType::string, begin);
        case '[': return open(JsonType::array);
        case '{': return open(JsonType::object);
        default: break;
    }
    if (peek() == '-' || isDigit(peek())) return number();
    if (m_at == 0 && m_text.starts_with("\xef\xbb\xbf"))
        return fail("expected value", "The text starts with a byte order mark: save it as UTF-8 without one.");
    return fail("expected value", peek() == '/' ? "JSON has no comments; use `_comment`." : "");
}

bool JsonScanner::literal(std::string_view word, JsonType type)
{
    const std::size_t begin = m_at++;
    for (const char expected : word.substr(1)) {
        if (atEnd()) return fail("EOF while parsing a value");
        if (peek() != expected) return fail("expected ident", fmt::format("Did you mean {}?", word));
        ++m_at;
    }
    return addNode(type, begin);
}

/// At least one.
bool JsonScanner::digits()
{
    if (atEnd()) return fail("EOF while parsing a value");
    if (!isDigit(peek())) return fail("invalid number");
    while (isDigit(peek())) ++m_at;
    return true;
}

bool JsonScanner::number()
{
    const std::size_t begin = m_at;
    if (peek() == '-') ++m_at;
    if (peek() == '0') {
        ++m_at;
        if (isDigit(peek())) return fail("invalid number", "Numbers have no leading zeros.");
    } else if (!digits()) {
        return false;
    }
    bool plain = true;
    if (peek() == '.') {
        plain = false;
        ++m_at;
        if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
        plain = false;
        ++m_at;
        if (peek() == '+' || peek() == '-') ++m_at;
        if (!digits()) return false;
    }
    static constexpr std::size_t kNeverHuge = 300;  // Digits: the largest double has 309.
    if ((!plain || m_at - begin > kNeverHuge) && !checkRange(begin)) return false;
    return addNode(JsonType::number, begin);
}

bool JsonScanner::checkRange(std::size_t begin)
{
    const std::string text = m_text.substr(begin, m_at - begin);
    return std::isfinite(std::strtod(text.c_str(), nullptr)) || fail("number out of range");
}

bool JsonScanner::skipString()
{
    for (++m_at;; ++m_at) {
        if (atEnd()) return fail("EOF while parsing a string", "Close it with a double quote.");
        const char c = peek();
        if (c == '"') break;
        if (static_cast<unsigned char>(c) < 0x20)
            return fail(kControlCharacter, "Write it as an escape such as \\n or \\t.");
        if (c == '\\' && !escape()) return false;
    }
    ++m_at;
    return true;
}

/// Stands on the backslash; ends on the escape's last byte.
bool JsonScanner::escape()
{
    ++m_at;
    if (atEnd()) return fail("EOF while parsing a string");
    if (peek() != 'u') {
        const bool known = std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos;
        return known || fail("invalid escape", "Write a backslash as \\\\.");
    }
    unsigned unit = 0;
    if (!hexDigits(unit)) return false;
    if (unit >= 0xdc00 && unit <= 0xdfff) return fail("lone leading surrogate in hex escape");
    if (unit < 0xd800 || unit > 0xdbff) return true;
    for (const char expected : {'\\', 'u'}) {
        ++m_at;
        if (atEnd()) return fail("EOF while parsing a string");
        if (peek() != expected) return fail("unexpected end of hex escape");
    }
    if (!hexDigits(unit)) return false;
    return (unit >= 0xdc00 && unit <= 0xdfff) || fail("lone leading surrogate in hex escape");
}

/// Stands on the 'u'; ends on the fourth digit.
bool JsonScanner::hexDigits(unsigned& value)
{
    if (m_text.size() - m_at < 5) return failAt(m_text.size(), "EOF while parsing a string");
    value = 0;
    for (int i = 0; i < 4; ++i) {
        ++m_at;
        const char c = peek();
        unsigned digit = 0;
        if (isDigit(c)) digit = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a') + 10U;
        else if (c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A') + 10U;
        else return fail("invalid escape");
        value = value << 4U | digit;
    }
    return true;
}

/// The value that began at `begin` and ends here.
bool JsonScanner::addNode(JsonType type, std::size_t begin)
{
    std::vector<JsonText::Node>& nodes = m_target.m_nodes;
    if (nodes.size() >= m_limits.maxValues)
        return failAt(begin, fmt::format("the text holds more than {} values", m_limits.maxValues),
                      "Belljar reads profiles up to that size only.");
    const auto id = static_cast<JsonText::NodeId>(nodes.size());
    JsonText::Node node;
    node.begin = static_cast<std::uint32_t>(begin);
    node.end = static_cast<std::uint32_t>(m_at);
    node.type = type;
    node.flat = type == JsonType::array || type == JsonType::object;
    if (!m_stack.empty()) {
        Frame& frame = m_stack.back();
        node.parent = frame.node;
        if (frame.isObject) {
            node.keyBegin = static_cast<std::uint32_t>(m_keyBegin);
            node.keyEnd = static_cast<std::uint32_t>(m_keyEnd);
        } else {
            node.keyBegin = static_cast<std::uint32_t>(frame.children);
        }
        if (node.flat) nodes[frame.node].flat = false;
        if (frame.lastChild == JsonText::kNone) nodes[frame.node].firstChild = id;
        else nodes[frame.lastChild].nextSibling = id;
        frame.lastChild = id;
        ++frame.children;
    }
    nodes.push_back(node);
    return true;
}

bool JsonScanner::open(JsonType type)
{
    const std::size_t begin = m_at++;
    if (!addNode(type, begin)) return false;
    const auto id = static_cast<JsonText::NodeId>(m_target.m_nodes.size() - 1);
    m_target.m_nodes[id].isOpen = true;
    if (m_stack.size() >= m_limits.maxDepth)
        return failAt(begin, "recursion limit exceeded",
                      fmt::format("A profile may be nested {} levels deep.", m_limits.maxDepth));
    m_stack.push_back({id, JsonText::kNone, 0, type == JsonType::object});
    return true;
}

bool JsonScanner::close()
{
    if (m_stack.back().isObject && !m_limits.allowDuplicateKeys && !checkKeys()) return false;
    ++m_at;
    JsonText::Node& node = m_target.m_nodes[m_stack.back().node];
    node.end = static_cast<std::uint32_t>(m_at);
    node.isOpen = false;
    m_stack.pop_back();
    return true;
}

/// Sorted, not compared pair by pair: an object may hold a million keys.
bool JsonScanner::checkKeys()
{
    const Frame& frame = m_stack.back();
    if (frame.children < 2) return true;
    std::vector<std::pair<std::string_view, JsonText::NodeId>> keys;
    std::deque<std::string> decoded;  // A deque: its strings stay where they are.
    keys.reserve(frame.children);
    for (JsonText::NodeId id = m_target.m_nodes[frame.node].firstChild; id != JsonText::kNone;
         id = m_target.m_nodes[id].nextSibling) {
        const JsonText::Node& node = m_target.m_nodes[id];
        std::string_view key = std::string_view(m_text).substr(node.keyBegin + 1, node.keyEnd - node.keyBegin - 2);
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
    return failAt(m_target.m_nodes[second->second].keyBegin, fmt::format("duplicate field `{}`", second->first),
                  duplicateHint(m_target.placeOfOffset(there.keyBegin).line));
}

PartialJson JsonText::parsePartly(std::string text, std::string name, const JsonLimits& limits)
{
    PartialJson result;
    result.text.m_name = std::move(name);
    if (text.size() >= kNone) {
        result.problem = JsonProblem{0, "the text is 4 GiB or larger", {}};
        return result;
    }
    result.text.m_text = std::move(text);
    JsonScanner::markLines(result.text);
    if (const std::optional<std::size_t> bad = firstInvalidUtf8(result.text.m_text)) {
        result.problem = JsonProblem{*bad, "stream did not contain valid UTF-8", "Save the profile as UTF-8.", true};
        return result;
    }
    JsonScanner scanner(result.text, limits);
    if (!scanner.run()) result.problem = std::move(scanner.problem());
    return result;
}

Result<JsonText> JsonText::parse(std::string text, std::string name, const JsonLimits& limits)
{
    PartialJson read = parsePartly(std::move(text), std::move(name), limits);
    if (!read.problem) return std::move(read.text);
    return Error{ErrorCode::malformedRequest,
                 read.problem->message,
                 read.text.where(read.text.placeOfOffset(read.problem->offset)),
                 {},
                 read.problem->hint};
}

}  // namespace belljar
