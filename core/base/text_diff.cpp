#include "core/base/text_diff.h"

#include <algorithm>

namespace belljar {
namespace {

constexpr std::ptrdiff_t kMostEdits = 4000;

/// The path of fewest edits through the grid of two sequences, from its end to its beginning.
class Myers {
public:
    Myers(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after, std::size_t head,
          std::size_t tail)
        : m_before(before),
          m_after(after),
          m_head(head),
          m_rows(static_cast<std::ptrdiff_t>(before.size() - head - tail)),
          m_columns(static_cast<std::ptrdiff_t>(after.size() - head - tail))
    {
    }

    /// False when there are too many differences.
    bool run(std::vector<LineChange>& changes)
    {
        const std::ptrdiff_t most = std::min(m_rows + m_columns, kMostEdits);
        std::vector<std::vector<std::ptrdiff_t>> steps;
        std::vector<std::ptrdiff_t> reach(static_cast<std::size_t>(2 * most + 3), 0);
        for (std::ptrdiff_t edits = 0; edits <= most; ++edits) {
            for (std::ptrdiff_t k = -edits; k <= edits; k += 2) {
                const auto at = [&](std::ptrdiff_t diagonal) -> std::ptrdiff_t& {
                    return reach[static_cast<std::size_t>(diagonal + most + 1)];
                };
                std::ptrdiff_t x = k == -edits || (k != edits && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
                while (x < m_rows && x - k < m_columns && isSame(x, x - k)) ++x;
                at(k) = x;
                if (x < m_rows || x - k < m_columns) continue;
                steps.push_back(reach);
                collect(steps, most, changes);
                return true;
            }
            steps.push_back(reach);
        }
        return false;
    }

private:
    bool isSame(std::ptrdiff_t row, std::ptrdiff_t column) const
    {
        return m_before[m_head + static_cast<std::size_t>(row)] == m_after[m_head + static_cast<std::size_t>(column)];
    }

    void collect(const std::vector<std::vector<std::ptrdiff_t>>& steps, std::ptrdiff_t most,
                 std::vector<LineChange>& changes) const
    {
        std::ptrdiff_t x = m_rows;
        std::ptrdiff_t y = m_columns;
        for (auto edits = static_cast<std::ptrdiff_t>(steps.size()) - 1; edits > 0; --edits) {
            const auto& before = steps[static_cast<std::size_t>(edits - 1)];
            const auto at = [&](std::ptrdiff_t k) { return before[static_cast<std::size_t>(k + most + 1)]; };
            const std::ptrdiff_t k = x - y;
            const bool added = k == -edits || (k != edits && at(k - 1) < at(k + 1));
            const std::ptrdiff_t previous = added ? k + 1 : k - 1;
            const std::ptrdiff_t fromX = at(previous);
            const std::ptrdiff_t fromY = fromX - previous;
            const auto row = m_head + static_cast<std::size_t>(fromX);
            const auto column = m_head + static_cast<std::size_t>(fromY);
            changes.push_back({row, row + (added ? 0 : 1), column, column + (added ? 1 : 0)});
            x = fromX;
            y = fromY;
        }
        std::reverse(changes.begin(), changes.end());
    }

    const std::vector<std::string_view>& m_before;
    const std::vector<std::string_view>& m_after;
    std::size_t m_head;
    std::ptrdiff_t m_rows;
    std::ptrdiff_t m_columns;
};

/// Neighbouring changes as one.
std::vector<LineChange> joined(const std::vector<LineChange>& single)
{
    std::vector<LineChange> changes;
    for (const LineChange& change : single) {
        const bool touches = !changes.empty() && changes.back().beforeEnd == change.beforeBegin &&
                             changes.back().afterEnd == change.afterBegin;
        if (!touches) {
            changes.push_back(change);
            continue;
        }
        changes.back().beforeEnd = change.beforeEnd;
        changes.back().afterEnd = change.afterEnd;
    }
    return changes;
}

std::string_view withoutLineEnd(std::string_view line)
{
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

std::vector<LineChange> lineChanges(const std::vector<std::string_view>& before,
                                    const std::vector<std::string_view>& after)
{
    std::size_t head = 0;
    while (head < std::min(before.size(), after.size()) && before[head] == after[head]) ++head;
    std::size_t tail = 0;
    while (tail < std::min(before.size(), after.size()) - head &&
           before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    if (head + tail == before.size() && head + tail == after.size()) return {};
    std::vector<LineChange> single;
    if (Myers(before, after, head, tail).run(single)) return joined(single);
    return {{head, before.size() - tail, head, after.size() - tail}};
}

std::vector<ShownDiffLine> shownDiff(std::string_view before, std::string_view after, std::size_t context)
{
    const std::vector<std::string_view> first = linesOf(before);
    const std::vector<std::string_view> second = linesOf(after);
    std::vector<ShownDiffLine> shown;
    std::size_t told = 0;  // Lines of `first` that are done.
    const std::vector<LineChange> changes = lineChanges(first, second);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const LineChange& change = changes[i];
        const std::size_t from = std::max(told, change.beforeBegin - std::min(change.beforeBegin, context));
        for (std::size_t line = from; line < change.beforeBegin; ++line) {
            const std::size_t other = change.afterBegin - (change.beforeBegin - line);
            shown.push_back({DiffLine::same, line + 1, other + 1, withoutLineEnd(first[line])});
        }
        for (std::size_t line = change.beforeBegin; line < change.beforeEnd; ++line)
            shown.push_back({DiffLine::removed, line + 1, 0, withoutLineEnd(first[line])});
        for (std::size_t line = change.afterBegin; line < change.afterEnd; ++line)
            shown.push_back({DiffLine::added, 0, line + 1, withoutLineEnd(second[line])});
        const std::size_t next = i + 1 < changes.size() ? changes[i + 1].beforeBegin : first.size();
        told = std::min(change.beforeEnd + context, next);
        for (std::size_t line = change.beforeEnd; line < told; ++line)
            shown.push_back({DiffLine::same, line + 1, change.afterEnd + (line - change.beforeEnd) + 1,
                             withoutLineEnd(first[line])});
    }
    return shown;
}

std::optional<std::string> merged(std::string_view base, std::string_view mine, std::string_view theirs)
{
    const std::vector<std::string_view> lines = linesOf(base);
    const std::vector<std::string_view> first = linesOf(mine);
    const std::vector<std::string_view> second = linesOf(theirs);
    const std::vector<LineChange> own = lineChanges(lines, first);
    const std::vector<LineChange> other = lineChanges(lines, second);
    std::string text;
    std::size_t at = 0;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < own.size() || j < other.size()) {
        const bool isOwn = j == other.size() || (i < own.size() && own[i].beforeBegin <= other[j].beforeBegin);
        const LineChange& change = isOwn ? own[i] : other[j];
        const LineChange* rival =
            isOwn ? (j < other.size() ? &other[j] : nullptr) : (i < own.size() ? &own[i] : nullptr);
        if (rival != nullptr && rival->beforeBegin <= change.beforeEnd) return std::nullopt;
        for (; at < change.beforeBegin; ++at) text += lines[at];
        const std::vector<std::string_view>& source = isOwn ? first : second;
        for (std::size_t line = change.afterBegin; line < change.afterEnd; ++line) text += source[line];
        at = change.beforeEnd;
        ++(isOwn ? i : j);
    }
    for (; at < lines.size(); ++at) text += lines[at];
    return text;
}

}  // namespace belljar
