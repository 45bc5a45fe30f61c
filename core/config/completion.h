// What an editor of a profile's text offers and explains: made from the description of the fields, for the place of the
// cursor and the schema version that the text declares.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/config_io.h"

namespace belljar {

struct Completion {
    std::string label;   ///< The key or value.
    std::string insert;  ///< What takes the place of the token at the cursor: JSON.
    std::string detail;  ///< The field's title.
    std::string help;
};

struct Completions {
    std::size_t begin = 0;  ///< The bytes that an insertion replaces.
    std::size_t end = 0;
    std::vector<Completion> items;  ///< Those that begin with what is typed stand first; others may be left out.
};

/// Only keys and values that the schema has there: no key twice, and none that is newer than the text's version.
[[nodiscard]] Completions completionsAt(std::string_view text, std::size_t offset);

struct Hover {
    std::size_t begin = 0;
    std::size_t end = 0;
    FieldInfo field;
};

/// The field that the key or value at `offset` is; nothing where there is none.
[[nodiscard]] std::optional<Hover> hoverAt(std::string_view text, std::size_t offset);

/// The field at a pointer into a profile, also one with another spelling of a key; nullptr: there is none.
[[nodiscard]] const FieldInfo* fieldAt(std::string_view pointer);

}  // namespace belljar
