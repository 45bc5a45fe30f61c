#include "app/cli/run_report.h"

#include <algorithm>
#include <chrono>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "core/base/visible.h"
#include "core/events/event_table.h"

namespace belljar::cli {
namespace {

constexpr std::size_t kMostDenials = 1000;     // Kept apart; a program that tries everything must not fill the memory.
constexpr std::size_t kDenialsInSummary = 10;  // Shown to a person.

}  // namespace

RunReport::RunReport(EventsMode mode, std::FILE* sink, std::vector<Rule> rules, std::function<void()> finished)
    : m_mode(mode), m_sink(sink), m_rules(std::move(rules)), m_finished(std::move(finished))
{
}

void RunReport::count(const Event& event)
{
    ++m_events;
    // A miss that the host has as well is no work of the jar.
    if (event.verdict != EventVerdict::denied || event.absentOnHost) return;
    ++m_denied;
    const auto key = std::pair(event.kind, event.object);
    auto known = m_denials.find(key);
    if (known == m_denials.end()) {
        if (m_denials.size() >= kMostDenials) return;
        known = m_denials.emplace(key, Denial{event, 0}).first;
    }
    ++known->second.count;
}

QueryContext RunReport::contextOf(const Event& event)
{
    if (m_startUnixNs == 0) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        m_startUnixNs = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() - event.timeNs;
    }
    if (m_filter.asksTree() || m_expected.asksTree()) m_processes.add(event);
    return {m_rules, m_startUnixNs, &m_processes};
}

void RunReport::onEvents(std::span<const Event> events)
{
    std::string text;
    for (const Event& event : events) {
        count(event);
        const bool isAsked = !m_filter.steps().empty() || !m_expected.empty();
        const QueryContext context = isAsked ? contextOf(event) : QueryContext{m_rules, 0, nullptr};
        m_expected.see(event, context);
        const bool shows = m_filter.steps().empty() || m_filter.matches(event, context);
        if (m_mode == EventsMode::none || !shows) continue;
        if (m_mode == EventsMode::pretty) text += eventLine(event, m_rules) + "\n";
        if (m_mode == EventsMode::jsonl) text += eventJson(event, m_rules) + "\n";
    }
    if (m_sink == nullptr || text.empty()) return;
    printTo(m_sink, text);
    std::fflush(m_sink);
}

void RunReport::onOutput(int, std::string_view) {}  // The platform shows it: nothing is captured.

void RunReport::onFinished(const Outcome& outcome, const Losses& losses)
{
    m_losses = losses;
    if (m_mode == EventsMode::jsonl && m_sink != nullptr) {
        const std::string line =
            JsonObject().raw("outcome", outcomeJson(outcome)).raw("losses", lossesJson(losses)).str() + "\n";
        printTo(m_sink, line);
    }
    m_finished();
}

std::string RunReport::closingText(const Outcome& outcome, bool withDenials) const
{
    std::string text;
    const auto* failed = std::get_if<SetupFailed>(&outcome.ending);
    if (failed != nullptr) {
        Error shown = failed->error;
        if (shown.where == "exec") shown.where.clear();  // A mark for the exit code, no place.
        text += "belljar: " + errorText(shown);
    }
    const bool stopped = std::holds_alternative<TimedOut>(outcome.ending) ||
                         std::holds_alternative<Killed>(outcome.ending) ||
                         std::holds_alternative<LimitReached>(outcome.ending) || !outcome.note.empty();
    const bool pretty = m_mode == EventsMode::pretty;
    if (stopped || (pretty && failed == nullptr)) text += "belljar: " + visible(describe(outcome)) + "\n";
    if (m_losses.total() != 0) text += "belljar: lost: " + lossesText(m_losses) + "\n";
    if (!m_expected.empty()) text += m_expected.text(m_losses.total());
    if (!withDenials || m_mode == EventsMode::jsonl || (m_denied == 0 && !pretty)) return text;

    text += fmt::format("belljar: {} of {} events denied\n", m_denied, m_events);
    std::vector<const Denial*> most;
    for (const auto& [key, denial] : m_denials) most.push_back(&denial);
    std::stable_sort(most.begin(), most.end(), [](const Denial* a, const Denial* b) { return a->count > b->count; });
    for (std::size_t i = 0; i < std::min(most.size(), kDenialsInSummary); ++i) {
        const Event& event = most[i]->event;
        text += fmt::format("  {} {}", eventRow(event.kind).title, visible(event.object));
        if (most[i]->count > 1) text += fmt::format(", {} times", most[i]->count);
        if (event.rule < m_rules.size()) text += ": " + visible(m_rules[event.rule].text);
        if (event.rule < m_rules.size() && m_rules[event.rule].place.line != 0)
            text += fmt::format(" (line {})", m_rules[event.rule].place.line);
        text += '\n';
    }
    if (most.size() > kDenialsInSummary)
        text += fmt::format("  and {} other objects\n", most.size() - kDenialsInSummary);
    return text;
}

std::string RunReport::document(const Outcome& outcome, int exitCode, const std::vector<Finding>& findings,
                                const RecordingHeader& header, const std::string& recording) const
{
    std::vector<std::string> found;
    found.reserve(findings.size());
    for (const Finding& finding : findings) found.push_back(findingJson(finding));
    std::vector<std::string> denials;
    for (const auto& [key, denial] : m_denials)
        denials.push_back(
            JsonObject().number("count", denial.count).raw("first", eventJson(denial.event, m_rules)).str());
    JsonObject json;
    json.raw("outcome", outcomeJson(outcome)).number("exitCode", exitCode);
    json.number("events", m_events).number("denied", m_denied).raw("denials", jsonArray(denials));
    json.raw("source", sourceJson(header.source)).text("trace", header.trace);
    json.raw("losses", lossesJson(m_losses)).raw("findings", jsonArray(found));
    if (!m_expected.empty()) json.raw("expectations", m_expected.json(m_losses.total()));
    if (!recording.empty()) json.text("recording", recording);
    return json.str();
}

}  // namespace belljar::cli
