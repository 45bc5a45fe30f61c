#include "core/events/event_table.h"

#include <algorithm>
#include <array>

namespace belljar {
namespace {

using enum EventCategory;

constexpr EventKindRow kUnknownRow{static_cast<EventKind>(0),
                                   "unknown",
                                   privileged,
                                   "unknown",
                                   "An event kind that this version of Belljar does not know.",
                                   std::nullopt};

constexpr std::array<std::string_view, 5> kOrigins{"none", "notify", "kernel", "belljar", "injected"};
constexpr std::array<std::string_view, 17> kMechanisms{
    "none",          "notMounted",  "mask",         "readOnlyMount", "mount",    "privateTree",
    "syscallFilter", "network",     "socketGuard",  "programList",   "landlock", "kernelPolicy",
    "limit",         "permissions", "networkRules", "display",       "busFilter"};

std::string_view nameAt(std::span<const std::string_view> names, std::size_t index)
{
    return index < names.size() ? names[index] : names.front();  // Recordings may hold any number.
}

}  // namespace

const std::vector<EventKindRow>& eventTable()
{
    static const std::vector<EventKindRow> kTable{
        {EventKind::processFork, "process.fork", process, "fork", "A process started a child process or thread group.",
         std::nullopt},
        {EventKind::processExec, "process.exec", process, "run program", "A process replaced itself by a program.",
         AccessKind::execute},
        {EventKind::processExit, "process.exit", process, "exit", "A process ended.", std::nullopt},
        {EventKind::processSignal, "process.signal", process, "signal", "A signal was sent to another process.",
         std::nullopt},
        {EventKind::processLimit, "process.limit", process, "limit", "A resource limit of the sandbox was hit.",
         std::nullopt},
        {EventKind::fileOpen, "file.open", file, "open", "An existing file or folder was opened for reading.",
         AccessKind::read},
        {EventKind::fileCreate, "file.create", file, "create", "A file was opened with the wish to make it.",
         AccessKind::create},
        {EventKind::fileStat, "file.stat", file, "look at", "Existence or metadata of an object was asked for.",
         AccessKind::stat},
        {EventKind::fileReadLink, "file.readlink", file, "read link", "The target of a symbolic link was read.",
         AccessKind::stat},
        {EventKind::fileUnlink, "file.unlink", file, "delete", "A file was removed from its folder.",
         AccessKind::remove},
        {EventKind::fileRename, "file.rename", file, "rename", "An entry was moved to another name.",
         AccessKind::remove},
        {EventKind::fileLink, "file.link", file, "hard link", "A second name for a file was made.", AccessKind::create},
        {EventKind::fileMkdir, "file.mkdir", file, "make folder", "A folder was made.", AccessKind::create},
        {EventKind::fileRmdir, "file.rmdir", file, "remove folder", "An empty folder was removed.", AccessKind::remove},
        {EventKind::fileChmod, "file.chmod", file, "change mode", "Permission bits were changed.", AccessKind::write},
        {EventKind::fileChown, "file.chown", file, "change owner", "Owner or group was changed.", AccessKind::write},
        {EventKind::fileTruncate, "file.truncate", file, "truncate", "A file was cut or extended by its path.",
         AccessKind::write},
        {EventKind::fileSymlink, "file.symlink", file, "symbolic link", "A symbolic link was made.",
         AccessKind::create},
        {EventKind::fileMknod, "file.mknod", file, "make node", "A device node, pipe or socket file was made.",
         AccessKind::create},
        {EventKind::fileTimes, "file.times", file, "set times", "Time stamps of a file were set.", AccessKind::write},
        {EventKind::fileXattr, "file.xattr", file, "set attribute", "An extended attribute was set or removed.",
         AccessKind::write},
        {EventKind::fileOpenWrite, "file.openwrite", file, "open to write", "An existing file was opened for writing.",
         AccessKind::write},
        {EventKind::fileReadFolder, "file.readdir", file, "list", "The names in a folder were read.", AccessKind::list},
        {EventKind::fileBytesRead, "file.read", file, "read",
         "How much was read from an open file until it was closed.", AccessKind::read},
        {EventKind::fileBytesWritten, "file.write", file, "write",
         "How much was written to an open file until it was closed.", AccessKind::write},
        {EventKind::fileMapExec, "file.mapexec", file, "map program",
         "A file was mapped with the right to execute it: a library.", AccessKind::read},
        {EventKind::netConnect, "net.connect", network, "connect", "A connection to a network or local address.",
         AccessKind::connect},
        {EventKind::netBind, "net.bind", network, "listen on", "A socket was tied to an address of its own.",
         AccessKind::bind},
        {EventKind::netSend, "net.send", network, "send to", "A datagram was sent to an address.", AccessKind::connect},
        {EventKind::netSocket, "net.socket", network, "open socket", "A socket of a special family or type was made.",
         std::nullopt},
        {EventKind::netListen, "net.listen", network, "await", "A socket began to wait for connections.",
         AccessKind::bind},
        {EventKind::netAccept, "net.accept", network, "accept", "A connection from a peer was taken.",
         AccessKind::bind},
        {EventKind::netDns, "net.dns", network, "look up name",
         "A name was asked for; the detail has the record and the answer.", AccessKind::resolve},
        {EventKind::netFlow, "net.flow", network, "exchange", "What went to and from one peer, told when it is over.",
         std::nullopt},
        {EventKind::privMount, "priv.mount", privileged, "mount", "A file system was mounted, moved or unmounted.",
         std::nullopt},
        {EventKind::privNamespace, "priv.namespace", privileged, "namespace", "A namespace was made or entered.",
         std::nullopt},
        {EventKind::privPtrace, "priv.ptrace", privileged, "trace process",
         "Another process was traced, or its memory or descriptors were reached for.", std::nullopt},
        {EventKind::privKeyring, "priv.keyring", privileged, "keyring", "The kernel's key store was asked.",
         std::nullopt},
        {EventKind::privKernel, "priv.kernel", privileged, "kernel",
         "An interface that changes or inspects the kernel: bpf, perf, modules, kexec, reboot, clock.", std::nullopt},
        {EventKind::privTerminal, "priv.terminal", privileged, "terminal input",
         "Characters were pushed into a terminal's input (TIOCSTI, TIOCLINUX).", std::nullopt},
        {EventKind::privSyscall, "priv.syscall", privileged, "system call", "A system call that the profile denies.",
         AccessKind::systemCall},
        {EventKind::uiClipboardRead, "ui.clipboard.read", interface, "paste", "The clipboard was asked for.",
         AccessKind::clipboardRead},
        {EventKind::uiClipboardWrite, "ui.clipboard.write", interface, "copy", "Something was put on the clipboard.",
         AccessKind::clipboardWrite},
        {EventKind::uiInjection, "ui.injection", interface, "inject input", "Input was sent to another window.",
         std::nullopt},
        {EventKind::uiBusCall, "ui.bus", interface, "call service", "A service on a message bus was called.",
         std::nullopt},
        {EventKind::sessionPolicy, "session.policy", session, "policy change",
         "A rule was changed while the program ran.", std::nullopt},
        {EventKind::sessionFreeze, "session.freeze", session, "freeze", "All processes were stopped for a while.",
         std::nullopt},
        {EventKind::sessionThaw, "session.thaw", session, "go on", "The stopped processes go on.", std::nullopt},
        {EventKind::sessionKill, "session.kill", session, "kill", "All processes were ended from outside.",
         std::nullopt},
        {EventKind::sessionGap, "session.gap", session, "gap", "Events were lost here.", std::nullopt},
    };
    return kTable;
}

const EventKindRow& eventRow(EventKind kind)
{
    const std::vector<EventKindRow>& table = eventTable();
    const auto row = std::lower_bound(table.begin(), table.end(), kind,
                                      [](const EventKindRow& r, EventKind k) { return r.kind < k; });
    return row != table.end() && row->kind == kind ? *row : kUnknownRow;
}

std::string_view categoryName(EventCategory category)
{
    switch (category) {
        case process: return "process";
        case file: return "file";
        case network: return "network";
        case privileged: return "privileged";
        case interface: return "ui";
        case session: return "session";
    }
    return "unknown";
}

std::string_view operationName(EventKind kind)
{
    const std::string_view name = eventRow(kind).name;
    return name.substr(name.find('.') + 1);  // All of it where there is no point.
}

std::string_view originName(EventOrigin origin)
{
    return nameAt(kOrigins, static_cast<std::size_t>(origin));
}

std::string_view mechanismName(Mechanism mechanism)
{
    return nameAt(kMechanisms, static_cast<std::size_t>(mechanism));
}

std::span<const std::string_view> originNames()
{
    return kOrigins;
}

std::span<const std::string_view> mechanismNames()
{
    return kMechanisms;
}

}  // namespace belljar
