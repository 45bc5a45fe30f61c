// The Wayland interfaces that exist for sandboxed programs, with the form of each message. Made from the protocols' own
// descriptions by resources/wayland/generate.py.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace belljar::linux_platform {

struct WaylandMessage {
    std::string_view name;
    /// A letter for each value on the wire: i(nt), u(int), f(ixed), s(tring), a(rray), o(bject), n(ew object), h(andle:
    /// a file descriptor); capital: may be nothing.
    std::string_view form;
    std::string_view interfaces;  ///< Of its o and n, in order, between commas; empty where it is any.
    bool ends = false;            ///< The object ends with it.
};

struct WaylandInterface {
    std::string_view name;
    std::uint32_t version = 1;  ///< The highest that is known here.
    std::span<const WaylandMessage> requests;
    std::span<const WaylandMessage> events;
};

[[nodiscard]] std::span<const WaylandInterface> waylandInterfaces();

}  // namespace belljar::linux_platform
