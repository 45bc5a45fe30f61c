// The arguments of a program's start, as Event::detail has them: argv, working folder, names of the environment.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace belljar {

/// All of it hostile text.
struct ExecDetail {
    std::vector<std::string> argv;
    std::optional<std::string> folder;                    ///< Absent: not known.
    std::optional<std::vector<std::string>> environment;  ///< Names only.
};

/// Takes what can be read: a text that was cut gives the arguments before the cut.
[[nodiscard]] ExecDetail readExecDetail(std::string_view detail);

}  // namespace belljar
