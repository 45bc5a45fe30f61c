#include "ui/models/fix_options.h"

#include <algorithm>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/policy/network_words.h"
#include "core/policy/secrets.h"
#include "ui/models/event_explanation.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kPathBytes = 300;
constexpr int kWidest = 3;  ///< Steps up from the object itself.

/// As many entries as there are below a folder, up to kMostCounted; links are not followed.
std::size_t entriesBelow(const std::string& folder, const HostFacts& facts)
{
    std::size_t count = 0;
    std::vector<std::string> folders{folder};
    while (!folders.empty() && count < FixFinder::kMostCounted) {
        const std::string at = std::move(folders.back());
        folders.pop_back();
        for (const std::string& name : facts.list(at)) {
            if (++count >= FixFinder::kMostCounted) break;
            std::string path = joinPath(at, name);
            if (facts.lstat(path).type == FileType::directory) folders.push_back(std::move(path));
        }
    }
    return count;
}

/// Folders that are never offered because an object in them was denied: what stands there is not about that object.
bool isTooWide(const std::string& folder, const HostFacts& facts)
{
    const std::string& home = facts.system().homePath;
    const bool isTop = std::count(folder.begin(), folder.end(), '/') < 2;
    return isTop || (!home.empty() && isAtOrBelow(home, folder)) || folder == parentPath(home);
}

}  // namespace

QString FixFinder::opensText(const std::string& path, const HostFacts& facts)
{
    if (facts.lstat(path).type != FileType::directory) return tr("Opens nothing else.");
    const std::size_t count = entriesBelow(path, facts);
    if (count >= kMostCounted) return tr("Opens more than %1 files and folders in it.").arg(kMostCounted);
    return tr("Opens the %n file(s) and folder(s) in it, and all that come.", nullptr, static_cast<int>(count));
}

QString FixFinder::secretText(const std::string& path, const HostFacts& facts)
{
    const std::string& home = facts.system().homePath;
    if (const SecretRow* row = secretAt(path, home)) return shown(row->what);
    QStringList below;
    for (const auto& [place, row] : secretsBelow(path, home))
        if (facts.lstat(place).type != FileType::missing) below += shown(row->what);
    below.removeDuplicates();
    return below.join(u", "_s);
}

FixOption FixFinder::pathOption(const Remedy& remedy, const std::string& path, const HostFacts& facts)
{
    const bool writes = remedy.access == PathAccess::readWrite;
    const bool isFolder = facts.lstat(path).type == FileType::directory;
    const QString name = shownElided(path, kPathBytes);
    FixOption option;
    option.title =
        writes ? (isFolder ? tr("Allow reading and changing everything in %1") : tr("Allow reading and changing %1"))
                     .arg(name)
               : (isFolder ? tr("Allow reading everything in %1") : tr("Allow reading %1")).arg(name);
    option.opens = opensText(path, facts);
    option.secret = secretText(path, facts);
    if (!remedy.removePointer.empty()) {
        option.steps.push_back({remedy.removePointer, std::nullopt});
        option.needsSameProfile = true;
    }
    option.steps.push_back({writes ? "/filesystem/readwritePaths/-" : "/filesystem/readonlyPaths/-", jsonQuote(path)});
    option.path = PathChange{path, remedy.access, {}};
    return option;
}

void FixFinder::addPaths(const Remedy& remedy, const HostFacts& facts, Fixes& fixes)
{
    if (remedy.path.empty()) {
        FixOption option;
        option.title = tr("Remove the rule that denies it");
        option.opens = tr("Opens all that this rule denies.");
        option.steps.push_back({remedy.removePointer, std::nullopt});
        option.needsSameProfile = true;
        fixes.options.push_back(std::move(option));
        return;
    }
    std::string path = remedy.path;
    for (int step = 0; step < kWidest; ++step) {
        fixes.options.push_back(pathOption(remedy, path, facts));
        path = parentPath(path);
        // A wider rule does not lift an entry that denies the object itself: only the narrowest does.
        if (!remedy.removePointer.empty() || isTooWide(path, facts)) return;
    }
}

void FixFinder::addNetwork(const Remedy& remedy, Fixes& fixes)
{
    if (remedy.kind == Remedy::Kind::network) {
        FixOption option;
        option.title = tr("Give it this machine's whole network");
        option.opens = tr("Opens everything that this machine can reach, itself and its neighbours too.");
        option.steps = {{"/network/defaultPolicy", "\"allow\""}, {"/network/allowLocalNetwork", "true"}};
        fixes.options.push_back(std::move(option));
        return;
    }
    for (const NetworkSpec& spec : remedy.rules) {
        const NetworkEntry entry = networkEntry(spec, true);
        FixOption option;
        option.title = tr("Allow connections to %1").arg(shownElided(spec.text, kPathBytes));
        const bool isNarrowest = &spec == remedy.rules.data();
        option.opens = isNarrowest ? tr("Opens nothing else.") : tr("Opens every port and address that this names.");
        if (!remedy.removePointer.empty()) {
            option.steps.push_back({remedy.removePointer, std::nullopt});
            option.needsSameProfile = true;
        }
        option.steps.push_back({entry.list + "/-", entry.element});
        option.network = NetworkChange{NetworkChange::Action::allow, spec, {}};
        fixes.options.push_back(std::move(option));
    }
}

Fixes FixFinder::find(const Event& event, const Policy& policy, const HostFacts& facts)
{
    Fixes fixes;
    const std::optional<DecidedAccess> decided = decidedAccess(event, policy);
    if (!decided || decided->verdict.allowed) return fixes;
    const Remedy remedy = remedyFor(policy, decided->access, decided->verdict, facts);
    switch (remedy.kind) {
        case Remedy::Kind::none: fixes.why = shownElided(remedy.sentence, 600); break;
        case Remedy::Kind::paths: addPaths(remedy, facts, fixes); break;
        case Remedy::Kind::network:
        case Remedy::Kind::networkRule: addNetwork(remedy, fixes); break;
    }
    return fixes;
}

}  // namespace belljar
