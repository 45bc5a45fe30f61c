// Where in a JSON text, which may be unfinished or wrong, a byte stands: inside which values, and whether a key or a
// value belongs there.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace belljar {

struct TextCursor {
    enum class At {
        nothing,  ///< Between values, where only commas and brackets belong, or outside of everything.
        key,
        value,
    };
    At at = At::nothing;
    std::string pointer;    ///< For a key of the object around it; for a value its own. RFC 6901.
    std::string token;      ///< What stands there already, decoded and without quotes; "" for nothing.
    std::size_t begin = 0;  ///< The token with its quotes, in bytes; empty where there is none.
    std::size_t end = 0;
    bool hasColon = false;       ///< For a key: its colon is there.
    std::set<std::string> keys;  ///< For a key: the others of the object.
};

/// `offset` past the end counts as the end. Never fails.
[[nodiscard]] TextCursor cursorAt(std::string_view text, std::size_t offset);

}  // namespace belljar
