#include "core/events/recording_format.h"

#include "core/events/recording_checksum.h"

namespace belljar::recording {

std::size_t beginFrame(std::string& out)
{
    out.append(kFrameHeaderSize, '\0');
    return out.size() - kFrameHeaderSize;
}

void endFrame(std::string& out, std::size_t frame, FrameKind kind)
{
    const std::string_view payload = std::string_view(out).substr(frame + kFrameHeaderSize);
    std::string head;
    putNumber(head, kFrameMagic);
    putNumber(head, static_cast<std::uint16_t>(kind));
    putNumber(head, std::uint16_t{0});
    putNumber(head, static_cast<std::uint32_t>(payload.size()));
    putNumber(head, crc32c(payload, crc32c(std::string_view(head).substr(sizeof kFrameMagic))));
    out.replace(frame, kFrameHeaderSize, head);
}

void putFrame(std::string& out, FrameKind kind, std::string_view payload)
{
    const std::size_t frame = beginFrame(out);
    out += payload;
    endFrame(out, frame, kind);
}

}  // namespace belljar::recording
