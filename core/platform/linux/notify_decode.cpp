#include "core/platform/linux/notify_decode.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/platform/linux/notify_arguments.h"
#include "core/platform/linux/notify_forecast.h"
#include "core/platform/linux/target_memory.h"

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

namespace belljar::linux_platform {
namespace {

using RowIndex = std::vector<std::vector<const CallRow*>>;

const RowIndex& rowIndex()
{
    static const RowIndex index = [] {
        RowIndex made;
        for (const CallRow& row : callTable()) {
            const auto number = static_cast<std::size_t>(row.number);
            if (made.size() <= number) made.resize(number + 1);
            made[number].push_back(&row);
        }
        return made;
    }();
    return index;
}

bool passes(const std::optional<ArgumentTest>& test, const seccomp_data& call)
{
    return !test || (call.args[test->argument] & test->mask) == test->value;
}

std::uint64_t argument(const seccomp_data& call, std::int8_t index)
{
    return index == kNoArgument ? 0 : call.args[index];
}

/// Seen from here, /proc/self is somebody else.
bool namesOneself(std::string_view path)
{
    const std::string_view names[] = {"/proc/self", "/proc/thread-self", "/dev/fd",
                                      "/dev/stdin", "/dev/stdout",       "/dev/stderr"};
    if (path.size() < 2 || (path[1] != 'p' && path[1] != 'd')) return false;
    return std::any_of(std::begin(names), std::end(names),
                       [&](std::string_view name) { return path.starts_with(name); });
}

class Decoder {
public:
    Decoder(const CallRow& row, const seccomp_data& call, CallScene& scene) : m_row(row), m_call(call), m_scene(scene)
    {
        m_result.kind = row.kind;
    }

    std::optional<DecodedCall> decode()
    {
        switch (m_row.shape) {
            case CallShape::path: return onPath();
            case CallShape::access: return onAccess();
            case CallShape::descriptor: return onDescriptor();
            case CallShape::open: return onOpen(argument(m_call, m_row.extra));
            case CallShape::openHow: return onOpenHow();
            case CallShape::create: return onOpen(O_WRONLY | O_CREAT | O_TRUNC);
            case CallShape::twoPaths: return onTwoPaths();
            case CallShape::symlink: return onSymlink();
            case CallShape::exec: return onExec();
            case CallShape::exit: return onExit();
            case CallShape::address:
            case CallShape::sendTo: return onAddress(argument(m_call, m_row.path), argument(m_call, m_row.extra));
            case CallShape::sendMessage: return onMessage();
            case CallShape::ownSocket: return onOwnSocket();
            case CallShape::signal: return onSignal();
            case CallShape::changeFolder: m_scene.processes.changesFolder(m_scene.process, m_scene.tid); break;
            case CallShape::shareFolder: m_scene.processes.sharesFolders(); break;
            case CallShape::refuse: return onRefuse();
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] std::int32_t folderArgument(std::int8_t index) const
    {
        return index == kNoArgument ? AT_FDCWD : static_cast<std::int32_t>(argument(m_call, index));
    }

    [[nodiscard]] bool hasFlag(std::uint64_t flag) const
    {
        return m_row.flags != kNoArgument && (argument(m_call, m_row.flags) & flag) != 0;
    }

    /// The folder that a relative path starts from.
    std::string folderText(std::int32_t descriptor)
    {
        if (descriptor == AT_FDCWD) return m_scene.processes.workingFolder(m_scene.process, m_scene.tid, m_scene.now);
        return folderOf(m_scene.tid, descriptor);
    }

    /// Looks up the object of a (folder, path) argument pair; false when it is unreadable.
    bool lookUp(std::int8_t folder, std::int8_t pathArgument, bool follow, InsideObject& object)
    {
        const std::optional<std::string> path = readString(m_scene.tid, argument(m_call, pathArgument), PATH_MAX);
        if (!path) return false;
        const bool relative = !isAbsolutePath(*path);
        if (!relative && namesOneself(*path)) {
            // Who reads a link of /proc asks about the link, not about where it leads.
            const std::string meant = follow ? withoutOwnNames(m_scene.tid, m_scene.root, *path) : *path;
            object = lookUpInside(m_scene.root, meant, follow);
            object.unknown |= meant == *path;
        } else {
            object = m_scene.tree.look(relative ? folderText(folderArgument(folder)) : std::string(), *path, follow);
        }
        m_unknown |= object.unknown;
        return true;
    }

    /// The object of a descriptor; false when that is no file.
    bool lookUpDescriptor(std::int32_t descriptor, InsideObject& object)
    {
        object.path = folderText(descriptor);
        object.exists = isAbsolutePath(object.path);
        return object.exists;
    }

    void derive(std::optional<int> error)
    {
        if (m_unknown || !error) return;
        m_result.result = *error;
        m_result.trust = ResultTrust::derived;
    }

    void expect(TreeChange change) { m_scene.tree.expect(m_scene.tid, change); }

    std::optional<DecodedCall> onPath()
    {
        InsideObject object;
        const bool follow = m_row.followsLinks && !hasFlag(AT_SYMLINK_NOFOLLOW);
        const bool ofDescriptor = m_row.flags != kNoArgument && argument(m_call, m_row.path) == 0;
        if (ofDescriptor ? !lookUpDescriptor(folderArgument(m_row.folder), object)
                         : !lookUp(m_row.folder, m_row.path, follow, object))
            return std::nullopt;
        if (m_row.kind == EventKind::fileUnlink && hasFlag(AT_REMOVEDIR)) m_result.kind = EventKind::fileRmdir;
        expect(changeBy(m_result.kind, object));
        derive(ofDescriptor ? std::optional<int>(0) : pathResult(m_scene.tree, m_result.kind, object));
        if (m_row.kind == EventKind::fileChmod)
            m_result.detail = fmt::format("mode {:04o}", argument(m_call, m_row.extra) & 07777U);
        m_result.object = std::move(object.path);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onAccess()
    {
        InsideObject object;
        const bool follow = !hasFlag(AT_SYMLINK_NOFOLLOW);
        if (!lookUp(m_row.folder, m_row.path, follow, object)) return std::nullopt;
        const int mode = static_cast<int>(argument(m_call, m_row.extra)) & (R_OK | W_OK | X_OK);
        derive(!object.exists ? object.error : mode == 0 ? 0 : m_scene.tree.refusal(object.path, mode));
        m_result.object = std::move(object.path);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onDescriptor()
    {
        InsideObject object;
        // A pipe or socket, or no such descriptor.
        if (!lookUpDescriptor(folderArgument(m_row.folder), object)) return std::nullopt;
        if (m_row.kind == EventKind::fileChmod)
            m_result.detail = fmt::format("mode {:04o}", argument(m_call, m_row.extra) & 07777U);
        m_unknown |= m_row.kind == EventKind::fileXattr || m_row.kind == EventKind::fileChown;
        derive(0);
        m_result.object = std::move(object.path);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onOpenHow()
    {
        const std::optional<std::uint64_t> flags = readOpenHow(m_scene.tid, argument(m_call, m_row.extra));
        // What a call that forbids links or mounts on its way does is not followed.
        if (flags) m_unknown |= (*flags & kRestrictedWay) != 0;
        return flags ? onOpen(*flags & ~kRestrictedWay) : std::nullopt;
    }

    std::optional<DecodedCall> onOpen(std::uint64_t flags)
    {
        InsideObject object;
        const bool follow = (flags & O_NOFOLLOW) == 0 && !((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0);
        if (!lookUp(m_row.folder, m_row.path, follow, object)) return std::nullopt;
        m_result.detail = openFlagsText(flags);
        const bool creates = (flags & O_CREAT) != 0 && (flags & O_PATH) == 0 && !object.exists;
        m_result.kind = creates               ? EventKind::fileCreate
                        : opensToWrite(flags) ? EventKind::fileOpenWrite
                                              : EventKind::fileOpen;
        expect(changeBy(m_result.kind, object));
        derive(openResult(m_scene.tree, object, flags));
        m_result.object = std::move(object.path);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onTwoPaths()
    {
        InsideObject from;
        InsideObject to;
        const bool link = m_row.kind == EventKind::fileLink;
        const bool ofDescriptor = link && hasFlag(AT_EMPTY_PATH);
        const bool follow = link && hasFlag(AT_SYMLINK_FOLLOW);
        if (ofDescriptor ? !lookUpDescriptor(folderArgument(m_row.folder), from)
                         : !lookUp(m_row.folder, m_row.path, follow, from))
            return std::nullopt;
        if (!lookUp(m_row.folder2, m_row.path2, false, to)) return std::nullopt;
        m_unknown |= ofDescriptor;
        if (link) expect(changeBy(EventKind::fileLink, from));
        else noteRename(from, to);
        derive(link ? linkResult(m_scene.tree, from, to)
                    : renameResult(m_scene.tree, from, to, argument(m_call, m_row.extra)));
        m_result.object = std::move(from.path);
        m_result.detail = std::string(kTargetPrefix) + to.path;
        return std::move(m_result);
    }

    void noteRename(const InsideObject& from, const InsideObject& to)
    {
        const TreeChange change = changeByRename(from, to);
        expect(change);
        if (change == TreeChange::folderMoved) m_scene.processes.forgetFolders();
    }

    std::optional<DecodedCall> onSymlink()
    {
        InsideObject object;
        const std::optional<std::string> content = readString(m_scene.tid, argument(m_call, m_row.path2), PATH_MAX);
        if (!content || !lookUp(m_row.folder, m_row.path, false, object)) return std::nullopt;
        expect(changeBy(EventKind::fileSymlink, object));
        derive(content->empty() ? ENOENT : makeResult(m_scene.tree, object));
        m_result.object = std::move(object.path);
        m_result.detail = std::string(kTargetPrefix) + *content;
        return std::move(m_result);
    }

    std::optional<DecodedCall> onExec()
    {
        InsideObject object;
        const bool ofDescriptor = hasFlag(AT_EMPTY_PATH);
        if (!ofDescriptor || !namesDescriptor(object)) {
            if (!lookUp(m_row.folder, m_row.path, !hasFlag(AT_SYMLINK_NOFOLLOW), object)) return std::nullopt;
            derive(object.exists ? execError(m_scene.tree, object) : object.error);
        }
        m_result.object = std::move(object.path);
        const auto index = static_cast<std::size_t>(m_row.extra);
        m_result.detail = readTextList(m_scene.tid, m_call.args[index], false) + " " + jsonQuote(folderText(AT_FDCWD)) +
                          " " + readTextList(m_scene.tid, m_call.args[index + 1], true);
        return std::move(m_result);
    }

    /// execveat of a descriptor: a memory file, or one that may have no name any more.
    bool namesDescriptor(InsideObject& object)
    {
        const std::optional<std::string> written = readString(m_scene.tid, argument(m_call, m_row.path), 1);
        if (!written || !written->empty()) return false;
        constexpr std::string_view kMemory = "/memfd:";
        if (!lookUpDescriptor(folderArgument(m_row.folder), object)) {
            derive(EACCES);
            return true;
        }
        if (object.path.starts_with(kMemory)) object.path.erase(0, 1);
        derive(0);
        return true;
    }

    std::optional<DecodedCall> onExit()
    {
        m_result.result = static_cast<std::int32_t>(argument(m_call, m_row.extra) & 0xffU);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onAddress(std::uint64_t address, std::uint64_t length)
    {
        m_result.object = readAddress(m_scene.tid, address, length);
        if (m_result.object.empty()) return std::nullopt;
        constexpr std::string_view kUnix = "unix:";
        if (!m_result.object.starts_with(kUnix) || m_result.object.starts_with("unix:@")) return std::move(m_result);
        const bool binds = m_row.kind == EventKind::netBind;
        const std::string path = m_result.object.substr(kUnix.size());
        const std::string base = isAbsolutePath(path) ? std::string() : folderText(AT_FDCWD);
        const InsideObject object = m_scene.tree.look(base, path, !binds);
        m_result.object = std::string(kUnix) + object.path;
        m_unknown |= object.unknown;
        if (binds) derive(object.exists ? EADDRINUSE : makeResult(m_scene.tree, object));
        else derive(object.exists ? 0 : object.error);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onMessage()
    {
        msghdr header{};
        if (!readMemory(m_scene.tid, argument(m_call, m_row.path), &header, sizeof header)) return std::nullopt;
        if (header.msg_name == nullptr) return std::nullopt;
        return onAddress(reinterpret_cast<std::uint64_t>(header.msg_name), header.msg_namelen);  // NOLINT
    }

    std::optional<DecodedCall> onOwnSocket()
    {
        m_result.object = ownAddress(m_scene.process.pidfd.get(), static_cast<int>(argument(m_call, m_row.folder)));
        if (m_result.object.empty()) return std::nullopt;
        if (m_row.kind != EventKind::netListen) return std::move(m_result);  // who comes is known only later
        m_result.detail = fmt::format("backlog {}", static_cast<std::int32_t>(argument(m_call, m_row.extra)));
        derive(0);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onSignal()
    {
        const auto signal = static_cast<std::int32_t>(argument(m_call, m_row.extra));
        auto target = static_cast<std::int32_t>(argument(m_call, m_row.path));
        if (m_row.folder != kNoArgument) {
            const ProcessEntry* meant = m_scene.processes.byPid(pidOfHandle(m_scene.tid, folderArgument(m_row.folder)));
            target = meant == nullptr ? 0 : meant->insidePid;
            if (target == 0) return std::nullopt;
        }
        // Signal 0 only asks; one to oneself is a program's own business.
        if (signal == 0 || (target > 0 && target == m_scene.process.insidePid)) return std::nullopt;
        m_result.object = std::to_string(target);  // as for kill(2): -1 is all, below that a group
        m_result.detail = fmt::format("signal {}", signal);
        derive(target > 0 && !hasProcess(m_scene.root, target) ? ESRCH : 0);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onRefuse()
    {
        m_result.object = m_row.name;
        if (m_row.kind == EventKind::netSocket)
            m_result.detail = fmt::format("family {} type {}", m_call.args[0] & 0xffffffffU, m_call.args[1] & 0xfU);
        if (m_row.kind == EventKind::privMount && m_call.args[1] != 0) {
            if (const std::optional<std::string> target = readString(m_scene.tid, m_call.args[1], PATH_MAX))
                m_result.detail = *target;
        }
        m_result.result = m_row.refuseWith;
        m_result.trust = ResultTrust::seen;
        return std::move(m_result);
    }

    const CallRow& m_row;
    const seccomp_data& m_call;
    CallScene& m_scene;
    bool m_unknown = false;  ///< The result cannot be derived.
    DecodedCall m_result;
};

}  // namespace

const CallRow* rowOf(const seccomp_data& call)
{
    const RowIndex& index = rowIndex();
    if (call.nr < 0 || static_cast<std::size_t>(call.nr) >= index.size()) return nullptr;
    for (const CallRow* row : index[static_cast<std::size_t>(call.nr)]) {
        if (passes(row->when, call) && passes(row->when2, call)) return row;
    }
    return nullptr;
}

std::optional<DecodedCall> decodeCall(const CallRow& row, const seccomp_data& call, CallScene& scene)
{
    return Decoder(row, call, scene).decode();
}

}  // namespace belljar::linux_platform
