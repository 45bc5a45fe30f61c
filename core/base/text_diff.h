// The lines in which two texts differ, and three texts made one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace belljar {

/// Lines [beforeBegin, beforeEnd) of the first text are lines [afterBegin, afterEnd) of the second. Counted from 0.
struct LineChange {
    std::size_t beforeBegin = 0;
    std::size_t beforeEnd = 0;
    std::size_t afterBegin = 0;
    std::size_t afterEnd = 0;
};

/// The texts' lines with their line ends; the last one may have none.
[[nodiscard]] std::vector<std::string_view> linesOf(std::string_view text);

/// The fewest lines that differ, in ascending order (Myers). Of texts that differ in more than some thousand lines, one
/// change for all that is between the first and the last difference.
[[nodiscard]] std::vector<LineChange> lineChanges(const std::vector<std::string_view>& before,
                                                  const std::vector<std::string_view>& after);

enum class DiffLine { same, removed, added };

struct ShownDiffLine {
    DiffLine kind = DiffLine::same;
    std::size_t beforeLine = 0;  ///< From 1; 0: not in that text.
    std::size_t afterLine = 0;
    std::string_view text;  ///< Without its line end; points into the texts.
};

/// The changes with `context` lines around them.
[[nodiscard]] std::vector<ShownDiffLine> shownDiff(std::string_view before, std::string_view after,
                                                   std::size_t context);

/// What `mine` and `theirs` both made of `base`; nothing when they changed the same lines, or lines that touch.
[[nodiscard]] std::optional<std::string> merged(std::string_view base, std::string_view mine, std::string_view theirs);

}  // namespace belljar
