// TCP sockets of the sandbox's network as the kernel tells of them (sock_diag): what has become of one, the news of
// each one's end, and the end of one that may not go on.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

struct StreamState {
    bool isMade = false;   ///< The peer has answered.
    bool isOver = false;   ///< Both sides have said their last.
    bool isQuiet = false;  ///< All that was sent has arrived.
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
};

struct EndedStream {
    FlowKey key;
    StreamState state;
};

class SocketDiag {
public:
    /// Sockets of the sandbox's network (Wire). `news` does not block.
    SocketDiag(UniqueFd questions, UniqueFd news) : m_questions(std::move(questions)), m_news(std::move(news)) {}

    /// Hears news from now on; the error is a kernel that cannot end sockets.
    Result<void> open();
    /// To be waited for.
    [[nodiscard]] int news() const { return m_news.get(); }
    /// Appends who has ended. False: some were lost.
    [[nodiscard]] bool read(std::vector<EndedStream>& ended);
    /// nullopt: there is no such socket.
    [[nodiscard]] std::optional<StreamState> find(const FlowKey& key);
    /// With a reset for the peer, and ECONNABORTED for the program. 0 or an errno; ENOENT: it was not there.
    int abort(const FlowKey& key);

private:
    std::optional<std::vector<char>> ask(unsigned type, const FlowKey& key, int& error);

    UniqueFd m_questions;
    UniqueFd m_news;
};

}  // namespace belljar::linux_platform
