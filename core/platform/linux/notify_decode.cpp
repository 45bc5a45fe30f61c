#include "core/platform/linux/notify_decode.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <unordered_map>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/platform/linux/target_memory.h"

namespace belljar::linux_platform {
namespace {

using RowIndex = std::unordered_map<int, std::vector<const CallRow*>>;

const RowIndex& rowIndex()
{
    static const RowIndex index = [] {
        RowIndex made;
        for (const CallRow& row : callTable()) made[row.number].push_back(&row);
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

/// "O_RDWR|O_CREAT|O_TRUNC": the flags that matter to a reader.
std::string openFlagsText(std::uint64_t flags)
{
    static constexpr std::pair<std::uint64_t, const char*> kNames[] = {
        {O_CREAT, "O_CREAT"},         {O_EXCL, "O_EXCL"},         {O_TRUNC, "O_TRUNC"}, {O_APPEND, "O_APPEND"},
        {O_DIRECTORY, "O_DIRECTORY"}, {O_NOFOLLOW, "O_NOFOLLOW"}, {O_PATH, "O_PATH"},
    };
    std::string text = (flags & O_ACCMODE) == O_RDONLY   ? "O_RDONLY"
                       : (flags & O_ACCMODE) == O_WRONLY ? "O_WRONLY"
                                                         : "O_RDWR";
    for (const auto& [bit, name] : kNames) {
        if ((flags & bit) == bit) text += std::string("|") + name;
    }
    constexpr std::uint64_t kTmpfileBit = O_TMPFILE & ~static_cast<std::uint64_t>(O_DIRECTORY);
    if ((flags & kTmpfileBit) != 0) text += "|O_TMPFILE";
    return text;
}

/// Whether the sandboxee (our own uid, no capabilities) passes the permission bits.
bool modeAllows(const InsideObject& object, unsigned wanted)
{
    unsigned bits = object.mode;
    if (object.uid == ::geteuid()) bits >>= 6U;
    else if (object.gid == ::getegid()) bits >>= 3U;
    return (bits & wanted) == wanted;
}

/// Seen from here, /proc/self is somebody else.
bool namesOneself(const std::string& path)
{
    const std::string_view names[] = {"/proc/self", "/proc/thread-self", "/dev/fd",
                                      "/dev/stdin", "/dev/stdout",       "/dev/stderr"};
    return std::any_of(std::begin(names), std::end(names),
                       [&](std::string_view name) { return path.starts_with(name); });
}

class Decoder {
public:
    Decoder(const CallRow& row, const seccomp_data& call, std::int32_t tid, int root)
        : m_row(row), m_call(call), m_tid(tid), m_root(root)
    {
        m_result.kind = row.kind;
    }

    std::optional<DecodedCall> decode()
    {
        switch (m_row.shape) {
            case CallShape::path: return onPath();
            case CallShape::descriptor: return onDescriptor();
            case CallShape::open: return onOpen(argument(m_call, m_row.extra));
            case CallShape::openHow: return onOpenHow();
            case CallShape::create: return onOpen(O_WRONLY | O_CREAT | O_TRUNC);
            case CallShape::twoPaths: return onTwoPaths();
            case CallShape::symlink: return onSymlink();
            case CallShape::exec: return onExec();
            case CallShape::exit: return onExit();
            case CallShape::address: return onAddress(argument(m_call, m_row.path), argument(m_call, m_row.extra));
            case CallShape::sendTo: return onAddress(argument(m_call, m_row.path), argument(m_call, m_row.extra));
            case CallShape::sendMessage: return onMessage();
            case CallShape::refuse: return onRefuse();
        }
        return std::nullopt;
    }

private:
    /// The absolute path, as written, of a (folder, path) argument pair; nullopt when unreadable.
    std::optional<std::string> absolutePath(std::int8_t folderArgument, std::int8_t pathArgument)
    {
        std::optional<std::string> path = readString(m_tid, argument(m_call, pathArgument), PATH_MAX);
        if (!path) return std::nullopt;
        if (isAbsolutePath(*path)) return path;
        const std::int32_t folder =
            folderArgument == kNoArgument ? AT_FDCWD : static_cast<std::int32_t>(argument(m_call, folderArgument));
        return joinPath(folderOf(m_tid, folder), *path);
    }

    bool lookUp(std::int8_t folderArgument, std::int8_t pathArgument, bool follow, InsideObject& object)
    {
        const std::optional<std::string> path = absolutePath(folderArgument, pathArgument);
        if (!path) return false;
        const bool own = namesOneself(*path);
        // Who reads a link of /proc asks about the link, not about where it leads.
        const std::string meant = own && follow ? withoutOwnNames(m_tid, m_root, *path) : *path;
        object = lookUpInside(m_root, meant, follow);
        object.unknown |= own && meant == *path;
        m_unknown |= object.unknown;
        return true;
    }

    void derive(int error)
    {
        if (m_unknown) return;
        m_result.result = error;
        m_result.trust = ResultTrust::derived;
    }

    std::optional<DecodedCall> onPath()
    {
        const bool symlinkItself = m_row.kind == EventKind::fileStat && m_row.folder != kNoArgument &&
                                   (m_call.args[m_row.when ? m_row.when->argument : 3] & AT_SYMLINK_NOFOLLOW) != 0;
        InsideObject object;
        if (!lookUp(m_row.folder, m_row.path, m_row.followsLinks && !symlinkItself, object)) return std::nullopt;
        m_result.object = object.path;
        const bool makes = m_row.kind == EventKind::fileMkdir || m_row.kind == EventKind::fileMknod;
        if (makes) derive(object.exists ? EEXIST : object.error == ENOENT ? 0 : object.error);
        else derive(object.exists ? 0 : object.error);
        if (m_row.kind == EventKind::fileUnlink && m_row.extra != kNoArgument &&
            (argument(m_call, m_row.extra) & AT_REMOVEDIR) != 0)
            m_result.kind = EventKind::fileRmdir;
        if (m_row.kind == EventKind::fileChmod)
            m_result.detail = fmt::format("mode {:04o}", argument(m_call, m_row.extra) & 07777U);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onDescriptor()
    {
        m_result.object = folderOf(m_tid, static_cast<std::int32_t>(argument(m_call, m_row.folder)));
        if (!isAbsolutePath(m_result.object)) return std::nullopt;  // a pipe or socket, or no such descriptor
        if (m_row.kind == EventKind::fileChmod)
            m_result.detail = fmt::format("mode {:04o}", argument(m_call, m_row.extra) & 07777U);
        derive(0);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onOpenHow()
    {
        open_how how{};
        if (!readMemory(m_tid, argument(m_call, m_row.extra), &how, sizeof how)) return std::nullopt;
        return onOpen(how.flags);
    }

    std::optional<DecodedCall> onOpen(std::uint64_t flags)
    {
        InsideObject object;
        const bool follow = (flags & O_NOFOLLOW) == 0 && !((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0);
        if (!lookUp(m_row.folder, m_row.path, follow, object)) return std::nullopt;
        m_result.object = object.path;
        m_result.detail = openFlagsText(flags);
        const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
        const bool creates = (flags & O_CREAT) != 0 && !object.exists;
        m_result.kind = creates ? EventKind::fileCreate : writes ? EventKind::fileOpenWrite : EventKind::fileOpen;
        const unsigned wanted = (flags & O_PATH) != 0             ? 0U
                                : (flags & O_ACCMODE) == O_RDONLY ? 4U
                                : (flags & O_ACCMODE) == O_WRONLY ? 2U
                                                                  : 6U;
        if (creates) derive(object.error == ENOENT ? 0 : object.error);
        else if (!object.exists) derive(object.error);
        else if ((flags & O_CREAT) != 0 && (flags & O_EXCL) != 0) derive(EEXIST);
        else if (writes && S_ISDIR(object.mode)) derive(EISDIR);
        else derive(modeAllows(object, wanted) ? 0 : EACCES);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onTwoPaths()
    {
        InsideObject from;
        InsideObject to;
        if (!lookUp(m_row.folder, m_row.path, false, from) || !lookUp(m_row.folder2, m_row.path2, false, to))
            return std::nullopt;
        m_result.object = from.path;
        m_result.detail = std::string(kTargetPrefix) + to.path;
        const bool linkOverExisting = m_row.kind == EventKind::fileLink && to.exists;
        derive(!from.exists ? from.error : linkOverExisting ? EEXIST : 0);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onSymlink()
    {
        InsideObject object;
        const std::optional<std::string> content = readString(m_tid, argument(m_call, m_row.path2), PATH_MAX);
        if (!content || !lookUp(m_row.folder, m_row.path, false, object)) return std::nullopt;
        m_result.object = object.path;
        m_result.detail = std::string(kTargetPrefix) + *content;
        derive(object.exists ? EEXIST : object.error == ENOENT ? 0 : object.error);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onExec()
    {
        const std::optional<std::string> written = readString(m_tid, argument(m_call, m_row.path), PATH_MAX);
        if (!written) return std::nullopt;
        InsideObject object;
        if (written->empty() && m_row.folder != kNoArgument) {
            object =
                lookUpInside(m_root, folderOf(m_tid, static_cast<std::int32_t>(argument(m_call, m_row.folder))), true);
        } else if (!lookUp(m_row.folder, m_row.path, true, object)) {
            return std::nullopt;
        }
        m_result.object = object.path;
        m_result.detail = readArgumentList(m_tid, argument(m_call, m_row.extra));
        if (!object.exists) derive(object.error);
        else derive(S_ISREG(object.mode) && modeAllows(object, 1U) ? 0 : EACCES);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onExit()
    {
        m_result.result = static_cast<std::int32_t>(argument(m_call, m_row.extra) & 0xffU);
        return std::move(m_result);
    }

    std::optional<DecodedCall> onAddress(std::uint64_t address, std::uint64_t length)
    {
        m_result.object = readAddress(m_tid, address, length);
        if (m_result.object.empty()) return std::nullopt;
        constexpr std::string_view kUnix = "unix:";
        if (m_result.object.starts_with(kUnix) && !m_result.object.starts_with("unix:@")) {
            std::string path = m_result.object.substr(kUnix.size());
            if (!isAbsolutePath(path)) path = joinPath(folderOf(m_tid, AT_FDCWD), path);
            const InsideObject object = lookUpInside(m_root, path, true);
            m_result.object = "unix:" + object.path;
            if (m_row.kind != EventKind::netBind) derive(object.exists ? 0 : object.error);
        }
        return std::move(m_result);
    }

    std::optional<DecodedCall> onMessage()
    {
        msghdr header{};
        if (!readMemory(m_tid, argument(m_call, m_row.path), &header, sizeof header)) return std::nullopt;
        if (header.msg_name == nullptr) return std::nullopt;
        return onAddress(reinterpret_cast<std::uint64_t>(header.msg_name), header.msg_namelen);  // NOLINT
    }

    std::optional<DecodedCall> onRefuse()
    {
        m_result.object = m_row.name;
        if (m_row.kind == EventKind::netSocket)
            m_result.detail = fmt::format("family {} type {}", m_call.args[0] & 0xffffffffU, m_call.args[1] & 0xfU);
        if (m_row.kind == EventKind::privMount && m_call.args[1] != 0) {
            if (const std::optional<std::string> target = readString(m_tid, m_call.args[1], PATH_MAX))
                m_result.detail = *target;
        }
        m_result.result = m_row.refuseWith;
        m_result.trust = ResultTrust::seen;
        return std::move(m_result);
    }

    const CallRow& m_row;
    const seccomp_data& m_call;
    const std::int32_t m_tid;
    const int m_root;
    bool m_unknown = false;  ///< The result cannot be derived.
    DecodedCall m_result;
};

}  // namespace

const CallRow* rowOf(const seccomp_data& call)
{
    const auto found = rowIndex().find(call.nr);
    if (found == rowIndex().end()) return nullptr;
    for (const CallRow* row : found->second) {
        if (passes(row->when, call) && passes(row->when2, call)) return row;
    }
    return nullptr;
}

std::optional<DecodedCall> decodeCall(const CallRow& row, const seccomp_data& call, std::int32_t tid, int root)
{
    return Decoder(row, call, tid, root).decode();
}

}  // namespace belljar::linux_platform
