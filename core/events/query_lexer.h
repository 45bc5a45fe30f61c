// Cuts a query into its parts: parentheses, and / or / not, and conditions.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "core/events/query_condition.h"

namespace belljar {

struct QueryToken {
    enum class Kind { open, close, andWord, orWord, notWord, condition, end };
    Kind kind = Kind::end;
    std::size_t offset = 0;
    WrittenCondition condition;
};

class QueryLexer {
public:
    /// `query` must outlive the tokens and be valid UTF-8.
    explicit QueryLexer(std::string_view query) : m_query(query) {}

    /// After an error, and after `end`, nothing more may be asked.
    [[nodiscard]] std::variant<QueryToken, QueryError> next();

private:
    [[nodiscard]] char at(std::size_t offset) const { return offset < m_query.size() ? m_query[offset] : '\0'; }
    void skipBlanks();
    [[nodiscard]] std::string_view operatorAt(std::size_t offset) const;
    [[nodiscard]] std::optional<QueryError> readValue(QueryPattern& value, bool bare);
    [[nodiscard]] std::optional<QueryError> readValues(WrittenCondition& condition);
    [[nodiscard]] std::optional<QueryError> readExpression(WrittenCondition& condition);
    [[nodiscard]] std::optional<QueryError> afterQuote() const;
    [[nodiscard]] std::optional<QueryError> readEscape(QueryPattern& value);
    [[nodiscard]] std::optional<QueryError> readCondition(QueryToken& token, std::size_t nameEnd);

    std::string_view m_query;
    std::size_t m_at = 0;
};

}  // namespace belljar
