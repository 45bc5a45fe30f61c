// What people keep secret, and where: one table, so that learning never grants it by itself and checks can point at it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace belljar {

enum class SecretPlace : std::uint8_t {
    home,      ///< `path` is below a home folder.
    absolute,  ///< `path` is absolute.
    name,      ///< `path` is a file's name in any folder; with "*" in front, its end.
};

struct SecretRow {
    std::string_view path;
    SecretPlace place = SecretPlace::home;
    std::string_view what;  ///< "keys of SSH"
};

[[nodiscard]] std::span<const SecretRow> secretTable();

/// The row that `path` is at or below; nullptr: none. `path` is absolute and normalized, `home` the user's folder or "".
[[nodiscard]] const SecretRow* secretAt(std::string_view path, std::string_view home);

/// The rows with a fixed place at or below `folder`, with their absolute paths. Whether they exist is not looked at.
[[nodiscard]] std::vector<std::pair<std::string, const SecretRow*>> secretsBelow(std::string_view folder,
                                                                                 std::string_view home);

}  // namespace belljar
