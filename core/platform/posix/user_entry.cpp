#include "core/platform/posix/user_entry.h"

#ifdef __linux__
#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <vector>

#include "core/platform/platform.h"
#else
#include <pwd.h>
#endif

namespace belljar {

#ifdef __linux__

// getpwuid(3) would load name-service libraries: 1 ms at a start, and not to be had in a program that loads none.
namespace {

/// The entry of `uid` among lines "name:x:uid:gid:text:home:shell".
UserEntry entryIn(std::string_view text, uid_t uid)
{
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        std::vector<std::string_view> fields;
        for (std::size_t begin = 0; begin <= line.size();) {
            const std::size_t end = std::min(line.find(':', begin), line.size());
            fields.push_back(line.substr(begin, end - begin));
            begin = end + 1;
        }
        if (fields.size() >= 6 && fields[2] == std::to_string(uid))
            return {std::string(fields[0]), std::string(fields[5])};
    }
    return {};
}

/// Users that stand in no file of this machine: a program of the system knows them.
std::string askSystem(uid_t uid)
{
    std::string answer;
    // A number is all of it that comes from outside.
    std::FILE* program = ::popen(("exec /usr/bin/getent passwd " + std::to_string(uid)).c_str(), "re");  // NOLINT
    if (program == nullptr) return answer;
    std::array<char, 1024> part{};
    while (const std::size_t length = std::fread(part.data(), 1, part.size(), program))
        answer.append(part.data(), length);
    ::pclose(program);
    return answer;
}

}  // namespace

UserEntry userEntry(uid_t uid)
{
    constexpr std::size_t kUserFile = 16U << 20U;
    UserEntry entry;
    if (const Result<std::string> users = readFile("/etc/passwd", kUserFile)) entry = entryIn(*users, uid);
    return entry.name.empty() ? entryIn(askSystem(uid), uid) : entry;
}

#else

UserEntry userEntry(uid_t uid)
{
    const passwd* user = ::getpwuid(uid);  // NOLINT: before threads
    return user != nullptr ? UserEntry{user->pw_name, user->pw_dir} : UserEntry{};
}

#endif

}  // namespace belljar
