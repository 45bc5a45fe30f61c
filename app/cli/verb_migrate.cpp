// belljar migrate: a profile of an older schema as one of 0.8 with the same effective access.
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/config/config_migration.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

struct Target {
    std::optional<std::string> file;
    bool inPlace = false;
    bool json = false;
};

std::string migrationJson(const std::string& profile, const Migration& migration, bool withText)
{
    std::vector<std::string> findings;
    for (const Finding& finding : migration.findings) findings.push_back(findingJson(finding));
    JsonObject json;
    json.text("profile", profile).flag("ok", migration.possible()).flag("changed", migration.changed);
    json.raw("findings", jsonArray(findings));
    if (withText) json.text("text", migration.text);
    return json.str() + "\n";
}

int leave(const std::string& profile, const Migration& migration, const Target& target)
{
    const bool possible = migration.possible();
    const bool toFile = target.inPlace || target.file;
    if (target.json) {
        printOut(migrationJson(profile, migration, possible && !toFile));
    } else {
        for (const Finding& finding : migration.findings) printErr(findingText(finding, profile));
        if (possible && !migration.changed) printErr(visible(profile) + ": is of schema 0.8 or later already\n");
        if (!possible) printErr(visible(profile) + ": nothing was changed\n");
        else if (!toFile) printOut(migration.text);
    }
    if (!possible) return kProblem;
    if (!toFile || (target.inPlace && !migration.changed)) return kOk;
    const std::string file = target.inPlace ? realFile(profile) : *target.file;
    if (const Result<void> written = writeFile(file, migration.text); !written) {
        reportError(written.error(), target.json);
        return kProblem;
    }
    return kOk;
}

}  // namespace

int migrateVerb(const Arguments& arguments)
{
    std::optional<std::string> profile;
    std::optional<std::string> version;
    Target target;
    OptionParser parser("migrate PROFILE [--to 0.8] [-o FILE | --in-place]",
                        "Rewrites a profile of schema 0.6 or 0.7 for 0.8, with the same effective access.\n"
                        "What cannot be migrated is named, and then nothing is written. Exit code 0: done, 1: not.");
    parser.positional("PROFILE", profile, "Configuration JSON; - is standard input", true);
    parser.choice("--to", version, {"0.8"}, "The schema to migrate to");
    parser.option("-o,--output", target.file, "FILE", "Write here instead of to standard output");
    parser.flag("--in-place", target.inPlace, "Replace the profile");
    parser.flag("--json", target.json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    if (target.inPlace && (target.file || *profile == "-")) {
        printErr("belljar: --in-place replaces the profile, so it needs a file and no -o\n");
        return kUsage;
    }
    Result<ProfileSource> source = readProfile(*profile);
    if (!source) {
        reportError(source.error(), target.json);
        return kProblem;
    }
    const Result<Migration> migration = migrateConfig(std::move(source->text), source->name);
    if (!migration) {
        reportError(migration.error(), target.json);
        return kProblem;
    }
    return leave(*profile, *migration, target);
}

}  // namespace belljar::cli
