#include "core/platform/posix/writable_memory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "core/base/path_text.h"
#include "core/platform/platform.h"
#include "core/platform/posix/errno_text.h"
#include "core/platform/posix/unique_fd.h"
#include "core/platform/posix/user_entry.h"

namespace belljar {
namespace {

constexpr std::string_view kTitle = "belljar writable folders 1\n";
constexpr std::size_t kMostFolders = 2048;
constexpr std::size_t kLargestFile = 16U << 20U;

/// One line: a path with newline and backslash escaped.
std::string lineOf(const std::string& path)
{
    std::string line;
    for (const char c : path) {
        if (c == '\\') line += "\\\\";
        else if (c == '\n') line += "\\n";
        else line += c;
    }
    return line + '\n';
}

/// Empty: this is no line that we have written.
std::string pathOf(std::string_view line)
{
    std::string path;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\\') {
            path += line[i];
            continue;
        }
        if (++i == line.size() || (line[i] != 'n' && line[i] != '\\')) return {};
        path += line[i] == 'n' ? '\n' : '\\';
    }
    const bool plain = isAbsolutePath(path) && path.find('\0') == std::string::npos && normalizedPath(path) == path;
    return plain ? path : std::string();
}

std::vector<std::string> parse(std::string_view text)
{
    const std::vector<std::string> anything{"/"};
    if (text.empty()) return {};
    if (!text.starts_with(kTitle) || text.back() != '\n') return anything;
    text.remove_prefix(kTitle.size());
    std::vector<std::string> folders;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string path = pathOf(text.substr(0, end));
        if (path.empty()) return anything;
        folders.push_back(std::move(path));
        text.remove_prefix(end + 1);
    }
    return folders;
}

bool covers(const std::vector<std::string>& known, const std::string& path)
{
    return std::any_of(known.begin(), known.end(),
                       [&](const std::string& folder) { return isAtOrBelow(path, folder); });
}

std::string homeFolder()
{
    const char* home = std::getenv("HOME");  // NOLINT: nobody changes it
    if (home != nullptr && *home == '/') return home;
    return userEntry(::geteuid()).home;
}

/// Makes the folder with its parents; true when it is ours alone to write.
bool isUsable(const std::string& folder)
{
    if (!isAbsolutePath(folder)) return false;
    std::string path;
    struct stat info {};
    if (::lstat(folder.c_str(), &info) != 0) {
        for (const std::string& part : pathComponents(folder)) {
            path += "/" + part;
            if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return false;
        }
        if (::lstat(folder.c_str(), &info) != 0) return false;
    }
    return S_ISDIR(info.st_mode) && info.st_uid == ::geteuid() && (info.st_mode & 022U) == 0 &&
           ::access(folder.c_str(), W_OK) == 0;
}

/// A folder of ours above it cannot be entered: a sandbox that may write there can have closed it, to make us forget.
bool isClosedByUs(const std::string& folder)
{
    struct stat info {};
    if (::lstat(folder.c_str(), &info) == 0 || errno != EACCES) return false;
    std::string path = folder;
    do path = parentPath(path);
    while (path != "/" && ::lstat(path.c_str(), &info) != 0);
    return info.st_uid == ::geteuid();
}

/// Where it cannot be entered it stays the place: nothing is known then, and nothing can be added.
bool isThePlace(const std::string& folder)
{
    return isUsable(folder) || isClosedByUs(folder);
}

bool isGone(const std::string& path)
{
    struct stat info {};
    return ::lstat(path.c_str(), &info) != 0 && errno == ENOENT;
}

/// At most half of what is allowed: a folder that is gone holds no link; then parents stand for children.
std::vector<std::string> compacted(std::vector<std::string> folders)
{
    std::erase_if(folders, isGone);
    while (folders.size() > kMostFolders / 2) {
        std::size_t longest = 0;
        for (const std::string& folder : folders) longest = std::max(longest, pathComponents(folder).size());
        std::vector<std::string> shorter;
        for (std::string& folder : folders) {
            if (pathComponents(folder).size() == longest) folder = parentPath(folder);
            if (!covers(shorter, folder)) shorter.push_back(std::move(folder));
        }
        folders = std::move(shorter);
    }
    return folders;
}

std::string textOf(const std::vector<std::string>& folders)
{
    std::string text(kTitle);
    for (const std::string& folder : folders) text += lineOf(folder);
    return text;
}

std::string readAll(int file)
{
    std::string text;
    char part[16384];
    ssize_t length = 0;
    off_t at = 0;
    while (text.size() < kLargestFile && (length = ::pread(file, part, sizeof part, at)) > 0) {
        text.append(part, static_cast<std::size_t>(length));
        at += length;
    }
    return text;
}

/// Locked, and still the file of that name: who makes it smaller replaces it.
UniqueFd openLocked(const std::string& path)
{
    for (;;) {
        UniqueFd handle(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!handle || ::flock(handle.get(), LOCK_EX) != 0) return {};
        struct stat own {};
        struct stat named {};
        if (::fstat(handle.get(), &own) != 0) return {};
        if (::lstat(path.c_str(), &named) == 0 && own.st_dev == named.st_dev && own.st_ino == named.st_ino)
            return handle;
    }
}

/// All or nothing: the disk may be full.
bool append(int handle, const std::string& text)
{
    struct stat before {};
    if (::fstat(handle, &before) != 0) return false;
    if (::write(handle, text.data(), text.size()) == static_cast<ssize_t>(text.size())) return true;
    const int error = errno;
    // Should this fail as well, the torn line stands for any folder.
    if (::ftruncate(handle, before.st_size) == 0) errno = error;
    return false;
}

}  // namespace

WritableMemory WritableMemory::ofUser()
{
    const char* state = std::getenv("XDG_STATE_HOME");  // NOLINT: nobody changes it
    if (state != nullptr && isThePlace(std::string(state) + "/belljar"))
        return WritableMemory(normalizedPath(std::string(state) + "/belljar"));
    // Of another user with sudo, who then could not use what root had made.
    const std::string home = homeFolder();
    struct stat info {};
    const bool own = ::stat(home.c_str(), &info) == 0 && info.st_uid == ::geteuid();
    if (own && isThePlace(home + "/.local/state/belljar"))
        return WritableMemory(normalizedPath(home + "/.local/state/belljar"));
    std::string last = "/var/tmp/belljar-state-" + std::to_string(::geteuid());
    return WritableMemory(isUsable(last) ? std::move(last) : std::string());
}

std::vector<std::string> WritableMemory::load() const
{
    if (m_folder.empty()) return {};
    const Result<std::string> text = readFile(file(), kLargestFile);
    if (text) return parse(*text);
    struct stat info {};
    if (::lstat(file().c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR)) return {};
    return {"/"};
}

Result<void> WritableMemory::add(const std::vector<std::string>& folders) const
{
    const auto failed = [this] {
        return Error{ErrorCode::backendError, "the folders that the sandbox may write cannot be remembered", file(),
                     errnoText(errno), "make its folder writable, or set XDG_STATE_HOME to one that is"};
    };
    if (folders.empty()) return {};
    if (m_folder.empty()) return failed();
    const UniqueFd handle = openLocked(file());
    if (!handle) return failed();
    const std::string old = readAll(handle.get());
    std::vector<std::string> known = parse(old);
    std::vector<std::string> fresh;
    for (const std::string& folder : folders) {
        if (covers(known, folder)) continue;
        known.push_back(folder);
        fresh.push_back(folder);
    }
    if (fresh.empty()) return {};
    if (known.size() > kMostFolders) return writeFile(file(), textOf(compacted(std::move(known))));
    std::string text = old.empty() ? std::string(kTitle) : std::string();
    for (const std::string& folder : fresh) text += lineOf(folder);
    if (!append(handle.get(), text)) return failed();
    return {};
}

}  // namespace belljar
