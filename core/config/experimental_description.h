// Part of the description of the configuration (see field_description.h): everything under `experimental`, where
// unknown keys are kept. Belljar's own block is described in belljar_description.h.
#pragma once

#include "core/config/belljar_description.h"
#include "core/config/field_facts.h"
#include "core/model/sandbox_config.h"

namespace belljar {

inline constexpr Word kWslcProtocols[] = {{"tcp"}};

/// For blocks under `experimental`: unknown keys are kept.
template <class Struct>
struct TolerantDescription {
    static constexpr auto kOthers = &Struct::others;
    static constexpr std::string_view kOneOfUntil = {};
};

template <>
struct Description<TelemetryConfig> : TolerantDescription<TelemetryConfig> {
    using C = TelemetryConfig;
    static constexpr std::string_view kName = "struct Telemetry";
    static constexpr auto kFields = std::tuple{
        field(&C::enabled, "enabled", "Send", "Send MXC's usage data."),
    };
};

template <>
struct Description<TestFeatureConfig> : TolerantDescription<TestFeatureConfig> {
    using C = TestFeatureConfig;
    static constexpr std::string_view kName = "struct TestFeature";
    static constexpr auto kFields = std::tuple{
        field(&C::message, "message", "Message", "Any text."),
    };
};

template <>
struct Description<WindowsSandboxConfig> : TolerantDescription<WindowsSandboxConfig> {
    using C = WindowsSandboxConfig;
    static constexpr std::string_view kName = "struct WindowsSandbox";
    static constexpr auto kFields = std::tuple{
        field(&C::idleTimeout, "idleTimeout", "Idle seconds", "Seconds of idleness until it is ended."),
        field(&C::idleTimeoutMs, "idleTimeoutMs", "Idle time", "Milliseconds of idleness until it is ended."),
        field(&C::daemonPipeName, "daemonPipeName", "Pipe", "Name of the daemon's pipe."),
    };
};

template <>
struct Description<IsolationSessionProvisionConfig> : TolerantDescription<IsolationSessionProvisionConfig> {
    using C = IsolationSessionProvisionConfig;
    static constexpr std::string_view kName = "struct IsolationSessionProvisionPhase";
    static constexpr auto kFields = std::tuple{
        field(&C::appId, "appId", "App", "Identifier of the app."),
    };
};

template <>
struct Description<IsolationSessionConfig> : TolerantDescription<IsolationSessionConfig> {
    using C = IsolationSessionConfig;
    static constexpr std::string_view kName = "struct IsolationSession";
    static constexpr auto kFields = std::tuple{
        field(&C::provision, "provision", "Provision", "Settings of the provision phase."),
    };
};

template <>
struct Description<WslcPortMappingConfig> : TolerantDescription<WslcPortMappingConfig> {
    using C = WslcPortMappingConfig;
    static constexpr std::string_view kName = "struct PortMapping";
    static constexpr auto kFields = std::tuple{
        field(&C::windowsPort, "windowsPort", "Port on Windows", "Port on this computer.", {.minimum = 1}),
        field(&C::containerPort, "containerPort", "Port inside", "Port in the container.", {.minimum = 1}),
        field(&C::protocol, "protocol", "Protocol", "Only tcp.", {.words = kWslcProtocols}),
    };
};

template <>
struct Description<WslcProvisionConfig> : TolerantDescription<WslcProvisionConfig> {
    using C = WslcProvisionConfig;
    static constexpr std::string_view kName = "struct WslcProvisionPhase";
    static constexpr auto kFields = std::tuple{
        field(&C::image, "image", "Image", "Container image."),
        field(&C::imageTarPath, "imageTarPath", "Image file", "Path of an image file."),
    };
};

template <>
struct Description<WslcConfig> : TolerantDescription<WslcConfig> {
    using C = WslcConfig;
    static constexpr std::string_view kName = "struct Wslc";
    static constexpr auto kFields = std::tuple{
        field(&C::targetOs, "targetOs", "System", "Operating system in the container."),
        field(&C::image, "image", "Image", "Container image."),
        field(&C::imageTarPath, "imageTarPath", "Image file", "Path of an image file."),
        field(&C::cpuCount, "cpuCount", "Processors", "Number of virtual processors."),
        field(&C::memoryMb, "memoryMb", "Memory", "MB of memory."),
        field(&C::gpu, "gpu", "Graphics", "Pass the graphics processor through."),
        field(&C::storagePath, "storagePath", "Storage", "Folder for the container's data."),
        field(&C::portMappings, "portMappings", "Ports", "Ports of this computer that lead into the container."),
        field(&C::provision, "provision", "Provision", "Settings of the provision phase."),
    };
};

template <>
struct Description<ExperimentalConfig> : TolerantDescription<ExperimentalConfig> {
    using C = ExperimentalConfig;
    static constexpr std::string_view kName = "struct Experimental";
    static constexpr auto kFields = std::tuple{
        field(&C::test, "test", "Test feature", "Used by MXC's own tests."),
        field(&C::windowsSandbox, "windows_sandbox", "Windows Sandbox", "Settings of the Windows Sandbox containment.",
              {.systems = "windows"}),
        field(&C::wslc, "wslc", "WSL container", "Settings of the WSL container containment.", {.systems = "windows"}),
        field(&C::isolationSession, "isolation_session", "Isolation session",
              "Settings of the isolation session containment.", {.systems = "windows"}),
        field(&C::seatbelt, "seatbelt", "Seatbelt", "Moved: use `seatbelt` at the top level.",
              {.alias = "macos_sandbox", .origin = FieldOrigin::moved}),
        field(&C::telemetry, "telemetry", "Telemetry", "MXC's own usage data; Belljar sends none."),
        field(&C::belljar, "belljar", "Belljar", "Settings of Belljar only; MXC ignores them.",
              {.origin = FieldOrigin::belljar}),
    };
};

}  // namespace belljar
