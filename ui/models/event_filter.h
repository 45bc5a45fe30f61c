// Which events a reader wants to see: a text they contain, denied ones, those of chosen processes.
#pragma once

#include <QSet>
#include <QString>

#include <cstdint>
#include <utility>
#include <vector>

#include "core/model/event.h"

namespace belljar {

/// A process id and its start time: unique while the machine runs.
using ProcessKey = std::pair<std::int32_t, std::uint64_t>;

struct EventFilter {
    QString contains;  ///< Anywhere in process, operation, object, result or rule, whatever the case.
    bool deniedOnly = false;
    QSet<ProcessKey> processes;  ///< Empty: all.

    [[nodiscard]] bool isEmpty() const { return contains.isEmpty() && !deniedOnly && processes.isEmpty(); }
    [[nodiscard]] bool matches(const Event& event, const std::vector<Rule>& rules) const;
};

/// Denied and not merely absent everywhere: what a reader calls "a denial".
[[nodiscard]] bool isDenial(const Event& event);

/// The rule's text of an event, escaped; empty when no rule applies.
[[nodiscard]] QString ruleText(const Event& event, const std::vector<Rule>& rules);

}  // namespace belljar
