#include "core/engine/session_rules.h"

#include <nlohmann/json.hpp>

#include "core/events/event_table.h"
#include "core/policy/amend.h"
#include "core/policy/network_words.h"
#include "core/policy/published_ports.h"

namespace belljar {
namespace {

using json = nlohmann::ordered_json;

/// What people wrote about the network, each as --remove-net would name it.
void addNetworkRules(const Policy& policy, json& rules)
{
    for (const NetworkRule& rule : policy.network.egress) {
        if (rule.derived) continue;
        const Rule& said = policy.rules[rule.rule];
        const std::vector<NetworkRule::Service> all{NetworkRule::Service{}};
        for (const NetworkRule::Service& service : rule.services.empty() ? all : rule.services)
            rules.push_back({{"path", networkSpec(rule.network, service).text},
                             {"access", rule.allow ? "allowed" : "denied"},
                             {"text", said.text},
                             {"source", std::string(ruleSourceName(said.source))}});
    }
    for (const HostNameRule& name : policy.network.names) {
        const Rule& said = policy.rules[name.rule];
        for (const PortRange& ports : name.ports.empty() ? std::vector{PortRange{}} : name.ports)
            rules.push_back({{"path", networkSpec(name.pattern, ports).text},
                             {"access", "allowed"},
                             {"text", said.text},
                             {"source", std::string(ruleSourceName(said.source))}});
    }
}

}  // namespace

std::string rulesText(const Policy& policy)
{
    json rules = json::array();
    for (const PathRule& rule : policy.paths) {
        const Rule& said = policy.rules[rule.rule];
        rules.push_back({{"path", rule.path},
                         {"access", accessWords(policy, rule.path)},
                         {"text", said.text},
                         {"source", std::string(ruleSourceName(said.source))}});
    }
    addNetworkRules(policy, rules);
    for (const PublishedPort& port : policy.network.published)
        rules.push_back({{"path", publishText(port)},
                         {"access", "offered"},
                         {"text", policy.rules[port.rule].text},
                         {"source", std::string(ruleSourceName(policy.rules[port.rule].source))}});
    // What is no UTF-8 is shown as U+FFFD.
    return json::object({{"rules", std::move(rules)}}).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace belljar
