// User-interface settings. What cannot be enforced exactly is refused.
#include <spdlog/fmt/fmt.h>

#include "core/policy/resolve_context.h"

namespace belljar {

void resolveUi(ResolveContext& context)
{
    if (!context.config.ui) return;
    const UiConfig& ui = *context.config.ui;
    const auto refuse = [&](const char* pointer, const char* what) {
        context.report(Severity::error, "ui-not-enforceable-yet",
                       fmt::format("The profile asks for {}, but a display cannot be offered safely yet", what),
                       context.place(pointer), "Remove this setting: programs without windows need none of it");
    };
    if (!ui.disable.value_or(true)) refuse("/ui/disable", "a display");
    if (ui.clipboard.value_or("none") != "none") refuse("/ui/clipboard", "the clipboard");
    if (ui.injection.value_or(false)) refuse("/ui/injection", "input injection");
}

}  // namespace belljar
