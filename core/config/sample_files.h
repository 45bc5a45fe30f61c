// The bundled sample, built in from resources/sample: a small program, a profile for it, and something that the profile
// keeps it from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace belljar {

struct SampleFile {
    std::string name;  ///< Below the sample's folder: "private/diary.txt".
    std::string text;
};

/// The folders that the sample needs, below its own.
[[nodiscard]] std::vector<std::string_view> sampleFolders();

/// The files of a sample in `folder` for a user with this `home`, both absolute and without links; the profile,
/// "profile.json", is the last.
[[nodiscard]] std::vector<SampleFile> sampleFiles(const std::string& folder, const std::string& home);

}  // namespace belljar
