// What of the desktop a sandbox may have: the resolved rules, and what is seen at its border.
//
// A sandbox with a display has an X server of its own. Nothing of the host's display is in its reach, so that the
// clipboard and input stay inside unless they are passed on.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/rule.h"

namespace belljar {

/// Directions in which the clipboard is passed on.
struct ClipboardRights {
    bool read = false;   ///< The sandbox may ask for what is on the host's clipboard.
    bool write = false;  ///< The sandbox may put something on it.
    bool operator==(const ClipboardRights&) const = default;
};

/// As ui.clipboard has it: "none", "read", "write" or "all".
[[nodiscard]] inline const char* clipboardWord(ClipboardRights rights)
{
    if (rights.read) return rights.write ? "all" : "read";
    return rights.write ? "write" : "none";
}

/// The other way round; nullopt: no such word.
[[nodiscard]] inline std::optional<ClipboardRights> clipboardRights(std::string_view word)
{
    for (const ClipboardRights rights : {ClipboardRights{false, false}, ClipboardRights{true, false},
                                         ClipboardRights{false, true}, ClipboardRights{true, true}})
        if (word == clipboardWord(rights)) return rights;
    return std::nullopt;
}

/// Of the display that a sandbox has.
enum class DisplayKind : std::uint8_t { automatic, x11, wayland };

struct UiPolicy {
    bool display = false;
    DisplayKind kind = DisplayKind::automatic;
    RuleId displayRule = builtin_rule::kNoInterface;
    ClipboardRights clipboard;
    RuleId clipboardRule = builtin_rule::kNoInterface;
    bool inputTools = false;  ///< Programs inside may send input to windows inside.
    RuleId inputRule = builtin_rule::kNoInterface;
};

/// Something that happened at the border between a sandbox and the user's desktop. Never what was on the clipboard, and
/// never what was said in a call. All texts are hostile.
struct DesktopEvent {
    enum class Kind : std::uint8_t {
        clipboard,
        injection,  ///< Input was to be made, in the way that `type` names.
        busCall,    ///< A service on a message bus was to be called.
    };
    Kind kind = Kind::clipboard;
    bool isWrite = false;   ///< Of the clipboard: from the sandbox to the host.
    std::string selection;  ///< "CLIPBOARD" or "PRIMARY"; of a call the bus, "session" or "system".
    std::string type;     ///< MIME type or X target; "": a program inside has copied something. Of a call the service.
    std::string member;   ///< Of a call: interface and method.
    std::string path;     ///< Of a call: the object.
    std::string program;  ///< What the process is called, or its window says of itself; mostly "".
    std::uint64_t bytes = 0;
    int error = 0;             ///< errno; EACCES: refused by the policy.
    std::int32_t pid = 0;      ///< On the host; 0: not known.
    std::uint32_t times = 1;   ///< So often, since the same was told last.
    std::uint32_t merged = 0;  ///< Events before this one that came too fast to be told one by one.
    std::chrono::steady_clock::time_point time;
};

/// On one of the launcher's threads; calls may overlap.
using DesktopListener = std::function<void(const DesktopEvent&)>;

}  // namespace belljar
