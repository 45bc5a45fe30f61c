// The configuration, described once: one entry for each field. To add a field, add the member to the model and an entry
// to its struct's description; reading, writing, schema, forms and help follow. The network, containment and
// experimental sections are described in the headers included here.
#pragma once

#include "core/config/containment_description.h"
#include "core/config/experimental_description.h"
#include "core/config/field_facts.h"
#include "core/config/network_description.h"
#include "core/model/sandbox_config.h"

namespace belljar {

inline constexpr Word kContainments[] = {{"process"},
                                         {"appcontainer", "", "processcontainer"},
                                         {"processcontainer"},
                                         {"vm", "0.9"},
                                         {"windows_sandbox", "0.9"},
                                         {"lxc"},
                                         {"microvm", "0.9"},
                                         {"hyperlight", "0.9"},
                                         {"wslc", "0.9"},
                                         {"macos_sandbox", "", "seatbelt"},
                                         {"seatbelt", "0.7"},
                                         {"isolation_session", "0.9"},
                                         {"bubblewrap"}};
inline constexpr Word kPhases[] = {{"provision"}, {"start"}, {"exec"}, {"stop"}, {"deprovision"}};
inline constexpr Word kClipboards[] = {{"none"}, {"read"}, {"write"}, {"all"}};

template <>
struct Description<ProcessConfig> : StrictDescription {
    using C = ProcessConfig;
    static constexpr std::string_view kName = "struct Process";
    static constexpr auto kFields = std::tuple{
        field(&C::commandLine, "commandLine", "Command", "Command line or script; run by `sh -c` on Linux.",
              {.requiredUntil = "0.8", .text = TextRule::command}),
        field(&C::cwd, "cwd", "Working folder", "Folder the command starts in, as seen inside the sandbox."),
        field(&C::env, "env", "Environment", "Variables as KEY=VALUE; nothing else is passed on."),
        field(&C::timeout, "timeout", "Time limit",
              "Milliseconds until everything in the sandbox is ended; 0 is no limit."),
    };
};

template <>
struct Description<LifecycleConfig> : StrictDescription {
    using C = LifecycleConfig;
    static constexpr std::string_view kName = "struct Lifecycle";
    static constexpr auto kFields = std::tuple{
        field(&C::destroyOnExit, "destroyOnExit", "Destroy on exit", "Remove the container when the command ends.",
              {.systems = "windows linux"}),
        field(&C::preservePolicy, "preservePolicy", "Keep policy",
              "Leave the applied policy in place when the command ends.", {.systems = "windows linux"}),
    };
};

template <>
struct Description<FilesystemConfig> : StrictDescription {
    using C = FilesystemConfig;
    static constexpr std::string_view kName = "struct Filesystem";
    static constexpr auto kFields = std::tuple{
        field(&C::readwritePaths, "readwritePaths", "Read and write", "Files and folders that may be read and changed.",
              {.text = TextRule::path}),
        field(&C::readonlyPaths, "readonlyPaths", "Read only", "Files and folders that may be read.",
              {.text = TextRule::path}),
        field(&C::deniedPaths, "deniedPaths", "Denied", "Files and folders that are hidden, also below granted ones.",
              {.text = TextRule::path}),
    };
};

template <>
struct Description<UiConfig> : StrictDescription {
    using C = UiConfig;
    static constexpr std::string_view kName = "struct Ui";
    static constexpr auto kFields = std::tuple{
        field(&C::disable, "disable", "No user interface", "Keep the command away from the desktop."),
        field(&C::clipboard, "clipboard", "Clipboard", "What the command may do with the clipboard.",
              {.words = kClipboards}),
        field(&C::injection, "injection", "Synthetic input", "Allow sending key strokes and clicks to other windows."),
    };
};

template <>
struct Description<SandboxConfig> : StrictDescription {
    using C = SandboxConfig;
    static constexpr std::string_view kName = "a configuration object";
    static constexpr auto kFields = std::tuple{
        field(&C::schema, "$schema", "Schema", "Address of a JSON Schema for editors; ignored.", {.since = "0.7"}),
        field(&C::comment, "_comment", "Comment", "Anything; ignored.", {.since = "0.7"}),
        field(&C::version, "version", "Version", "Schema version such as 0.8.0-alpha; absent means the oldest rules."),
        field(&C::phase, "phase", "Phase", "Step in the life of a sandbox that outlives one command; absent: one run.",
              {.since = "0.9", .words = kPhases, .systems = "windows"}),
        field(&C::sandboxId, "sandboxId", "Sandbox", "What provisioning answered; every later phase needs it.",
              {.since = "0.9", .systems = "windows"}),
        field(&C::correlationVector, "correlationVector", "Correlation",
              "Mark of MXC's usage data that the phases of one sandbox share; passed on as it is.",
              {.since = "0.9", .systems = "windows"}),
        field(&C::containerId, "containerId", "Name", "Name of the container."),
        field(&C::containment, "containment", "Containment",
              "What encloses the command; `process` is the system's own sandbox.", {.words = kContainments}),
        field(&C::process, "process", "Process", "What runs, and where.", {.requiredUntil = "0.9"}),
        field(&C::lifecycle, "lifecycle", "Lifecycle", "What is left when the command ends."),
        field(&C::processContainer, "processContainer", "AppContainer",
              "Settings of the Windows AppContainer containment.",
              {.alias = "appContainer",
               .aliasSchema = "0.7",
               .section = "processcontainer process",
               .systems = "windows"}),
        field(&C::lxc, "lxc", "LXC", "Settings of the LXC containment.", {.section = "lxc", .systems = "linux"}),
        field(&C::filesystem, "filesystem", "Files", "Which files and folders may be read and changed."),
        field(&C::fallback, "fallback", "Fallback", "What may be tried when the containment is not available.",
              {.systems = "windows"}),
        field(&C::network, "network", "Network", "Which addresses may be reached."),
        field(&C::runtimeConfig, "runtimeConfig", "Run", "Values of this run that are not policy.",
              {.since = "0.8", .gated = true}),
        field(&C::ui, "ui", "Desktop", "Windows, clipboard and input."),
        field(&C::seatbelt, "seatbelt", "Seatbelt", "Settings of the macOS Seatbelt containment.",
              {.alias = "macos_sandbox", .since = "0.7", .section = "seatbelt process", .systems = "macos"}),
        field(&C::experimental, "experimental", "Experimental",
              "Blocks that are not yet part of the schema, and Belljar's own."),
    };
    static constexpr std::string_view kClosedSince = "0.7";
};

}  // namespace belljar
