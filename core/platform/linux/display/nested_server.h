// The X server of one sandbox: Xephyr, which draws everything into one window on the user's display.
//
// It parses what a sandbox sends, so it is confined (confined_child.h), with a network only where the user's display
// needs one. It listens on a socket that it is given and makes no file anywhere, so nothing is left behind
// however it ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct NestedServerOptions {
    std::string program;      ///< Xephyr, absolute.
    std::string title;        ///< Of the window around it.
    std::string size;         ///< "1280x800"
    std::string number;       ///< Of the display as programs inside name it: ":90".
    bool inputTools = false;  ///< XTEST: programs inside may send input to each other.
};

struct NestedServer {
    pid_t pid = -1;
    UniqueFd pidfd;
    UniqueFd messages;  ///< What it writes to its standard error.
    UniqueFd watch;     ///< SOCK_SEQPACKET to the watch that is loaded into it (x_watch.h).
};

/// Starts it with our DISPLAY and XAUTHORITY; it ends with the calling thread. `listener` is copied. `window`: which
/// one of the user's display it draws into.
[[nodiscard]] Result<NestedServer> startNestedServer(const NestedServerOptions& options, int listener,
                                                     std::uint32_t window);

}  // namespace belljar::linux_platform
