// What this Mac is like. Enough to check, export and read recordings; there is no containment for it yet.
#include "core/platform/platform.h"
#include "core/platform/posix/posix_host.h"

namespace belljar {
namespace {

class MacHost final : public PosixHost {
public:
    MacHost()
    {
        m_system.system = "macos";
        m_system.distribution = "macOS";
        m_system.userNamespacesReason = "user namespaces belong to Linux";
    }

    [[nodiscard]] const std::vector<MountFacts>& mounts() const override { return m_mounts; }

private:
    const std::vector<MountFacts> m_mounts;  ///< Bind mounts do not exist here.
};

}  // namespace

std::unique_ptr<HostFacts> inspectHost(bool)
{
    return std::make_unique<MacHost>();
}

}  // namespace belljar
