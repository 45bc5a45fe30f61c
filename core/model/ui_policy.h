// What of the desktop a sandbox may have: the resolved rules, and what is seen of its clipboard.
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
};

/// Something that happened at the border of the clipboard. Never what was on it.
struct ClipboardEvent {
    bool isInjection = false;  ///< Not about the clipboard: input was to be made, by the interface in `type`.
    bool isWrite = false;      ///< From the sandbox to the host.
    std::string selection;     ///< "CLIPBOARD" or "PRIMARY".
    std::string type;          ///< MIME type or X target, hostile; "": a program inside has copied something.
    std::string program;       ///< What its window says of itself, hostile; mostly "".
    std::uint64_t bytes = 0;
    int error = 0;             ///< errno; EACCES: refused by the policy.
    std::int32_t pid = 0;      ///< On the host; 0: not known.
    std::uint32_t merged = 0;  ///< Events before this one that came too fast to be told one by one.
    std::chrono::steady_clock::time_point time;
};

/// On one of the launcher's threads; calls may overlap.
using ClipboardListener = std::function<void(const ClipboardEvent&)>;

}  // namespace belljar
