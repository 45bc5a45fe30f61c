// Part of the description of the configuration (see field_description.h): the message buses of `experimental.belljar`.
#pragma once

#include "core/config/field_facts.h"
#include "core/model/belljar_config.h"

namespace belljar {

inline constexpr Word kDisplays[] = {{"x11"}, {"wayland"}};

template <>
struct Description<BusConfig> : StrictDescription {
    using C = BusConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct Bus";
    static constexpr auto kFields = std::tuple{
        field(&C::talk, "talk", "Services",
              "Names such as org.freedesktop.Notifications, or org.example.* for all below one: everything that they "
              "offer may be called.",
              {.systems = "linux"}),
        field(&C::call, "call", "Methods",
              "NAME=METHOD@PATH, such as org.freedesktop.portal.Desktop=org.freedesktop.portal.FileChooser.*@"
              "/org/freedesktop/portal/desktop: only these methods of a service may be called.",
              {.systems = "linux"}),
        field(&C::own, "own", "Own names", "Names that programs inside may take, so that others can call them.",
              {.systems = "linux"}),
    };
};

template <>
struct Description<DbusConfig> : StrictDescription {
    using C = DbusConfig;
    static constexpr std::string_view kClosedSince = "0.6";
    static constexpr std::string_view kName = "struct Dbus";
    static constexpr auto kFields = std::tuple{
        field(&C::session, "session", "Session bus", "What of the desktop's bus may be reached; absent: nothing."),
        field(&C::system, "system", "System bus", "What of the system's bus may be reached; absent: nothing."),
    };
};

}  // namespace belljar
