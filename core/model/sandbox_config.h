// The configuration as it stands on disk: Microsoft MXC configuration JSON, schema 0.6 - 0.9, as plain values.
//
// Absent and `null` are the same thing and read as std::nullopt. What the fields are called, since when they exist and
// what they mean is said once, in core/config/field_description.h; reading, writing, schema, forms and help derive
// from there. Belljar's own settings live under `experimental.belljar`, a block that MXC accepts and ignores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/model/belljar_config.h"
#include "core/model/containment_config.h"

namespace belljar {

struct ProcessConfig {
    std::optional<std::string> commandLine;  ///< Run by `sh -c` on Linux.
    std::optional<std::string> cwd;
    std::optional<std::vector<std::string>> env;  ///< "KEY=VALUE" entries.
    std::optional<std::uint32_t> timeout;         ///< Milliseconds; 0 is no limit.
    bool operator==(const ProcessConfig&) const = default;
};

struct LifecycleConfig {
    std::optional<bool> destroyOnExit;
    std::optional<bool> preservePolicy;
    bool operator==(const LifecycleConfig&) const = default;
};

struct FilesystemConfig {
    std::optional<std::vector<std::string>> readwritePaths;
    std::optional<std::vector<std::string>> readonlyPaths;
    std::optional<std::vector<std::string>> deniedPaths;
    bool operator==(const FilesystemConfig&) const = default;
};

struct NetworkPeerConfig {
    std::string cidr;
    std::optional<std::vector<std::string>> except;
    bool operator==(const NetworkPeerConfig&) const = default;
};

struct NetworkPortConfig {
    std::optional<std::string> protocol;  ///< any | tcp | udp | icmp
    std::optional<std::uint16_t> port;
    std::optional<std::uint16_t> endPort;
    bool operator==(const NetworkPortConfig&) const = default;
};

struct NetworkRuleConfig {
    std::optional<std::vector<NetworkPeerConfig>> to;
    std::optional<std::vector<NetworkPortConfig>> ports;
    bool operator==(const NetworkRuleConfig&) const = default;
};

struct NetworkEgressConfig {
    std::optional<std::string> defaultAction;  ///< JSON key "default": allow | deny
    std::optional<std::vector<NetworkRuleConfig>> allow;
    std::optional<std::vector<NetworkRuleConfig>> deny;
    bool operator==(const NetworkEgressConfig&) const = default;
};

struct NetworkIngressConfig {
    std::optional<std::string> defaultAction;  ///< JSON key "default": allow | deny
    std::optional<std::string> hostLoopback;   ///< allow | deny
    bool operator==(const NetworkIngressConfig&) const = default;
};

struct NetworkProxyConfig {
    std::optional<std::uint16_t> localhost;
    std::optional<bool> builtinTestServer;
    std::optional<std::string> url;
    bool operator==(const NetworkProxyConfig&) const = default;
};

struct NetworkConfig {
    std::optional<std::string> defaultPolicy;    ///< allow | block
    std::optional<std::string> enforcementMode;  ///< capabilities | firewall | both
    std::optional<std::vector<std::string>> allowedHosts;
    std::optional<std::vector<std::string>> blockedHosts;
    std::optional<bool> allowLocalNetwork;
    std::optional<NetworkProxyConfig> proxy;
    std::optional<NetworkEgressConfig> egress;    ///< Since 0.8.
    std::optional<NetworkIngressConfig> ingress;  ///< Since 0.8.
    bool operator==(const NetworkConfig&) const = default;
};

struct RuntimeConfig {
    std::optional<std::string> networkProxy;  ///< Since 0.8.
    bool operator==(const RuntimeConfig&) const = default;
};

struct UiConfig {
    std::optional<bool> disable;
    std::optional<std::string> clipboard;  ///< none | read | write | all
    std::optional<bool> injection;
    bool operator==(const UiConfig&) const = default;
};

struct ExperimentalConfig {
    std::optional<BelljarConfig> belljar;
    std::optional<TelemetryConfig> telemetry;
    std::optional<WindowsSandboxConfig> windowsSandbox;      ///< JSON key "windows_sandbox".
    std::optional<IsolationSessionConfig> isolationSession;  ///< JSON key "isolation_session".
    std::optional<WslcConfig> wslc;
    std::optional<TestFeatureConfig> test;
    std::optional<SeatbeltConfig> seatbelt;  ///< Where it stood before it moved to the top level; always refused.
    std::vector<OtherMember> others;
    bool operator==(const ExperimentalConfig&) const = default;
};

struct SandboxConfig {
    std::optional<std::string> schema;  ///< JSON key "$schema"; ignored.
    std::optional<AnyJson> comment;     ///< JSON key "_comment"; ignored.
    std::optional<std::string> version;
    std::optional<std::string> phase;              ///< provision | start | exec | stop | deprovision. Absent: one-shot.
    std::optional<std::string> sandboxId;          ///< Only with `phase`: what provisioning answered.
    std::optional<std::string> correlationVector;  ///< Only with `phase`: mark of MXC's usage data.
    std::optional<std::string> containerId;
    std::optional<std::string> containment;
    std::optional<ProcessConfig> process;
    std::optional<LifecycleConfig> lifecycle;
    std::optional<FilesystemConfig> filesystem;
    std::optional<NetworkConfig> network;
    std::optional<RuntimeConfig> runtimeConfig;
    std::optional<UiConfig> ui;
    std::optional<ProcessContainerConfig> processContainer;
    std::optional<LxcConfig> lxc;
    std::optional<SeatbeltConfig> seatbelt;
    std::optional<FallbackConfig> fallback;
    std::optional<ExperimentalConfig> experimental;

    /// A step in the life of a sandbox that outlives one command. No Linux containment takes such requests.
    [[nodiscard]] bool isStateAware() const { return phase || sandboxId || correlationVector; }
    bool operator==(const SandboxConfig&) const = default;
};

}  // namespace belljar
