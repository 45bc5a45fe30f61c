// What in a backend makes a verdict so: the evaluator says it of an access, events and recordings keep it.
#pragma once

#include <cstdint>

namespace belljar {

/// What in the backend makes a verdict so. Stored in recordings: append only.
enum class Mechanism : std::uint8_t {
    none,
    notMounted,     ///< The sandbox's tree does not have the object.
    mask,           ///< Something unreadable is mounted over it.
    readOnlyMount,  ///< A bind mount that cannot be written.
    mount,          ///< A bind mount that grants it.
    privateTree,    ///< The sandbox's own root, /tmp, /dev or /proc.
    syscallFilter,  ///< Seccomp refuses the call.
    network,        ///< The sandbox's network namespace.
    socketGuard,    ///< Belljar performed the call in the program's place.
    programList,    ///< The list of programs that may be executed.
    landlock,
    kernelPolicy,  ///< A BPF LSM program.
    limit,         ///< A resource limit.
    permissions,   ///< Ordinary permission bits of the host.
    networkRules,  ///< The rules of a filtered network: in the kernel, in the relay or in the resolver.
    display,       ///< The sandbox's own display, and the broker of its clipboard.
    busFilter,     ///< The proxy before a message bus.
};

}  // namespace belljar
