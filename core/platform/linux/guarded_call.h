// A socket call of a sandboxee that Belljar performs in its place, without ever blocking: connect, sendto, sendmsg, the
// first message of sendmmsg.
//
// Everything the caller points at is copied before it is judged, so what is performed is what was judged. Capabilities
// that Belljar has on the host are laid down for the moment of the call.
#pragma once

#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/network_attempt.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// What the caller's system call returns.
struct CallResult {
    int error = 0;           ///< errno; 0: success.
    std::int64_t value = 0;  ///< The return value of a success.
};

/// Handles of threads. The last one is kept, since who calls once calls again; a handle is its thread's for ever, and
/// says so when that is gone.
class ThreadHandles {
public:
    using Handle = std::shared_ptr<const UniqueFd>;
    [[nodiscard]] Handle of(std::int32_t tid);
    /// A new one.
    [[nodiscard]] Handle open(std::int32_t tid);

private:
    std::int32_t m_tid = 0;
    Handle m_kept;
};

/// The caller of a notification: a handle of its thread, which also tells whether it is still there.
class Caller {
public:
    /// `handles` must outlive it.
    Caller(int listener, const seccomp_notif& note, ThreadHandles& handles);
    /// A duplicate of the caller's descriptor; `error` is the errno when there is none.
    [[nodiscard]] UniqueFd duplicate(int descriptor, int& error);
    [[nodiscard]] bool read(std::uint64_t address, void* into, std::size_t length) const;
    bool write(std::uint64_t address, const void* from, std::size_t length) const;
    /// The call still waits: what was read so far was the caller's own, not that of another process with its number.
    [[nodiscard]] bool stillWaits() const;
    void signalBrokenPipe() const;
    [[nodiscard]] std::int32_t tid() const { return m_tid; }
    [[nodiscard]] std::uint64_t id() const { return m_id; }

private:
    int m_listener;
    std::uint64_t m_id;
    std::int32_t m_tid;
    ThreadHandles* m_handles;
    ThreadHandles::Handle m_handle;
};

/// The calling thread acts without the capabilities it has on the host while this lives. May be nested; the inner ones
/// cost nothing.
class WithoutCapabilities {
public:
    WithoutCapabilities();
    ~WithoutCapabilities();
    WithoutCapabilities(const WithoutCapabilities&) = delete;
    WithoutCapabilities& operator=(const WithoutCapabilities&) = delete;

private:
    bool m_isLaidDown = false;
    __user_cap_data_struct m_before[2]{};
};

class GuardedCall {
public:
    explicit GuardedCall(Caller caller) : m_caller(std::move(caller)) {}

    /// Reads the arguments. A result when the call cannot be performed: the answer.
    [[nodiscard]] std::optional<CallResult> prepare(const seccomp_data& call);
    /// The path of a unix socket that the call is about; empty for all other addresses and without one.
    [[nodiscard]] std::string socketPath() const;
    /// Makes `object` (O_PATH) the one that the call goes to, instead of the path.
    void aimAt(UniqueFd object);
    /// One try that does not block. nullopt: the caller would have to wait, try again later.
    [[nodiscard]] std::optional<CallResult> attempt();
    [[nodiscard]] const Caller& caller() const { return m_caller; }
    /// The socket whose connection goes on in the kernel; it is writable at its end. -1: none.
    [[nodiscard]] int connecting() const { return m_connecting ? m_socket.get() : -1; }
    /// A TCP or UDP socket's own port, after a try; nullopt for other sockets.
    struct OwnPort {
        IpProtocol protocol = IpProtocol::tcp;
        std::uint16_t port = 0;
    };
    [[nodiscard]] std::optional<OwnPort> ownPort() const;
    /// Gives a UDP socket its port before the try instead of in it, so that it is known before anything is sent.
    void takePort() const;
    [[nodiscard]] bool isDatagram() const { return m_type == SOCK_DGRAM; }
    /// To whom an echo request is to go, or the socket for it to be tied; nullopt: it is no such call, or names nobody.
    [[nodiscard]] std::optional<NetworkEndpoint> echoPeer() const;
    /// A connect(2) of a TCP socket.
    [[nodiscard]] bool connectsStream() const
    {
        return m_isConnect && m_type == SOCK_STREAM && (m_domain == AF_INET || m_domain == AF_INET6);
    }

private:
    [[nodiscard]] std::optional<CallResult> prepareSocket(int descriptor);
    [[nodiscard]] std::optional<CallResult> readAddress(std::uint64_t address, std::uint64_t length);
    [[nodiscard]] std::optional<CallResult> readMessage(std::uint64_t address);
    [[nodiscard]] std::optional<CallResult> readControl(std::uint64_t address, std::size_t length);
    [[nodiscard]] std::optional<CallResult> takeControl(void* item);
    [[nodiscard]] std::optional<CallResult> connectionState() const;
    [[nodiscard]] std::optional<CallResult> attemptConnect();
    [[nodiscard]] std::optional<CallResult> attemptSend();
    [[nodiscard]] bool readChunk(std::size_t length);
    [[nodiscard]] CallResult sent();
    [[nodiscard]] bool isLate() const;

    Caller m_caller;
    UniqueFd m_socket;
    int m_domain = 0;
    int m_type = 0;
    bool m_isEcho = false;  ///< A socket for echo requests.
    bool m_isConnect = false;
    bool m_mayWait = true;      ///< The socket and the call are blocking ones.
    bool m_connecting = false;  ///< connect(2) goes on in the kernel.
    int m_flags = 0;
    std::optional<std::chrono::steady_clock::time_point> m_deadline;  ///< SO_SNDTIMEO.
    std::string m_address;                                            ///< Bytes of the sockaddr; empty: none.
    UniqueFd m_object;
    std::string m_control;              ///< Ancillary data, its descriptors being ours.
    std::vector<UniqueFd> m_passed;     ///< Those descriptors.
    std::vector<iovec> m_parts;         ///< In the caller's memory.
    std::uint64_t m_lengthAddress = 0;  ///< sendmmsg: where the caller reads how much of a message went out.
    std::size_t m_total = 0;
    std::size_t m_done = 0;
    std::string m_chunk;
};

}  // namespace belljar::linux_platform
