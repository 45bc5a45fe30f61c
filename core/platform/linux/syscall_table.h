// Which system calls Belljar watches and which it closes: one row each.
//
// The filter is built from these rows and the notification reader decodes by them, so both always agree.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/model/event.h"
#include "core/model/launch_plan.h"

namespace belljar::linux_platform {

/// How the arguments of a call are read.
enum class CallShape : std::uint8_t {
    path,          ///< One path: optional folder descriptor, path.
    access,        ///< Like path, with the wanted rights in `extra`.
    descriptor,    ///< An open descriptor is the object.
    open,          ///< Path and open flags.
    openHow,       ///< openat2: flags stand in a struct.
    create,        ///< creat(2): a path, always for writing.
    twoPaths,      ///< rename, link: old and new.
    symlink,       ///< Content and new name.
    exec,          ///< Path, argv.
    exit,          ///< exit_group: the code.
    address,       ///< connect, bind: descriptor, address, length.
    sendTo,        ///< Like address, at arguments 4 and 5, and only when there is an address.
    sendMessage,   ///< The address stands in a msghdr.
    ownSocket,     ///< listen, accept: a descriptor whose own address is the object.
    signal,        ///< kill and the like: whom, and which signal.
    changeFolder,  ///< chdir, fchdir: no event, but cached working folders are void.
    shareFolder,   ///< The working folder gets other owners than one process: none is cached any more.
    refuse,        ///< Closed: answered with an error, never executed.
};

inline constexpr std::int8_t kNoArgument = -1;

/// A condition on one argument: (argument & mask) == value.
struct ArgumentTest {
    unsigned argument = 0;
    std::uint64_t mask = 0;
    std::uint64_t value = 0;
};

/// What a row has to do with sandboxes that programs inside make (SyscallFilterPlan::nestsSandboxes).
enum class Nesting : std::uint8_t {
    none,
    needs,    ///< Open where there may be such.
    replaces  ///< Closed only there.
};

struct CallRow {
    int number = 0;  ///< System call number of this machine's native ABI.
    CallShape shape = CallShape::path;
    EventKind kind = EventKind::fileStat;
    std::int8_t folder = kNoArgument;  ///< Argument that holds the folder descriptor (or the descriptor itself).
    std::int8_t path = kNoArgument;
    std::int8_t extra = kNoArgument;  ///< Open flags, mode, argv, length or signal.
    std::int8_t flags = kNoArgument;  ///< AT_ flags.
    std::int8_t folder2 = kNoArgument;
    std::int8_t path2 = kNoArgument;
    int refuseWith = 0;                                ///< errno for CallShape::refuse.
    std::optional<ArgumentTest> when = std::nullopt;   ///< Only calls that pass this test are watched or refused.
    std::optional<ArgumentTest> when2 = std::nullopt;  ///< And this one.
    bool followsLinks = true;   ///< Whether a final symbolic link is followed by the call, without AT_ flags.
    bool inOwnNetwork = false;  ///< Of echo requests: closed where those have no way out.
    Nesting nesting = Nesting::none;
    /// From which trace on the filter reports it.
    FilterWatch level = FilterWatch::standard;
    const char* name = "";  ///< e.g. "openat".
};

/// True for calls that name the address of a socket.
[[nodiscard]] constexpr bool namesAddress(CallShape shape)
{
    return shape == CallShape::address || shape == CallShape::sendTo || shape == CallShape::sendMessage;
}

/// All rows; several rows of one number differ in `when`, and the first that a call passes is its own.
[[nodiscard]] const std::vector<CallRow>& callTable();

}  // namespace belljar::linux_platform
