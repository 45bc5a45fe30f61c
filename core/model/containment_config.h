// Sections of a configuration that belong to one containment, most of them not to Belljar's own.
//
// They are modelled so that profiles made for another machine can be opened, checked, edited and written back without
// loss. See sandbox_config.h for the whole.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace belljar {

/// A JSON value that is kept as it was written and never looked into.
struct AnyJson {
    std::string text;  ///< Well-formed JSON.
    bool operator==(const AnyJson&) const = default;
};

/// A member that the description does not know, in a block that tolerates such members.
struct OtherMember {
    std::string key;
    AnyJson value;
    bool operator==(const OtherMember&) const = default;
};

/// `processContainer.ui`
struct ProcessContainerUiConfig {
    std::optional<std::string> isolation;  ///< desktop | handles | atoms | container
    std::optional<bool> desktopSystemControl;
    std::optional<std::string> systemSettings;
    std::optional<bool> ime;
    bool operator==(const ProcessContainerUiConfig&) const = default;
};

/// `processContainer.captureDenials`: its presence switches capturing on.
struct CaptureDenialsConfig {
    std::optional<std::string> mode;  ///< block | allow
    std::optional<std::string> outputPath;
    std::optional<bool> retainEtl;
    bool operator==(const CaptureDenialsConfig&) const = default;
};

struct ProcessContainerNetworkConfig {
    std::optional<std::string> allowedProxyPeer;
    bool operator==(const ProcessContainerNetworkConfig&) const = default;
};

/// Windows AppContainer.
struct ProcessContainerConfig {
    std::optional<bool> leastPrivilege;
    std::optional<std::vector<std::string>> capabilities;
    std::optional<bool> learningMode;
    std::optional<CaptureDenialsConfig> captureDenials;
    std::optional<ProcessContainerUiConfig> ui;
    std::optional<ProcessContainerNetworkConfig> network;  ///< Since 0.8.
    bool operator==(const ProcessContainerConfig&) const = default;
};

struct LxcConfig {
    std::optional<std::string> distribution;
    std::optional<std::string> release;
    bool operator==(const LxcConfig&) const = default;
};

/// macOS Seatbelt.
struct SeatbeltConfig {
    std::optional<std::string> profileOverride;
    std::optional<bool> guiAccess;
    std::optional<std::string> launchMethod;  ///< exec | open
    std::optional<bool> nestedPty;
    std::optional<bool> keychainAccess;
    std::optional<std::vector<std::string>> extraMachLookups;
    bool operator==(const SeatbeltConfig&) const = default;
};

struct FallbackConfig {
    std::optional<bool> allowDaclMutation;
    bool operator==(const FallbackConfig&) const = default;
};

// The blocks below live under `experimental`, where unknown members are tolerated.

struct TelemetryConfig {
    std::optional<bool> enabled;
    std::vector<OtherMember> others;
    bool operator==(const TelemetryConfig&) const = default;
};

struct TestFeatureConfig {
    std::optional<std::string> message;
    std::vector<OtherMember> others;
    bool operator==(const TestFeatureConfig&) const = default;
};

struct WindowsSandboxConfig {
    std::optional<std::string> daemonPipeName;
    std::optional<std::uint32_t> idleTimeout;    ///< Seconds.
    std::optional<std::uint32_t> idleTimeoutMs;  ///< Milliseconds.
    std::vector<OtherMember> others;
    bool operator==(const WindowsSandboxConfig&) const = default;
};

struct IsolationSessionProvisionConfig {
    std::optional<std::string> appId;
    std::vector<OtherMember> others;
    bool operator==(const IsolationSessionProvisionConfig&) const = default;
};

struct IsolationSessionConfig {
    std::optional<IsolationSessionProvisionConfig> provision;
    std::vector<OtherMember> others;
    bool operator==(const IsolationSessionConfig&) const = default;
};

struct WslcPortMappingConfig {
    std::uint16_t windowsPort = 0;
    std::uint16_t containerPort = 0;
    std::optional<std::string> protocol;  ///< tcp
    std::vector<OtherMember> others;
    bool operator==(const WslcPortMappingConfig&) const = default;
};

struct WslcProvisionConfig {
    std::optional<std::string> image;
    std::optional<std::string> imageTarPath;
    std::vector<OtherMember> others;
    bool operator==(const WslcProvisionConfig&) const = default;
};

/// Containers of the Windows Subsystem for Linux.
struct WslcConfig {
    std::optional<std::string> targetOs;
    std::optional<std::string> image;
    std::optional<std::string> imageTarPath;
    std::optional<std::string> storagePath;
    std::optional<std::uint32_t> cpuCount;
    std::optional<std::uint64_t> memoryMb;
    std::optional<bool> gpu;
    std::optional<std::vector<WslcPortMappingConfig>> portMappings;
    std::optional<WslcProvisionConfig> provision;
    std::vector<OtherMember> others;
    bool operator==(const WslcConfig&) const = default;
};

}  // namespace belljar
