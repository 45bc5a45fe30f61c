// A regular expression of a query. RE2 finds it: in time linear in the text, with bounded memory, whatever both hold.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace re2 {
class RE2;
}

namespace belljar {

inline constexpr std::size_t kLongestRegex = 1024;  ///< Bytes.
inline constexpr std::size_t kMostRegexes = 16;     ///< Of one query: each may take a megabyte while it is used.

class QueryRegex {
public:
    struct Problem {
        std::size_t offset = 0;  ///< In the expression.
        std::string message;     ///< One sentence without a period; may quote the expression.
    };

    /// False: this build has no RE2, and each expression is a problem.
    [[nodiscard]] static bool available();
    /// `expression` must be valid UTF-8. Text is taken as UTF-8; '.' is any character, a line's end too.
    [[nodiscard]] static std::variant<QueryRegex, Problem> compile(std::string_view expression);

    /// Whether some part of `text`, which may hold any bytes, fits. May be called by several threads.
    [[nodiscard]] bool matches(std::string_view text) const;

private:
    std::shared_ptr<const re2::RE2> m_regex;
};

/// As it is written in a query: quoted where it must be. `expression` has no backslash before a quote.
[[nodiscard]] std::string writtenRegex(std::string_view expression);

}  // namespace belljar
