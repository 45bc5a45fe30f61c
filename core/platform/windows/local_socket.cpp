// Speaking to running sessions on Windows: there are none yet.
#include "core/platform/local_socket.h"

namespace belljar {
namespace {

Error notBuilt()
{
    return {ErrorCode::backendUnavailable, "speaking to running sessions on Windows is not built yet", {}, {}, {}};
}

}  // namespace

Result<std::unique_ptr<LocalServer>> serveLocal(const std::string&, LocalHandler)
{
    return notBuilt();
}

Result<std::string> askLocal(const std::string&, const std::string&)
{
    return notBuilt();
}

std::int64_t ownProcess()
{
    return 0;
}

std::vector<std::string> localNames()
{
    return {};
}

}  // namespace belljar
