#include "core/events/recording_json.h"

#include <nlohmann/json.hpp>

#include "core/base/visible.h"
#include "core/events/recording_format.h"

namespace belljar::recording {
namespace {

using nlohmann::json;

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

std::size_t replacements(std::string_view text)
{
    std::size_t count = 0;
    for (auto at = text.find(kReplacement); at != std::string_view::npos; at = text.find(kReplacement, at + 1)) ++count;
    return count;
}

/// A JSON string where the text is UTF-8, otherwise {"bytes": [..]}: arguments may hold any byte and must come back.
json text(const std::string& bytes)
{
    if (replacements(jsonQuote(bytes)) == replacements(bytes)) return bytes;
    json numbers = json::array();
    for (const char c : bytes) numbers.push_back(static_cast<unsigned char>(c));
    return json{{"bytes", std::move(numbers)}};
}

std::string textFrom(const json& value)
{
    if (value.is_string()) return value.get<std::string>();
    std::string bytes;
    for (const json& number : value.at("bytes")) bytes += static_cast<char>(number.get<std::uint8_t>());
    return bytes;
}

json ruleJson(const Rule& rule)
{
    return {{"source", static_cast<int>(rule.source)},
            {"text", text(rule.text)},
            {"pointer", text(rule.place.pointer)},
            {"line", rule.place.line},
            {"column", rule.place.column},
            {"file", text(rule.place.file)}};
}

Rule ruleFrom(const json& value)
{
    Rule rule;
    const int source = value.at("source").get<int>();
    if (source >= 0 && source <= static_cast<int>(RuleSource::live))
        rule.source = static_cast<RuleSource>(source);
    rule.text = textFrom(value.at("text"));
    rule.place.pointer = textFrom(value.at("pointer"));
    rule.place.line = value.at("line").get<std::uint32_t>();
    rule.place.column = value.at("column").get<std::uint32_t>();
    if (value.contains("file")) rule.place.file = textFrom(value.at("file"));
    return rule;
}

json sourceJson(const SourceFacts& source)
{
    json blindSpots = json::array();
    for (const std::string& sentence : source.blindSpots) blindSpots.push_back(text(sentence));
    return {{"id", text(source.id)},
            {"mechanism", text(source.mechanism)},
            {"blindSpots", std::move(blindSpots)},
            {"whyNotBetter", text(source.whyNotBetter)}};
}

SourceFacts sourceFrom(const json& value)
{
    SourceFacts source;
    source.id = textFrom(value.at("id"));
    source.mechanism = textFrom(value.at("mechanism"));
    for (const json& sentence : value.at("blindSpots")) source.blindSpots.push_back(textFrom(sentence));
    source.whyNotBetter = textFrom(value.at("whyNotBetter"));
    return source;
}

json endingJson(const Ending& ending)
{
    json out{{"ending", endingName(ending)}};
    if (const auto* exited = std::get_if<Exited>(&ending)) out["code"] = exited->code;
    if (const auto* signaled = std::get_if<Signaled>(&ending)) out["signal"] = signaled->signal;
    if (const auto* timedOut = std::get_if<TimedOut>(&ending)) out["limitMs"] = timedOut->limit.count();
    if (const auto* killed = std::get_if<Killed>(&ending)) out["reason"] = text(killed->reason);
    if (const auto* limit = std::get_if<LimitReached>(&ending)) out["limit"] = text(limit->limit);
    if (const auto* failed = std::get_if<SetupFailed>(&ending))
        out["error"] = {{"code", static_cast<int>(failed->error.code)},
                        {"message", text(failed->error.message)},
                        {"where", text(failed->error.where)},
                        {"native", text(failed->error.native)},
                        {"hint", text(failed->error.hint)}};
    return out;
}

json rulesArray(std::span<const Rule> rules)
{
    json out = json::array();
    for (const Rule& rule : rules) out.push_back(ruleJson(rule));
    return out;
}

Error errorFrom(const json& value)
{
    Error error;
    const int code = value.at("code").get<int>();
    if (code >= 0 && code <= static_cast<int>(ErrorCode::backendError)) error.code = static_cast<ErrorCode>(code);
    error.message = textFrom(value.at("message"));
    error.where = textFrom(value.at("where"));
    error.native = textFrom(value.at("native"));
    error.hint = textFrom(value.at("hint"));
    return error;
}

std::optional<Ending> endingFrom(const json& value)
{
    const std::string name = value.at("ending").get<std::string>();
    if (name == endingName(Exited{})) return Exited{value.at("code").get<int>()};
    if (name == endingName(Signaled{})) return Signaled{value.at("signal").get<int>()};
    if (name == endingName(TimedOut{}))
        return TimedOut{std::chrono::milliseconds(value.at("limitMs").get<std::int64_t>())};
    if (name == endingName(Killed{})) return Killed{textFrom(value.at("reason"))};
    if (name == endingName(LimitReached{})) return LimitReached{textFrom(value.at("limit")), {}};
    if (name == endingName(SetupFailed{})) return SetupFailed{errorFrom(value.at("error"))};
    return std::nullopt;
}

/// nlohmann's reader needs fifty bytes for one bracket: what is nested deeper than anything of ours is refused.
json parse(std::string_view bytes)
{
    constexpr int kDeepest = 8;
    return json::parse(bytes, [](int depth, json::parse_event_t, json&) {
        if (depth > kDeepest) throw json::other_error::create(501, "nested too deeply", nullptr);
        return true;
    });
}

}  // namespace

std::string headerJson(const RecordingHeader& header)
{
    json argv = json::array();
    for (const std::string& argument : header.argv) argv.push_back(text(argument));
    const json out{{"belljarVersion", text(header.belljarVersion)},
                   {"sessionId", text(header.sessionId)},
                   {"startedUnixNs", header.startedUnixNs},
                   {"profileName", text(header.profileName)},
                   {"profileText", text(header.profileText)},
                   {"backend", text(header.backend)},
                   {"source", sourceJson(header.source)},
                   {"trace", text(header.trace)},
                   {"system", text(header.system)},
                   {"kernel", text(header.kernel)},
                   {"distribution", text(header.distribution)},
                   {"uid", header.uid},
                   {"argv", std::move(argv)},
                   {"cwd", text(header.cwd)},
                   {"rules", rulesArray(header.rules)}};
    return out.dump();
}

std::string endJson(const EndInfo& end)
{
    json out = json::object();
    if (end.outcome) {
        out = endingJson(end.outcome->ending);
        out["durationNs"] = end.outcome->duration.count();
        out["cpuTimeUs"] = end.outcome->cpuTime.count();
        out["peakMemoryKb"] = end.outcome->peakMemoryKb;
    }
    out["lost"] = {{"source", end.losses.source}, {"recording", end.losses.recording}, {"queue", end.losses.queue}};
    return out.dump();
}

std::string noticeFrame(const EndInfo& end)
{
    std::string payload = endJson(end);
    if (payload.size() > kNoticeSize) payload = endJson({std::nullopt, end.losses});
    payload.resize(kNoticeSize, ' ');
    std::string frame;
    putFrame(frame, FrameKind::notice, payload);
    return frame;
}

std::string rulesJson(std::span<const Rule> rules)
{
    return rulesArray(rules).dump();
}

std::optional<RecordingHeader> headerFromJson(std::string_view bytes)
{
    try {
        const json value = parse(bytes);
        RecordingHeader header;
        header.belljarVersion = textFrom(value.at("belljarVersion"));
        header.sessionId = textFrom(value.at("sessionId"));
        header.startedUnixNs = value.at("startedUnixNs").get<std::int64_t>();
        header.profileName = textFrom(value.at("profileName"));
        header.profileText = textFrom(value.at("profileText"));
        header.backend = textFrom(value.at("backend"));
        header.source = sourceFrom(value.at("source"));
        header.trace = textFrom(value.at("trace"));
        header.system = textFrom(value.at("system"));
        header.kernel = textFrom(value.at("kernel"));
        header.distribution = textFrom(value.at("distribution"));
        header.uid = value.at("uid").get<std::uint32_t>();
        for (const json& argument : value.at("argv")) header.argv.push_back(textFrom(argument));
        header.cwd = textFrom(value.at("cwd"));
        for (const json& rule : value.at("rules")) header.rules.push_back(ruleFrom(rule));
        return header;
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

std::optional<std::vector<Rule>> rulesFromJson(std::string_view bytes)
{
    try {
        std::vector<Rule> rules;
        for (const json& rule : parse(bytes)) rules.push_back(ruleFrom(rule));
        return rules;
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

std::optional<EndInfo> endFromJson(std::string_view bytes)
{
    try {
        const json value = parse(bytes);
        EndInfo end;
        if (value.contains("ending")) {
            const std::optional<Ending> ending = endingFrom(value);
            if (!ending) return std::nullopt;
            Outcome& outcome = end.outcome.emplace();
            outcome.ending = *ending;
            outcome.duration = std::chrono::nanoseconds(value.at("durationNs").get<std::int64_t>());
            outcome.cpuTime = std::chrono::microseconds(value.at("cpuTimeUs").get<std::int64_t>());
            outcome.peakMemoryKb = value.at("peakMemoryKb").get<std::uint64_t>();
        }
        const json& lost = value.at("lost");
        end.losses.source = lost.at("source").get<std::uint64_t>();
        end.losses.recording = lost.at("recording").get<std::uint64_t>();
        end.losses.queue = lost.at("queue").get<std::uint64_t>();
        return end;
    } catch (const json::exception&) {
        return std::nullopt;
    }
}

}  // namespace belljar::recording
