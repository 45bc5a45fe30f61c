#include "app/monitord/log.h"

#include <unistd.h>

#include <string>

namespace belljar::monitord {

void log(LogLevel level, std::string_view text)
{
    // One write, so that lines of several processes do not mix.
    std::string line = "<" + std::to_string(static_cast<int>(level)) + ">belljar-monitord: ";
    line.append(text).push_back('\n');
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

void log(LogLevel level, std::string_view text, uid_t user, unsigned slot)
{
    log(level, std::string(text) + " (user " + std::to_string(user) + ", session " + std::to_string(slot) + ")");
}

}  // namespace belljar::monitord
