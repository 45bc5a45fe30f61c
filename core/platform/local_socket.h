// Speaking to another Belljar of the same user on this machine: one line there, one line back.
//
// The sockets stand in a folder of Belljar's own memory (HostFacts::memoryFolder), which no sandbox sees.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace belljar {

/// Who asks, as the kernel says.
struct LocalPeer {
    std::int64_t uid = 0;
    std::int64_t pid = 0;
};

/// Gets a line without its end, and gives one.
using LocalHandler = std::function<std::string(const std::string& line, const LocalPeer& peer)>;

/// Longest line in bytes.
inline constexpr std::size_t kLongestLocalRequest = 65'536;
inline constexpr std::size_t kLongestLocalReply = std::size_t{16} << 20U;

/// Answers until it is destroyed, on a thread of its own, one peer after the other.
class LocalServer {
public:
    virtual ~LocalServer() = default;
    LocalServer(const LocalServer&) = delete;
    LocalServer& operator=(const LocalServer&) = delete;

protected:
    LocalServer() = default;
};

/// `name` is a plain file name, not in use. Only the same user and root are answered.
Result<std::unique_ptr<LocalServer>> serveLocal(const std::string& name, LocalHandler handler);

/// Asks the server of that name; waits at most 15 s.
Result<std::string> askLocal(const std::string& name, const std::string& line);

/// The number of our own process.
[[nodiscard]] std::int64_t ownProcess();

/// Names of all servers of this user; those whose process is gone are forgotten.
[[nodiscard]] std::vector<std::string> localNames();

}  // namespace belljar
