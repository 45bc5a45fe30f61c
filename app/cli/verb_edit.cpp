// belljar edit: changes of a profile that touch only what they are about, as the desktop app's form makes them.
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "core/base/line_ends.h"
#include "core/base/visible.h"
#include "core/config/config_io.h"
#include "core/platform/platform.h"
#include "core/policy/network_words.h"

namespace belljar::cli {
namespace {

struct EditOptions {
    std::optional<std::string> profile, file;
    std::vector<std::string> settings, removed, readOnly, readWrite, denied, allowedNetworks, deniedNetworks;
    bool json = false;
};

Error wrong(const std::string& where, std::string message, std::string hint)
{
    return {ErrorCode::malformedRequest, std::move(message), where, {}, std::move(hint)};
}

Result<void> addSettings(const EditOptions& options, std::vector<ProfileChange>& changes)
{
    for (const std::string& setting : options.settings) {
        const std::size_t equals = setting.find('=');
        if (equals == std::string::npos || !setting.starts_with('/'))
            return wrong("--set " + setting, "a setting is POINTER=VALUE", "For example --set /process/timeout=5000.");
        const std::string value = setting.substr(equals + 1);
        changes.push_back({setting.substr(0, equals), JsonText::parse(value).ok() ? value : jsonQuote(value)});
    }
    for (const std::string& pointer : options.removed) {
        if (!pointer.starts_with('/'))
            return wrong("--remove " + pointer, "a field is named by a JSON pointer",
                         "For example --remove /process/timeout.");
        changes.push_back({pointer, std::nullopt});
    }
    return {};
}

Result<void> addRules(const EditOptions& options, std::vector<ProfileChange>& changes)
{
    const std::pair<const std::vector<std::string>&, const char*> paths[] = {
        {options.readOnly, "/filesystem/readonlyPaths/-"},
        {options.readWrite, "/filesystem/readwritePaths/-"},
        {options.denied, "/filesystem/deniedPaths/-"}};
    for (const auto& [list, pointer] : paths)
        for (const std::string& path : list) {
            Result<std::string> absolute = path.starts_with("${") ? Result<std::string>(path) : absolutePath(path);
            if (!absolute) return std::move(absolute).error();
            changes.push_back({pointer, jsonQuote(*absolute)});
        }
    for (const bool allow : {true, false})
        for (const std::string& text : allow ? options.allowedNetworks : options.deniedNetworks) {
            Result<NetworkSpec> spec = parseNetworkSpec(text);
            if (!spec) {
                Error error = std::move(spec).error();
                error.where = text;
                return error;
            }
            if (!allow && spec->networks.empty())
                return wrong(text, "a host name cannot be denied", "Names that no rule allows are denied anyway.");
            const NetworkEntry entry = networkEntry(*spec, allow);
            changes.push_back({entry.list + "/-", entry.element});
        }
    return {};
}

/// The text with all changes; refused when it would be no valid profile.
Result<std::string> edited(std::string text, const std::string& name, const std::vector<ProfileChange>& changes)
{
    const bool windows = normalizeLineEnds(text);
    const Result<std::vector<TextEdit>> edits = editsFor(text, changes);
    if (!edits) return edits.error();
    for (const TextEdit& each : *edits) text = applyEdit(std::move(text), each);
    if (const Result<LoadedConfig> checked = readConfig(text, name); !checked) return checked.error();
    return windows ? withWindowsLineEnds(text) : text;
}

Result<void> editProfile(const EditOptions& options, const std::vector<ProfileChange>& changes)
{
    Result<ProfileSource> source = readProfile(*options.profile);
    if (!source) return std::move(source).error();
    const Result<std::string> text = edited(std::move(source->text), source->name, changes);
    if (!text) return text.error();
    if (!options.file && *options.profile == "-") {
        printOut(*text);
        return {};
    }
    return writeFile(options.file ? *options.file : realFile(*options.profile), *text);
}

}  // namespace

int editVerb(const Arguments& arguments)
{
    EditOptions options;
    OptionParser parser("edit PROFILE CHANGE... [-o FILE]",
                        "Changes a profile and nothing else in its text: comments, order and indentation stay.\n"
                        "Refused when the result would be no valid profile. Exit code 0: done, 1: not.");
    parser.positional("PROFILE", options.profile, "Configuration JSON; - is standard input, to standard output", true);
    parser.option("--set", options.settings, "POINTER=VALUE",
                  "Set a field; - as the last part of a pointer appends to a list");
    parser.option("--remove", options.removed, "POINTER", "Take a field or an element of a list away");
    parser.option("--ro", options.readOnly, "PATH", "Grant a file or folder for reading");
    parser.option("--rw", options.readWrite, "PATH", "Grant a file or folder for reading and writing");
    parser.option("--deny", options.denied, "PATH", "Deny a file or folder");
    parser.option("--allow-net", options.allowedNetworks, "DEST[:PORT][/PROTO]",
                  "Allow connections to a network or host name");
    parser.option("--deny-net", options.deniedNetworks, "DEST[:PORT][/PROTO]", "Deny connections to a network");
    parser.option("-o,--output", options.file, "FILE", "Write here instead of replacing the profile");
    parser.flag("--json", options.json, "Print errors as JSON");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    std::vector<ProfileChange> changes;
    Result<void> understood = addSettings(options, changes);
    if (understood) understood = addRules(options, changes);
    if (understood && changes.empty())
        understood = wrong({}, "what shall be changed?", "For example --ro PATH; belljar help edit lists the changes.");
    if (!understood) {
        reportError(understood.error(), options.json);
        return kUsage;
    }
    if (const Result<void> done = editProfile(options, changes); !done) {
        reportError(done.error(), options.json);
        return kProblem;
    }
    return kOk;
}

}  // namespace belljar::cli
