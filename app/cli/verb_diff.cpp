// belljar diff: what one profile allows more or less than another, and in which lines they differ.
#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "app/cli/run_options.h"
#include "app/cli/verb.h"
#include "backends/registry.h"
#include "core/base/text_diff.h"
#include "core/base/visible.h"
#include "core/platform/platform.h"
#include "core/policy/compare.h"

namespace belljar::cli {
namespace {

constexpr std::size_t kContext = 3;

struct Side {
    std::string path;
    std::string text;
    Preparation preparation;
};

Result<Side> readSide(const std::string& path, const HostFacts& facts, const BackendList& backends)
{
    Result<ProfileSource> source = readProfile(path);
    if (!source) return std::move(source).error();
    RunRequest request;
    request.profileText = source->text;
    request.profileName = source->name;
    request.needsCommand = false;
    request.placeholders = placeholdersFor(facts.system(), path);
    Side side{path, std::move(source->text), prepare(request, facts, backends)};
    if (!side.preparation.policy) return *side.preparation.error;
    return side;
}

std::string ruleText(const Side& side, const std::optional<RuleId>& id)
{
    if (!id || *id >= side.preparation.policy->rules.size()) return {};
    const Rule& rule = side.preparation.policy->rules[*id];
    const std::string line = rule.place.line == 0 ? std::string() : fmt::format(" (line {})", rule.place.line);
    return visible(rule.text) + line;
}

std::string differenceText(const AccessDifference& difference, const Side& before, const Side& after)
{
    std::string text = fmt::format("{:<6} {}: {} -> {}\n", accessChangeName(difference.change),
                                   visible(difference.subject), visible(difference.before), visible(difference.after));
    const bool more = difference.change == AccessChange::more;
    const std::string rule = more ? ruleText(after, difference.afterRule) : ruleText(before, difference.beforeRule);
    return rule.empty() ? text : text + fmt::format("       {} {}\n", more ? "by" : "was by", rule);
}

std::string differenceJson(const AccessDifference& difference, const Side& before, const Side& after)
{
    const auto rule = [](const Side& side, const std::optional<RuleId>& id) {
        const auto& rules = side.preparation.policy->rules;
        return id && *id < rules.size() ? ruleJson(*id, rules[*id]) : std::string("null");
    };
    return JsonObject()
        .text("change", accessChangeName(difference.change))
        .text("subject", difference.subject)
        .text("before", difference.before)
        .text("after", difference.after)
        .raw("beforeRule", rule(before, difference.beforeRule))
        .raw("afterRule", rule(after, difference.afterRule))
        .str();
}

std::string textDiff(const Side& before, const Side& after)
{
    std::string text;
    std::size_t last = 0;
    for (const ShownDiffLine& line : shownDiff(before.text, after.text, kContext)) {
        const std::size_t number = line.kind == DiffLine::added ? line.afterLine : line.beforeLine;
        if (line.kind != DiffLine::added && line.beforeLine > last + 1) text += "...\n";
        if (line.kind != DiffLine::added) last = line.beforeLine;
        const char mark = line.kind == DiffLine::same ? ' ' : line.kind == DiffLine::added ? '+' : '-';
        text += fmt::format("{}{:>5} {}\n", mark, number, visible(line.text));
    }
    return text;
}

int report(const Side& before, const Side& after, bool withText, bool json)
{
    const AccessComparison comparison = compareAccess(*before.preparation.policy, *after.preparation.policy);
    if (json) {
        std::vector<std::string> differences;
        for (const AccessDifference& each : comparison.differences)
            differences.push_back(differenceJson(each, before, after));
        printOut(JsonObject()
                     .flag("wider", !comparison.isNotWider())
                     .flag("complete", comparison.complete)
                     .number("questions", comparison.questions)
                     .raw("differences", jsonArray(differences))
                     .str() +
                 "\n");
        return comparison.isNotWider() ? kOk : kProblem;
    }
    std::string text;
    for (const AccessDifference& each : comparison.differences) text += differenceText(each, before, after);
    if (comparison.differences.empty()) text = "same access\n";
    text += fmt::format("({} questions{})\n", comparison.questions,
                        comparison.complete ? "" : "; there are too many network rules to compare all");
    if (withText) text += "\n" + textDiff(before, after);
    printOut(text);
    return comparison.isNotWider() ? kOk : kProblem;
}

}  // namespace

int diffVerb(const Arguments& arguments)
{
    std::optional<std::string> before;
    std::optional<std::string> after;
    bool withText = false;
    bool json = false;
    OptionParser parser("diff BEFORE AFTER [--text] [--json]",
                        "Says what AFTER allows more or less than BEFORE, as this machine would enforce them.\n"
                        "Exit code 0: nothing more, 1: something more, 2: they cannot be compared.");
    parser.positional("BEFORE", before, "Configuration JSON; - is standard input", true);
    parser.positional("AFTER", after, "Configuration JSON", true);
    parser.flag("--text", withText, "Also show the lines that differ");
    parser.flag("--json", json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    const BackendList backends = allBackends();
    const Result<Side> first = readSide(*before, *facts, backends);
    const Result<Side> second = first.ok() ? readSide(*after, *facts, backends) : Result<Side>(first.error());
    if (!second) {
        reportError(second.error(), json);
        return kUsage;
    }
    return report(*first, *second, withText, json);
}

}  // namespace belljar::cli
