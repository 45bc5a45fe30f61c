// The door to the operating system for the engine: facts, and launching a plan.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/event_source.h"
#include "core/model/host_facts.h"
#include "core/model/launch_plan.h"
#include "core/model/network_attempt.h"
#include "core/model/outcome.h"
#include "core/model/path_change.h"
#include "core/model/ui_policy.h"

namespace belljar {

/// Looks at this machine. `withProbes` also really makes a user namespace once (about 2 ms) instead of trusting
/// settings.
[[nodiscard]] std::unique_ptr<HostFacts> inspectHost(bool withProbes);

/// What `notify` sees at this level, and what it does not.
[[nodiscard]] SourceFacts notifyFacts(TraceLevel level);

/// Programs in the kernel that watch: loaded, attached, and waiting for a sandbox.
class KernelMonitor {
public:
    virtual ~KernelMonitor() = default;
    KernelMonitor(const KernelMonitor&) = delete;
    KernelMonitor& operator=(const KernelMonitor&) = delete;
    [[nodiscard]] virtual const SourceFacts& facts() const = 0;

protected:
    KernelMonitor() = default;
};

/// Tries to load them, which takes milliseconds; an error that says why this machine or user cannot.
Result<std::unique_ptr<KernelMonitor>> openKernelMonitor(TraceLevel level);

/// Where the sandboxee's standard streams go.
struct StdioPlan {
    enum class Mode {
        inherit,  ///< Our own descriptors 0, 1, 2.
        /// The same, but no terminal is passed on: the program gets one of its own, whose output is shown filtered on
        /// ours, and what is typed is carried to it while it has the keyboard.
        screened,
        pipes,     ///< Captured; standard input is fed by writeInput().
        terminal,  ///< A pseudo-terminal of its own; output carries stream 1 only.
    };
    Mode mode = Mode::inherit;
    unsigned short columns = 80;
    unsigned short rows = 24;
};

/// What came of changing a running sandbox's tree.
struct TreeChanged {
    std::optional<Error> error;  ///< Then the tree is as it was, unless `broken`.
    bool broken = false;         ///< A part of the change was made, and the rest was not: nobody knows what is granted.
    std::chrono::steady_clock::time_point appliedAt;
    std::vector<TreeHolder> holders;
    /// Where the kernel takes rules about objects: for each of `denied` why it has none about this one, in half a
    /// sentence; empty: it has.
    std::map<std::string, std::string> objects;
};

/// A running sandbox. All methods are safe from any thread; `run` blocks its own.
class SandboxProcess {
public:
    virtual ~SandboxProcess() = default;
    SandboxProcess(const SandboxProcess&) = delete;
    SandboxProcess& operator=(const SandboxProcess&) = delete;

    /// Executes the plan on the calling thread and supervises it until the whole tree is gone. The calling thread must
    /// live as long: its death kills the sandbox. `onOutput(stream, bytes)` gets captured output, stream 1 or 2;
    /// `onStarted(source)` is called once the program is about to start, with the live event source or nullptr.
    virtual Outcome run(const std::function<void(int stream, std::string_view bytes)>& onOutput,
                        const std::function<void(std::unique_ptr<EventSource> source)>& onStarted) = 0;
    /// Kills the whole tree. `reason` is reported in Outcome; the first call wins.
    virtual void stop(const std::string& reason) = 0;
    /// Feeds standard input (pipes and terminal modes); an empty text closes it.
    virtual void writeInput(std::string_view bytes) = 0;
    /// Says that the terminal's size changed; without a terminal of its own (inherit mode) the size given does not
    /// count.
    virtual void resizeTerminal(unsigned short columns, unsigned short rows) = 0;
    /// Makes the running program's tree that of `plan`, of which only the tree counts; each path changes in one moment.
    /// What stands at `denied` can also not be opened or run under any other name, where the kernel takes such rules.
    /// An error when nothing runs or this system cannot.
    virtual Result<TreeChanged> changeTree(const LaunchPlan& plan, const std::vector<DeniedPath>& denied) = 0;
    /// Stops all processes inside, and returns when none runs any more; or lets them go on.
    virtual Result<void> setFrozen(bool frozen) = 0;
    /// NetworkHooks::decide decides otherwise from now on; returns when nothing goes on that it refuses.
    virtual void networkChanged() = 0;
    /// What of the sandbox is offered on the host from now on; what is offered no more is cut. After an error
    /// everything is as it was.
    virtual Result<void> publish(const std::vector<PublishedPort>& ports) = 0;
    /// What of the clipboard crosses the border from now on; holds when it returns. An error when there is no display.
    virtual Result<void> setClipboard(ClipboardRights rights) = 0;

protected:
    SandboxProcess() = default;
};

/// Prepares to launch `plan`; an error where this system cannot. Event times count from `origin`. With a kernel monitor
/// the source comes from it; otherwise from the plan's filter, if that reports. `network` is needed by a plan that
/// relays it; `desktop` gets what happens at the border to the user's.
Result<std::unique_ptr<SandboxProcess>> makeSandboxProcess(const LaunchPlan& plan, const StdioPlan& stdio,
                                                           std::chrono::steady_clock::time_point origin,
                                                           std::unique_ptr<KernelMonitor> monitor = nullptr,
                                                           NetworkHooks network = {}, DesktopListener desktop = {});

/// Reads a whole file, at most `limit` bytes; the error's native part names the errno.
Result<std::string> readFile(const std::string& path, std::size_t limit);
/// The file of a base profile, as another profile names it.
struct LayerFile {
    std::string path;  ///< Canonical: the same for every name of the file.
    std::string text;
    bool isSuspect = false;  ///< It lies in a folder that a sandbox of this user could write.
};

/// Reads a regular file of at most 4 MiB and waits for nothing. Not through a symbolic link in a folder that a sandbox
/// could write: it may be planted, and lead to what the sandbox's owner never meant.
Result<LayerFile> readLayerFile(const std::string& path);

/// Replaces a file's content atomically (temporary file, fsync, rename); keeps the mode of an existing file.
Result<void> writeFile(const std::string& path, std::string_view content);

/// Puts the null device where standard streams came closed: a file opened later would take their numbers, and a sandbox
/// that inherits the streams would get it. The first that a program does.
void openClosedStreams();

/// True when that standard stream of ours (0, 1 or 2) is a terminal.
[[nodiscard]] bool isTerminal(int stream);
/// True when that is one which shows the end of a line only as a step down, since a program inside has it.
[[nodiscard]] bool isRawTerminal(int stream);

}  // namespace belljar
