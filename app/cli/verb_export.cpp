// belljar export: a profile and options as one self-contained profile.
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "core/base/visible.h"
#include "core/platform/platform.h"

namespace belljar::cli {

namespace {

/// MXC keeps Belljar's own block and does nothing about it.
void noteOwnRules(const std::string& exported)
{
    const Result<LoadedConfig> read = readConfig(exported);
    if (!read || !read->config.experimental || !read->config.experimental->belljar) return;
    const BelljarConfig& own = *read->config.experimental->belljar;
    std::string rules;
    const auto add = [&](bool given, const char* name) {
        if (given) rules += (rules.empty() ? "" : ", ") + std::string(name);
    };
    add(own.limits.has_value(), "limits");
    add(own.programs.has_value(), "programs");
    add(own.syscalls.has_value(), "syscalls");
    add(own.network.has_value(), "network");
    if (!rules.empty())
        printErr("belljar: note: MXC does not enforce what only Belljar knows: experimental.belljar." + rules + "\n");
}

}  // namespace

int exportVerb(const Arguments& arguments)
{
    RunOptions options;
    std::optional<std::string> file;
    bool json = false;
    OptionParser parser("export [PROFILE] [OPTIONS] [-o FILE] [-- CMD ARG...]",
                        "Writes a profile and options as one self-contained profile that MXC can run too.", true);
    options.addTo(parser);
    parser.option("-o,--output", file, "FILE", "Write here instead of to standard output");
    parser.flag("--json", json, "A profile is JSON anyway; errors become JSON too");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;

    const auto fail = [&](const Error& error) {
        reportError(error, json);
        return kProblem;
    };
    const Result<RunRequest> request = makeRequest(options, parser.command(), inspectHost(false)->system());
    if (!request) return fail(request.error());
    const Result<std::string> exported = exportProfile(*request);
    if (!exported) return fail(exported.error());
    noteOwnRules(*exported);
    if (!file) {
        printOut(*exported);
        return kOk;
    }
    if (const Result<void> written = writeFile(*file, *exported); !written) return fail(written.error());
    return kOk;
}

}  // namespace belljar::cli
