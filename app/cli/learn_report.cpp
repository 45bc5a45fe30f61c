#include "app/cli/learn_report.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "core/base/visible.h"
#include "core/events/event_table.h"

namespace belljar::cli {
namespace {

constexpr std::size_t kMostShown = 30;

struct KindRow {
    Undecided::Kind kind;
    std::string_view word;
    std::string_view title;
};

constexpr KindRow kKinds[] = {
    {Undecided::Kind::secret, "secret", "Secrets (--allow-secret PATH grants one)"},
    {Undecided::Kind::socket, "socket", "Sockets of other programs (--ro PATH grants one)"},
    {Undecided::Kind::wide, "wide", "Folders that hold too much (--ro or --rw grants one)"},
    {Undecided::Kind::network, "network", "Network (--net host grants all of it: no profile can express less yet)"},
    {Undecided::Kind::permissions, "permissions", "Refused by permission bits, which no profile changes"},
    {Undecided::Kind::kernel, "kernel", "Kept from every sandbox"},
    {Undecided::Kind::hidden, "hidden", "Denied on purpose, or refused by the policy"},
    {Undecided::Kind::notText, "notText", "Names that no profile can hold"},
    {Undecided::Kind::looked, "looked", "Only looked at, and not granted"},
};

std::string_view kindWord(Undecided::Kind kind)
{
    for (const KindRow& row : kKinds)
        if (row.kind == kind) return row.word;
    return "hidden";
}

std::string_view listName(PathAccess access)
{
    return access == PathAccess::readWrite ? "readwritePaths" : "readonlyPaths";
}

std::string evidenceText(const LearnEvidence& evidence)
{
    return fmt::format("{} x, first {} by {} (run {}, event {})", evidence.count, eventRow(evidence.firstKind).title,
                       visible(evidence.program), evidence.run, evidence.firstSequence);
}

std::string evidenceJson(const LearnEvidence& evidence)
{
    return JsonObject()
        .number("count", evidence.count)
        .number("run", evidence.run)
        .number("firstSequence", evidence.firstSequence)
        .text("firstKind", eventRow(evidence.firstKind).name)
        .text("program", evidence.program)
        .str();
}

std::string ruleText(const LearnedRule& rule)
{
    std::string text =
        fmt::format("  {:<14} {}\n    {}\n", listName(rule.access), visible(rule.path), evidenceText(rule.evidence));
    if (!rule.isFolder) return text;
    if (rule.unseen == 0) return text + "    a folder; it opens nothing else\n";
    text += fmt::format("    a folder; it also {} {}{} things that were not seen",
                        rule.access == PathAccess::readWrite ? "opens for writing" : "opens",
                        rule.unseenIsMore ? "more than " : "", rule.unseen);
    for (std::size_t i = 0; i < rule.examples.size(); ++i) text += (i == 0 ? ": " : ", ") + visible(rule.examples[i]);
    return text + "\n";
}

std::string ruleJson(const LearnedRule& rule)
{
    return JsonObject()
        .text("path", rule.path)
        .text("list", listName(rule.access))
        .flag("folder", rule.isFolder)
        .raw("evidence", evidenceJson(rule.evidence))
        .number("seen", rule.seen)
        .number("unseen", rule.unseen)
        .flag("unseenIsMore", rule.unseenIsMore)
        .raw("examples", jsonTexts(rule.examples))
        .str();
}

std::string undecidedText(const std::vector<Undecided>& undecided)
{
    std::string text;
    for (const KindRow& row : kKinds) {
        std::size_t count = 0;
        for (const Undecided& left : undecided) {
            if (left.kind != row.kind) continue;
            if (count++ == 0) text += fmt::format("\n{}:\n", row.title);
            if (count > kMostShown) continue;
            text += fmt::format("  {}{}\n    {}. {}\n", visible(left.object),
                                left.access == PathAccess::readWrite ? " (to write)" : "", visible(left.why),
                                evidenceText(left.evidence));
        }
        if (count > kMostShown) text += fmt::format("  and {} more\n", count - kMostShown);
    }
    return text;
}

}  // namespace

std::string whyNotComplete(const LearnResult& result, bool permissive)
{
    if (!result.proposal.whyIncomplete.empty()) return result.proposal.whyIncomplete;
    if (!result.last) return {};
    if (result.last->losses.total() != 0) return fmt::format("{} events were lost", result.last->losses.total());
    if (exitStatus(result.last->outcome) != 0)
        return "the program did not succeed: it " + describe(result.last->outcome);
    if (!permissive && !result.enforced) return "the program asked for something new in the last run";
    return {};
}

std::string learnText(const LearnResult& result, bool permissive)
{
    std::string text;
    if (permissive)
        text +=
            "PERMISSIVE: this was learned while nothing but secrets was denied. It has not been tried under\n"
            "enforcement: belljar learn --verify does that.\n\n";
    text += fmt::format("{} events in {} run{}\n", result.proposal.events, result.runs, result.runs == 1 ? "" : "s");
    if (result.last && !result.last->source.mechanism.empty())
        text += fmt::format("seen by {}\n", visible(result.last->source.mechanism));
    const std::string incomplete = whyNotComplete(result, permissive);
    text += incomplete.empty() ? "complete as far as this program went\n"
                               : fmt::format("NOT COMPLETE: {}\n", visible(incomplete));
    text += fmt::format("\nProposed rules: {}\n", result.proposal.rules.size());
    for (const LearnedRule& rule : result.proposal.rules) text += ruleText(rule);
    if (!result.unused.empty()) text += "\nUnused (it ended the same without them; left out):\n";
    for (const std::string& path : result.unused) text += "  " + visible(path) + "\n";
    return text + undecidedText(result.proposal.undecided);
}

std::string learnJson(const LearnResult& result, bool permissive)
{
    std::vector<std::string> rules;
    for (const LearnedRule& rule : result.proposal.rules) rules.push_back(ruleJson(rule));
    std::vector<std::string> undecided;
    for (const Undecided& left : result.proposal.undecided)
        undecided.push_back(JsonObject()
                                .text("kind", kindWord(left.kind))
                                .text("object", left.object)
                                .flag("write", left.access == PathAccess::readWrite)
                                .text("why", left.why)
                                .raw("evidence", evidenceJson(left.evidence))
                                .str());
    const std::string incomplete = whyNotComplete(result, permissive);
    JsonObject json;
    json.flag("permissive", permissive).flag("complete", incomplete.empty()).text("whyIncomplete", incomplete);
    json.number("runs", result.runs).number("events", result.proposal.events);
    if (result.last) json.raw("outcome", outcomeJson(result.last->outcome));
    if (result.last) json.raw("losses", lossesJson(result.last->losses));
    json.raw("rules", jsonArray(rules)).raw("unused", jsonTexts(result.unused));
    return json.raw("undecided", jsonArray(undecided)).raw("profile", result.profile).str();
}

std::string denialsText(const std::vector<Undecided>& denials)
{
    std::string text;
    for (std::size_t i = 0; i < std::min(denials.size(), kMostShown); ++i)
        text += fmt::format("  {} {}, {} x: {}\n", eventRow(denials[i].evidence.firstKind).title,
                            visible(denials[i].object), denials[i].evidence.count, visible(denials[i].why));
    if (denials.size() > kMostShown) text += fmt::format("  and {} more\n", denials.size() - kMostShown);
    return text;
}

}  // namespace belljar::cli
