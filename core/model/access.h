// A question to the evaluator and its answer: may this operation touch this object, and which rule says so?
#pragma once

#include <cstdint>
#include <string>

#include "core/model/mechanism.h"
#include "core/model/policy.h"

namespace belljar {

enum class AccessKind : std::uint8_t {
    stat,            ///< Learn that the object exists and its metadata.
    list,            ///< Read a folder.
    read,            ///< Open a file for reading.
    write,           ///< Open an existing file for writing, or change its metadata.
    create,          ///< Make a new entry: file, folder, link, socket.
    remove,          ///< Unlink, or rename away.
    execute,         ///< Run a program.
    connect,         ///< Reach a network peer.
    bind,            ///< Listen on an address.
    systemCall,      ///< Make a system call.
    resolve,         ///< Look up the addresses of a host name.
    clipboardRead,   ///< Ask for what is on the host's clipboard.
    clipboardWrite,  ///< Put something on it.
};

/// Who wants what on which object. Paths are canonical paths as the sandbox sees them.
struct Access {
    AccessKind kind = AccessKind::read;
    std::string path;  ///< For file kinds; for systemCall its name; for the clipboard the type of what is on it.
    std::string host;  ///< For connect and bind: a numeric address, e.g. "93.184.216.34" or "::1", or a host name.
    std::uint16_t port = 0;
    IpProtocol protocol = IpProtocol::tcp;
    std::string name{};     ///< For connect: the name for which the sandbox's resolver gave out `host`; empty: none.
    bool isHost = false;    ///< For connect: `host` is an address of this machine, as the caller has found out.
    bool isDirect = false;  ///< For connect: by a call of the program's own, not through Belljar's proxy.
};

/// The answer. `rule` is an index into Policy::rules.
struct Verdict {
    bool allowed = false;
    RuleId rule = builtin_rule::kNotGranted;
    int expectedErrno =
        0;  ///< What the sandboxee sees when denied: ENOENT (absent), EACCES (masked), EROFS, ENETUNREACH.
    Mechanism mechanism = Mechanism::none;
    std::string how;  ///< The mechanism in words, e.g. "read-only bind mount".
};

}  // namespace belljar
