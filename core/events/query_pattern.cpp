#include "core/events/query_pattern.h"

#include <algorithm>

#include "core/base/utf8.h"
#include "core/base/visible.h"

namespace belljar {
namespace {

std::size_t characterLength(std::string_view text, std::size_t at)
{
    return std::max<std::size_t>(utf8At(text, at).length, 1);
}

/// `text` with each character of `special` behind a backslash; visible() writes none of them for something else.
std::string escaped(std::string_view text, std::string_view special)
{
    std::string result;
    for (const char c : visible(text)) {
        if (special.find(c) != std::string_view::npos) result += '\\';
        result += c;
    }
    return result;
}

/// Quotes also what the lexer would take for the beginning of an operator, or for several values.
std::string quotedWhereNeeded(std::string text)
{
    const bool plain = !text.empty() && text.find_first_of(" (),\"") == std::string::npos &&
                       (text.starts_with("::") || std::string_view(":=!<>").find(text.front()) == std::string_view::npos);
    return plain ? text : "\"" + text + "\"";
}

}  // namespace

bool hasWildcards(const QueryPattern& pattern)
{
    return std::any_of(pattern.begin(), pattern.end(), [](char16_t c) { return c >= kAnyRun; });
}

std::string plainText(const QueryPattern& pattern)
{
    std::string text;
    for (const char16_t c : pattern) text += c == kAnyRun ? '*' : c == kAnyOne ? '?' : static_cast<char>(c);
    return text;
}

bool patternMatches(const QueryPattern& pattern, std::string_view text)
{
    // Only the last run needs to be tried again: what earlier ones took was the shortest that fits, and a longer one
    // would leave less text for the same rest.
    std::size_t at = 0;
    std::size_t element = 0;
    std::size_t retryElement = QueryPattern::npos;
    std::size_t retryAt = 0;
    while (at < text.size()) {
        const char16_t wanted = element < pattern.size() ? pattern[element] : u'\0';
        if (element < pattern.size() && wanted == kAnyRun) {
            retryElement = ++element;
            retryAt = at;
        } else if (element < pattern.size() && wanted == kAnyOne) {
            at += characterLength(text, at);
            ++element;
        } else if (element < pattern.size() && wanted == static_cast<unsigned char>(text[at])) {
            ++at;
            ++element;
        } else if (retryElement != QueryPattern::npos) {
            retryAt += characterLength(text, retryAt);
            at = retryAt;
            element = retryElement;
        } else return false;
    }
    while (element < pattern.size() && pattern[element] == kAnyRun) ++element;
    return element == pattern.size();
}

std::string writtenPattern(const QueryPattern& pattern)
{
    std::string written;
    std::string run;  // Bytes in a row are escaped together: a character may have several.
    for (const char16_t c : pattern) {
        if (c < kAnyRun) {
            run += static_cast<char>(c);
            continue;
        }
        written += escaped(run, "\"*?") + (c == kAnyRun ? '*' : '?');
        run.clear();
    }
    return quotedWhereNeeded(written + escaped(run, "\"*?"));
}

std::string writtenText(std::string_view text)
{
    return quotedWhereNeeded(escaped(text, "\""));
}

}  // namespace belljar
