// Part of the description of the configuration (see field_description.h): sections that belong to one containment.
#pragma once

#include "core/config/field_facts.h"
#include "core/model/containment_config.h"

namespace belljar {

inline constexpr Word kUiIsolations[] = {{"desktop"}, {"handles"}, {"atoms"}, {"container"}};
inline constexpr Word kCaptureModes[] = {{"block"}, {"allow"}};
inline constexpr Word kLaunchMethods[] = {{"exec"}, {"open"}};

template <>
struct Description<ProcessContainerUiConfig> : StrictDescription {
    using C = ProcessContainerUiConfig;
    static constexpr std::string_view kName = "struct BaseProcessUi";
    static constexpr auto kFields = std::tuple{
        field(&C::isolation, "isolation", "Isolation", "How far windows are kept apart.", {.words = kUiIsolations}),
        field(&C::desktopSystemControl, "desktopSystemControl", "Desktop control", "Allow control of the desktop."),
        field(&C::systemSettings, "systemSettings", "System settings", "Level of access to system settings."),
        field(&C::ime, "ime", "Input method", "Allow the input method editor."),
    };
};

template <>
struct Description<CaptureDenialsConfig> : StrictDescription {
    using C = CaptureDenialsConfig;
    static constexpr std::string_view kName = "struct CaptureDenials";
    static constexpr auto kFields = std::tuple{
        field(&C::mode, "mode", "Mode", "Whether recorded accesses are blocked or let through; absent is block.",
              {.since = "0.8", .words = kCaptureModes}),
        field(&C::outputPath, "outputPath", "Output file", "Absolute path of the report.", {.since = "0.8"}),
        field(&C::retainEtl, "retainEtl", "Keep trace", "Keep the trace that the report was made from.",
              {.since = "0.8"}),
    };
};

template <>
struct Description<ProcessContainerNetworkConfig> : StrictDescription {
    using C = ProcessContainerNetworkConfig;
    static constexpr std::string_view kName = "struct ProcessContainerNetwork";
    static constexpr auto kFields = std::tuple{
        field(&C::allowedProxyPeer, "allowedProxyPeer", "Proxy peer",
              "Package or AppContainer that may host the proxy.", {.since = "0.8"}),
    };
};

template <>
struct Description<ProcessContainerConfig> : StrictDescription {
    using C = ProcessContainerConfig;
    static constexpr std::string_view kName = "struct ProcessContainer";
    static constexpr auto kFields = std::tuple{
        field(&C::leastPrivilege, "leastPrivilege", "Least privilege", "Run as a less privileged AppContainer."),
        field(&C::learningMode, "learningMode", "Learning mode", "Record denied accesses while they stay denied.",
              {.since = "0.8"}),
        field(&C::capabilities, "capabilities", "Capabilities", "AppContainer capabilities, one name each."),
        field(&C::captureDenials, "captureDenials", "Capture denials",
              "Write a report of denied accesses; its presence switches it on.", {.since = "0.8"}),
        field(&C::ui, "ui", "Windows", "Isolation of windows and input."),
        field(&C::network, "network", "Network", "Network settings of this containment.",
              {.since = "0.8", .gated = true}),
    };
};

template <>
struct Description<LxcConfig> : StrictDescription {
    using C = LxcConfig;
    static constexpr std::string_view kName = "struct Lxc";
    static constexpr auto kFields = std::tuple{
        field(&C::distribution, "distribution", "Distribution", "Name of the image, e.g. alpine.",
              {.requiredUntil = "0.8"}),
        field(&C::release, "release", "Release", "Release of the image, e.g. 3.23.", {.requiredUntil = "0.8"}),
    };
};

template <>
struct Description<SeatbeltConfig> : StrictDescription {
    using C = SeatbeltConfig;
    static constexpr std::string_view kName = "struct Seatbelt";
    static constexpr auto kFields = std::tuple{
        field(&C::profileOverride, "profileOverride", "Own profile",
              "Seatbelt profile used instead of the generated one.", {.since = "0.7"}),
        field(&C::guiAccess, "guiAccess", "Windows", "Allow access to the window server.", {.since = "0.7"}),
        field(&C::launchMethod, "launchMethod", "Launch", "How the command is started.",
              {.since = "0.7", .words = kLaunchMethods}),
        field(&C::nestedPty, "nestedPty", "Own terminal", "Give the command a terminal of its own.", {.since = "0.7"}),
        field(&C::keychainAccess, "keychainAccess", "Keychain", "Allow access to the keychain.", {.since = "0.7"}),
        field(&C::extraMachLookups, "extraMachLookups", "Mach services",
              "Names of further services that may be looked up.", {.since = "0.7"}),
    };
};

template <>
struct Description<FallbackConfig> : StrictDescription {
    using C = FallbackConfig;
    static constexpr std::string_view kName = "struct Fallback";
    static constexpr auto kFields = std::tuple{
        field(&C::allowDaclMutation, "allowDaclMutation", "Change access lists",
              "Allow changing access lists of files when there is no other way."),
    };
};

}  // namespace belljar
