// User-interface settings: a display of the sandbox's own, what of the clipboard crosses its border, and input.
#include <spdlog/fmt/fmt.h>

#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

/// Where every X program looks; its own in a sandbox with a display, whatever the profile grants around it.
constexpr const char* kSockets = "/tmp/.X11-unix";

void refuseWithoutDisplay(ResolveContext& context, const UiConfig& ui)
{
    const auto refuse = [&](const char* pointer, const char* what) {
        context.report(Severity::error, "ui-needs-display",
                       fmt::format("The profile asks for {}, but gives the sandbox no display", what),
                       context.place(pointer), "Set ui.disable to false, or remove this setting");
    };
    if (ui.clipboard.value_or("none") != "none") refuse("/ui/clipboard", "the clipboard");
    if (ui.injection.value_or(false)) refuse("/ui/injection", "input injection");
}

}  // namespace

void resolveUi(ResolveContext& context)
{
    if (!context.config.ui) return;
    const UiConfig& ui = *context.config.ui;
    UiPolicy& policy = context.policy.ui;
    if (ui.disable.value_or(true)) {
        refuseWithoutDisplay(context, ui);
        if (ui.disable)
            context.policy.rules[builtin_rule::kNoInterface] = {RuleSource::profile, "ui.disable: true",
                                                                context.place("/ui/disable")};
        return;
    }
    policy.display = true;
    policy.displayRule = context.addRule(RuleSource::profile, "ui.disable: false", context.place("/ui/disable"));
    const std::string clipboard = ui.clipboard.value_or("none");
    policy.clipboard = clipboardRights(clipboard).value_or(ClipboardRights{});
    policy.clipboardRule = ui.clipboard ? context.addRule(RuleSource::profile, "ui.clipboard: " + clipboard,
                                                          context.place("/ui/clipboard"))
                                        : builtin_rule::kNoInterface;
    policy.inputTools = ui.injection.value_or(false);
    if (ui.injection)
        policy.inputRule =
            context.addRule(RuleSource::profile, policy.inputTools ? "ui.injection: true" : "ui.injection: false",
                            context.place("/ui/injection"));
    if (policy.inputTools)
        context.report(Severity::note, "injection-inside",
                       "Programs may send input to windows of this sandbox only: windows outside stay out of reach",
                       context.place("/ui/injection"));
    const auto& experimental = context.config.experimental;
    if (experimental && experimental->belljar && experimental->belljar->display)
        policy.kind = *experimental->belljar->display == "wayland" ? DisplayKind::wayland : DisplayKind::x11;
    context.paths[kRuntimeFolder] = {kRuntimeFolder, PathAccess::readWrite, PathKind::privateTmp, true,
                                     policy.displayRule};
    context.paths[kSockets] = {kSockets, PathAccess::readWrite, PathKind::privateTmp, true, policy.displayRule};
}

}  // namespace belljar
