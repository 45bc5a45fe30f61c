#include "core/engine/plan_text.h"

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"

namespace belljar {

namespace {

std::string quoted(const std::vector<std::string>& words)
{
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : " ") + shellQuote(word);
    return visible(line);
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

}  // namespace

std::string_view filterWatchName(FilterWatch watch)
{
    switch (watch) {
        case FilterWatch::none: return "none";
        case FilterWatch::standard: return "standard";
        case FilterWatch::full: return "full";
    }
    return "none";
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
    text += fmt::format("#   system calls     {}{}{}{}\n",
                        plan.shim.filter.closeDangerous ? "dangerous ones closed" : "not filtered", watchText(plan),
                        plan.shim.filter.hostNetwork ? ", host network" : "",
                        plan.shim.filter.nestsSandboxes ? ", namespaces for sandboxes inside open" : "");
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
                            visible(plan.display.socket),
                            visible(plan.display.compositor.empty() ? plan.display.program : plan.display.compositor),
                            clipboardWord(plan.display.clipboard), plan.display.inputTools ? "allowed" : "refused");
    for (const FilteredBus& bus : plan.buses.filtered)
        text +=
            fmt::format("# Bus {}, by {}: {}\n", visible(bus.address), visible(plan.buses.program), quoted(bus.rules));
    if (plan.shim.programs.on) {
        std::vector<std::string> programs;
        for (const ProgramRule& program : plan.shim.programs.allowed) programs.push_back(program.path);
        text += fmt::format("# Programs: {}\n", programs.empty() ? "none" : quoted(programs));
    }
    for (const std::string& note : plan.notes) text += "# Note: " + visible(note) + "\n";
    return text;
}

}  // namespace belljar
