// One call, told by its record: the counterpart of notify_decode.cpp, where the result is known.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/model/network_attempt.h"
#include "core/platform/linux/kernel/kernel_calls.h"
#include "core/platform/linux/kernel/record_decode.h"
#include "core/platform/linux/notify_arguments.h"
#include "core/platform/linux/target_memory.h"

namespace belljar::linux_platform {

namespace {

constexpr std::uint32_t kCreated = 0x100000;  ///< FMODE_CREATED: this very open made the file.

class CallDecoder {
public:
    CallDecoder(const RecordView& record, InsideLookup& lookup, Event event)
        : m_record(record), m_head(record.head), m_lookup(lookup), m_event(std::move(event))
    {
        m_event.result = static_cast<std::int32_t>(m_head.result < 0 && m_head.result >= -4095 ? -m_head.result : 0);
    }

    std::optional<Event> decode()
    {
        const KernelCall& call = kernelCall((m_head.flags & kFlagCompat) != 0, m_head.number);
        if (call.own != nullptr) return onOwn(*call.own);
        for (const CallRow* row : call.rows) {
            if (!matches(*row, m_head.arguments)) continue;
            m_row = row;
            m_event.kind = row->kind;
            return onRow() ? std::optional(std::move(m_event)) : std::nullopt;
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] std::uint64_t argument(std::int8_t index) const
    {
        return index == kNoArgument ? 0 : m_head.arguments[index & 7];
    }

    /// What the sandboxee wrote, from the root on.
    [[nodiscard]] std::string written(BelljarText folder, BelljarText path) const
    {
        const std::string text(m_record.text(path));
        return isAbsolutePath(text) ? text : joinPath(m_record.chain(folder), text);
    }

    [[nodiscard]] InsideObject lookUp(const std::string& path, bool follow)
    {
        return m_lookup.lookUp(static_cast<std::int32_t>(m_head.tid), path, follow);
    }

    bool onRow()
    {
        switch (m_row->shape) {
            case CallShape::path:
            case CallShape::access: return onPath();
            case CallShape::descriptor: return onDescriptor();
            case CallShape::open:
            case CallShape::openHow:
            case CallShape::create: return onOpen();
            case CallShape::twoPaths: return onTwoPaths();
            case CallShape::symlink: return onSymlink();
            case CallShape::exec: return onExec();
            case CallShape::address:
            case CallShape::sendTo:
            case CallShape::sendMessage: return onAddress();
            case CallShape::refuse: return onClosed();
            default: return false;
        }
    }

    /// A path that is not in the sandboxee's memory: the call failed with EFAULT and named nothing.
    [[nodiscard]] bool named() const { return (m_head.flags & kFlagUnreadable) == 0; }

    void tellMode()
    {
        if (m_event.kind == EventKind::fileChmod)
            m_event.detail = fmt::format("mode {:04o}", argument(m_row->extra) & 07777U);
    }

    bool onPath()
    {
        if (!named()) return false;
        const std::uint64_t flags = argument(m_row->flags);
        const bool linkItself = (flags & AT_SYMLINK_NOFOLLOW) != 0;
        m_event.object = lookUp(written(kTextFolder, kTextPath), m_row->followsLinks && !linkItself).path;
        if (m_event.kind == EventKind::fileUnlink && (flags & AT_REMOVEDIR) != 0) m_event.kind = EventKind::fileRmdir;
        tellMode();
        return true;
    }

    bool onDescriptor()
    {
        m_event.object = m_record.chain(kTextFolder);
        tellMode();
        return true;
    }

    bool onOpen()
    {
        const std::uint64_t flags = m_head.arguments[5];
        m_event.detail = openFlagsText(flags);
        const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC) != 0;
        bool creates = (m_head.fileMode & kCreated) != 0;
        if ((m_head.flags & kFlagFile) != 0) {
            m_event.object = m_record.chain(kTextFolder);
            constexpr std::uint64_t kTmpfileBit = O_TMPFILE & ~static_cast<std::uint64_t>(O_DIRECTORY);
            if ((flags & kTmpfileBit) != 0) {  // a file without a name, in this folder
                creates = true;
                m_event.object = parentPath(m_event.object);
            }
        } else {
            if (!named()) return false;
            const bool exclusive = (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0;
            const InsideObject object =
                lookUp(written(kTextFolder, kTextPath), (flags & O_NOFOLLOW) == 0 && !exclusive);
            m_event.object = object.path;
            creates |= m_event.result != 0 && (flags & O_CREAT) != 0 && !object.exists;
        }
        m_event.kind = creates ? EventKind::fileCreate : writes ? EventKind::fileOpenWrite : EventKind::fileOpen;
        return true;
    }

    bool onTwoPaths()
    {
        if (!named()) return false;
        m_event.object = lookUp(written(kTextFolder, kTextPath), false).path;
        m_event.detail = std::string(kTargetPrefix) + lookUp(written(kTextFolder2, kTextPath2), false).path;
        return true;
    }

    bool onSymlink()
    {
        if (!named()) return false;
        m_event.object = lookUp(written(kTextFolder, kTextPath), false).path;
        m_event.detail = std::string(kTargetPrefix) + std::string(m_record.text(kTextPath2));
        return true;
    }

    /// Only failures come here; a success is told by kRecordExec.
    bool onExec()
    {
        if (!named()) return false;
        m_event.object = lookUp(written(kTextFolder, kTextPath), true).path;
        std::string list = "[";
        std::string_view texts = m_record.text(kTextPath2);
        for (int count = 0; !texts.empty(); ++count) {
            const std::size_t end = std::min(texts.find('\0'), texts.size());
            list += (count > 0 ? "," : "") + jsonQuote(texts.substr(0, end));
            texts.remove_prefix(std::min(end + 1, texts.size()));
        }
        m_event.detail = list + "] " + jsonQuote(m_record.chain(kTextFolder2));
        return true;
    }

    bool onAddress()
    {
        const std::string_view bytes = m_record.text(kTextPath);
        m_event.object = describeAddress(bytes.data(), bytes.size());
        if (m_event.object.empty()) return false;
        if (m_event.kind != EventKind::netBind) m_event.detail = protocolText(m_head);
        constexpr std::string_view kUnix = "unix:";
        if (m_event.object.starts_with(kUnix) && !m_event.object.starts_with("unix:@")) {
            const std::string path = joinPath(m_record.chain(kTextFolder), m_event.object.substr(kUnix.size()));
            m_event.object = "unix:" + lookUp(path, true).path;
        }
        return true;
    }

    bool onClosed()
    {
        // Missing features rather than attempts: see the filter.
        if (m_row->refuseWith == m_event.result && (m_event.result == ENOSYS || m_event.result == ENOPROTOOPT))
            return false;
        if (m_row->inOwnNetwork && m_event.result != m_row->refuseWith) return false;
        m_event.object = m_row->name;
        if (m_event.kind == EventKind::netSocket)
            m_event.detail =
                fmt::format("family {} type {}", m_head.arguments[0] & 0xffffffffU, m_head.arguments[1] & 0xfU);
        if (m_event.kind == EventKind::privMount) m_event.detail = std::string(m_record.text(kTextPath));
        return true;
    }

    std::optional<Event> onSignal(std::string_view call)
    {
        const bool thread = call == "tgkill" || call == "rt_tgsigqueueinfo";
        const bool handle = call == "pidfd_send_signal";  // whom it stands for is not in the record
        const auto target = static_cast<std::int32_t>(m_head.arguments[0]);
        const auto signal = static_cast<std::int32_t>(m_head.arguments[thread ? 2 : 1]);
        // To oneself, or only asking whether the process is there.
        if (signal == 0 || (!handle && target == m_event.insidePid)) return std::nullopt;
        m_event.object = handle ? fmt::format("handle {}", target) : std::to_string(target);
        m_event.detail = fmt::format("signal {}", signal);
        return std::move(m_event);
    }

    std::optional<Event> onOwn(const KernelCallRow& row)
    {
        m_event.kind = row.kind;
        switch (row.kind) {
            case EventKind::processSignal: return onSignal(row.name);
            case EventKind::netListen:
            case EventKind::netAccept: {
                const std::string_view bytes = m_record.text(kTextPath);
                m_event.object = describeAddress(bytes.data(), bytes.size());
                if (m_event.object.empty()) return std::nullopt;
                return std::move(m_event);
            }
            case EventKind::fileMapExec: m_event.object = m_record.chain(kTextFolder); return std::move(m_event);
            default: return std::nullopt;
        }
    }

    const RecordView& m_record;
    const BelljarRecord& m_head;
    InsideLookup& m_lookup;
    const CallRow* m_row = nullptr;
    Event m_event;
};

}  // namespace

std::string_view protocolText(const BelljarRecord& head)
{
    if (head.fileMode == IPPROTO_UDP) return kUdpDetail;
    if (head.fileMode == IPPROTO_ICMP || head.fileMode == IPPROTO_ICMPV6) return kIcmpDetail;
    return head.fileMode == IPPROTO_TCP ? kTcpDetail : std::string_view();
}

std::optional<Event> decodeCallRecord(const RecordView& record, InsideLookup& lookup, Event event)
{
    if (record.head.kind == kRecordCall) return CallDecoder(record, lookup, std::move(event)).decode();
    return decodeHookRecord(record, lookup, std::move(event));
}

}  // namespace belljar::linux_platform
