#include "core/events/query_regex.h"

#ifdef BELLJAR_RE2
#include <re2/re2.h>
#endif

#include <spdlog/fmt/fmt.h>

namespace belljar {

#ifdef BELLJAR_RE2
namespace {

constexpr std::int64_t kMaxMemory = 1 << 20;  ///< Bytes; a match that would need more takes RE2's slower way.

/// What is wrong, in our own words: those of RE2 differ between its versions.
std::string_view sentence(re2::RE2::ErrorCode code)
{
    switch (code) {
        case re2::RE2::ErrorBadEscape: return "The regular expression has an escape that is none";
        case re2::RE2::ErrorBadCharClass:
        case re2::RE2::ErrorBadCharRange:
            return "The regular expression has a range or class of characters that is none";
        case re2::RE2::ErrorMissingBracket: return "A '[' of the regular expression is never closed";
        case re2::RE2::ErrorMissingParen: return "A '(' of the regular expression is never closed";
        case re2::RE2::ErrorUnexpectedParen: return "A ')' of the regular expression closes nothing";
        case re2::RE2::ErrorTrailingBackslash: return "The regular expression ends with a backslash";
        case re2::RE2::ErrorRepeatArgument: return "Nothing stands here that could be repeated";
        case re2::RE2::ErrorRepeatSize: return "A part of the regular expression is repeated too often";
        case re2::RE2::ErrorRepeatOp: return "Two signs of repetition in a row";
        case re2::RE2::ErrorBadPerlOp: return "The regular expression has a '(?' that there is not";
        case re2::RE2::ErrorBadNamedCapture: return "A group of the regular expression has no good name";
        case re2::RE2::ErrorPatternTooLarge: return "The regular expression is too large";
        default: return "This is no regular expression";
    }
}

}  // namespace

bool QueryRegex::available()
{
    return true;
}

std::variant<QueryRegex, QueryRegex::Problem> QueryRegex::compile(std::string_view expression)
{
    if (expression.size() > kLongestRegex)
        return Problem{kLongestRegex, fmt::format("A regular expression has at most {} bytes", kLongestRegex)};
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxMemory);
    options.set_dot_nl(true);  // Names with a line's end in them are not to hide behind it.
    options.set_never_capture(true);
    const re2::StringPiece piece(expression.data(), expression.size());
    const auto regex = std::make_shared<const re2::RE2>(piece, options);
    if (!regex->ok()) {
        const std::size_t at = expression.find(regex->error_arg());
        return Problem{at == std::string_view::npos ? 0 : at, std::string(sentence(regex->error_code()))};
    }
    QueryRegex result;
    result.m_regex = regex;
    return result;
}

bool QueryRegex::matches(std::string_view text) const
{
    const re2::StringPiece piece(text.data(), text.size());
    return m_regex->Match(piece, 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

#else

bool QueryRegex::available()
{
    return false;
}

std::variant<QueryRegex, QueryRegex::Problem> QueryRegex::compile(std::string_view)
{
    return Problem{0, "This build of Belljar has no regular expressions"};
}

bool QueryRegex::matches(std::string_view) const
{
    return false;
}

#endif

std::string writtenRegex(std::string_view expression)
{
    if (!expression.empty() && expression.find_first_of(" ()\"") == std::string_view::npos)
        return std::string(expression);
    std::string quoted = "\"";
    for (std::size_t at = 0; at < expression.size(); ++at) {
        if (expression[at] == '"') quoted += '\\';
        quoted += expression[at];
        if (expression[at] == '\\' && at + 1 < expression.size()) quoted += expression[++at];
    }
    return quoted + '"';
}

}  // namespace belljar
