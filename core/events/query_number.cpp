#include "core/events/query_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

#include <spdlog/fmt/fmt.h>

namespace belljar {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kSecond = 1'000'000'000;

struct TimeUnit {
    std::string_view name;
    std::int64_t ns;
};
constexpr std::array<TimeUnit, 7> kTimeUnits{{{"", kSecond},
                                              {"s", kSecond},
                                              {"ms", 1'000'000},
                                              {"us", 1'000},
                                              {"ns", 1},
                                              {"m", 60 * kSecond},
                                              {"h", 3600 * kSecond}}};

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || stop != text.data() + text.size() || text.front() == '-')
        return std::nullopt;
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
    std::string text = fmt::format("{}.{:09}", ns / kSecond, ns % kSecond);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

/// Takes `digits` digits from the front of `text`; the number must be at most `most`.
std::optional<std::int64_t> takeDigits(std::string_view& text, std::size_t digits, std::int64_t most)
{
    if (text.size() < digits || text.substr(0, digits).find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    const auto number = wholeNumber(text.substr(0, digits));
    text.remove_prefix(digits);
    return number && *number <= most ? number : std::nullopt;
}

bool take(std::string_view& text, char wanted)
{
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(1);
    return true;
}

/// Nanoseconds since 1970 of the day that `text` begins with.
std::optional<std::int64_t> takeDay(std::string_view& text)
{
    constexpr std::int64_t kLastYear = 2261;  // Later ones do not fit into 64 bits.
    const auto year = takeDigits(text, 4, kLastYear);
    if (!year || *year < 1970 || !take(text, '-')) return std::nullopt;
    const auto month = takeDigits(text, 2, 12);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = takeDigits(text, 2, 31);
    if (!day) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count() * 86400 * kSecond;
}

/// What stands behind the day and its 'T': hour and minute, then perhaps seconds and a part of one. Adds it to
/// `begin` and makes `length` the unit that was written last.
bool takeClock(std::string_view text, std::int64_t& begin, std::int64_t& length)
{
    const auto hour = takeDigits(text, 2, 23);
    if (!hour || !take(text, ':')) return false;
    const auto minute = takeDigits(text, 2, 59);
    if (!minute) return false;
    begin += (*hour * 60 + *minute) * 60 * kSecond;
    length = 60 * kSecond;
    if (text.empty()) return true;
    if (!take(text, ':')) return false;
    const auto second = takeDigits(text, 2, 59);
    if (!second) return false;
    begin += *second * kSecond;
    length = kSecond;
    if (text.empty()) return true;
    if (!take(text, '.') || text.empty() || text.size() > 9) return false;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') return false;
        length /= 10;
        begin += (digit - '0') * length;
    }
    return true;
}

std::optional<QueryPeriod> momentPeriod(std::string_view text)
{
    if (text.ends_with('Z')) text.remove_suffix(1);
    std::string_view rest = text;
    const auto day = takeDay(rest);
    if (!day) return std::nullopt;
    std::int64_t begin = *day;
    std::int64_t length = 86400 * kSecond;
    if (!rest.empty() && (!take(rest, 'T') || !takeClock(rest, begin, length))) return std::nullopt;
    return QueryPeriod{{begin, begin + length - 1}, std::string(text)};
}

}  // namespace

std::optional<QueryPeriod> parsePeriod(QueryFieldType type, std::string_view text)
{
    if (text.empty()) return std::nullopt;
    if (type == QueryFieldType::moment) return momentPeriod(text);
    const bool isTime = type == QueryFieldType::time;
    const auto number = isTime ? timeNumber(text) : wholeNumber(text);
    if (!number) return std::nullopt;
    return QueryPeriod{{*number, *number}, isTime ? timeText(*number) : std::to_string(*number)};
}

std::string momentText(std::int64_t unixNs)
{
    const std::chrono::sys_seconds seconds(
        std::chrono::seconds(unixNs / kSecond - (unixNs < 0 && unixNs % kSecond != 0 ? 1 : 0)));
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date(day);
    const auto second = (seconds - day).count();
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), second / 3600,
                       second / 60 % 60, second % 60);
}

std::vector<QueryRange> orderedRanges(std::vector<QueryRange> ranges)
{
    std::erase_if(ranges, [](const QueryRange& range) { return range.high < range.low; });
    std::sort(ranges.begin(), ranges.end(), [](const QueryRange& a, const QueryRange& b) { return a.low < b.low; });
    std::vector<QueryRange> ordered;
    for (const QueryRange& range : ranges) {
        if (ordered.empty() || range.low > ordered.back().high) ordered.push_back(range);
        else ordered.back().high = std::max(ordered.back().high, range.high);
    }
    return ordered;
}

bool inRanges(const std::vector<QueryRange>& ranges, std::int64_t number)
{
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), number,
                                        [](std::int64_t n, const QueryRange& range) { return n < range.low; });
    return after != ranges.begin() && number <= std::prev(after)->high;
}

}  // namespace belljar
