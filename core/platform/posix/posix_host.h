// What every POSIX system answers the same way: files, our own process. Systems derive from this and add theirs.
#pragma once

#include "core/model/host_facts.h"

namespace belljar {

class PosixHost : public HostFacts {
public:
    [[nodiscard]] const SystemFacts& system() const override { return m_system; }
    [[nodiscard]] PathFacts lstat(const std::string& path) const override;
    [[nodiscard]] bool mayAccess(const std::string& path, bool write) const override;
    [[nodiscard]] std::vector<std::string> list(const std::string& path) const override;
    [[nodiscard]] std::vector<IpNetwork> ownAddresses() const override;
    [[nodiscard]] std::vector<std::string> formerlyWritable() const override;
    [[nodiscard]] std::string memoryFolder() const override;

protected:
    /// Fills kernel, user, home, current folder and environment.
    PosixHost();

    SystemFacts m_system;
};

}  // namespace belljar
