#include "core/events/session_json.h"

#include <spdlog/fmt/fmt.h>

#include "core/base/json_object.h"
#include "core/events/event_table.h"

namespace belljar {

std::string placeJson(const SourcePlace& place)
{
    JsonObject json;
    if (!place.file.empty()) json.text("file", place.file);
    return json.text("pointer", place.pointer).number("line", place.line).number("column", place.column).str();
}

std::string ruleJson(RuleId id, const Rule& rule)
{
    return JsonObject()
        .number("id", id)
        .text("source", ruleSourceName(rule.source))
        .text("text", rule.text)
        .raw("place", placeJson(rule.place))
        .str();
}

std::string errorJson(const Error& error)
{
    return JsonObject()
        .text("code", errorCodeName(error.code))
        .text("message", error.message)
        .text("where", error.where)
        .text("native", error.native)
        .text("hint", error.hint)
        .str();
}

std::string outcomeJson(const Outcome& outcome)
{
    JsonObject json;
    json.text("ending", endingName(outcome.ending));
    if (const auto* exited = std::get_if<Exited>(&outcome.ending)) json.number("code", exited->code);
    if (const auto* signaled = std::get_if<Signaled>(&outcome.ending)) json.number("signal", signaled->signal);
    if (const auto* timedOut = std::get_if<TimedOut>(&outcome.ending))
        json.number("limitMs", static_cast<std::int64_t>(timedOut->limit.count()));
    if (const auto* killed = std::get_if<Killed>(&outcome.ending)) json.text("reason", killed->reason);
    if (const auto* limit = std::get_if<LimitReached>(&outcome.ending)) json.text("limit", limit->limit);
    if (const auto* failed = std::get_if<SetupFailed>(&outcome.ending)) json.raw("error", errorJson(failed->error));
    if (!outcome.note.empty()) json.text("note", outcome.note);
    json.text("sentence", describe(outcome));
    json.number("durationNs", static_cast<std::int64_t>(outcome.duration.count()));
    json.number("cpuTimeUs", static_cast<std::int64_t>(outcome.cpuTime.count()));
    json.number("peakMemoryKb", static_cast<std::uint64_t>(outcome.peakMemoryKb));
    return json.str();
}

std::string lossesJson(const Losses& losses)
{
    return JsonObject()
        .number("source", static_cast<std::uint64_t>(losses.source))
        .number("recording", static_cast<std::uint64_t>(losses.recording))
        .number("queue", static_cast<std::uint64_t>(losses.queue))
        .str();
}

std::string lossesText(const Losses& losses)
{
    return fmt::format("{} events at the source, {} while recording, {} on the way to who looks", losses.source,
                       losses.recording, losses.queue);
}

std::string sourceJson(const SourceFacts& source)
{
    return JsonObject()
        .text("id", source.id)
        .text("mechanism", source.mechanism)
        .raw("blindSpots", jsonTexts(source.blindSpots))
        .text("whyNotBetter", source.whyNotBetter)
        .str();
}

}  // namespace belljar
