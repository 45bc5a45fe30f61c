#include "core/engine/backend.h"

#include <algorithm>

namespace belljar {

const Backend* findBackend(const BackendList& backends, const std::string& id)
{
    const auto found = std::find_if(backends.begin(), backends.end(),
                                    [&](const std::unique_ptr<Backend>& backend) { return backend->info().id == id; });
    return found == backends.end() ? nullptr : found->get();
}

}  // namespace belljar
