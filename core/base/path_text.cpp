#include "core/base/path_text.h"

#include <algorithm>

namespace belljar {

bool isAbsolutePath(std::string_view path)
{
    return !path.empty() && path.front() == '/';
}

std::vector<std::string> pathComponents(std::string_view path)
{
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin < path.size()) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        if (end > begin) parts.emplace_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

std::string normalizedPath(std::string_view path)
{
    if (path.empty()) return {};
    const bool absolute = isAbsolutePath(path);
    std::vector<std::string> kept;
    for (std::string& part : pathComponents(path)) {
        if (part == ".") continue;
        if (part == "..") {
            if (!kept.empty() && kept.back() != "..") kept.pop_back();
            else if (!absolute) kept.push_back(std::move(part));
            continue;
        }
        kept.push_back(std::move(part));
    }
    std::string result;
    for (const std::string& part : kept) {
        if (absolute || !result.empty()) result += '/';
        result += part;
    }
    if (result.empty()) result = absolute ? "/" : ".";
    return result;
}

std::string joinPath(std::string_view head, std::string_view tail)
{
    if (isAbsolutePath(tail) || head.empty()) return std::string(tail);
    std::string result(head);
    if (tail.empty()) return result;
    if (result.back() != '/') result += '/';
    result += tail;
    return result;
}

std::string parentPath(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return {};
    return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string fileName(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

bool isAtOrBelow(std::string_view path, std::string_view ancestor)
{
    if (ancestor == "/") return isAbsolutePath(path);
    if (path.substr(0, ancestor.size()) != ancestor) return false;
    return path.size() == ancestor.size() || path[ancestor.size()] == '/';
}

std::size_t pathDepth(std::string_view path)
{
    if (path.size() <= 1) return 0;
    return static_cast<std::size_t>(std::count(path.begin(), path.end(), '/'));
}

}  // namespace belljar
