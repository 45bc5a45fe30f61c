#include "core/events/query_condition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <spdlog/fmt/fmt.h>

#include "core/events/event_table.h"

namespace belljar {
namespace {

using Match = QueryCondition::Match;
using Checked = std::variant<CheckedCondition, QueryError>;

constexpr std::size_t kLongestPattern = 1024;  ///< Bounds what one text of an event can cost.
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

struct TimeUnit {
    std::string_view name;
    std::int64_t ns;
};
constexpr std::array<TimeUnit, 6> kTimeUnits{
    {{"", 1'000'000'000}, {"s", 1'000'000'000}, {"ms", 1'000'000}, {"us", 1'000}, {"ns", 1}, {"m", 60'000'000'000}}};

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size() || text.front() == '-') return std::nullopt;
    return value;
}

/// "1.5", "200ms" as nanoseconds; nullopt also for parts of one and for more than 292 years.
std::optional<std::int64_t> timeNumber(std::string_view text)
{
    const std::size_t unitAt = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto unit = std::find_if(kTimeUnits.begin(), kTimeUnits.end(),
                                   [&](const TimeUnit& u) { return u.name == text.substr(unitAt); });
    if (unit == kTimeUnits.end()) return std::nullopt;
    const std::size_t point = std::min(text.find('.'), unitAt);
    const auto whole = wholeNumber(text.substr(0, point));
    if (!whole || *whole > kMost / unit->ns - 1) return std::nullopt;
    std::int64_t ns = *whole * unit->ns;
    if (point == unitAt) return ns;
    std::int64_t step = unit->ns;
    const std::string_view digits = text.substr(point + 1, unitAt - point - 1);
    if (digits.empty()) return std::nullopt;
    for (const char digit : digits) {
        if (digit == '.' || (step % 10 != 0 && digit != '0')) return std::nullopt;
        step /= 10;
        ns += step * (digit - '0');
    }
    return ns;
}

std::string timeText(std::int64_t ns)
{
    std::string text = fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

bool patternHolds(const QueryCondition& condition, std::string_view text)
{
    switch (condition.match) {
        case Match::equal: return text == condition.text;
        case Match::contains: return text.find(condition.text) != std::string_view::npos;
        case Match::glob: return patternMatches(condition.pattern, text);
        case Match::between: break;
    }
    return false;
}

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

Checked checkNumber(const QueryFieldRow& row, const WrittenCondition& written)
{
    const bool isTime = row.type == QueryFieldType::time;
    const auto parse = [&](std::string_view part) -> std::optional<std::int64_t> {
        if (part.empty()) return std::nullopt;
        return isTime ? timeNumber(part) : wholeNumber(part);
    };
    const std::string value = plainText(written.value);
    const QueryError error{written.valueOffset, fmt::format("'{}' is no {}", value, isTime ? "time" : "number"),
                           isTime ? "write seconds or a unit, as 2, 1.5s, 200ms, 3us, 40ns, 2m, or a range, as 1..2.5"
                                  : "write digits, or a range, as 100..200"};
    CheckedCondition checked{{row.id, Match::between, written.op == "!=", {}, {}, kLeast, kMost}, {}};
    const auto shown = [&](std::int64_t number) { return isTime ? timeText(number) : std::to_string(number); };
    std::string op = written.op == ":" ? "=" : std::string(written.op);
    const std::size_t dots = value.find("..");
    if (dots == std::string::npos) {
        const auto number = parse(value);
        if (!number) return error;
        if (op == "=" || op == "!=" || op == ">=") checked.condition.low = *number;
        if (op == "=" || op == "!=" || op == "<=") checked.condition.high = *number;
        if (op == "<") checked.condition.high = *number - 1;
        if (op == ">" && *number < kMost) checked.condition.low = *number + 1;
        if (op == ">" && *number == kMost) checked.condition.high = kLeast;  // Nothing is greater.
        checked.text = std::string(row.name) + op + shown(*number);
        return checked;
    }
    if (op != "=" && op != "!=") return QueryError{written.valueOffset, "A range goes with = or !=", {}};
    const std::string low = value.substr(0, dots);
    const std::string high = value.substr(dots + 2);
    const auto first = parse(low);
    const auto last = parse(high);
    if ((low.empty() && high.empty()) || (!low.empty() && !first) || (!high.empty() && !last)) return error;
    if (first && last && *first > *last)
        return QueryError{written.valueOffset, "The range ends before it begins", "write the smaller number first"};
    if (first) checked.condition.low = *first;
    if (last) checked.condition.high = *last;
    checked.text = std::string(row.name) + op + (first ? shown(*first) : "") + ".." + (last ? shown(*last) : "");
    return checked;
}

/// The error for a value that a field of words never is.
QueryError unknownWord(const QueryFieldRow& row, const WrittenCondition& written, const std::string& value,
                       const std::vector<std::string>& words)
{
    constexpr std::size_t kFew = 6;
    QueryError error{written.valueOffset, fmt::format("'{}' is never a {}", value, row.name), {}};
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
    const auto number = row.id == QueryFieldId::result ? wholeNumber(value) : std::nullopt;
    if (!number || *number > std::numeric_limits<int>::max()) return value;
    const std::string name = errnoName(static_cast<int>(*number));
    return std::find(words.begin(), words.end(), name) != words.end() ? name : value;
}

Checked checkText(const QueryFieldRow& row, const WrittenCondition& written)
{
    if (written.op != ":" && written.op != "=" && written.op != "!=")
        return QueryError{written.opOffset, fmt::format("'{}' is text and has no order", row.name), "use :, = or !="};
    const std::vector<std::string> words = queryWords(row.id);
    const bool exact = written.op != ":";
    const std::string value = wordOf(row, plainText(written.value), words);
    const bool isNumber = value != plainText(written.value);
    CheckedCondition checked{{row.id, Match::equal, written.op == "!=", value, {}, kLeast, kMost}, {}};
    const bool glob = !exact && hasWildcards(written.value);
    if (!exact && !isNumber) checked.condition.match = glob ? Match::glob : Match::contains;
    if (glob) checked.condition.pattern = written.value;
    if (!exact && written.value.empty())
        return QueryError{written.valueOffset, "The empty text is in every text",
                          fmt::format("{}=\"\" finds what has none", row.name)};
    if (!exact && written.value.size() > kLongestPattern)
        return QueryError{written.valueOffset, fmt::format("A pattern has at most {} bytes", kLongestPattern), {}};
    const bool isPath = row.id == QueryFieldId::path || row.id == QueryFieldId::object;
    if (isPath && (value == "~" || value.starts_with("~/")))
        return QueryError{written.valueOffset, "'~' does not stand for a home folder here",
                          "write the whole path, or a pattern that begins with */"};
    const auto fits = [&](const std::string& word) { return patternHolds(checked.condition, word); };
    if (!words.empty() && std::none_of(words.begin(), words.end(), fits))
        return unknownWord(row, written, value, words);
    checked.text = std::string(row.name) + (isNumber && !exact ? "=" : std::string(written.op)) +
                   (exact || isNumber ? writtenText(value) : writtenPattern(written.value));
    return checked;
}

}  // namespace

bool QueryCondition::holds(const Event& event, const std::vector<Rule>& rules) const
{
    if (match == Match::between) {
        const auto number = numberOf(event, rules, field);
        return (number && *number >= low && *number <= high) != negated;
    }
    std::string buffer;
    const auto found = [&](QueryFieldId id) {
        const auto value = textOf(event, rules, id, buffer);
        return value && patternHolds(*this, *value);
    };
    if (field != QueryFieldId::text) return found(field) != negated;
    return (found(QueryFieldId::process) || found(QueryFieldId::object) || found(QueryFieldId::detail) ||
            found(QueryFieldId::rule)) != negated;
}

Checked checkCondition(const WrittenCondition& written)
{
    const QueryFieldRow* row = written.field.empty() ? &queryField(QueryFieldId::text) : findQueryField(written.field);
    if (row == nullptr) return unknownField(written);
    if (row->type == QueryFieldType::number || row->type == QueryFieldType::time) return checkNumber(*row, written);
    return checkText(*row, written);
}

}  // namespace belljar
