#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/base/utf8.h"
#include "core/engine/learn.h"
#include "core/events/event_table.h"
#include "core/policy/path_lookup.h"
#include "core/policy/secrets.h"

namespace belljar {
namespace {

constexpr std::size_t kMostObjects = 200'000;
constexpr std::string_view kUnixPrefix = "unix:";
constexpr int kConnectionRefused = 111;

bool isWritten(const Rule* rule)
{
    return rule != nullptr && (rule->source == RuleSource::profile || rule->source == RuleSource::commandLine);
}

/// Folders that every sandbox has for itself, where nothing of the host's can be meant.
bool isPrivate(const std::string& path)
{
    return isAtOrBelow(path, "/proc") || isAtOrBelow(path, "/dev");
}

bool changesFolder(EventKind kind)
{
    const auto access = eventRow(kind).access;
    return access == AccessKind::create || access == AccessKind::remove;
}

/// The second name of a rename or link; "" when there is none.
std::string targetOf(const Event& event)
{
    const bool two = event.kind == EventKind::fileRename || event.kind == EventKind::fileLink;
    return two && event.detail.starts_with(kTargetPrefix) ? event.detail.substr(kTargetPrefix.size()) : std::string();
}

}  // namespace

Learner::Learner(const HostFacts& facts, LearnOptions options) : m_facts(facts), m_options(std::move(options)) {}

void Learner::noteIncomplete(std::string why)
{
    if (m_whyIncomplete.empty()) m_whyIncomplete = std::move(why);
}

bool Learner::hasRoom()
{
    if (m_needs.size() + m_left.size() < kMostObjects) return true;
    noteIncomplete(fmt::format("the program reached for more than {} different things", kMostObjects));
    return false;
}

void Learner::count(LearnEvidence& evidence, const Event& event) const
{
    if (evidence.count++ != 0) return;
    evidence.firstSequence = event.sequence;
    evidence.run = m_run;
    evidence.firstKind = event.kind;
    evidence.program = event.processName;
}

void Learner::leave(Undecided::Kind kind, const std::string& object, PathAccess access, const Event& event,
                    std::string why)
{
    auto known = m_left.find({kind, object});
    if (known == m_left.end()) {
        if (!hasRoom()) return;
        known = m_left.emplace(Key{kind, object}, Undecided{kind, object, access, {}, std::move(why)}).first;
    }
    known->second.access = std::max(known->second.access, access);
    count(known->second.evidence, event);
}

void Learner::need(const std::string& path, Use use, const Event& event)
{
    const PathAccess access = use == Use::write || use == Use::change ? PathAccess::readWrite : PathAccess::readOnly;
    if (firstInvalidUtf8(path)) {
        leave(Undecided::Kind::notText, path, access, event,
              "Its name is no UTF-8, and a profile can hold nothing else");
        return;
    }
    if (const SecretRow* secret = secretAt(path, m_options.home)) {
        const auto covers = [&](const std::string& allowed) { return isAtOrBelow(path, allowed); };
        if (!std::any_of(m_options.allowedSecrets.begin(), m_options.allowedSecrets.end(), covers)) {
            leave(Undecided::Kind::secret, path, access, event, fmt::format("This is secret: {}", secret->what));
            return;
        }
    }
    auto known = m_needs.find(path);
    if (known == m_needs.end()) {
        if (!hasRoom()) return;
        known = m_needs.emplace(path, Need{use, {}}).first;
    }
    if (use > known->second.use) {
        // What the rule will be about is the stronger use: its first event is the evidence.
        const std::uint64_t before = known->second.evidence.count;
        known->second = {use, {}};
        count(known->second.evidence, event);
        known->second.evidence.count += before;
        return;
    }
    count(known->second.evidence, event);
}

void Learner::observe(std::span<const Event> events, std::span<const Rule> rules, unsigned run)
{
    m_run = run;
    m_events += events.size();
    for (const Event& event : events) {
        if (event.kind == EventKind::sessionGap) noteIncomplete("events were lost: " + event.detail);
        if (event.verdict == EventVerdict::none) continue;
        const Rule* rule = event.rule < rules.size() ? &rules[event.rule] : nullptr;
        const EventKindRow& row = eventRow(event.kind);
        const bool denied = event.verdict == EventVerdict::denied;
        if (row.category == EventCategory::privileged || event.kind == EventKind::netSocket) {
            if (denied)
                leave(Undecided::Kind::kernel, event.object, PathAccess::denied, event,
                      "No profile opens this system call");
        } else if (row.category == EventCategory::network) {
            observeNetwork(event, rule);
        } else if (row.access) {
            observeFile(event, rule);
        }
    }
}

void Learner::observeFile(const Event& event, const Rule* rule)
{
    const bool denied = event.verdict == EventVerdict::denied;
    const bool failed = event.result > 0;
    const std::string& path = event.object;
    const auto access = eventRow(event.kind).access.value_or(AccessKind::stat);
    if (event.absentOnHost || !isAbsolutePath(path)) return;
    const bool change = changesFolder(event.kind);
    const Use use = change                        ? Use::change
                    : access == AccessKind::write ? Use::write
                    : access == AccessKind::stat  ? Use::look
                                                  : Use::read;
    if (event.mechanism == Mechanism::permissions) {
        leave(Undecided::Kind::permissions, path, use >= Use::write ? PathAccess::readWrite : PathAccess::readOnly,
              event, "Its permission bits refuse it to you as well");
        return;
    }
    if (!denied) {
        // In the sandbox's own /tmp the host's files are missing.
        const bool elsewhere = failed && event.rule == builtin_rule::kPrivateTmp &&
                               event.result == linux_errno::kNoEntry && !change &&
                               m_facts.lstat(path).type != FileType::missing;
        if (!elsewhere && (failed || !isWritten(rule))) return;
    } else if (isPrivate(path)) {
        leave(Undecided::Kind::kernel, path, PathAccess::denied, event,
              "Every sandbox has its own /dev and /proc, and no profile shows it the host's");
        return;
    } else if (event.mechanism == Mechanism::mask || event.mechanism == Mechanism::programList ||
               (isWritten(rule) && rule->text.find("denied") == 0)) {
        const SecretRow* secret = secretAt(path, m_options.home);
        leave(secret != nullptr ? Undecided::Kind::secret : Undecided::Kind::hidden, path, PathAccess::readOnly, event,
              secret != nullptr ? fmt::format("This is secret: {}", secret->what)
                                : "It is denied on purpose: " + (rule == nullptr ? std::string() : rule->text));
        return;
    }
    need(change ? parentPath(path) : path, use, event);
    const std::string target = targetOf(event);
    if (!target.empty() && !isAtOrBelow(target, "/tmp") && !isPrivate(target))
        need(parentPath(target), Use::change, event);
}

void Learner::observeNetwork(const Event& event, const Rule* rule)
{
    const bool denied = event.verdict == EventVerdict::denied;
    if (event.object.starts_with(kUnixPrefix)) {
        const std::string path = event.object.substr(kUnixPrefix.size());
        if (event.absentOnHost || !isAbsolutePath(path)) return;
        if (event.kind == EventKind::netBind) {
            if (denied || (isWritten(rule) && event.result == 0)) need(parentPath(path), Use::change, event);
        } else if (denied) {
            const SecretRow* secret = secretAt(path, m_options.home);
            leave(secret != nullptr ? Undecided::Kind::secret : Undecided::Kind::socket, path, PathAccess::readOnly,
                  event,
                  secret != nullptr ? fmt::format("This is secret: {}", secret->what)
                                    : "A program outside of the sandbox listens there");
        }
        return;
    }
    const bool nobody = !denied && event.rule == builtin_rule::kOwnLoopback && event.result == kConnectionRefused;
    if (denied)
        leave(Undecided::Kind::network, event.object, PathAccess::denied, event, "Nothing of the network is granted");
    if (nobody)
        leave(Undecided::Kind::network, event.object, PathAccess::denied, event,
              "Nothing listens there inside; the host's own address is not reached");
}

LearnProposal Learner::propose() const
{
    LearnProposal proposal;
    proposal.events = m_events;
    proposal.whyIncomplete = m_whyIncomplete;
    for (const auto& [key, undecided] : m_left) proposal.undecided.push_back(undecided);
    for (const auto& [path, need] : m_needs) settle(path, need, proposal);
    proposal.rules = generalised(std::move(proposal.rules), m_facts, m_options.home);
    const auto granted = [&](const Undecided& left) {
        return std::any_of(proposal.rules.begin(), proposal.rules.end(), [&](const LearnedRule& rule) {
            return rule.access >= left.access && isAtOrBelow(left.object, rule.path);
        });
    };
    // The way to something that is granted can be looked at, and so can what is in a granted folder.
    std::erase_if(proposal.undecided, [&](const Undecided& left) {
        const auto onTheWay = [&](const LearnedRule& rule) { return isAtOrBelow(rule.path, left.object); };
        return left.kind == Undecided::Kind::looked &&
               (granted(left) || std::any_of(proposal.rules.begin(), proposal.rules.end(), onTheWay));
    });
    preview(proposal);
    return proposal;
}

/// What a need becomes on this machine as it is now.
void Learner::settle(const std::string& path, const Need& need, LearnProposal& proposal) const
{
    const bool write = need.use >= Use::write;
    const PathAccess access = write ? PathAccess::readWrite : PathAccess::readOnly;
    std::string target = path;
    PathFacts facts = m_facts.lstat(target);
    if (facts.type == FileType::missing && !write) return;  // It came and went.
    while (facts.type == FileType::missing && target.size() > 1) facts = m_facts.lstat(target = parentPath(target));
    const auto left = [&](Undecided::Kind kind, std::string why) {
        proposal.undecided.push_back({kind, target, access, need.evidence, std::move(why)});
    };
    const bool folder = facts.type == FileType::directory;
    if (folder && isTooWide(target, m_options.home)) {
        if (need.use != Use::look) left(Undecided::Kind::wide, "A rule for this folder would open too much");
        return;
    }
    if (need.use == Use::look && !m_options.takeLooks) {
        left(Undecided::Kind::looked, "The program only looked whether it is there");
        return;
    }
    if (!m_facts.mayAccess(target, write)) {
        left(Undecided::Kind::permissions, "Its permission bits refuse it to you as well");
        return;
    }
    proposal.rules.push_back({target, access, folder, need.evidence, 1, 0, false, {}});
}

}  // namespace belljar
