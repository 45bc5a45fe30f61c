#include "backends/bubblewrap/bubblewrap_desktop.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/policy/path_lookup.h"

namespace belljar {
namespace {

/// A number that no display of a desktop has: with the host's network, names of its sockets are in sight.
constexpr const char* kDisplayNumber = ":90";
constexpr const char* kDisplaySocket = "/tmp/.X11-unix/X90";
constexpr const char* kXFolder = "/tmp/.X11-unix";
constexpr const char* kWaylandSocket = "wayland-0";
constexpr const char* kDisplaySize = "1280x800";

Error noDisplay(std::string why, std::string fix)
{
    return {ErrorCode::policyValidation, std::move(why), "/ui/disable", {}, std::move(fix)};
}

void setVariable(std::vector<std::string>& environment, const std::string& name, const std::string& value)
{
    std::erase_if(environment, [&](const std::string& entry) { return entry.starts_with(name + "="); });
    if (!value.empty()) environment.push_back(name + "=" + value);
}

constexpr const char* kOff = "set ui.disable to true for a program without windows";

std::string valueOf(const SystemFacts& facts, const std::string& variable)
{
    for (const std::string& entry : facts.environment)
        if (entry.starts_with(variable + "=")) return entry.substr(variable.size() + 1);
    return {};
}

/// The compositor's socket as Wayland's programs find it; "": there is none.
std::string compositorOf(const SystemFacts& facts)
{
    const std::string name = valueOf(facts, "WAYLAND_DISPLAY");
    const std::string folder = valueOf(facts, "XDG_RUNTIME_DIR");
    if (name.empty() || name.front() == '/') return name;
    return folder.empty() ? std::string() : folder + "/" + name;
}

Result<void> placeX(const SystemFacts& facts, const std::string& program, LaunchPlan& plan)
{
    if (facts.xephyrPath.empty())
        return noDisplay("A sandbox's X display needs Xephyr, which is not installed",
                         fmt::format("Install it: apt install xserver-xephyr (Debian, Ubuntu), dnf install "
                                     "xorg-x11-server-Xephyr (Fedora), pacman -S xorg-server-xephyr (Arch); or {}",
                                     kOff));
    if (valueOf(facts, "DISPLAY").empty())
        return noDisplay("There is no X display to show the sandbox's windows on: DISPLAY is not set",
                         fmt::format("Run it from a desktop session, or {}", kOff));
    DisplayPlan& display = plan.display;
    display.socket = kDisplaySocket;
    display.number = kDisplayNumber;
    display.program = facts.xephyrPath;
    display.title = fmt::format("[sandboxed] {} - Belljar", program);
    display.size = kDisplaySize;
    setVariable(plan.shim.env, "DISPLAY", display.number);
    setVariable(plan.shim.env, "XDG_SESSION_TYPE", "x11");
    plan.notes.push_back("The sandbox has an X display of its own, which appears as one window.");
    return {};
}

Result<void> placeWayland(const Policy& policy, const std::string& compositor, LaunchPlan& plan)
{
    if (compositor.empty())
        return noDisplay(
            "There is no Wayland compositor to show the sandbox's windows on: WAYLAND_DISPLAY is not set",
            fmt::format("Run it from a Wayland session, remove experimental.belljar.display, or {}", kOff));
    if (policy.ui.inputTools)
        return noDisplay("ui.injection needs an X display: Wayland has no input that stays inside a sandbox",
                         "Set experimental.belljar.display to x11, or ui.injection to false");
    plan.display.socket = std::string(kRuntimeFolder) + "/" + kWaylandSocket;
    plan.display.compositor = compositor;
    plan.display.title = "[sandboxed] ";
    setVariable(plan.shim.env, "WAYLAND_DISPLAY", kWaylandSocket);
    setVariable(plan.shim.env, "XDG_RUNTIME_DIR", kRuntimeFolder);
    setVariable(plan.shim.env, "XDG_SESSION_TYPE", "wayland");
    plan.notes.push_back("The sandbox has a Wayland display of its own; its windows are marked in their titles.");
    return {};
}

/// Input tools exist on X displays only.
bool takesWayland(const Policy& policy, const std::string& compositor)
{
    if (policy.ui.kind != DisplayKind::automatic) return policy.ui.kind == DisplayKind::wayland;
    return !compositor.empty() && !policy.ui.inputTools;
}

Result<void> placeDisplay(const Policy& policy, const SystemFacts& facts, LaunchPlan& plan)
{
    if (!policy.ui.display) return {};
    if (facts.displayHelperPath.empty())
        return noDisplay("belljar-display is missing beside this program",
                         "Install Belljar again, or build the target belljar-display");
    for (const char* folder : {kXFolder, kRuntimeFolder}) {
        const PathRule* sockets = ruleAt(policy, folder);
        if (!sockets || sockets->kind != PathKind::privateTmp)
            return noDisplay(
                fmt::format("A rule of the profile is about {}, where the sandbox's own display belongs", folder),
                "Remove that rule");
    }
    for (const char* variable : {"DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"})
        setVariable(plan.shim.env, variable, {});
    const std::string program =
        visible(policy.process.argv.empty() ? "program" : fileName(policy.process.argv.front()));
    const std::string compositor = compositorOf(facts);
    Result<void> placed =
        takesWayland(policy, compositor) ? placeWayland(policy, compositor, plan) : placeX(facts, program, plan);
    plan.display.helper = facts.displayHelperPath;
    plan.display.clipboard = policy.ui.clipboard;
    plan.display.inputTools = policy.ui.inputTools;
    return placed;
}

Error noBus(std::string why, const char* where, std::string fix)
{
    return {ErrorCode::policyValidation,
            std::move(why),
            std::string("/experimental/belljar/dbus/") + where,
            {},
            std::move(fix)};
}

/// The words of xdg-dbus-proxy for one bus.
FilteredBus filteredBus(const BusRules& rules, const std::string& address, std::string socket)
{
    FilteredBus bus{address, std::move(socket), {"--filter"}};
    for (const std::string& name : rules.talk) bus.rules.push_back("--talk=" + name);
    for (const std::string& rule : rules.call) bus.rules.push_back("--call=" + rule);
    for (const std::string& name : rules.own) bus.rules.push_back("--own=" + name);
    return bus;
}

Result<void> placeBuses(const Policy& policy, const SystemFacts& facts, LaunchPlan& plan)
{
    const BusPolicy& wanted = policy.bus;
    if (wanted.empty()) return {};
    const char* const first = wanted.session.empty() ? "system" : "session";
    if (facts.displayHelperPath.empty())
        return noBus("belljar-display is missing beside this program", first,
                     "Install Belljar again, or build the target belljar-display");
    if (facts.dbusProxyPath.empty())
        return noBus("A filtered bus needs xdg-dbus-proxy, which is not installed", first,
                     "Install it: apt install xdg-dbus-proxy (Debian, Ubuntu), dnf install xdg-dbus-proxy (Fedora), "
                     "pacman -S xdg-dbus-proxy (Arch); or remove experimental.belljar.dbus");
    if (!wanted.session.empty() && facts.sessionBus.empty())
        return noBus("There is no session bus to filter: DBUS_SESSION_BUS_ADDRESS is not set", "session",
                     "Run it from a desktop session, or remove the rules");
    if (!wanted.system.empty() && facts.systemBus.empty())
        return noBus("There is no system bus to filter on this machine", "system", "Start it, or remove the rules");
    const PathRule* folder = ruleAt(policy, kRuntimeFolder);
    if (!folder || folder->kind != PathKind::privateTmp)
        return noBus(fmt::format("A rule of the profile is about {}, where the sandbox's bus belongs", kRuntimeFolder),
                     first, "Remove that rule");
    plan.buses.program = facts.dbusProxyPath;
    plan.buses.helper = facts.displayHelperPath;
    plan.buses.folder = kRuntimeFolder;
    const auto place = [&](const BusRules& rules, const std::string& address, const char* name, const char* variable) {
        if (rules.empty()) return;
        plan.buses.filtered.push_back(filteredBus(rules, address, name));
        setVariable(plan.shim.env, variable, fmt::format("unix:path={}/{}", kRuntimeFolder, name));
    };
    place(wanted.session, facts.sessionBus, "session-bus", "DBUS_SESSION_BUS_ADDRESS");
    place(wanted.system, facts.systemBus, "system-bus", "DBUS_SYSTEM_BUS_ADDRESS");
    return {};
}

}  // namespace

Result<void> placeDesktop(const Policy& policy, const SystemFacts& facts, LaunchPlan& plan)
{
    if (Result<void> display = placeDisplay(policy, facts, plan); !display) return display;
    return placeBuses(policy, facts, plan);
}

}  // namespace belljar
