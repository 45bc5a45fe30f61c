#include "core/events/query_condition.h"

#include <algorithm>

namespace belljar {
namespace {

bool inNetworks(const std::vector<IpNetwork>& networks, std::string_view address)
{
    const Result<IpNetwork> parsed = parseIpNetwork(address);
    if (!parsed) return false;
    const IpNetwork one = withoutMapping(*parsed);
    return std::any_of(networks.begin(), networks.end(),
                       [&](const IpNetwork& network) { return withoutMapping(network).contains(one); });
}

}  // namespace

bool QueryText::holds(std::string_view value) const
{
    switch (match) {
        case Match::equal: return value == text;
        case Match::contains: return value.find(text) != std::string_view::npos;
        case Match::glob: return patternMatches(pattern, value);
    }
    return false;
}

bool QueryCondition::fits(std::string_view value) const
{
    if (expression) return expression->matches(value);
    if (!networks.empty()) return inNetworks(networks, value);
    return std::any_of(texts.begin(), texts.end(), [&](const QueryText& text) { return text.holds(value); });
}

bool QueryCondition::found(const Event& event, const QueryContext& context, QueryFieldId id) const
{
    std::string buffer;
    const auto value = textOf(event, context, id, buffer);
    return value && fits(*value);
}

/// A peer has an address in the object, and maybe a name in the detail.
bool QueryCondition::foundPeer(const Event& event) const
{
    if (!kindHasField(event.kind, QueryFieldId::host)) return false;
    const auto isThere = [this](std::string_view text) {
        const auto peer = peerIn(text);
        return peer && fits(*peer);
    };
    return isThere(event.object) || isThere(event.detail);
}

bool QueryCondition::holds(const Event& event, const QueryContext& context) const
{
    static const ProcessTree kNobody;
    if (field == QueryFieldId::tree) {
        const ProcessTree& tree = context.processes == nullptr ? kNobody : *context.processes;
        return tree.anyUpwards(event.pid, event.processStart, event.parentPid,
                               [&](std::int32_t pid) { return inRanges(ranges, pid); }) != negated;
    }
    switch (queryField(field).type) {
        case QueryFieldType::number:
        case QueryFieldType::time:
        case QueryFieldType::moment: {
            const auto number = numberOf(event, context, field);
            return (number && inRanges(ranges, *number)) != negated;
        }
        default: break;
    }
    if (field == QueryFieldId::host) return foundPeer(event) != negated;
    if (field != QueryFieldId::text) return found(event, context, field) != negated;
    return (found(event, context, QueryFieldId::process) || found(event, context, QueryFieldId::object) ||
            found(event, context, QueryFieldId::detail) || found(event, context, QueryFieldId::rule)) != negated;
}

}  // namespace belljar
