#include "core/platform/linux/notify_forecast.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/path_text.h"

namespace belljar::linux_platform {
namespace {

/// Told from the permission bits where they are clear, which is cheaper than asking the kernel.
bool mayRead(const InsideObject& object)
{
    if (object.uid == ::geteuid()) return (object.mode & S_IRUSR) != 0;
    return (object.mode & (S_IRGRP | S_IROTH)) == (S_IRGRP | S_IROTH);
}

/// What only the owner may do, and not in a read-only mount.
int ownersResult(TreeView& tree, const InsideObject& object)
{
    if (tree.refusal(object.path, W_OK) == EROFS) return EROFS;
    return object.uid == ::geteuid() ? 0 : EPERM;
}

bool isBelow(const std::string& path, const std::string& folder)
{
    return path.size() > folder.size() && isAtOrBelow(path, folder);
}

int removeFolderResult(TreeView& tree, const InsideObject& object)
{
    if (!S_ISDIR(object.mode)) return ENOTDIR;
    if (const int refused = tree.changeRefusal(object.path); refused != 0) return refused;
    return tree.isEmptyFolder(object.path) ? 0 : ENOTEMPTY;
}

}  // namespace

int makeResult(TreeView& tree, const InsideObject& object)
{
    if (object.exists) return EEXIST;
    if (object.error != ENOENT || object.folderMissing) return object.error;
    return tree.changeRefusal(object.path);
}

std::optional<int> pathResult(TreeView& tree, EventKind kind, const InsideObject& object)
{
    if (kind == EventKind::fileMkdir || kind == EventKind::fileMknod) return makeResult(tree, object);
    if (!object.exists) return object.error;
    switch (kind) {
        case EventKind::fileUnlink: return S_ISDIR(object.mode) ? EISDIR : tree.changeRefusal(object.path);
        case EventKind::fileRmdir: return removeFolderResult(tree, object);
        case EventKind::fileReadLink: return S_ISLNK(object.mode) ? 0 : EINVAL;
        case EventKind::fileTruncate: return S_ISDIR(object.mode) ? EISDIR : tree.refusal(object.path, W_OK);
        case EventKind::fileChmod:
        case EventKind::fileTimes: return ownersResult(tree, object);
        case EventKind::fileXattr:
        case EventKind::fileChown: {
            // Whether the file system takes the attribute, or the owner may be that one, cannot be told.
            const int refused = ownersResult(tree, object);
            return refused == 0 ? std::nullopt : std::optional(refused);
        }
        default: return 0;
    }
}

bool opensToWrite(std::uint64_t flags)
{
    return (flags & O_PATH) == 0 && ((flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0);
}

std::optional<int> openResult(TreeView& tree, const InsideObject& object, std::uint64_t flags)
{
    constexpr std::uint64_t kTmpfile = O_TMPFILE;
    const auto has = [flags](std::uint64_t bits) { return (flags & bits) == bits; };
    const bool folderWanted = has(O_DIRECTORY);
    if (!object.exists) {
        if (!has(O_CREAT) || has(O_PATH)) return object.error;
        return folderWanted ? EINVAL : makeResult(tree, object);
    }
    if (has(kTmpfile)) return S_ISDIR(object.mode) ? tree.refusal(object.path, W_OK | X_OK) : ENOTDIR;
    if (has(O_PATH)) return folderWanted && !S_ISDIR(object.mode) ? ENOTDIR : 0;
    if (has(O_CREAT | O_EXCL)) return EEXIST;
    if (S_ISLNK(object.mode)) return ELOOP;  // only with O_NOFOLLOW
    if (folderWanted && !S_ISDIR(object.mode)) return ENOTDIR;
    if (S_ISDIR(object.mode) && (opensToWrite(flags) || has(O_CREAT))) return EISDIR;
    if (S_ISSOCK(object.mode)) return ENXIO;
    // The terminal of its session, which it may not have; a pipe that has to have a reader.
    if (object.path == "/dev/tty" || (S_ISFIFO(object.mode) && has(O_NONBLOCK | O_WRONLY))) return std::nullopt;
    const bool reads = (flags & O_ACCMODE) != O_WRONLY;
    if (opensToWrite(flags)) return tree.refusal(object.path, reads ? R_OK | W_OK : W_OK);
    return mayRead(object) ? 0 : tree.refusal(object.path, R_OK);
}

int linkResult(TreeView& tree, const InsideObject& from, const InsideObject& to)
{
    if (!from.exists) return from.error;
    if (to.exists) return EEXIST;
    if (to.error != ENOENT || to.folderMissing) return to.error;
    if (!tree.areInOneMount(from.path, to.path)) return EXDEV;
    const int refused = tree.changeRefusal(to.path);
    return refused != 0 ? refused : S_ISDIR(from.mode) ? EPERM : 0;
}

int renameResult(TreeView& tree, const InsideObject& from, const InsideObject& to, std::uint64_t flags)
{
    constexpr std::uint64_t kNoReplace = 1;
    constexpr std::uint64_t kExchange = 2;
    if (from.folderMissing) return from.error;
    if (to.folderMissing || (!to.exists && to.error != ENOENT)) return to.error;
    if (!tree.areInOneMount(from.path, to.path)) return EXDEV;
    if (!from.exists) return from.error;
    if (to.exists && (flags & kNoReplace) != 0) return EEXIST;
    if (!to.exists && (flags & kExchange) != 0) return ENOENT;
    if (isBelow(to.path, from.path)) return EINVAL;
    if (isBelow(from.path, to.path) && (flags & kExchange) == 0) return ENOTEMPTY;
    for (const InsideObject* object : {&from, &to})
        if (const int refused = tree.changeRefusal(object->path); refused != 0) return refused;
    if (!to.exists || from.path == to.path || (flags & kExchange) != 0) return 0;
    if (S_ISDIR(to.mode) != S_ISDIR(from.mode)) return S_ISDIR(to.mode) ? EISDIR : ENOTDIR;
    return S_ISDIR(to.mode) && !tree.isEmptyFolder(to.path) ? ENOTEMPTY : 0;
}

TreeChange changeBy(EventKind kind, const InsideObject& object)
{
    switch (kind) {
        case EventKind::fileMkdir:
        case EventKind::fileSymlink: return TreeChange::folderMade;
        case EventKind::fileRmdir: return TreeChange::folderMoved;
        case EventKind::fileUnlink: return S_ISLNK(object.mode) ? TreeChange::folderMoved : TreeChange::fileChanged;
        case EventKind::fileCreate:
        case EventKind::fileLink:
        case EventKind::fileMknod: return TreeChange::fileChanged;
        default: return TreeChange::none;
    }
}

TreeChange changeByRename(const InsideObject& from, const InsideObject& to)
{
    const bool ofFiles = S_ISREG(from.mode) && (!to.exists || S_ISREG(to.mode));
    return ofFiles ? TreeChange::fileChanged : TreeChange::folderMoved;
}

}  // namespace belljar::linux_platform
