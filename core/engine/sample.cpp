#include "core/engine/sample.h"

#include <filesystem>

#include "core/config/sample_files.h"
#include "core/platform/platform.h"

namespace belljar {

namespace fs = std::filesystem;

Result<std::string> laySample(const std::string& folder, const std::string& home)
{
    std::error_code failure;
    for (const std::string_view name : sampleFolders())
        if (!failure) fs::create_directories(fs::path(folder) / name, failure);
    const fs::path target = failure ? fs::path() : fs::canonical(folder, failure);
    if (failure)
        return Error{ErrorCode::backendError, "The sample could not be laid out.", folder, failure.message(),
                     "Make sure that the folder can be written and the disk is not full."};
    std::error_code ignored;
    fs::remove(target / "out" / "result.txt", ignored);  // What an earlier run left.
    const fs::path plainHome = fs::canonical(home, ignored);
    const std::vector<SampleFile> files = sampleFiles(target.string(), ignored ? home : plainHome.string());
    for (const SampleFile& file : files)
        if (Result<void> written = writeFile((target / file.name).string(), file.text); !written)
            return std::move(written).error();
    return (target / files.back().name).string();
}

}  // namespace belljar
