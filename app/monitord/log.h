// Lines of belljar-monitord on its standard error, as the system's journal takes them. Nothing that a client sent is
// ever part of one.
#pragma once

#include <sys/types.h>

#include <string_view>

namespace belljar::monitord {

/// Numbers of syslog.
enum class LogLevel { error = 3, notice = 5, info = 6 };

void log(LogLevel level, std::string_view text);
/// About one client.
void log(LogLevel level, std::string_view text, uid_t user, unsigned slot);

}  // namespace belljar::monitord
