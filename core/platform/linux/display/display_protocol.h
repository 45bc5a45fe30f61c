// What the launcher and belljar-display say to each other: datagrams of one size each way. Both are the same build.
#pragma once

#include <cstddef>
#include <cstdint>

namespace belljar::linux_platform {

/// Descriptors that belljar-display starts with.
enum DisplayDescriptor : int {
    kDisplayControl = 3,   ///< SOCK_SEQPACKET to the launcher; its end ends everything.
    kDisplayListener = 4,  ///< The sandbox's display socket, which listens.
    kDisplayClient = 5,    ///< A connection to it that was made before any program ran.
};

/// Descriptors that it has as a bus's proxy.
enum BusDescriptor : int {
    kBusReady = 3,   ///< Gets a byte when programs can connect; its end ends the proxy.
    kBusLog = 4,     ///< Gets what bus_log.h reads; or /dev/null.
    kBusFolder = 5,  ///< The sandbox's, for sockets.
    kBusSocket = 6,  ///< The bus's, where it is a file.
};

/// The launcher's words: what the clipboard is from now on. Answered by DisplayReport::Kind::obeyed.
struct DisplayOrder {
    std::uint32_t number = 0;
    bool read = false;
    bool write = false;
};

struct DisplayReport {
    enum class Kind : std::uint32_t {
        ready,      ///< Programs can draw.
        failed,     ///< The display could not be made; `text` says why. The last report.
        obeyed,     ///< The order of that number holds for everything that is decided from now on.
        transfer,   ///< Something about the clipboard.
        injection,  ///< A program tried to make input, in the way that `type` names.
    };
    Kind kind = Kind::ready;
    std::uint32_t number = 0;
    std::int32_t error = 0;    ///< errno; EACCES: the policy refused it.
    std::uint32_t times = 1;   ///< So often, since the same was reported last.
    std::uint32_t merged = 0;  ///< Reports before this one that were too many to be reported one by one.
    std::uint64_t bytes = 0;
    std::int64_t timeNs = 0;  ///< CLOCK_MONOTONIC.
    std::int32_t pid = 0;     ///< Of the program, as its launcher numbers it; 0: not known.
    bool isWrite = false;     ///< The sandbox offers something to the host; otherwise it asks for something.
    char selection[12]{};     ///< CLIPBOARD or PRIMARY.
    /// Of what was asked for; "": the sandbox has put something on the clipboard, and nobody has asked for it yet.
    char type[128]{};
    char program[64]{};  ///< What the window says of itself; hostile.
    char text[256]{};
};

/// Copies at most what fits, always with a final NUL.
template <std::size_t size>
void copyText(char (&into)[size], const char* from, std::size_t length)
{
    const std::size_t count = length < size - 1 ? length : size - 1;
    for (std::size_t i = 0; i < count; ++i) into[i] = from[i];
    into[count] = '\0';
}

}  // namespace belljar::linux_platform
