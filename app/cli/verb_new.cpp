// belljar new: a profile to begin with.
#include <filesystem>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/config/profile_templates.h"
#include "core/engine/sample.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

int listTemplates(bool json)
{
    std::vector<std::string> documents;
    std::string text;
    std::vector<ProfileTemplate> templates = profileTemplates();
    templates.push_back(emptyTemplate());
    for (const ProfileTemplate& each : templates) {
        documents.push_back(
            JsonObject().text("name", each.name).text("title", each.title).text("about", each.about).str());
        text += fmt::format("{:<16} {}\n{:<16} {}\n", each.name, each.title, "", each.about);
    }
    printOut(json ? JsonObject().raw("templates", jsonArray(documents)).str() + "\n" : text);
    return kOk;
}

int laySampleInto(const std::string& folder, bool json)
{
    const Result<std::string> profile = laySample(folder, inspectHost(false)->system().homePath);
    if (!profile) {
        reportError(profile.error(), json);
        return kProblem;
    }
    printOut(json ? JsonObject().text("profile", *profile).str() + "\n" : visible(*profile) + "\n");
    return kOk;
}

}  // namespace

int newVerb(const Arguments& arguments)
{
    std::optional<std::string> name;
    std::optional<std::string> file;
    std::optional<std::string> sample;
    bool json = false;
    OptionParser parser("new [TEMPLATE] [-o FILE] | --sample FOLDER",
                        "Prints a profile to begin with; without a template it lists them. Exit code 0: done, 1: not.");
    parser.positional("TEMPLATE", name, "The kind of profile", false);
    parser.option("-o,--output", file, "FILE", "Write here, which must not exist, instead of to standard output");
    parser.option("--sample", sample, "FOLDER",
                  "Lay out the bundled sample there, as the desktop app does, and print the path of its profile");
    parser.flag("--json", json, "List the templates as one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    if (sample && (name || file)) {
        reportError({ErrorCode::malformedRequest,
                     "the sample is a folder of its own",
                     "--sample",
                     {},
                     "Leave out the template and -o."},
                    json);
        return kUsage;
    }
    if (sample) return laySampleInto(*sample, json);
    if (!name) return listTemplates(json);
    const ProfileTemplate* chosen = findTemplate(*name);
    if (chosen == nullptr) {
        reportError({ErrorCode::malformedRequest, "there is no such template", *name, {}, "belljar new lists them."},
                    json);
        return kUsage;
    }
    if (!file) {
        printOut(chosen->text);
        return kOk;
    }
    std::error_code ignored;
    const Result<void> written = std::filesystem::exists(*file, ignored)
                                     ? Error{ErrorCode::malformedRequest,
                                             "the file is there already",
                                             *file,
                                             {},
                                             "Name another one, or remove it first."}
                                     : writeFile(*file, chosen->text);
    if (written) return kOk;
    reportError(written.error(), json);
    return kProblem;
}

}  // namespace belljar::cli
