// Part of the description of the configuration (see field_description.h): `experimental.belljar`, Belljar's own block,
// where unknown keys are errors.
#pragma once

#include "core/config/field_facts.h"
#include "core/config/interface_description.h"
#include "core/model/belljar_config.h"

namespace belljar {

template <>
struct Description<LimitsConfig> : StrictDescription {
    using C = LimitsConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct Limits";
    static constexpr auto kFields = std::tuple{
        field(&C::memoryMb, "memoryMb", "Memory",
              "MiB of memory for the whole sandbox; 0 is no limit. Absent: 640 for each process.",
              {.systems = "linux"}),
        field(&C::processes, "processes", "Processes",
              "Processes and threads alive at once; 0 is no limit. Absent: 1024.",
              {.maximum = 4194304, .systems = "linux"}),
        field(&C::cpuSeconds, "cpuSeconds", "Processor time", "Seconds of processor time; 0 is no limit.",
              {.systems = "linux"}),
        field(&C::tmpMb, "tmpMb", "Temporary files", "MiB in the private /tmp; 0 is no limit. Absent: 512.",
              {.systems = "linux"}),
    };
};

template <>
struct Description<SyscallsConfig> : StrictDescription {
    using C = SyscallsConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct Syscalls";
    static constexpr auto kFields = std::tuple{
        field(&C::deny, "deny", "Denied system calls",
              "Names of system calls that fail with EPERM, beside those that every sandbox is refused.",
              {.systems = "linux"}),
        field(&C::nestedSandboxes, "nestedSandboxes", "Sandboxes of its own",
              "Programs may make user, process and network namespaces, as Chromium does for its own sandbox. That lets "
              "them reach parts of the kernel that no other sandbox of Belljar's reaches. Not as root.",
              {.systems = "linux"}),
    };
};

template <>
struct Description<ProgramConfig> : StrictDescription {
    using C = ProgramConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct Program";
    static constexpr auto kFields = std::tuple{
        field(&C::path, "path", "Program", "Absolute path of a program, or of a folder whose programs may all run.",
              {.text = TextRule::path}),
        field(&C::sha256, "sha256", "SHA-256", "What the content of the program must be, as sha256sum prints it."),
    };
};

template <>
struct Description<HostPortConfig> : StrictDescription {
    using C = HostPortConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct HostPort";
    static constexpr auto kFields = std::tuple{
        field(&C::port, "port", "Port", "Destination port, of tcp and udp.", {.minimum = 1, .systems = "linux"}),
        field(&C::endPort, "endPort", "Last port", "Makes `port` the start of a range that ends here.",
              {.minimum = 1, .systems = "linux"}),
    };
};

template <>
struct Description<HostNameConfig> : StrictDescription {
    using C = HostNameConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct HostName";
    static constexpr auto kFields = std::tuple{
        field(
            &C::name, "name", "Host name",
            "A name such as www.example.org; each * at the beginning is one label: *.example.org. It opens the public "
            "addresses that the name has. Other names at the same address (shared hosts, CDNs) are told apart only by "
            "what the program says in TLS or HTTP, which encrypted hellos (ECH) and other protocols hide, and an "
            "allowed host can relay to any other.",
            {.systems = "linux"}),
        field(&C::ports, "ports", "Ports", "Absent is every port.", {.atLeastOne = true, .systems = "linux"}),
    };
};

inline constexpr Word kPublishProtocols[] = {{"tcp"}, {"udp"}};

template <>
struct Description<PublishConfig> : StrictDescription {
    using C = PublishConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct Publish";
    static constexpr auto kFields = std::tuple{
        field(&C::port, "port", "Port", "Port that a program in the sandbox listens on.",
              {.minimum = 1, .systems = "linux"}),
        field(&C::hostPort, "hostPort", "Port of this computer", "Where it is offered; absent is the same number.",
              {.minimum = 1, .systems = "linux"}),
        field(&C::address, "address", "Address of this computer",
              "Absent is 127.0.0.1, for this computer alone; 0.0.0.0 and :: offer the port to everybody who reaches "
              "it.",
              {.systems = "linux"}),
        field(&C::protocol, "protocol", "Protocol", "Absent is tcp.", {.words = kPublishProtocols, .systems = "linux"}),
    };
};

template <>
struct Description<OwnNetworkConfig> : StrictDescription {
    using C = OwnNetworkConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct OwnNetwork";
    static constexpr auto kFields = std::tuple{
        field(&C::hosts, "hosts", "Host names",
              "Names that may be looked up and reached, beside the addresses of the outgoing rules.",
              {.systems = "linux"}),
        field(&C::publish, "publish", "Published ports",
              "Ports of the sandbox that are offered on this computer; network.ingress.default has to be allow.",
              {.systems = "linux"}),
        field(&C::cooperativeProxy, "cooperativeProxy", "Proxy is only offered",
              "As MXC does up to schema 0.7: programs are told of the proxy, and the whole network of this computer "
              "stays open to those that do not ask. Otherwise the proxy is the only way out.",
              {.systems = "linux"}),
        field(
            &C::kernelForwarding, "kernelForwarding", "Kernel forwards",
            "Allowed TCP connections are carried by the kernel instead of Belljar's relay: faster, but only for root, "
            "and only on a computer that forwards packets.",
            {.systems = "linux"}),
    };
};

template <>
struct Description<BelljarConfig> : StrictDescription {
    using C = BelljarConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct Belljar";
    static constexpr auto kFields = std::tuple{
        field(&C::extends, "extends", "Base profiles",
              "Files of profiles that this one builds on, relative to its own folder; the later is the nearer."),
        field(&C::limits, "limits", "Limits", "What one run may use; an absent limit is Belljar's default."),
        field(&C::programs, "programs", "Programs",
              "The only programs that may be executed; absent: all that the sandbox can see.", {.systems = "linux"}),
        field(&C::syscalls, "syscalls", "System calls", "What the program may ask of the kernel."),
        field(&C::network, "network", "Network", "What may be reached by name."),
        field(&C::display, "display", "Kind of display",
              "With ui.disable false: whether programs inside find an X display or a Wayland one; absent: Wayland in a "
              "Wayland session, otherwise X.",
              {.words = kDisplays, .systems = "linux"}),
        field(&C::dbus, "dbus", "Message buses",
              "What of the desktop's and the system's bus (D-Bus) may be reached; absent: there is no bus.",
              {.systems = "linux"}),
    };
};

}  // namespace belljar
