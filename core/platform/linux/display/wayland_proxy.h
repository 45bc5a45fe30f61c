// The user's compositor as a sandbox sees it: for each program that connects, a connection of ours between the two.
#pragma once

#include <list>
#include <string>

#include "core/platform/linux/display/wayland_client.h"

struct pollfd;

namespace belljar::linux_platform {

class WaylandProxy {
public:
    /// `compositor` is the socket of the user's, as a path; `listener` is the sandbox's.
    WaylandProxy(std::string compositor, UniqueFd listener, ClipboardRights rights, std::string mark,
                 ClipboardReporter& reporter);

    [[nodiscard]] bool canConnect() const;
    /// Holds for all that is decided afterwards; what goes on and is refused now is cut.
    void setRights(ClipboardRights rights);
    /// Waits until something is to be done, or `control` has something to read, and does it. False: it cannot go on.
    [[nodiscard]] bool step(int control);

private:
    void accept();
    [[nodiscard]] int patience() const;
    void serveClient(std::list<WaylandClient>::iterator client, short program, short compositor);
    void sweepContents();

    const std::string m_path;
    const UniqueFd m_listener;
    WaylandShared m_shared;
    std::list<WaylandClient> m_clients;
};

}  // namespace belljar::linux_platform
