#include "core/events/query_lexer.h"

#include <charconv>

#include <spdlog/fmt/fmt.h>

#include "core/base/utf8.h"

namespace belljar {
namespace {

using Kind = QueryToken::Kind;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isNameCharacter(char c)
{
    return isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

bool isControl(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

void appendBytes(QueryPattern& value, std::string_view bytes)
{
    for (const char byte : bytes) value += static_cast<unsigned char>(byte);
}

std::optional<std::uint32_t> hexNumber(std::string_view digits)
{
    std::uint32_t value = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (digits.empty() || error != std::errc{} || stop != digits.data() + digits.size()) return std::nullopt;
    return value;
}

}  // namespace

void QueryLexer::skipBlanks()
{
    while (m_at < m_query.size() && isBlank(m_query[m_at])) ++m_at;
}

std::string_view QueryLexer::operatorAt(std::size_t offset) const
{
    const char c = at(offset);
    if ((c == '!' || c == '<' || c == '>') && at(offset + 1) == '=') return m_query.substr(offset, 2);
    if (c == '!' && at(offset + 1) == '~') return m_query.substr(offset, 2);
    if (c == ':' || c == '=' || c == '<' || c == '>' || c == '~') return m_query.substr(offset, 1);
    return {};
}

/// At a backslash. The escapes are those of visible(), so what Belljar shows can be asked for as it is shown.
std::optional<QueryError> QueryLexer::readEscape(QueryPattern& value)
{
    const std::size_t begin = m_at;
    const char c = at(begin + 1);
    m_at += 2;
    switch (c) {
        case '\\':
        case '"':
        case '*':
        case '?': value += static_cast<unsigned char>(c); return std::nullopt;
        case 'n': value += u'\n'; return std::nullopt;
        case 'r': value += u'\r'; return std::nullopt;
        case 't': value += u'\t'; return std::nullopt;
        default: break;
    }
    if (c == 'x') {
        const auto byte = hexNumber(m_query.substr(m_at, 2));
        if (byte && m_at + 2 <= m_query.size()) {
            m_at += 2;
            value += static_cast<char16_t>(*byte);
            return std::nullopt;
        }
    }
    const std::size_t close = m_query.find('}', begin);
    if (c == 'u' && at(m_at) == '{' && close != std::string_view::npos) {
        const auto codePoint = hexNumber(m_query.substr(m_at + 1, close - m_at - 1));
        if (codePoint && *codePoint <= 0x10ffff && (*codePoint < 0xd800 || *codePoint > 0xdfff)) {
            m_at = close + 1;
            std::string bytes;
            appendUtf8(bytes, *codePoint);
            appendBytes(value, bytes);
            return std::nullopt;
        }
    }
    return QueryError{
        begin, "This is no escape",
        "a backslash stands before \\ \" * ? n r t, or in \\xff and \\u{20ac}; it is itself written \\\\"};
}

/// Behind the quote that ends a value.
std::optional<QueryError> QueryLexer::afterQuote() const
{
    const char c = at(m_at);
    if (m_at == m_query.size() || isBlank(c) || c == ')' || c == '(' || c == ',') return std::nullopt;
    return QueryError{m_at, "A blank is missing after the quote", {}};
}

/// A value, quoted or up to the next blank, comma or parenthesis. In a bare word a comma is an ordinary character.
std::optional<QueryError> QueryLexer::readValue(QueryPattern& value, bool bare)
{
    const std::size_t begin = m_at;
    const bool quoted = at(m_at) == '"';
    if (quoted) ++m_at;
    while (m_at < m_query.size()) {
        const char c = m_query[m_at];
        if (c == '\\') {
            if (auto error = readEscape(value)) return error;
            continue;
        }
        if (quoted && c == '"') {
            ++m_at;
            return afterQuote();
        }
        if (!quoted && (isBlank(c) || c == '(' || c == ')' || (c == ',' && !bare))) return std::nullopt;
        if (!quoted && c == '"') return QueryError{m_at, "A quote in the middle of a text", "write it as \\\""};
        if (isControl(c)) return QueryError{m_at, "A control character", "write it as an escape, such as \\n or \\x1b"};
        if (c == '*') value += kAnyRun;
        else if (c == '?') value += kAnyOne;
        else value += static_cast<unsigned char>(c);
        ++m_at;
    }
    if (quoted) return QueryError{begin, "The quote is never closed", {}, true};
    return std::nullopt;
}

/// One value or several, with commas between.
std::optional<QueryError> QueryLexer::readValues(WrittenCondition& condition)
{
    std::string_view before = condition.op;
    while (true) {
        skipBlanks();
        const bool ends = m_at == m_query.size();
        if (ends || at(m_at) == ')' || at(m_at) == '(' || at(m_at) == ',')
            return QueryError{m_at, fmt::format("A value is missing after '{}'", before), {}, ends};
        condition.values.push_back({{}, m_at});
        if (auto error = readValue(condition.values.back().pattern, false)) return error;
        const std::size_t end = m_at;
        skipBlanks();
        if (at(m_at) != ',') {
            m_at = end;
            return std::nullopt;
        }
        ++m_at;
        before = ",";
    }
}

/// A regular expression, as it is but for \": quoted, or up to a blank or a ')' that it has not opened itself.
std::optional<QueryError> QueryLexer::readExpression(WrittenCondition& condition)
{
    const bool quoted = at(m_at) == '"';
    const std::size_t begin = m_at;
    if (quoted) ++m_at;
    const auto put = [&](char c) {
        condition.expression += c;
        condition.places.push_back(m_at++);
    };
    for (int open = 0; m_at < m_query.size();) {
        const char c = m_query[m_at];
        if (quoted && c == '"') {
            ++m_at;
            return afterQuote();
        }
        if (!quoted && (isBlank(c) || (c == ')' && open == 0))) return std::nullopt;
        if (isControl(c)) return QueryError{m_at, "A control character", "write it as an escape, such as \\n or \\x1b"};
        if (c == '(') ++open;
        if (c == ')') --open;
        if (c == '\\' && m_at + 1 < m_query.size() && !isControl(at(m_at + 1))) {
            if (at(m_at + 1) == '"') ++m_at;
            else put(c);
        }
        put(m_query[m_at]);
    }
    if (quoted) return QueryError{begin, "The quote is never closed", {}, true};
    return std::nullopt;
}

/// A field's name has been found to end at `nameEnd`, with an operator behind it.
std::optional<QueryError> QueryLexer::readCondition(QueryToken& token, std::size_t nameEnd)
{
    WrittenCondition& condition = token.condition;
    condition.field = m_query.substr(token.offset, nameEnd - token.offset);
    condition.fieldOffset = token.offset;
    skipBlanks();
    condition.opOffset = m_at;
    condition.op = operatorAt(m_at);
    if (condition.field.empty())
        return QueryError{m_at, fmt::format("No field stands before '{}'", condition.op), "quote it if it is text"};
    m_at += condition.op.size();
    skipBlanks();
    condition.valueOffset = m_at;
    const bool isExpression = condition.op == "~" || condition.op == "!~";
    if (isExpression && m_at < m_query.size()) return readExpression(condition);
    const bool isAddress = at(m_at) == ':' && at(m_at + 1) == ':';
    if (!operatorAt(m_at).empty() && at(m_at) != '~' && !isAddress)
        return QueryError{m_at, fmt::format("'{}' is no operator here", operatorAt(m_at)), "quote it if it is text"};
    return readValues(condition);
}

std::variant<QueryToken, QueryError> QueryLexer::next()
{
    skipBlanks();
    QueryToken token;
    token.offset = m_at;
    if (m_at == m_query.size()) return token;
    const auto single = [&](Kind kind) {
        ++m_at;
        token.kind = kind;
        return token;
    };
    if (at(m_at) == '(') return single(Kind::open);
    if (at(m_at) == ')') return single(Kind::close);
    if (at(m_at) == '-') return single(Kind::notWord);

    token.kind = Kind::condition;
    while (isNameCharacter(at(m_at)) && isLetter(at(token.offset))) ++m_at;  // Addresses begin with a digit.
    const std::size_t nameEnd = m_at;
    skipBlanks();
    if (!operatorAt(m_at).empty()) {
        if (auto error = readCondition(token, nameEnd)) return *error;
        return token;
    }
    m_at = token.offset;
    token.condition.op = ":";
    token.condition.fieldOffset = token.condition.opOffset = token.condition.valueOffset = token.offset;
    token.condition.values.push_back({{}, token.offset});
    if (auto error = readValue(token.condition.values.back().pattern, true)) return *error;
    const std::string_view word = m_query.substr(token.offset, m_at - token.offset);
    if (word == "and" || word == "AND") token.kind = Kind::andWord;
    if (word == "or" || word == "OR") token.kind = Kind::orWord;
    if (word == "not" || word == "NOT") token.kind = Kind::notWord;
    return token;
}

}  // namespace belljar
