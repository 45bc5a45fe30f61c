// Operator precedence with a stack of our own: a hostile query may be nested as deep as it likes.
#include <optional>

#include <spdlog/fmt/fmt.h>

#include "core/base/utf8.h"
#include "core/events/query.h"
#include "core/events/query_lexer.h"

namespace belljar {

using TokenKind = QueryToken::Kind;

class QueryParser {
public:
    QueryParser(std::string_view query, const std::string& home) : m_lexer(query), m_home(home) {}

    std::variant<Query, QueryError> parse()
    {
        while (true) {
            auto next = m_lexer.next();
            if (QueryError* error = std::get_if<QueryError>(&next)) return std::move(*error);
            const QueryToken& token = std::get<QueryToken>(next);
            if (auto error = take(token)) return std::move(*error);
            if (token.kind == TokenKind::end) break;
        }
        if (!m_operands.empty()) m_query.m_text = std::move(m_operands.back().text);
        return std::move(m_query);
    }

private:
    /// What binds stronger has the greater value; an open parenthesis holds everything back.
    enum class Binding { open, orWord, andWord, notWord, condition };

    struct Pending {
        Binding binding;
        std::size_t offset;  ///< In the query, for errors.
        std::size_t jump;    ///< The step that leaves out the right side; of and / or.
    };

    /// A finished part: its canonical text, and what holds it together outside parentheses.
    struct Operand {
        std::string text;
        Binding binding;
    };

    std::optional<QueryError> take(const QueryToken& token)
    {
        switch (token.kind) {
            case TokenKind::andWord:
            case TokenKind::orWord:
                if (m_wantsOperand)
                    return QueryError{token.offset, "A condition is missing before this word",
                                      "quote it if it is text"};
                return pushBinary(token.kind == TokenKind::orWord ? Binding::orWord : Binding::andWord, token.offset);
            case TokenKind::notWord:
            case TokenKind::open:
                if (!m_wantsOperand) {
                    if (auto error = pushBinary(Binding::andWord, token.offset)) return error;
                }
                m_pending.push_back(
                    {token.kind == TokenKind::open ? Binding::open : Binding::notWord, token.offset, 0});
                return std::nullopt;
            case TokenKind::condition: return takeCondition(token);
            case TokenKind::close: return takeClose(token.offset);
            case TokenKind::end: return takeEnd(token.offset);
        }
        return std::nullopt;
    }

    std::optional<QueryError> takeCondition(const QueryToken& token)
    {
        auto checked = checkCondition(token.condition, m_home);
        if (QueryError* error = std::get_if<QueryError>(&checked)) return std::move(*error);
        auto tooMuch = countCondition(std::get<CheckedCondition>(checked).condition, token.offset);
        if (tooMuch) return tooMuch;
        if (!m_wantsOperand) {
            if (auto error = pushBinary(Binding::andWord, token.offset)) return error;
        }
        auto& [condition, text] = std::get<CheckedCondition>(checked);
        m_query.m_steps.push_back({QueryStep::Kind::ask, m_query.m_conditions.size()});
        m_query.m_conditions.push_back(std::move(condition));
        m_operands.push_back({std::move(text), Binding::condition});
        m_wantsOperand = false;
        return std::nullopt;
    }

    std::optional<QueryError> takeClose(std::size_t offset)
    {
        if (m_wantsOperand) return QueryError{offset, "A condition is missing before ')'", {}};
        reduceDownTo(Binding::orWord);
        if (m_pending.empty()) return QueryError{offset, "This ')' closes nothing", {}};
        m_pending.pop_back();
        return std::nullopt;
    }

    std::optional<QueryError> takeEnd(std::size_t offset)
    {
        if (m_wantsOperand && m_pending.empty()) return std::nullopt;  // Nothing was asked at all.
        if (m_wantsOperand) return QueryError{offset, "A condition is missing at the end", {}, true};
        reduceDownTo(Binding::orWord);
        if (!m_pending.empty()) return QueryError{m_pending.back().offset, "This '(' is never closed", {}, true};
        return std::nullopt;
    }

    /// What bounds the memory and time of asking many events at once.
    std::optional<QueryError> countCondition(const QueryCondition& condition, std::size_t offset)
    {
        if (m_query.m_conditions.size() == kMostConditions)
            return QueryError{offset, fmt::format("A query has at most {} conditions", kMostConditions),
                              "several values of one field can stand behind each other, as pid=1,2,3"};
        if (condition.expression && m_expressions++ == kMostRegexes)
            return QueryError{offset, fmt::format("A query has at most {} regular expressions", kMostRegexes),
                              "join them with | where they ask the same field"};
        return std::nullopt;
    }

    std::optional<QueryError> pushBinary(Binding binding, std::size_t offset)
    {
        reduceDownTo(binding);
        if (m_operands.size() > kMostNested)
            return QueryError{offset,
                              fmt::format("More than {} parts wait for what stands in parentheses", kMostNested),
                              "write inner parts first"};
        m_pending.push_back({binding, offset, m_query.m_steps.size()});
        m_query.m_steps.push_back(
            {binding == Binding::orWord ? QueryStep::Kind::jumpIfTrue : QueryStep::Kind::jumpIfFalse, 0});
        m_wantsOperand = true;
        return std::nullopt;
    }

    /// Finishes everything pending that binds at least as strong as `binding`.
    void reduceDownTo(Binding binding)
    {
        for (; !m_pending.empty() && m_pending.back().binding >= binding; m_pending.pop_back()) {
            const Pending& pending = m_pending.back();
            Operand right = std::move(m_operands.back());
            if (right.binding < pending.binding) right.text = "(" + right.text + ")";
            if (pending.binding == Binding::notWord) {
                m_query.m_steps.push_back({QueryStep::Kind::negate, 0});
                m_operands.back() = {"not " + right.text, Binding::notWord};
                continue;
            }
            m_query.m_steps[pending.jump].operand = m_query.m_steps.size();
            m_operands.pop_back();
            Operand& left = m_operands.back();
            if (left.binding < pending.binding) left.text = "(" + left.text + ")";
            left.text += pending.binding == Binding::orWord ? " or " : " and ";
            left.text += right.text;
            left.binding = pending.binding;
        }
    }

    QueryLexer m_lexer;
    const std::string& m_home;
    std::size_t m_expressions = 0;
    Query m_query;
    std::vector<Pending> m_pending;
    std::vector<Operand> m_operands;
    bool m_wantsOperand = true;
};

std::variant<Query, QueryError> parseQuery(std::string_view query, const std::string& home)
{
    if (query.size() > kLongestQuery)
        return QueryError{kLongestQuery, fmt::format("A query has at most {} bytes", kLongestQuery), {}};
    if (const auto invalid = firstInvalidUtf8(query))
        return QueryError{*invalid, "This byte is not UTF-8", "write it as an escape, such as \\xff"};
    return QueryParser(query, home).parse();
}

}  // namespace belljar
