// belljar new: a profile to begin with.
#include <filesystem>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/config/profile_templates.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

int listTemplates(bool json)
{
    std::vector<std::string> documents;
    std::string text;
    for (const ProfileTemplate& each : profileTemplates()) {
        documents.push_back(
            JsonObject().text("name", each.name).text("title", each.title).text("about", each.about).str());
        text += fmt::format("{:<16} {}\n{:<16} {}\n", each.name, each.title, "", each.about);
    }
    printOut(json ? JsonObject().raw("templates", jsonArray(documents)).str() + "\n" : text);
    return kOk;
}

}  // namespace

int newVerb(const Arguments& arguments)
{
    std::optional<std::string> name;
    std::optional<std::string> file;
    bool json = false;
    OptionParser parser("new [TEMPLATE] [-o FILE]",
                        "Prints a profile to begin with; without a template it lists them. Exit code 0: done, 1: not.");
    parser.positional("TEMPLATE", name, "The kind of profile", false);
    parser.option("-o,--output", file, "FILE", "Write here, which must not exist, instead of to standard output");
    parser.flag("--json", json, "List the templates as one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
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
