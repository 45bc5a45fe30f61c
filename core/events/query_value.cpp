// What the fields of an event are.
#include <algorithm>
#include <charconv>
#include <limits>

#include "core/base/ip_network.h"
#include "core/events/event_table.h"
#include "core/events/exec_detail.h"
#include "core/events/query_field.h"

namespace belljar {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";

/// Where "host:port" and "[v6]:port" end their host; npos for what is no such address.
std::size_t portColon(std::string_view object)
{
    return object.starts_with(kUnixPrefix) ? std::string_view::npos : object.rfind(':');
}

std::optional<std::int64_t> portOf(std::string_view object)
{
    const std::size_t colon = portColon(object);
    if (colon == std::string_view::npos) return std::nullopt;
    std::uint16_t port = 0;
    const char* end = object.data() + object.size();
    const auto [stop, error] = std::from_chars(object.data() + colon + 1, end, port);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return port;
}

std::optional<std::string_view> hostOf(std::string_view object)
{
    const std::size_t colon = portColon(object);
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view host = object.substr(0, colon);
    return host.size() >= 2 && host.front() == '[' && host.back() == ']' ? host.substr(1, host.size() - 2) : host;
}

/// The host if it is an address rather than a name, without the zone of "fe80::1%eth0".
std::optional<std::string_view> addressOf(std::string_view object)
{
    auto host = hostOf(object);
    if (!host) return std::nullopt;
    host = host->substr(0, host->find('%'));
    if (host->find('/') != std::string_view::npos || !parseIpNetwork(*host)) return std::nullopt;
    return host;
}

/// The name of "tcp, name www.example.org, sent 12".
std::optional<std::string_view> nameOf(std::string_view detail)
{
    for (std::size_t at = 0; at < detail.size();) {
        const std::size_t end = std::min(detail.find(", ", at), detail.size());
        const std::string_view part = detail.substr(at, end - at);
        if (part.starts_with(kNameDetail)) return part.substr(kNameDetail.size());
        at = end + 2;
    }
    return std::nullopt;
}

std::optional<std::string_view> pathOf(std::string_view object)
{
    if (object.starts_with(kUnixPrefix)) object.remove_prefix(kUnixPrefix.size());
    if (!object.starts_with('/')) return std::nullopt;
    return object;
}

std::optional<std::string_view> targetOf(std::string_view detail)
{
    if (!detail.starts_with(kTargetPrefix)) return std::nullopt;
    return detail.substr(kTargetPrefix.size());
}

/// The number at the beginning of "4096 bytes in 3 calls".
std::optional<std::int64_t> bytesOf(std::string_view detail)
{
    std::int64_t bytes = 0;
    const auto [stop, error] = std::from_chars(detail.data(), detail.data() + detail.size(), bytes);
    if (error != std::errc{} || bytes < 0) return std::nullopt;
    return bytes;
}

std::string_view joined(const std::vector<std::string>& words, std::string& buffer)
{
    buffer.clear();
    for (const std::string& word : words) {
        if (&word != &words.front()) buffer += ' ';
        buffer += word;
    }
    return buffer;
}

std::optional<std::string_view> execText(const Event& event, QueryFieldId id, std::string& buffer)
{
    ExecDetail detail = readExecDetail(event.detail);
    if (id == QueryFieldId::argv) return joined(detail.argv, buffer);
    if (id == QueryFieldId::environment) {
        if (!detail.environment) return std::nullopt;
        return joined(*detail.environment, buffer);
    }
    if (!detail.folder) return std::nullopt;
    buffer = std::move(*detail.folder);
    return buffer;
}

/// The rule that decided; nullptr when none did, or a recording names one that is not there.
const Rule* ruleOf(const Event& event, const QueryContext& context)
{
    return event.verdict != EventVerdict::none && event.rule < context.rules.size() ? &context.rules[event.rule]
                                                                                    : nullptr;
}

std::string_view trustWord(ResultTrust trust)
{
    if (trust == ResultTrust::seen) return "seen";
    return trust == ResultTrust::derived ? "derived" : "unknown";
}

std::string_view resultWord(const Event& event, std::string& buffer)
{
    if (event.result == kResultUnknown || event.trust == ResultTrust::unknown) return "unknown";
    buffer = errnoName(event.result);
    return buffer;
}

std::int64_t saturatedSum(std::int64_t a, std::int64_t b)
{
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return a < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::optional<std::string_view> peerIn(std::string_view text)
{
    if (text.find(' ') != std::string_view::npos) return nameOf(text);
    if (const auto host = hostOf(text)) return host;
    // A name that was looked up has no port.
    const bool isName = text.find('.') != std::string_view::npos && text.find('/') == std::string_view::npos &&
                        !text.starts_with(kUnixPrefix);
    return isName ? std::optional(text) : std::nullopt;
}

bool kindHasField(EventKind kind, QueryFieldId id)
{
    switch (id) {
        case QueryFieldId::host:
        case QueryFieldId::ip:
        case QueryFieldId::port: return eventRow(kind).category == EventCategory::network;
        case QueryFieldId::target:
            return kind == EventKind::fileRename || kind == EventKind::fileLink || kind == EventKind::fileSymlink;
        case QueryFieldId::bytes: return kind == EventKind::fileBytesRead || kind == EventKind::fileBytesWritten;
        case QueryFieldId::argv:
        case QueryFieldId::folder:
        case QueryFieldId::environment: return kind == EventKind::processExec;
        default: return true;
    }
}

std::optional<std::int64_t> numberOf(const Event& event, const QueryContext& context, QueryFieldId id)
{
    if (!kindHasField(event.kind, id)) return std::nullopt;
    switch (id) {
        case QueryFieldId::sequence: return static_cast<std::int64_t>(event.sequence);
        case QueryFieldId::time: return event.timeNs;
        case QueryFieldId::wall: return saturatedSum(context.startedUnixNs, event.timeNs);
        case QueryFieldId::pid: return event.pid;
        case QueryFieldId::parent: return event.parentPid;
        case QueryFieldId::insidePid:
            if (event.insidePid == 0) return std::nullopt;
            return event.insidePid;
        case QueryFieldId::start: return static_cast<std::int64_t>(event.processStart);
        case QueryFieldId::port: return portOf(event.object);
        case QueryFieldId::bytes: return bytesOf(event.detail);
        case QueryFieldId::line: {
            const Rule* rule = ruleOf(event, context);
            if (rule == nullptr || rule->place.line == 0) return std::nullopt;
            return rule->place.line;
        }
        default: return std::nullopt;
    }
}

std::optional<std::string_view> textOf(const Event& event, const QueryContext& context, QueryFieldId id,
                                       std::string& buffer)
{
    if (!kindHasField(event.kind, id)) return std::nullopt;
    const Rule* rule = ruleOf(event, context);
    switch (id) {
        case QueryFieldId::process: return event.processName;
        case QueryFieldId::kind: return eventRow(event.kind).name;
        case QueryFieldId::category: return categoryName(eventRow(event.kind).category);
        case QueryFieldId::operation: return operationName(event.kind);
        case QueryFieldId::object: return event.object;
        case QueryFieldId::path: return pathOf(event.object);
        case QueryFieldId::target: return targetOf(event.detail);
        case QueryFieldId::host: return hostOf(event.object);
        case QueryFieldId::ip: return addressOf(event.object);
        case QueryFieldId::detail: return event.detail;
        case QueryFieldId::argv:
        case QueryFieldId::folder:
        case QueryFieldId::environment: return execText(event, id, buffer);
        case QueryFieldId::result: return resultWord(event, buffer);
        case QueryFieldId::trust: return trustWord(event.trust);
        case QueryFieldId::verdict: return event.verdict == EventVerdict::none ? "none" : verdictText(event);
        case QueryFieldId::rule: return rule == nullptr ? std::nullopt : std::optional<std::string_view>(rule->text);
        case QueryFieldId::source:
            return rule == nullptr ? std::nullopt : std::optional<std::string_view>(ruleSourceName(rule->source));
        case QueryFieldId::mechanism: return mechanismName(event.mechanism);
        case QueryFieldId::origin: return originName(event.origin);
        default: return std::nullopt;
    }
}

}  // namespace belljar
