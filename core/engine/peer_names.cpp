#include "core/engine/peer_names.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "core/engine/network_hooks.h"

namespace belljar {
namespace {

constexpr std::chrono::seconds kGrace{60};
constexpr std::size_t kMostAddresses = 4096;
constexpr std::size_t kMostNames = 64;  ///< Of one address.

}  // namespace

void PeerNames::add(const NameLookup& lookup, std::int64_t nowNs)
{
    const std::int64_t untilNs = nowNs + std::chrono::nanoseconds(lookup.lifetime + kGrace).count();
    const std::lock_guard lock(m_mutex);
    for (const NetworkEndpoint& address : lookup.addresses) {
        if (m_names.size() >= kMostAddresses) makeRoom(nowNs);
        std::vector<Known>& names = m_names[addressText(address)];
        std::erase_if(names, [&](const Known& known) { return known.untilNs <= nowNs; });
        const auto same =
            std::find_if(names.begin(), names.end(), [&](const Known& known) { return known.name == lookup.name; });
        Known added{lookup.name, nowNs, untilNs};
        if (same != names.end()) {
            added.sinceNs = same->sinceNs;
            names.erase(same);
        }
        if (names.size() == kMostNames) names.erase(names.begin());
        names.push_back(std::move(added));
    }
}

/// Forgets what is no longer good; when that is little, what will be so first.
void PeerNames::makeRoom(std::int64_t nowNs)
{
    const auto lastsUntil = [](const auto& entry) {
        return std::max_element(entry.second.begin(), entry.second.end(),
                                [](const Known& a, const Known& b) { return a.untilNs < b.untilNs; })
            ->untilNs;
    };
    std::erase_if(m_names, [&](const auto& entry) { return lastsUntil(entry) <= nowNs; });
    constexpr std::size_t kEnough = kMostAddresses / 4 * 3;
    if (m_names.size() <= kEnough) return;
    std::vector<std::int64_t> ends;
    for (const auto& entry : m_names) ends.push_back(lastsUntil(entry));
    const auto cut = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() - kEnough);
    std::nth_element(ends.begin(), cut, ends.end());
    std::erase_if(m_names, [&](const auto& entry) { return lastsUntil(entry) <= *cut; });
}

bool PeerNames::isEmpty() const
{
    const std::lock_guard lock(m_mutex);
    return m_names.empty();
}

std::vector<std::string> PeerNames::of(const std::string& address, std::int64_t timeNs) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::string> names;
    const auto found = m_names.find(address);
    if (found == m_names.end()) return names;
    for (auto known = found->second.rbegin(); known != found->second.rend(); ++known)
        if (known->sinceNs <= timeNs && timeNs < known->untilNs) names.push_back(known->name);
    return names;
}

}  // namespace belljar
