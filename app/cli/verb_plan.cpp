// belljar plan: how a run would be set up, without running it.
#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/engine/plan_text.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

std::string limitsJson(const Limits& limits)
{
    return JsonObject()
        .number("memoryBytes", static_cast<std::uint64_t>(limits.memoryBytes))
        .number("processes", limits.processes)
        .number("cpuSeconds", limits.cpuSeconds)
        .number("tmpBytes", static_cast<std::uint64_t>(limits.tmpBytes))
        .str();
}

std::string displayJson(const DisplayPlan& display)
{
    if (!display.on()) return "null";
    return JsonObject()
        .text("socket", display.socket)
        .text("server", display.compositor.empty() ? display.program : display.compositor)
        .text("title", display.title)
        .text("size", display.size)
        .text("clipboard", clipboardWord(display.clipboard))
        .flag("inputTools", display.inputTools)
        .str();
}

std::string busesJson(const BusPlan& buses)
{
    std::vector<std::string> filtered;
    for (const FilteredBus& bus : buses.filtered)
        filtered.push_back(JsonObject()
                               .text("address", bus.address)
                               .text("socket", buses.folder + "/" + bus.socket)
                               .raw("rules", jsonTexts(bus.rules))
                               .str());
    return jsonArray(filtered);
}

std::string shimJson(const ShimPlan& shim)
{
    const std::string filter = JsonObject()
                                   .flag("closeDangerous", shim.filter.closeDangerous)
                                   .text("watch", filterWatchName(shim.filter.watch))
                                   .flag("hostNetwork", shim.filter.hostNetwork)
                                   .flag("nestsSandboxes", shim.filter.nestsSandboxes)
                                   .raw("deny", jsonTexts(shim.filter.deny))
                                   .str();
    return JsonObject()
        .raw("argv", jsonTexts(shim.argv))
        .raw("env", jsonTexts(shim.env))
        .text("cwd", shim.cwd)
        .raw("filter", filter)
        .raw("limits", limitsJson(shim.limits))
        .flag("scopeAbstractSockets", shim.scopeAbstractSockets)
        .str();
}

std::string planJson(const LaunchPlan& plan, const Limits& limits, const std::vector<Finding>& findings)
{
    std::vector<std::string> descriptors;
    for (const PlanDescriptor& descriptor : plan.descriptors)
        descriptors.push_back(JsonObject()
                                  .text("name", descriptor.name)
                                  .text("kind", descriptor.kind == PlanDescriptor::Kind::bytes ? "bytes" : "emptyFile")
                                  .number("size", static_cast<std::uint64_t>(descriptor.bytes.size()))
                                  .str());
    std::vector<std::string> found;
    for (const Finding& finding : findings) found.push_back(findingJson(finding));
    const std::string cgroup = JsonObject()
                                   .number("memoryBytes", static_cast<std::uint64_t>(plan.cgroup.memoryBytes))
                                   .number("processes", plan.cgroup.processes)
                                   .str();
    return JsonObject()
        .text("containment", plan.backend)
        .text("program", plan.program)
        .raw("arguments", jsonTexts(plan.arguments))
        .raw("descriptors", jsonArray(descriptors))
        .raw("shim", shimJson(plan.shim))
        .raw("cgroup", cgroup)
        .raw("limits", limitsJson(limits))
        .raw("display", displayJson(plan.display))
        .raw("buses", busesJson(plan.buses))
        .number("timeoutMs", static_cast<std::int64_t>(plan.timeout.count()))
        .raw("notes", jsonTexts(plan.notes))
        .raw("findings", jsonArray(found))
        .str();
}

}  // namespace

int planVerb(const Arguments& arguments)
{
    RunOptions options;
    bool json = false;
    WatchOptions watch;
    OptionParser parser("plan [PROFILE] [OPTIONS] [-- CMD ARG...]", "Shows how a run would be set up, without running.",
                        true);
    options.addTo(parser);
    watch.addTo(parser);
    parser.flag("--json", json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;

    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    Result<RunRequest> request = makeRequest(options, parser.command(), facts->system());
    if (!request) {
        reportError(request.error(), json);
        return kProblem;
    }
    request->watch = watch.plan();
    const BackendList backends = allBackends();
    const Preparation preparation = prepare(*request, *facts, backends);
    if (!json)
        for (const Finding& finding : preparation.findings)
            if (finding.severity != Severity::error) printErr(findingText(finding, request->profileName));
    if (!preparation.plan) {
        reportError(*preparation.error, json);
        return kProblem;
    }
    const Limits& limits = preparation.policy->limits;
    printOut(json ? planJson(*preparation.plan, limits, preparation.findings) + "\n"
                  : planText(*preparation.plan, limits));
    return kOk;
}

}  // namespace belljar::cli
