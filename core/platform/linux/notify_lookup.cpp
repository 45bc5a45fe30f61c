#include "core/platform/linux/notify_lookup.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/base/path_text.h"

#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kMostFolders = 128;
/// Long enough for any call that changes a name, so that a thread that never comes back does not slow others for ever.
constexpr std::chrono::milliseconds kChangeTakes{50};
constexpr std::size_t kMostPending = 64;

std::string_view folderPart(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return slash == 0 || slash == std::string_view::npos ? std::string_view("/") : path.substr(0, slash);
}

/// Copies a name for a system call; too long ones are cut, and longer than the kernel takes.
struct CName {
    explicit CName(std::string_view path)
    {
        const std::size_t slash = path.rfind('/');
        const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
        length = std::min(name.size(), sizeof text - 1);
        std::memcpy(text, name.data(), length);
        text[length] = '\0';
    }
    char text[512];
    std::size_t length = 0;
};

int refusalAt(int folder, const char* name, int mode)
{
    const int flags = AT_EACCESS | AT_SYMLINK_NOFOLLOW | (name[0] == '\0' ? AT_EMPTY_PATH : 0);
    return ::syscall(SYS_faccessat2, folder, name, mode, flags) == 0 ? 0 : errno;
}

std::uint64_t mountOf(int handle)
{
    struct statx info {};
    const bool known = ::statx(handle, "", AT_EMPTY_PATH, STATX_MNT_ID, &info) == 0 && (info.stx_mask & STATX_MNT_ID);
    return known ? info.stx_mnt_id : 0;
}

}  // namespace

void TreeView::begin(std::int32_t tid, Clock::time_point now)
{
    m_now = now;
    if (m_pending.empty()) return;
    TreeChange happened = TreeChange::none;
    std::erase_if(m_pending, [&](const Pending& pending) {
        if (pending.tid != tid && now < pending.until) return false;
        happened = std::max(happened, pending.change);
        return true;
    });
    forget(happened);
}

void TreeView::expect(std::int32_t tid, TreeChange change)
{
    if (change == TreeChange::none) return;
    if (m_pending.size() == kMostPending) m_pending.erase(m_pending.begin());
    m_pending.push_back({tid, change, m_now + kChangeTakes});
}

void TreeView::forget(TreeChange change)
{
    if (change == TreeChange::folderMoved) m_folders.clear();
    else if (change != TreeChange::none && m_missing > 0)
        std::erase_if(m_folders, [](const auto& pair) { return !pair.second.handle; });
    if (change != TreeChange::none) m_missing = 0;
}

bool TreeView::isUnsettled() const
{
    return std::any_of(m_pending.begin(), m_pending.end(),
                       [](const Pending& pending) { return pending.change != TreeChange::fileChanged; });
}

TreeView::Folder& TreeView::folderAt(std::string_view path)
{
    const bool unsettled = isUnsettled();
    auto found = m_folders.find(path);
    // While somebody changes the tree nothing that was looked up before counts.
    if (found != m_folders.end() && !unsettled && m_now < found->second.until) return found->second;
    if (found == m_folders.end()) {
        if (m_folders.size() >= kMostFolders) forget(TreeChange::folderMoved);
        found = m_folders.emplace(std::string(path), Folder{}).first;
    }
    Folder& folder = found->second;
    folder = Folder{};
    OpenedInside opened = openPathInside(m_root, found->first, true);
    const bool isFolder = opened.object.exists && S_ISDIR(opened.object.mode);
    if (isFolder) folder.handle = std::move(opened.handle);
    folder.path = std::move(opened.object.path);
    folder.error = opened.handle && !isFolder ? ENOTDIR : opened.object.error;
    folder.unknown = opened.object.unknown;
    folder.until = unsettled ? m_now : m_now + kTrusted;
    if (!folder.handle) ++m_missing;
    return folder;
}

TreeView::Folder& TreeView::folderOf(std::string_view path)
{
    return folderAt(folderPart(path));
}

InsideObject TreeView::look(std::string_view base, std::string_view path, bool followLast)
{
    InsideObject object;
    while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
    const std::size_t slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    std::string_view folderPath = folderPart(path);
    if (!path.starts_with('/')) {
        if (path.empty() || !isAbsolutePath(base)) {
            object.path = path.empty() ? base : path;
            object.error = path.empty() ? ENOENT : base.empty() ? EBADF : ENOTDIR;
            object.folderMissing = true;
            return object;
        }
        m_text = base;
        if (slash != std::string_view::npos) {
            if (m_text != "/") m_text += '/';
            m_text.append(path.substr(0, slash));
        }
        folderPath = m_text;
    }
    if (name.empty() || name == "." || name == "..")
        return lookUpInside(m_root, joinPath(folderPath, name.empty() ? "." : name), true);
    const Folder& folder = folderAt(folderPath);
    object.path.reserve(folder.path.size() + 1 + name.size());
    object.path = folder.path;
    if (object.path != "/") object.path += '/';
    object.path += name;
    if (!folder.handle) {
        object.error = folder.error;
        object.unknown = folder.unknown;
        object.folderMissing = true;
        return object;
    }
    struct stat info {};
    const CName entry(name);
    if (::fstatat(folder.handle.get(), entry.text, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        object.error = errno;
        return object;
    }
    if (followLast && S_ISLNK(info.st_mode)) return lookUpInside(m_root, object.path, true);
    object.exists = true;
    object.mode = info.st_mode;
    object.uid = info.st_uid;
    object.gid = info.st_gid;
    return object;
}

int TreeView::refusal(std::string_view path, int mode)
{
    const Folder& folder = folderOf(path);
    if (!folder.handle) return folder.error;
    return refusalAt(folder.handle.get(), path == "/" ? "" : CName(path).text, mode);
}

int TreeView::changeRefusal(std::string_view path)
{
    const Folder& folder = folderOf(path);
    return folder.handle ? refusalAt(folder.handle.get(), "", W_OK | X_OK) : folder.error;
}

bool TreeView::isEmptyFolder(std::string_view path)
{
    const Folder& folder = folderOf(path);
    const int handle =
        folder.handle ? ::openat(folder.handle.get(), CName(path).text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                      : -1;
    DIR* entries = handle >= 0 ? ::fdopendir(handle) : nullptr;
    if (entries == nullptr) return true;  // the call itself will say why not
    int seen = 0;
    while (seen < 3 && ::readdir(entries) != nullptr) ++seen;  // "." and ".."
    ::closedir(entries);
    return seen < 3;
}

bool TreeView::areInOneMount(std::string_view one, std::string_view other)
{
    const std::string second(folderPart(other));
    const Folder& from = folderOf(one);
    const std::uint64_t mount = from.handle ? mountOf(from.handle.get()) : 0;
    const Folder& to = folderAt(second);
    return mount == 0 || !to.handle || mountOf(to.handle.get()) == mount;
}

UniqueFd TreeView::open(std::string_view path)
{
    const Folder& folder = folderOf(path);
    if (!folder.handle) return {};
    return UniqueFd(::openat(folder.handle.get(), CName(path).text, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
}

}  // namespace belljar::linux_platform
