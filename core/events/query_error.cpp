#include "core/events/query_error.h"

#include <algorithm>

#include "core/base/utf8.h"
#include "core/base/visible.h"

namespace belljar {
namespace {

constexpr std::size_t kContextBytes = 60;  ///< Shown on each side of the error.

std::size_t characters(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) at += std::max<std::size_t>(utf8At(text, at).length, 1);
    return count;
}

}  // namespace

std::size_t queryColumn(std::string_view query, std::size_t offset)
{
    return characters(query.substr(0, offset)) + 1;
}

std::string queryCaret(std::string_view query, const QueryError& error)
{
    const std::size_t offset = std::min(error.offset, query.size());
    std::size_t begin = offset > kContextBytes ? offset - kContextBytes : 0;
    while (begin < offset && isUtf8Continuation(query[begin])) ++begin;
    std::size_t end = std::min(offset + kContextBytes, query.size());
    while (end > offset && end < query.size() && isUtf8Continuation(query[end])) --end;

    const std::string before = (begin > 0 ? "…" : "") + visible(query.substr(begin, offset - begin));
    const std::string after = visible(query.substr(offset, end - offset)) + (end < query.size() ? "…" : "");
    return before + after + "\n" + std::string(characters(before), ' ') + "^";
}

}  // namespace belljar
