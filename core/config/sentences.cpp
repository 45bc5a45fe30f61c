#include "core/config/sentences.h"

#include <spdlog/fmt/fmt.h>

#include "core/base/utf8.h"

namespace belljar {

std::string shortened(std::string_view text, std::size_t limit)
{
    if (text.size() <= limit) return std::string(text);
    std::size_t head = limit * 2 / 3;
    while (head > 0 && isUtf8Continuation(text[head])) --head;
    std::size_t tail = text.size() - (limit - limit * 2 / 3);
    while (tail < text.size() && isUtf8Continuation(text[tail])) ++tail;
    return std::string(text.substr(0, head)) + "…" + std::string(text.substr(tail));
}

std::string duplicateHint(std::uint32_t firstLine)
{
    return fmt::format("It was given in line {} before; remove one of the two.", firstLine);
}

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    return lowered(a) == lowered(b);
}

std::string oneOf(const std::vector<std::string_view>& words)
{
    if (words.size() == 1) return fmt::format("`{}`", words[0]);
    if (words.size() == 2) return fmt::format("`{}` or `{}`", words[0], words[1]);
    return fmt::format("one of `{}`", fmt::join(words, "`, `"));
}

std::string withArticle(std::string_view noun)
{
    if (noun == "null") return "null";
    const bool vowel = std::string_view("aeiou").find(noun.front()) != std::string_view::npos;
    return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

}  // namespace belljar
