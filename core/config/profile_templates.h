// Profiles to begin with: resources/templates/*.json, built in. Each is a complete profile whose comment says what it
// is for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace belljar {

struct ProfileTemplate {
    std::string_view name;  ///< "build": the file's name without ".json".
    std::string title;      ///< "Build in this folder"
    std::string about;      ///< One or two sentences.
    std::string_view text;  ///< JSON.
};

/// In the order of their names.
[[nodiscard]] const std::vector<ProfileTemplate>& profileTemplates();

/// "empty", which is not among them: the newest schema, bubblewrap, no paths, no network. For whoever writes the rest.
[[nodiscard]] const ProfileTemplate& emptyTemplate();

/// Also the empty one; nullptr: there is none of that name.
[[nodiscard]] const ProfileTemplate* findTemplate(std::string_view name);

}  // namespace belljar
