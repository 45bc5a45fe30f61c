// A user's name and home folder as this system knows them.
#pragma once

#include <sys/types.h>

#include <string>

namespace belljar {

/// Empty texts: the system does not know the user.
struct UserEntry {
    std::string name;
    std::string home;
};

/// Costs a file, and a process where the user stands in none: ask the environment first.
[[nodiscard]] UserEntry userEntry(uid_t uid);

}  // namespace belljar
