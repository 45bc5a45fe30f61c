// Where belljar-monitord's clients come in.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::monitord {

/// The socket that the service manager handed over (LISTEN_FDS), when it did; an error when that is not one that we
/// can serve. No descriptor and no error: there is none.
Result<UniqueFd> inheritedSocket();

/// Makes one that every local user can reach. A socket that nobody listens on any more is replaced; any other file at
/// that place is an error.
Result<UniqueFd> makeSocket(const std::string& path);

}  // namespace belljar::monitord
