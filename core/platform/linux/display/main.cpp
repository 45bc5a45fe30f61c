// belljar-display: what stands between one sandbox and the user's desktop. It reads what a sandbox says, so it is a
// process of its own, which ends with the sandbox.
//
// usage: belljar-display x XEPHYR NUMBER SIZE TITLE FLAGS
//        belljar-display wayland SOCKET MARK FLAGS
//        belljar-display bus own|host PROGRAM ARG...
// FLAGS: any of "r" (read the clipboard), "w" (write it), "i" (input tools), "-"
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "core/platform/linux/display/confined_child.h"
#include "core/platform/linux/display/display_control.h"
#include "core/platform/linux/display/wayland_proxy.h"
#include "core/platform/linux/display/x_display.h"

namespace belljar::linux_platform {
namespace {

using Words = std::vector<std::string>;

constexpr unsigned long kMostMemory = 256UL << 20U;

bool has(const std::string& flags, char flag)
{
    return flags.find(flag) != std::string::npos;
}

ClipboardRights rightsOf(const std::string& flags)
{
    return {has(flags, 'r'), has(flags, 'w')};
}

void prepare()
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    ::signal(SIGPIPE, SIG_IGN);  // NOLINT: a reader that has gone is an error of one transfer
    for (const int descriptor : {kDisplayControl, kDisplayListener, kDisplayClient})
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    const rlimit memory{kMostMemory, kMostMemory};
    ::setrlimit(RLIMIT_DATA, &memory);
}

int runX(const Words& words)
{
    prepare();
    return serveX({words[0], words[3], words[2], words[1], has(words[4], 'i')}, rightsOf(words[4]));
}

int runWayland(const Words& words)
{
    prepare();
    ::close(kDisplayClient);
    // By its descriptor, for its name is out of sight from now on.
    const int compositor = ::open(words[0].c_str(), O_PATH | O_CLOEXEC);
    if (compositor < 0) return reportFailure("the compositor's socket is not there: " + words[0]);
    const ConfinedChild confined(2);
    confined.enterNamespaces(true);
    confined.hideFiles(nullptr);
    ClipboardReporter reporter(sendReport);
    WaylandProxy proxy("/proc/self/fd/" + std::to_string(compositor), UniqueFd(kDisplayListener), rightsOf(words[2]),
                       words[1], reporter);
    if (!proxy.canConnect()) return reportFailure("the compositor does not let us in");
    sendReport(DisplayReport{});  // ready
    while (takeOrders([&](ClipboardRights rights) { proxy.setRights(rights); }) && proxy.step(kDisplayControl)) {}
    return 0;
}

/// Nothing is ours to do but to see that the proxy sees nothing of the host, and that it is heard.
int runBusProxy(const Words& words)
{
    ::dup2(kBusLog, 1);
    const ConfinedChild confined(2);
    confined.enterNamespaces(words[0] == "own");
    confined.hideFiles(nullptr);
    confined.become(words[1], {words.begin() + 1, words.end()}, kMostMemory);
}

}  // namespace
}  // namespace belljar::linux_platform

int main(int argc, char** argv)
{
    using namespace belljar::linux_platform;
    Words words(argv + 1, argv + argc);
    const std::string what = words.empty() ? std::string() : words.front();
    if (!words.empty()) words.erase(words.begin());
    if (what == "x" && words.size() == 5) return runX(words);
    if (what == "wayland" && words.size() == 3) return runWayland(words);
    if (what == "bus" && words.size() >= 2) return runBusProxy(words);
    static constexpr char kHelp[] = "belljar-display is started by belljar; it does nothing by itself.\n";
    return ::write(2, kHelp, sizeof kHelp - 1) < 0 ? 2 : 2;
}
