// The place on the host where a port of the sandbox is offered.
#pragma once

#include "core/base/result.h"
#include "core/model/network_policy.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// A socket of the host that listens there, not blocking, made with the rights of the calling thread. The error says
/// why it cannot be had.
Result<UniqueFd> listenFor(const PublishedPort& port);

}  // namespace belljar::linux_platform
