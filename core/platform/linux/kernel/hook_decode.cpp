// What an LSM hook tells: operations of io_uring, which no end of a system call shows.
#include <cerrno>

#include "core/base/path_text.h"
#include "core/platform/linux/kernel/record_decode.h"
#include "core/platform/linux/target_memory.h"

namespace belljar::linux_platform {
namespace {

std::optional<EventKind> kindOf(const BelljarRecord& head)
{
    constexpr std::uint32_t kWritable = 2;        // FMODE_WRITE
    constexpr std::uint32_t kCreated = 0x100000;  // FMODE_CREATED
    switch (head.number) {
        case kHookOpen:
            return (head.fileMode & kCreated) != 0    ? EventKind::fileCreate
                   : (head.fileMode & kWritable) != 0 ? EventKind::fileOpenWrite
                                                      : EventKind::fileOpen;
        case kHookExec: return EventKind::processExec;
        case kHookConnect: return EventKind::netConnect;
        case kHookBind: return EventKind::netBind;
        case kHookSend: return EventKind::netSend;
        case kHookUnlink: return EventKind::fileUnlink;
        case kHookRmdir: return EventKind::fileRmdir;
        case kHookMkdir: return EventKind::fileMkdir;
        case kHookRename: return EventKind::fileRename;
        case kHookLink: return EventKind::fileLink;
        case kHookSymlink: return EventKind::fileSymlink;
        case kHookStat: return EventKind::fileStat;
        default: return std::nullopt;
    }
}

}  // namespace

std::optional<Event> decodeHookRecord(const RecordView& record, InsideLookup& lookup, Event event)
{
    const std::optional<EventKind> kind = kindOf(record.head);
    if (!kind) return std::nullopt;
    event.kind = *kind;
    const bool refused = (record.head.flags & kFlagRefused) != 0;
    // The hook stands before the operation: that nothing forbade it is known, its end is not.
    event.trust = refused ? ResultTrust::seen : ResultTrust::derived;
    event.result = refused ? EACCES : 0;
    const std::string_view address = record.text(kTextPath);
    if (address.empty()) {
        event.object = record.chain(kTextFolder);
        if (!record.text(kTextFolder2).empty()) event.detail = std::string(kTargetPrefix) + record.chain(kTextFolder2);
        return event;
    }
    event.object = describeAddress(address.data(), address.size());
    if (event.object.empty()) return std::nullopt;
    if (event.kind != EventKind::netBind) event.detail = protocolText(record.head);
    constexpr std::string_view kUnix = "unix:";
    if (event.object.starts_with(kUnix) && !event.object.starts_with("unix:@")) {
        const std::string path = joinPath(record.chain(kTextFolder), event.object.substr(kUnix.size()));
        event.object = "unix:" + lookup.lookUp(static_cast<std::int32_t>(record.head.tid), path, true).path;
    }
    return event;
}

}  // namespace belljar::linux_platform
