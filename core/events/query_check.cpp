// Makes conditions of what is written, or says what is wrong with it, where, and what would be right.
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/events/event_table.h"
#include "core/events/query_condition.h"

namespace belljar {
namespace {

using Checked = std::variant<CheckedCondition, QueryError>;

constexpr std::size_t kLongestPattern = 1024;  ///< Bounds what one text of an event can cost.
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

QueryError unknownField(const WrittenCondition& written)
{
    std::vector<std::string> names;
    std::string all;
    for (const QueryFieldRow& row : queryFields()) {
        names.emplace_back(row.name);
        all += (all.empty() ? "" : ", ") + std::string(row.name);
        if (!row.alias.empty()) names.emplace_back(row.alias);
    }
    const std::string nearest = nearestName(written.field, names);
    return {written.fieldOffset, fmt::format("There is no field '{}'", written.field),
            nearest.empty() ? "text with ':' or '=' in it needs quotes; the fields are " + all
                            : "did you mean '" + nearest + "'?"};
}

/// "time" and what is right for it.
struct NumberWords {
    std::string_view noun;
    std::string_view hint;
};

NumberWords numberWords(QueryFieldType type)
{
    if (type == QueryFieldType::time)
        return {"time", "write seconds or a unit, as 2, 1.5s, 200ms, 3us, 40ns, 2m, 1h, or a range, as 1..2.5"};
    if (type == QueryFieldType::moment)
        return {"moment",
                "write a day or a time of it in UTC, as 2026-11-22, 2026-11-22T01:55 or 2026-11-22T01:55:30.5"};
    return {"number", "write digits, a range, as 100..200, or several, as 1,2,5..9"};
}

/// A single number, or a range.
std::variant<QueryPeriod, QueryError> checkPeriod(const QueryFieldRow& row, std::string_view op,
                                                  const WrittenValue& written)
{
    const std::string value = plainText(written.pattern);
    const NumberWords words = numberWords(row.type);
    const QueryError error{written.offset, fmt::format("'{}' is no {}", value, words.noun), std::string(words.hint)};
    const std::size_t dots = value.find("..");
    if (dots == std::string::npos) {
        if (auto period = parsePeriod(row.type, value)) return std::move(*period);
        return error;
    }
    const std::string low = value.substr(0, dots);
    const std::string high = value.substr(dots + 2);
    const auto first = parsePeriod(row.type, low);
    const auto last = parsePeriod(row.type, high);
    if ((low.empty() && high.empty()) || (!low.empty() && !first) || (!high.empty() && !last)) return error;
    if (op != ":" && op != "=" && op != "!=") return QueryError{written.offset, "A range goes with = or !=", {}};
    if (first && last && first->range.low > last->range.high)
        return QueryError{written.offset, "The range ends before it begins", "write the smaller number first"};
    return QueryPeriod{{first ? first->range.low : kLeast, last ? last->range.high : kMost},
                       (first ? first->text : "") + ".." + (last ? last->text : "")};
}

QueryRange beside(std::string_view op, const QueryRange& range)
{
    if (op == "<") return range.low == kLeast ? QueryRange{1, 0} : QueryRange{kLeast, range.low - 1};
    if (op == "<=") return {kLeast, range.high};
    if (op == ">=") return {range.low, kMost};
    if (op == ">") return range.high == kMost ? QueryRange{1, 0} : QueryRange{range.high + 1, kMost};
    return range;
}

Checked checkNumber(const QueryFieldRow& row, const WrittenCondition& written)
{
    const std::string op = written.op == ":" ? "=" : std::string(written.op);
    if (op == "~" || op == "!~")
        return QueryError{written.opOffset, fmt::format("'{}' is a number and has no letters to look for", row.name),
                          "use =, !=, <, <=, > or >="};
    if (written.values.size() > 1 && op != "=" && op != "!=")
        return QueryError{written.values[1].offset, "Several values go with = or !=", {}};
    CheckedCondition checked;
    checked.condition.field = row.id;
    checked.condition.negated = op == "!=";
    std::vector<QueryRange> ranges;
    for (const WrittenValue& value : written.values) {
        auto period = checkPeriod(row, op, value);
        if (QueryError* error = std::get_if<QueryError>(&period)) return std::move(*error);
        const auto& [range, text] = std::get<QueryPeriod>(period);
        ranges.push_back(beside(op, range));
        checked.text += (checked.text.empty() ? std::string(row.name) + op : ",") + text;
    }
    checked.condition.ranges = orderedRanges(std::move(ranges));
    return checked;
}

/// The error for a value that a field of words never is.
QueryError unknownWord(const QueryFieldRow& row, std::size_t offset, const std::string& value,
                       const std::vector<std::string>& words)
{
    constexpr std::size_t kFew = 8;
    QueryError error{offset, fmt::format("'{}' is never a {}", value, row.name), {}};
    const std::string nearest = nearestName(value, words);
    if (!nearest.empty()) {
        error.hint = "did you mean '" + nearest + "'?";
        return error;
    }
    for (const QueryFieldRow& other : queryFields()) {
        const std::vector<std::string> otherWords = queryWords(other.id);
        if (std::find(otherWords.begin(), otherWords.end(), value) == otherWords.end()) continue;
        error.hint = fmt::format("did you mean {}={}?", other.name, value);
        return error;
    }
    if (words.size() > kFew) error.hint = fmt::format("{}:* is any, such as {}", row.name, words.front());
    else error.hint = fmt::format("it can be {}", fmt::join(words, ", "));
    return error;
}

/// A result may also be asked for by its number.
std::string wordOf(const QueryFieldRow& row, const std::string& value, const std::vector<std::string>& words)
{
    if (row.id != QueryFieldId::result) return value;
    const auto number = parsePeriod(QueryFieldType::number, value);
    if (!number || number->range.low > std::numeric_limits<int>::max()) return value;
    const std::string name = errnoName(static_cast<int>(number->range.low));
    return std::find(words.begin(), words.end(), name) != words.end() ? name : value;
}

/// A '~' at the beginning of a path becomes the home folder.
std::optional<QueryError> expandHome(const QueryFieldRow& row, const std::string& home, WrittenValue& value)
{
    const bool isPath = row.id == QueryFieldId::path || row.id == QueryFieldId::object ||
                        row.id == QueryFieldId::target || row.id == QueryFieldId::folder;
    const bool begins = value.pattern.starts_with(u'~') && (value.pattern.size() == 1 || value.pattern[1] == u'/');
    if (!isPath || !begins) return std::nullopt;
    if (home.empty())
        return QueryError{value.offset, "'~' does not stand for a home folder here",
                          "write the whole path, or a pattern that begins with */"};
    QueryPattern folder;
    for (const char c : home) folder += static_cast<unsigned char>(c);
    value.pattern.replace(0, 1, folder);
    return std::nullopt;
}

/// One value of a text or word.
std::variant<QueryText, QueryError> checkValue(const QueryFieldRow& row, std::string_view op, const WrittenValue& value,
                                               const std::vector<std::string>& words)
{
    const bool exact = op != ":";
    const std::string plain = plainText(value.pattern);
    if (!exact && value.pattern.empty())
        return QueryError{value.offset, "The empty text is in every text",
                          fmt::format("{}=\"\" finds what has none", row.name)};
    if (!exact && value.pattern.size() > kLongestPattern)
        return QueryError{value.offset, fmt::format("A pattern has at most {} bytes", kLongestPattern), {}};
    QueryText text{QueryText::Match::equal, wordOf(row, plain, words), {}};
    const bool isNumber = text.text != plain;
    if (!exact && !isNumber && hasWildcards(value.pattern)) text = {QueryText::Match::glob, {}, value.pattern};
    else if (!exact && !isNumber) text.match = QueryText::Match::contains;
    if (!words.empty() && std::none_of(words.begin(), words.end(), [&](const auto& word) { return text.holds(word); }))
        return unknownWord(row, value.offset, text.match == QueryText::Match::glob ? plain : text.text, words);
    return text;
}

Checked checkText(const QueryFieldRow& row, const WrittenCondition& written, const std::string& home)
{
    if (written.op != ":" && written.op != "=" && written.op != "!=")
        return QueryError{written.opOffset, fmt::format("'{}' is text and has no order", row.name),
                          "use :, =, != or ~"};
    const std::vector<std::string> words = queryWords(row.id);
    CheckedCondition checked;
    checked.condition.field = row.id;
    checked.condition.negated = written.op == "!=";
    std::string asTexts;
    std::string asPatterns;
    bool exact = true;
    for (WrittenValue value : written.values) {
        if (auto error = expandHome(row, home, value)) return std::move(*error);
        auto text = checkValue(row, written.op, value, words);
        if (QueryError* error = std::get_if<QueryError>(&text)) return std::move(*error);
        std::vector<QueryText>& texts = checked.condition.texts;
        texts.push_back(std::move(std::get<QueryText>(text)));
        exact = exact && texts.back().match == QueryText::Match::equal;
        asTexts += (texts.size() > 1 ? "," : "") + writtenText(texts.back().text);
        asPatterns += (texts.size() > 1 ? "," : "") + writtenPattern(value.pattern);
    }
    // With ':' only numbers of results are exact.
    const std::string_view op = written.op == ":" && exact ? "=" : written.op;
    checked.text = fmt::format("{}{}{}", row.name, op, exact ? asTexts : asPatterns);
    return checked;
}

Checked checkExpression(const QueryFieldRow& row, const WrittenCondition& written)
{
    auto compiled = QueryRegex::compile(written.expression);
    if (const auto* problem = std::get_if<QueryRegex::Problem>(&compiled)) {
        const std::size_t place = problem->offset < written.places.size() ? written.places[problem->offset]
                                  : written.places.empty()                ? written.valueOffset
                                                                          : written.places.back() + 1;
        return QueryError{place, problem->message,
                          "the syntax is that of RE2; quote it if it has blanks or parentheses"};
    }
    CheckedCondition checked;
    checked.condition.field = row.id;
    checked.condition.negated = written.op == "!~";
    checked.condition.expression = std::move(std::get<QueryRegex>(compiled));
    const std::vector<std::string> words = queryWords(row.id);
    const auto fits = [&](const std::string& word) { return checked.condition.expression->matches(word); };
    if (!words.empty() && std::none_of(words.begin(), words.end(), fits))
        return unknownWord(row, written.valueOffset, written.expression, words);
    checked.text = fmt::format("{}{}{}", row.name, written.op, writtenRegex(written.expression));
    return checked;
}

Checked checkNetwork(const QueryFieldRow& row, const WrittenCondition& written)
{
    if (written.op != ":" && written.op != "=" && written.op != "!=")
        return QueryError{written.opOffset, fmt::format("'{}' is an address and has no order", row.name),
                          "use = or != with an address or a block of them; host~ looks for letters"};
    CheckedCondition checked;
    checked.condition.field = row.id;
    checked.condition.negated = written.op == "!=";
    for (const WrittenValue& value : written.values) {
        const std::string text = plainText(value.pattern);
        const Result<IpNetwork> network = parseIpNetwork(text);
        if (!network) {
            const bool addressOnly = parseIpNetwork(text.substr(0, text.find('/'))).ok();
            return QueryError{value.offset, fmt::format("'{}' is no address and no block of them", text),
                              addressOnly
                                  ? "the length is at most 32 or 128, and all bits behind it are zero, as in 10.0.0.0/8"
                                  : "write 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32; names are asked for with host"};
        }
        checked.condition.networks.push_back(*network);
        checked.text += (checked.text.empty() ? std::string(row.name) + (written.op == "!=" ? "!=" : "=") : ",") +
                        writtenText(text);
    }
    return checked;
}

}  // namespace

Checked checkCondition(const WrittenCondition& written, const std::string& home)
{
    const QueryFieldRow* row = written.field.empty() ? &queryField(QueryFieldId::text) : findQueryField(written.field);
    if (row == nullptr) return unknownField(written);
    switch (row->type) {
        case QueryFieldType::number:
        case QueryFieldType::time:
        case QueryFieldType::moment: return checkNumber(*row, written);
        case QueryFieldType::network: return checkNetwork(*row, written);
        case QueryFieldType::text:
        case QueryFieldType::word: break;
    }
    if (written.op == "~" || written.op == "!~") return checkExpression(*row, written);
    return checkText(*row, written, home);
}

}  // namespace belljar
