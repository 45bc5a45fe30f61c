// belljar probe: which containments this machine can run, and why not.
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "app/cli/option_parser.h"
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/engine/systems_preview.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

std::string_view enforcementName(Enforcement enforcement)
{
    switch (enforcement) {
        case Enforcement::enforced: return "enforced";
        case Enforcement::partly: return "partly";
        case Enforcement::notYet: return "notYet";
        case Enforcement::impossible: return "impossible";
    }
    return "notYet";
}

std::string backendJson(const BackendInfo& info, const Availability& availability)
{
    std::vector<std::string> capabilities;
    for (const Capability& capability : info.capabilities)
        capabilities.push_back(JsonObject()
                                   .text("feature", capability.feature)
                                   .text("enforcement", enforcementName(capability.enforcement))
                                   .text("how", capability.how)
                                   .str());
    return JsonObject()
        .text("id", info.id)
        .text("title", info.title)
        .text("summary", info.summary)
        .raw("systems", jsonTexts(info.systems))
        .flag("available", availability.available)
        .text("reason", availability.reason)
        .text("fix", availability.fix)
        .raw("capabilities", jsonArray(capabilities))
        .str();
}

std::string factsJson(const SystemFacts& facts, const std::string& packetObstacle)
{
    return JsonObject()
        .text("system", facts.system)
        .text("kernel", facts.kernel)
        .text("distribution", facts.distribution)
        .number("uid", facts.uid)
        .text("user", facts.userName)
        .text("home", facts.homePath)
        .flag("userNamespaces", facts.userNamespaces)
        .text("userNamespacesReason", facts.userNamespacesReason)
        .flag("packetFilter", packetObstacle.empty())
        .text("packetFilterReason", packetObstacle)
        .flag("echoes", facts.echoes)
        .flag("seccompNotify", facts.seccompNotify)
        .number("landlockAbi", facts.landlockAbi)
        .flag("pidsCgroupWritable", facts.pidsCgroupWritable)
        .flag("memoryCgroupWritable", facts.memoryCgroupWritable)
        .text("bwrapPath", facts.bwrapPath)
        .text("bwrapVersion", facts.bwrapVersion)
        .text("shimPath", facts.shimPath)
        .text("displayHelperPath", facts.displayHelperPath)
        .text("xephyrPath", facts.xephyrPath)
        .text("dbusProxyPath", facts.dbusProxyPath)
        .str();
}

std::string backendText(const BackendInfo& info, const Availability& availability)
{
    std::string text =
        fmt::format("{:<14} {}: {}\n", visible(info.id), availability.available ? "available" : "not available",
                    visible(availability.reason));
    if (!availability.available && !availability.fix.empty())
        text += fmt::format("{:<14} fix: {}\n", "", visible(availability.fix));
    for (const Capability& capability : info.capabilities)
        text += fmt::format("{:<14} {:<11} {:<34} {}\n", "", enforcementName(capability.enforcement),
                            visible(capability.feature), visible(capability.how));
    return text;
}

/// Who watches in the kernel, or why nobody does; empty where there is no such thing.
std::string watchingText(const Result<std::unique_ptr<KernelMonitor>>& kernel)
{
    constexpr std::string_view kName = "watching (kernel)";
    if (kernel) return fmt::format("{:<22} yes: {}\n", kName, visible((*kernel)->facts().mechanism));
    const Error& error = kernel.error();
    std::string text = fmt::format("{:<22} no: {}\n", kName, visible(error.message));
    if (!error.native.empty()) text += fmt::format("{:<22} {}\n", "", visible(error.native));
    if (!error.hint.empty()) text += fmt::format("{:<22} fix: {}\n", "", visible(error.hint));
    return text;
}

std::string watchingJson(const Result<std::unique_ptr<KernelMonitor>>& kernel)
{
    JsonObject object;
    object.flag("available", kernel.ok());
    if (kernel) object.text("mechanism", (*kernel)->facts().mechanism);
    else
        object.text("reason", kernel.error().message)
            .text("native", kernel.error().native)
            .text("fix", kernel.error().hint);
    return object.str();
}

std::string factsText(const SystemFacts& facts, const std::string& packetObstacle,
                      const Result<std::unique_ptr<KernelMonitor>>& kernel)
{
    const auto known = [](const std::string& text) { return text.empty() ? std::string("none") : visible(text); };
    std::string text = fmt::format("{:<22} {} {}\n", "system", visible(facts.system), visible(facts.kernel));
    text += fmt::format("{:<22} {}\n", "distribution", known(facts.distribution));
    text += fmt::format("{:<22} {} ({})\n", "user", known(facts.userName), facts.uid);
    if (facts.system != "linux") return text;
    text += fmt::format("{:<22} {}\n", "user namespaces",
                        facts.userNamespaces ? std::string("yes") : "no: " + visible(facts.userNamespacesReason));
    text += fmt::format("{:<22} {}\n", "filtered network",
                        packetObstacle.empty() ? std::string("yes") : "by proxy only: " + visible(packetObstacle));
    text += fmt::format("{:<22} {}\n", "echo requests (ping)",
                        facts.echoes ? "yes" : "no: net.ipv4.ping_group_range has no group of yours");
    text += fmt::format("{:<22} {}\n", "watching (seccomp)", facts.seccompNotify ? "yes" : "no: the kernel is too old");
    text += watchingText(kernel);
    text += fmt::format("{:<22} {}\n", "Landlock",
                        facts.landlockAbi == 0 ? std::string("no") : fmt::format("version {}", facts.landlockAbi));
    text +=
        fmt::format("{:<22} {}, {}\n", "control groups", facts.pidsCgroupWritable ? "processes" : "no process limit",
                    facts.memoryCgroupWritable ? "memory" : "no memory limit");
    text += fmt::format("{:<22} {} {}\n", "bubblewrap", known(facts.bwrapPath), visible(facts.bwrapVersion));
    text += fmt::format("{:<22} {}\n", "belljar-shim", known(facts.shimPath));
    text += fmt::format("{:<22} {}\n", "belljar-display", known(facts.displayHelperPath));
    text += fmt::format("{:<22} {}\n", "Xephyr", known(facts.xephyrPath));
    text += fmt::format("{:<22} {}\n", "xdg-dbus-proxy", known(facts.dbusProxyPath));
    return text;
}

/// What each containment does with each field of a profile.
int previewProfile(const std::string& path, bool json)
{
    Result<ProfileSource> source = readProfile(path);
    Result<LoadedConfig> profile =
        source.ok() ? readConfig(std::move(source->text), source->name) : Result<LoadedConfig>(source.error());
    if (!profile) {
        reportError(profile.error(), json);
        return kProblem;
    }
    const SystemsPreview preview = previewSystems(*profile, allBackends());
    std::vector<std::string> rows;
    std::string text;
    for (const PreviewRow& row : preview.rows) {
        std::vector<std::string> cells;
        text += fmt::format("{}\n", visible(row.pointer));
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            const PreviewColumn& column = preview.columns[i];
            const PreviewCell& cell = row.cells[i];
            cells.push_back(JsonObject()
                                .text("containment", column.id)
                                .text("system", column.system)
                                .flag("ours", column.isOurs)
                                .text("state", previewStateName(cell.state))
                                .text("why", cell.why)
                                .str());
            text += fmt::format("  {:<18} {:<8} {:<10} {}\n", column.id, column.system, previewStateName(cell.state),
                                visible(cell.why));
        }
        rows.push_back(JsonObject().text("pointer", row.pointer).raw("containments", jsonArray(cells)).str());
    }
    printOut(json ? JsonObject().raw("fields", jsonArray(rows)).str() + "\n" : text);
    return kOk;
}

}  // namespace

int probeVerb(const Arguments& arguments)
{
    bool json = false;
    std::optional<std::string> profile;
    OptionParser parser(
        "probe [PROFILE] [--json]",
        "Says which containments this machine can run and what each enforces. Exit code 0: at least one, 1: none.\n"
        "With a profile: what each containment of each system does with its fields.");
    parser.positional("PROFILE", profile, "Configuration JSON; - is standard input", false);
    parser.flag("--json", json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    if (profile) return previewProfile(*profile, json);

    const std::unique_ptr<HostFacts> facts = inspectHost(true);
    bool any = false;
    std::vector<std::string> documents;
    const Result<std::unique_ptr<KernelMonitor>> kernel = openKernelMonitor(TraceLevel::standard);
    const std::string obstacle = facts->packetObstacle();
    std::string text = factsText(facts->system(), obstacle, kernel) + "\n";
    for (const std::unique_ptr<Backend>& backend : allBackends()) {
        const Availability availability = backend->probe(facts->system());
        any = any || availability.available;
        documents.push_back(backendJson(backend->info(), availability));
        text += backendText(backend->info(), availability);
    }
    if (json)
        text = JsonObject()
                   .raw("facts", factsJson(facts->system(), obstacle))
                   .raw("kernelWatching", watchingJson(kernel))
                   .raw("backends", jsonArray(documents))
                   .str() +
               "\n";
    printOut(text);
    return any ? kOk : kProblem;
}

}  // namespace belljar::cli
