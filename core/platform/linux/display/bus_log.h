// What xdg-dbus-proxy says of the calls that it passes on or refuses, line by line.
//
// It writes names as programs send them, so all of this is hostile: what has not the form of names on a bus is told as
// a call without a name. No bus takes such a call, but lines in it can pretend that calls were made which were not.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace belljar::linux_platform {

struct BusCall {
    std::string service;  ///< "": names that no bus takes.
    std::string member;   ///< Interface and method.
    std::string path;
    bool refused = false;
    auto operator<=>(const BusCall&) const = default;
};

class BusLog {
public:
    using Sink = std::function<void(const BusCall&)>;

    explicit BusLog(Sink sink) : m_sink(std::move(sink)) {}

    void read(std::string_view bytes);
    /// A call of which the next line will say whether it was refused.
    [[nodiscard]] bool isUndecided() const { return m_call.has_value(); }
    /// That line will not come: nothing was said against the call.
    void decide();

private:
    void takeLine(std::string_view line);

    const Sink m_sink;
    std::string m_line;     ///< Its beginning.
    bool m_isLong = false;  ///< It was longer than any that has the form.
    std::optional<BusCall> m_call;
};

}  // namespace belljar::linux_platform
