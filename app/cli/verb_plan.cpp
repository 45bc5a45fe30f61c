// belljar plan: how a run would be set up, without running it.
#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/platform/platform.h"

namespace belljar::cli {
namespace {

std::string quoted(const std::vector<std::string>& words)
{
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : " ") + shellQuote(word);
    return visible(line);
}

std::string limitsJson(const Limits& limits)
{
    return JsonObject()
        .number("memoryBytes", static_cast<std::uint64_t>(limits.memoryBytes))
        .number("processes", limits.processes)
        .number("cpuSeconds", limits.cpuSeconds)
        .number("tmpBytes", static_cast<std::uint64_t>(limits.tmpBytes))
        .str();
}

std::string_view filterWatchName(FilterWatch watch)
{
    switch (watch) {
        case FilterWatch::none: return "none";
        case FilterWatch::standard: return "standard";
        case FilterWatch::full: return "full";
    }
    return "none";
}

/// The plan cannot know whether the kernel will watch: that is tried at the start.
std::string watchText(const LaunchPlan& plan)
{
    const std::string level(filterWatchName(plan.shim.filter.watch));
    switch (plan.watch.monitor) {
        case Monitor::off: return ", not watched";
        case Monitor::notify: return ", " + level + " trace by notifications";
        case Monitor::kernel: return ", " + level + " trace by the kernel";
        case Monitor::automatic: return ", " + level + " trace by the kernel where that works, else by notifications";
    }
    return {};
}

std::string displayJson(const DisplayPlan& display)
{
    if (!display.on()) return "null";
    return JsonObject()
        .text("socket", display.socket)
        .text("server", display.program)
        .text("title", display.title)
        .text("size", display.size)
        .text("clipboard", clipboardWord(display.clipboard))
        .flag("inputTools", display.inputTools)
        .str();
}

std::string shimJson(const ShimPlan& shim)
{
    const std::string filter = JsonObject()
                                   .flag("closeDangerous", shim.filter.closeDangerous)
                                   .text("watch", filterWatchName(shim.filter.watch))
                                   .flag("hostNetwork", shim.filter.hostNetwork)
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
        .number("timeoutMs", static_cast<std::int64_t>(plan.timeout.count()))
        .raw("notes", jsonTexts(plan.notes))
        .raw("findings", jsonArray(found))
        .str();
}

/// The tool's command line, one option with its values a line.
std::string commandText(const LaunchPlan& plan)
{
    std::string text = visible(shellQuote(plan.program));
    for (const std::string& argument : plan.arguments)
        text += (argument.starts_with("--") ? " \\\n  " : " ") + visible(shellQuote(argument));
    return text + "\n";
}

std::string limitText(std::uint64_t value, const char* unit)
{
    return value == 0 ? std::string("no limit") : fmt::format("{} {}", value, unit);
}

std::string planText(const LaunchPlan& plan, const Limits& limits)
{
    std::string text = fmt::format("# Containment: {}\n", visible(plan.backend));
    if (plan.backend == "bubblewrap")
        text +=
            "# belljar-shim does what these options say; the command is run where the system lets only bwrap do so.\n";
    text += commandText(plan);
    for (const PlanDescriptor& descriptor : plan.descriptors)
        text += fmt::format("# {{fd:{}}} is {}\n", visible(descriptor.name),
                            descriptor.kind == PlanDescriptor::Kind::bytes
                                ? fmt::format("a read-only memory file of {} bytes", descriptor.bytes.size())
                                : std::string("something that reads as empty"));
    text += "\n# Inside, belljar-shim then starts\n" + quoted(plan.shim.argv) + "\n";
    text += fmt::format("#   in folder        {}\n", visible(plan.shim.cwd));
    text += fmt::format("#   with environment {}\n", quoted(plan.shim.env));
    text += fmt::format("#   system calls     {}{}{}\n",
                        plan.shim.filter.closeDangerous ? "dangerous ones closed" : "not filtered", watchText(plan),
                        plan.shim.filter.hostNetwork ? ", host network" : "");
    if (!plan.shim.filter.deny.empty()) text += fmt::format("#   denied calls     {}\n", quoted(plan.shim.filter.deny));
    text += fmt::format("# Limits: memory {}; processes {}; processor {}; /tmp {}; time {}\n",
                        limitText(limits.memoryBytes, "bytes"), limitText(limits.processes, "at once"),
                        limitText(limits.cpuSeconds, "s"), limitText(limits.tmpBytes, "bytes"),
                        limitText(static_cast<std::uint64_t>(plan.timeout.count()), "ms"));
    if (!plan.cgroup.empty())
        text += fmt::format("# Of the whole tree, by control groups: memory {}; processes {}\n",
                            limitText(plan.cgroup.memoryBytes, "bytes"), limitText(plan.cgroup.processes, "at once"));
    if (plan.display.on())
        text += fmt::format("# Display {}, by {}; clipboard {}; input to other windows inside {}\n",
                            visible(plan.display.number), visible(plan.display.program),
                            clipboardWord(plan.display.clipboard), plan.display.inputTools ? "allowed" : "refused");
    if (plan.shim.programs.on) {
        std::vector<std::string> programs;
        for (const ProgramRule& program : plan.shim.programs.allowed) programs.push_back(program.path);
        text += fmt::format("# Programs: {}\n", programs.empty() ? "none" : quoted(programs));
    }
    for (const std::string& note : plan.notes) text += "# Note: " + visible(note) + "\n";
    return text;
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
