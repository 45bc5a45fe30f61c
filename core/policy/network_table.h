// The rules of a network as a table that is searched instead of walked: ten thousand rules cost a question a
// microsecond.
//
// A question looks at one block for each size of block that there is, longest first, by binary search, and in it at one
// span of ports, by binary search again: O(sizes × log rules), with at most 33 sizes of IPv4 and 129 of IPv6 blocks.
#pragma once

#include <span>
#include <string_view>

#include "core/model/network_policy.h"

namespace belljar {

/// Of rules about the same ports of the same block the first one is named.
[[nodiscard]] NetworkTable makeNetworkTable(std::span<const NetworkRule> rules);

/// What decides about `address` (of one address, without mapping): the span that denies in the smallest block, else the
/// one that allows; nullptr: no rule speaks of it.
[[nodiscard]] const NetworkTable::Span* findSpan(const NetworkTable& table, const IpNetwork& address,
                                                 IpProtocol protocol, std::uint16_t port);

/// The rule that allows this name at this port; without a port, at any. nullptr: none. `name` as parseHostName() gives
/// it.
[[nodiscard]] const HostNameRule* findName(const NetworkPolicy& network, std::string_view name,
                                           std::optional<std::uint16_t> port);

/// Brings `table` and the order of `names` up to date with what was put into `egress` and `names`.
void indexNetwork(NetworkPolicy& network);

}  // namespace belljar
