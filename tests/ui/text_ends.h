// What two texts share, for tests of edits that may touch one span only.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

namespace belljar::test {

/// How many bytes before and after the change both texts share.
inline std::pair<std::size_t, std::size_t> commonEnds(const std::string& a, const std::string& b)
{
    const std::size_t shorter = std::min(a.size(), b.size());
    std::size_t head = 0;
    while (head < shorter && a[head] == b[head]) ++head;
    std::size_t tail = 0;
    while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail]) ++tail;
    return {head, tail};
}

}  // namespace belljar::test
