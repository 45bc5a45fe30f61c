// The table of event kinds: one row is all there is to know of a kind. Columns, filters, JSON and help derive from it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/access.h"
#include "core/model/event.h"

namespace belljar {

enum class EventCategory { process, file, network, privileged, interface, session };

struct EventKindRow {
    EventKind kind;
    std::string_view name;  ///< Stable machine word: "file.open".
    EventCategory category;
    std::string_view title;  ///< For people: "open file".
    std::string_view help;   ///< One sentence.
    /// How the evaluator judges it; nullopt: no question of access (fork, exit).
    std::optional<AccessKind> access;
};

[[nodiscard]] const std::vector<EventKindRow>& eventTable();
[[nodiscard]] const EventKindRow& eventRow(EventKind kind);  ///< A row called "unknown" for values not in the table.
[[nodiscard]] std::string_view categoryName(EventCategory category);
[[nodiscard]] std::string_view operationName(EventKind kind);  ///< The kind without its category: "open".

/// "ok", "ENOENT", "?" - with "~" in front when the result is derived rather than seen.
[[nodiscard]] std::string resultText(const Event& event);
/// The symbolic name of an errno value ("EACCES"), or "errno 1234".
[[nodiscard]] std::string errnoName(int value);
/// "allowed", "denied", "" - and "absent" for a denied object that the host does not have either.
[[nodiscard]] std::string_view verdictText(const Event& event);

/// Denied, and not merely absent on this machine too: what a reader calls "a denial".
[[nodiscard]] constexpr bool isDenial(EventVerdict verdict, bool absentOnHost)
{
    return verdict == EventVerdict::denied && !absentOnHost;
}
[[nodiscard]] inline bool isDenial(const Event& event)
{
    return isDenial(event.verdict, event.absentOnHost);
}

/// The machine word of who wrote a rule: builtIn, base, profile, commandLine.
[[nodiscard]] std::string_view ruleSourceName(RuleSource source);
/// The machine word of how the result is known: unknown, derived, seen.
[[nodiscard]] std::string_view trustName(ResultTrust trust);
/// The machine word of who saw an event: none, notify, kernel, belljar, injected. "none" for unknown values.
[[nodiscard]] std::string_view originName(EventOrigin origin);
/// The machine word of what makes a verdict so: notMounted, mask ... as the enumerators; "none" for unknown values.
[[nodiscard]] std::string_view mechanismName(Mechanism mechanism);
/// All words of these two, in the order of the enumerators.
[[nodiscard]] std::span<const std::string_view> originNames();
[[nodiscard]] std::span<const std::string_view> mechanismNames();

/// One line for a terminal: time, process, kind, object, result, verdict and rule; everything through visible().
[[nodiscard]] std::string eventLine(const Event& event, const std::vector<Rule>& rules);
/// One JSON object without newline; keys are documented in resources/help/events.md.
[[nodiscard]] std::string eventJson(const Event& event, const std::vector<Rule>& rules);

}  // namespace belljar
