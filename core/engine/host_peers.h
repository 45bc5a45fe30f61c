// Addresses of this host that a sandbox has tried to reach: the relay of its network finds out, the judge of its events
// asks.
#pragma once

#include <mutex>
#include <set>
#include <string>

namespace belljar {

/// All methods are safe from any thread.
class HostPeers {
public:
    /// `address` as Access::host. Of very many only the first are kept.
    void add(const std::string& address)
    {
        constexpr std::size_t kMost = 1024;
        const std::lock_guard lock(m_mutex);
        if (m_addresses.size() < kMost) m_addresses.insert(address);
    }

    [[nodiscard]] bool contains(const std::string& address) const
    {
        const std::lock_guard lock(m_mutex);
        return m_addresses.contains(address);
    }

private:
    mutable std::mutex m_mutex;
    std::set<std::string> m_addresses;
};

}  // namespace belljar
