#include "core/platform/linux/kernel/record_decode.h"

#include <seccomp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/base/visible.h"

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kMostProcesses = 65536;
constexpr std::size_t kMostUses = 65536;

/// Texts separated by NULs as one JSON array; of "NAME=value" the name only.
std::string jsonList(std::string_view texts, bool namesOnly, bool cut)
{
    std::string list = "[";
    while (!texts.empty()) {
        const std::size_t end = std::min(texts.find('\0'), texts.size());
        // A text that does not end was cut: half a name would be a wrong one.
        const bool whole = end < texts.size();
        std::string_view text = texts.substr(0, end);
        texts.remove_prefix(std::min(end + 1, texts.size()));
        if (namesOnly && !whole && text.find('=') == std::string_view::npos) break;
        if (namesOnly) text = text.substr(0, text.find('='));
        if (list.size() > 1) list += ',';
        list += jsonQuote(text);
    }
    if (cut) list += list.size() > 1 ? ",\"…\"" : "\"…\"";
    return list + "]";
}

/// Names whose change makes what was found at a path wrong.
bool changesNames(EventKind kind)
{
    switch (kind) {
        case EventKind::fileUnlink:
        case EventKind::fileRename:
        case EventKind::fileRmdir:
        case EventKind::fileSymlink:
        case EventKind::fileCreate:
        case EventKind::fileMkdir:
        case EventKind::fileLink:
        case EventKind::fileMknod:
        case EventKind::privMount: return true;
        default: return false;
    }
}

}  // namespace

std::optional<RecordView> RecordView::of(std::string_view bytes)
{
    RecordView view;
    if (bytes.size() < sizeof view.head) return std::nullopt;
    std::memcpy(&view.head, bytes.data(), sizeof view.head);
    view.texts = bytes.substr(sizeof view.head);
    return view;
}

std::string_view RecordView::text(BelljarText slot) const
{
    const BelljarSpan& span = head.texts[slot];
    if (span.at > texts.size() || span.length > texts.size() - span.at) return {};
    return texts.substr(span.at, span.length);
}

std::string RecordView::chain(BelljarText slot) const
{
    std::string_view names = text(slot);
    std::vector<std::string_view> parts;
    while (!names.empty()) {
        const std::size_t end = std::min(names.find('\0'), names.size());
        const std::string_view name = names.substr(0, end);
        if (!name.empty() && name != "/") parts.push_back(name);
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    std::string path;
    for (auto name = parts.rbegin(); name != parts.rend(); ++name) path.append(1, '/').append(*name);
    return path.empty() ? "/" : path;
}

RecordDecoder::RecordDecoder(InsideLookup& lookup, std::int64_t originNs, const std::vector<std::string>& denied)
    : m_lookup(lookup),
      m_originNs(originNs),
      m_nsPerTick(1'000'000'000U / static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_CLK_TCK))))
{
    for (const std::string& name : denied) m_denied.emplace_back(::seccomp_syscall_resolve_name(name.c_str()), name);
}

Event RecordDecoder::eventOf(const RecordView& record)
{
    Event event;
    event.timeNs = static_cast<std::int64_t>(record.head.timeNs) - m_originNs;
    event.pid = static_cast<std::int32_t>(record.head.pid);
    event.parentPid = static_cast<std::int32_t>(record.head.parent);
    event.insidePid = static_cast<std::int32_t>(record.head.inside);
    event.processStart = record.head.startNs / m_nsPerTick;
    event.processName.assign(record.head.name, ::strnlen(record.head.name, sizeof record.head.name));
    event.origin = EventOrigin::kernel;
    event.trust = ResultTrust::seen;
    event.result = 0;
    return event;
}

void RecordDecoder::remember(const RecordView& record)
{
    if (m_processes.size() >= kMostProcesses) m_processes.clear();
    Process& process = m_processes[record.head.pid];
    process.start = record.head.startNs;
    process.name.assign(record.head.name, ::strnlen(record.head.name, sizeof record.head.name));
}

std::optional<Event> RecordDecoder::takeSecond()
{
    return std::exchange(m_second, std::nullopt);
}

std::optional<Event> RecordDecoder::decode(std::string_view bytes)
{
    m_second.reset();
    const std::optional<RecordView> record = RecordView::of(bytes);
    if (!record) return std::nullopt;
    Event event = eventOf(*record);
    switch (record->head.kind) {
        case kRecordFork:
            remember(*record);
            event.kind = EventKind::processFork;
            event.object = event.processName;
            return event;
        case kRecordExit: {
            m_processes.erase(record->head.pid);
            event.kind = EventKind::processExit;
            event.object = event.processName;
            const int status = static_cast<int>(record->head.result);
            event.detail = WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                               : fmt::format("code {}", WEXITSTATUS(status));
            return event;
        }
        case kRecordExec: return onExec(*record, std::move(event));
        case kRecordFileUse: return onUse(*record, std::move(event));
        case kRecordFileEnd: return onUseEnd(*record, std::move(event));
        case kRecordCall:
        case kRecordGuard: return onCall(*record, std::move(event));
        default: return std::nullopt;
    }
}

std::optional<Event> RecordDecoder::onCall(const RecordView& record, Event event)
{
    const bool native = record.head.kind == kRecordCall && (record.head.flags & kFlagCompat) == 0;
    const auto denied = std::find_if(m_denied.begin(), m_denied.end(), [&](const auto& one) {
        return native && one.first == record.head.number && record.head.result == -EPERM;
    });
    const bool onlyRefused = record.head.kind == kRecordCall && (record.head.flags & kFlagRefused) != 0;
    if (onlyRefused && denied == m_denied.end()) return std::nullopt;
    std::optional<Event> made;
    if (!onlyRefused) made = decodeCallRecord(record, m_lookup, event);
    if (denied != m_denied.end()) {
        // What it was about stands in the detail, where that is known.
        event.kind = EventKind::privSyscall;
        event.detail = made ? made->object : "";
        event.object = denied->second;
        event.result = EPERM;
        return event;
    }
    const std::uint64_t forbidden = record.head.arguments[kForbiddenArgument];
    if (made && made->result == EACCES && forbidden != 0) {
        made->mechanism = Mechanism::kernelPolicy;
        made->rule = static_cast<RuleId>(forbidden >> kForbidRuleShift);
    }
    if (made && made->result == 0 && changesNames(made->kind)) m_lookup.forget();
    return made;
}

std::optional<Event> RecordDecoder::onExec(const RecordView& record, Event event)
{
    event.kind = EventKind::processExec;
    const std::string folder = record.chain(kTextFolder2);
    const std::string given(record.text(kTextPath));
    const bool outside = (record.head.flags & kFlagOutside) != 0;
    if ((record.head.flags & kFlagScript) != 0 && !given.empty()) {
        const std::string path = joinPath(folder, given);
        event.object = m_lookup.lookUp(static_cast<std::int32_t>(record.head.tid), path, true).path;
    } else {
        event.object = record.chain(kTextFolder) + (outside ? " (deleted)" : "");
    }
    const bool cut = (record.head.flags & kFlagCut) != 0;
    event.detail = fmt::format("{} {} {}", jsonList(record.text(kTextPath2), false, cut), jsonQuote(folder),
                               jsonList(record.text(kTextExtra), true, cut));
    // Who runs a program is called what it was called before; the record was made a moment later.
    const auto known = m_processes.find(record.head.pid);
    if (known != m_processes.end() && known->second.start == record.head.startNs)
        event.processName = known->second.name;
    remember(record);
    return event;
}

std::optional<Event> RecordDecoder::onUse(const RecordView& record, Event event)
{
    if (m_uses.size() >= kMostUses) m_uses.clear();
    const bool folder = S_ISDIR(record.head.fileMode);
    Use& use = m_uses[record.head.arguments[0]];
    use.path = record.chain(kTextFolder);
    use.folder = folder;
    if (!folder) return std::nullopt;
    event.kind = EventKind::fileReadFolder;
    event.object = use.path;
    return event;
}

std::optional<Event> RecordDecoder::onUseEnd(const RecordView& record, Event event)
{
    const auto found = m_uses.find(record.head.arguments[0]);
    if (found == m_uses.end()) return std::nullopt;
    const Use use = std::move(found->second);
    m_uses.erase(found);
    const std::uint64_t bytes[] = {record.head.arguments[1], record.head.arguments[2]};
    if (use.folder || (bytes[0] == 0 && bytes[1] == 0)) return std::nullopt;
    const auto seconds = [this](std::uint64_t time) {
        return static_cast<double>(static_cast<std::int64_t>(time) - m_originNs) / 1e9;
    };
    event.object = use.path;
    const auto told = [&](Event one, EventKind kind, std::uint64_t count) {
        one.kind = kind;
        one.detail = fmt::format("{} bytes from {:.6f} s to {:.6f} s", count, seconds(record.head.arguments[3]),
                                 seconds(record.head.arguments[4]));
        return one;
    };
    if (bytes[0] == 0) return told(std::move(event), EventKind::fileBytesWritten, bytes[1]);
    if (bytes[1] != 0) m_second = told(event, EventKind::fileBytesWritten, bytes[1]);
    return told(std::move(event), EventKind::fileBytesRead, bytes[0]);
}

}  // namespace belljar::linux_platform
