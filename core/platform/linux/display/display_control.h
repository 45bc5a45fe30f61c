// belljar-display's end of the socket to its launcher: reports go out, orders come in.
#pragma once

#include <functional>
#include <string>

#include "core/model/ui_policy.h"
#include "core/platform/linux/display/display_protocol.h"

namespace belljar::linux_platform {

/// Waits while the launcher is slow; reports are few.
void sendReport(const DisplayReport& report);
/// Says why there is no display; returns the exit code.
int reportFailure(const std::string& why);
/// Calls `obey` for each order, and then says that it holds. False when the launcher is gone.
[[nodiscard]] bool takeOrders(const std::function<void(ClipboardRights)>& obey);

}  // namespace belljar::linux_platform
