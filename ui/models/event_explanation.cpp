#include "ui/models/event_explanation.h"

#include <charconv>
#include <tuple>

#include "core/events/event_table.h"
#include "core/events/query_field.h"
#include "core/policy/decide.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

QString verdictWord(const Event& event)
{
    switch (event.verdict) {
        case EventVerdict::none: return EventExplainer::tr("No rule applies");
        case EventVerdict::allowed: return EventExplainer::tr("Allowed");
        case EventVerdict::denied:
            return event.absentOnHost ? EventExplainer::tr("Absent") : EventExplainer::tr("Denied");
    }
    return {};
}

}  // namespace

std::pair<std::string, std::uint16_t> splitAddress(const std::string& address)
{
    const std::size_t colon = address.rfind(':');
    if (colon == std::string::npos) return {address, 0};
    std::string host = address.substr(0, colon);
    if (host.size() >= 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const char* end = address.data() + address.size();
    const auto read = std::from_chars(address.data() + colon + 1, end, port);
    if (read.ec != std::errc() || read.ptr != end) return {address, 0};
    return {host, port};
}

std::optional<DecidedAccess> decidedAccess(const Event& event, const Policy& policy)
{
    constexpr std::string_view kUnixPrefix = "unix:";
    const std::optional<AccessKind> usual = eventRow(event.kind).access;
    if (!usual || event.verdict == EventVerdict::none) return std::nullopt;
    Access access;
    if (event.object.starts_with(kUnixPrefix)) access.path = event.object.substr(kUnixPrefix.size());
    else if (*usual == AccessKind::connect || *usual == AccessKind::bind) {
        std::tie(access.host, access.port) = splitAddress(event.object);
        access.name = peerIn(event.detail).value_or("");
    } else if (*usual == AccessKind::resolve) access.host = event.object;
    else access.path = event.object;
    if (event.detail == kUdpDetail) access.protocol = IpProtocol::udp;
    // One event kind can ask for several things (open: read, write, list). The question is the one that the recorded
    // answer fits.
    for (const AccessKind kind : {*usual, AccessKind::write, AccessKind::create, AccessKind::list, AccessKind::read}) {
        access.kind = kind;
        Verdict verdict = decide(policy, access);
        if (verdict.rule == event.rule && verdict.allowed == (event.verdict == EventVerdict::allowed))
            return DecidedAccess{access, std::move(verdict)};
    }
    return std::nullopt;
}

QString EventExplainer::mechanismOf(const Event& event, const Policy* policy)
{
    const std::optional<DecidedAccess> decided = policy != nullptr ? decidedAccess(event, *policy) : std::nullopt;
    if (decided) return shownElided(decided->verdict.how, EventExplanation::kLongestText);
    // The recording's own word for it.
    return event.mechanism == Mechanism::none ? QString() : shown(mechanismName(event.mechanism));
}

QString EventExplainer::originOf(const Rule& rule)
{
    const QString pointer = shownElided(rule.place.pointer, 400);
    switch (rule.source) {
        case RuleSource::builtIn:
            return rule.place.line == 0 ? tr("Belljar's default: what no rule grants is absent or closed")
                                        : tr("Belljar's default, line %1").arg(rule.place.line);
        case RuleSource::base: return tr("The system files that every sandbox gets");
        case RuleSource::commandLine: return tr("An option of this run");
        case RuleSource::live: return tr("A change while the program ran");
        case RuleSource::profile: break;
    }
    if (!rule.place.file.empty())
        return tr("The base profile %1, line %2 (%3)")
            .arg(shownElided(rule.place.file, 400), QString::number(rule.place.line), pointer);
    if (rule.place.line == 0) return tr("The profile");
    return tr("The profile, line %1 (%2)").arg(QString::number(rule.place.line), pointer);
}

QString EventExplainer::noteOf(const Event& event)
{
    QStringList notes;
    if (event.verdict == EventVerdict::denied && event.absentOnHost) {
        notes << tr(
            "The object does not exist on this machine either: without the sandbox the program would have got "
            "the same answer.");
    }
    switch (event.trust) {
        case ResultTrust::unknown: notes << tr("The result of the call was not seen."); break;
        case ResultTrust::derived:
            notes << tr("The result is derived: it was looked up in the sandbox when the call was made.");
            break;
        case ResultTrust::seen: notes << tr("The result is the kernel's own answer."); break;
    }
    return notes.join(u'\n');
}

EventExplanation EventExplainer::explain(const Event& event, const std::vector<Rule>& rules, const Policy* policy,
                                         const QStringList& chain, bool reveals)
{
    constexpr std::size_t kLongest = EventExplanation::kLongestText;
    const auto shownText = [reveals](const std::string& text) {
        return reveals ? shownElided(text, kLongest) : shownWithoutSecrets(text, kLongest);
    };
    const EventKindRow& row = eventRow(event.kind);
    EventExplanation explanation;
    explanation.what = tr("%1 – %2 Result: %3").arg(shown(row.title), shown(row.help), shown(resultText(event)));
    explanation.object = shownText(event.object);
    explanation.detail = shownText(event.detail);
    explanation.who =
        tr("%1, process %2, started by process %3")
            .arg(shownElided(event.processName, 256), QString::number(event.pid), QString::number(event.parentPid));
    if (chain.size() > 1) explanation.who += u"\n"_s + tr("Started by: %1").arg(chain.mid(1).join(u" ← "_s));
    explanation.verdict = verdictWord(event);
    if (event.verdict != EventVerdict::none && event.rule < rules.size()) {
        const Rule& rule = rules[event.rule];
        explanation.rule = shownElided(rule.text, EventExplanation::kLongestText);
        explanation.origin = originOf(rule);
        if (rule.place.file.empty()) explanation.place = rule.place;
    }
    explanation.mechanism = mechanismOf(event, policy);
    explanation.note = noteOf(event);
    const std::string raw = eventJson(event, rules);
    explanation.raw = shownText(raw);
    explanation.hasSecrets = hidesSecrets(raw, kLongest) || hidesSecrets(event.object, kLongest);
    return explanation;
}

}  // namespace belljar
