// The pages and dialogs of the app in the order in which one tour reaches them, and how.
#pragma once

#include <functional>
#include <vector>

#include "tests/ui/screenshot_stage.h"

namespace belljar::test {

struct ScreenshotPage {
    QString name;                       ///< Of the file; "other-" begins what is looked at, but not kept.
    std::function<bool(Stage&)> reach;  ///< False when it cannot be reached.
    Frame frame = Frame::window;
};

/// Each page begins where the one before ended; those of sessions after those of the profile.
[[nodiscard]] std::vector<ScreenshotPage> profileTour();
[[nodiscard]] std::vector<ScreenshotPage> sessionTour();

}  // namespace belljar::test
