#include "core/engine/profile_fixes.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/visible.h"

namespace belljar {
namespace {

/// Findings of the resolver about an entry that does harm or nothing: taking it out mends them.
constexpr std::array kRemovable{"denied-ungranted",  "tmp-shared",      "network-shadowed", "network-redundant",
                                "network-no-effect", "path-missing",    "path-empty",       "path-nul",
                                "path-too-long",     "path-too-wide",   "path-private",     "not-yours",
                                "path-unreadable",   "program-missing", "env-skipped"};

constexpr std::size_t kMostFixes = 10'000;

bool isRemovable(const Finding& finding)
{
    return std::find(kRemovable.begin(), kRemovable.end(), finding.id) != kRemovable.end();
}

/// The real path of a link, where the profile names the link itself.
std::vector<ProfileChange> withoutLink(const Finding& finding, const Preparation& preparation)
{
    if (!preparation.policy) return {};
    for (const PathEntry& entry : preparation.origins.requests) {
        const SourcePlace& place = preparation.policy->rules[entry.rule].place;
        if (place.pointer == finding.place.pointer && place.file.empty())
            return {{place.pointer, jsonQuote(entry.canonical)}};
    }
    return {};
}

}  // namespace

void addChanges(Preparation& preparation)
{
    if (!preparation.config) return;
    const JsonText& text = preparation.config->text;
    for (Finding& finding : preparation.findings) {
        const std::string& pointer = finding.place.pointer;
        if (!finding.changes.empty() || !finding.place.file.empty() || pointer.empty()) continue;
        if (text.find(pointer) == JsonText::kNone) continue;  // Of an option, or not the profile's own.
        if (isRemovable(finding)) finding.changes = {{pointer, std::nullopt}};
        else if (finding.id == "path-through-link") finding.changes = withoutLink(finding, preparation);
    }
}

Result<FixedProfile> withFixes(RunRequest request, const std::vector<std::string>& ids, const HostFacts& facts,
                               const BackendList& backends)
{
    request.lint = true;
    request.needsCommand = false;
    const bool all = std::find(ids.begin(), ids.end(), "all") != ids.end();
    FixedProfile fixed;
    fixed.text = request.profileText;
    std::set<std::string> seen{fixed.text};  // A fix that leads back is not made again.
    while (fixed.applied.size() < kMostFixes) {
        request.profileText = fixed.text;
        const Preparation preparation = prepare(request, facts, backends);
        if (!preparation.config && preparation.error) return *preparation.error;
        bool changed = false;
        for (const Finding& finding : preparation.findings) {
            const bool wanted = all || std::find(ids.begin(), ids.end(), finding.id) != ids.end();
            if (!wanted || finding.changes.empty()) continue;
            const Result<std::vector<TextEdit>> edits = editsFor(fixed.text, finding.changes);
            if (!edits) continue;
            std::string text = fixed.text;
            for (const TextEdit& edit : *edits) text = applyEdit(std::move(text), edit);
            if (!readConfig(text) || !seen.insert(text).second) continue;
            fixed.text = std::move(text);
            fixed.applied.push_back(finding);
            changed = true;
            break;  // Places have moved.
        }
        if (!changed) break;
    }
    return fixed;
}

}  // namespace belljar
