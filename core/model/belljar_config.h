// `experimental.belljar`: what only Belljar knows. MXC accepts the block and ignores it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace belljar {

/// `experimental.belljar.limits`: what one session may use. Absent is Belljar's default, 0 is "no limit".
struct LimitsConfig {
    std::optional<std::uint32_t> memoryMb;    ///< MiB of memory.
    std::optional<std::uint32_t> processes;   ///< Processes and threads alive at once.
    std::optional<std::uint32_t> cpuSeconds;  ///< Seconds of processor time.
    std::optional<std::uint32_t> tmpMb;       ///< MiB in the private /tmp.
    bool operator==(const LimitsConfig&) const = default;
};

/// `experimental.belljar.syscalls`: system calls by name.
struct SyscallsConfig {
    std::optional<std::vector<std::string>> deny;
    std::optional<bool> nestedSandboxes;
    bool operator==(const SyscallsConfig&) const = default;
};

/// One entry of `experimental.belljar.programs`.
struct ProgramConfig {
    std::string path;                   ///< A program, or a folder with programs.
    std::optional<std::string> sha256;  ///< Of a program's content, in hexadecimal digits.
    bool operator==(const ProgramConfig&) const = default;
};

/// Ports of one entry of `experimental.belljar.network.hosts`.
struct HostPortConfig {
    std::optional<std::uint16_t> port;
    std::optional<std::uint16_t> endPort;
    bool operator==(const HostPortConfig&) const = default;
};

/// One entry of `experimental.belljar.network.hosts`.
struct HostNameConfig {
    std::string name;  ///< "www.example.org", "*.example.org"
    std::optional<std::vector<HostPortConfig>> ports;
    bool operator==(const HostNameConfig&) const = default;
};

/// One entry of `experimental.belljar.network.publish`.
struct PublishConfig {
    std::optional<std::uint16_t> port;      ///< Of the sandbox.
    std::optional<std::uint16_t> hostPort;  ///< Absent: the same.
    std::optional<std::string> address;     ///< Of this computer; absent: 127.0.0.1.
    std::optional<std::string> protocol{};  ///< tcp | udp; absent: tcp.
    bool operator==(const PublishConfig&) const = default;
};

/// `experimental.belljar.network`: what MXC's network section cannot say.
struct OwnNetworkConfig {
    std::optional<std::vector<HostNameConfig>> hosts;
    std::optional<std::vector<PublishConfig>> publish;
    std::optional<bool> cooperativeProxy;
    std::optional<bool> kernelForwarding;
    bool operator==(const OwnNetworkConfig&) const = default;
};

/// `experimental.belljar.dbus.session` and `.system`.
struct BusConfig {
    std::optional<std::vector<std::string>> talk;
    std::optional<std::vector<std::string>> call;
    std::optional<std::vector<std::string>> own;
    bool operator==(const BusConfig&) const = default;
};

/// `experimental.belljar.dbus`: what of the message buses may be reached.
struct DbusConfig {
    std::optional<BusConfig> session;
    std::optional<BusConfig> system;
    bool operator==(const DbusConfig&) const = default;
};

struct BelljarConfig {
    std::optional<std::vector<std::string>> extends;  ///< Files of base profiles; the later is the nearer.
    std::optional<LimitsConfig> limits;
    std::optional<std::vector<ProgramConfig>> programs;  ///< Absent: every program; empty: none.
    std::optional<SyscallsConfig> syscalls;
    std::optional<OwnNetworkConfig> network;
    std::optional<DbusConfig> dbus;
    std::optional<std::string> display;  ///< x11 | wayland
    bool operator==(const BelljarConfig&) const = default;
};

}  // namespace belljar
