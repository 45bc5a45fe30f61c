#include "core/platform/linux/network/tcp_flow.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/platform/linux/network/stream_sockets.h"

namespace belljar::linux_platform {
namespace {

/// So often in one turn for one way: others wait, too.
constexpr int kMostReads = 8;

}  // namespace

TcpFlow::TcpFlow(Poller& poller, std::vector<char>& room, UniqueFd inside, UniqueFd outside,
                 std::function<void(int)> onOver)
    : m_poller(poller),
      m_room(room),
      m_inside(std::move(inside)),
      m_outside(std::move(outside)),
      m_onOver(std::move(onOver))
{
    m_up.from = m_down.to = &m_inside;
    m_up.to = m_down.from = &m_outside;
    // The other one has it from its listener.
    const int yes = 1;
    ::setsockopt(m_outside.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

void TcpFlow::listen(Listener listener, bool holds)
{
    m_listener = std::move(listener);
    m_up.isHeld = holds;
}

/// What the listener says of all that is held.
void TcpFlow::hear(bool isAll)
{
    const Heard heard = m_listener(m_up.held, isAll);
    if (heard == Heard::more) {
        if (!m_heldSince && !m_up.held.empty()) m_heldSince = std::chrono::steady_clock::now();
        return;
    }
    m_listener = nullptr;
    m_heldSince.reset();
    m_up.isHeld = false;
    if (heard == Heard::refuse) cut(EACCES);
    else flush(m_up);
}

void TcpFlow::prepend(std::string early)
{
    if (early.empty()) return;
    m_up.bytes += early.size();
    m_up.held = std::move(early);
    if (m_up.isHeld) {
        hear(false);
        return;
    }
    if (m_listener) std::exchange(m_listener, nullptr)(m_up.held, false);
    flush(m_up);
}

void TcpFlow::begin()
{
    if (m_onOver) updateInterest();
}

void TcpFlow::leave()
{
    m_leaves = true;
    if (!m_up.isClosed) move(m_up);
    moved();
}

void TcpFlow::cut(int error)
{
    resetAtClose(m_inside.get());
    resetAtClose(m_outside.get());
    over(error);
}

void TcpFlow::Side::onReady(std::uint32_t events)
{
    // It may have ended in this very turn; errors are told by the next call on the socket.
    constexpr std::uint32_t kWrites = EPOLLOUT | EPOLLERR | EPOLLHUP;
    if (m_flow.m_onOver && (events & ~std::uint32_t{EPOLLOUT}) != 0) m_flow.move(m_reads);
    if (m_flow.m_onOver && (events & kWrites) != 0 && m_writes.waits()) m_flow.move(m_writes);
    m_flow.moved();
}

void TcpFlow::moved()
{
    if (!m_onOver) return;
    if (m_up.isClosed && (m_down.isClosed || m_leaves)) over(0);
    else updateInterest();
}

bool TcpFlow::flush(Way& way)
{
    while (way.holds()) {
        const ssize_t count = ::send(way.to->get(), way.held.data() + way.heldAt, way.held.size() - way.heldAt,
                                     MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EAGAIN) return false;
        if (count < 0) {
            cut(errno);
            return false;
        }
        way.heldAt += static_cast<std::size_t>(count);
    }
    way.held.clear();
    way.heldAt = 0;
    return true;
}

void TcpFlow::moveOnce(Way& way, bool& more)
{
    more = false;
    const ssize_t got = ::recv(way.from->get(), m_room.data(), m_room.size(), MSG_DONTWAIT);
    if (got < 0) {
        if (errno != EAGAIN && errno != EINTR) cut(errno);
        return;
    }
    if (got == 0) {
        way.hasEnded = true;
        if (way.isHeld) hear(true);
        return;
    }
    const auto size = static_cast<std::size_t>(got);
    if (&way == &m_up && m_left) {
        if (size > *m_left) {
            cut(EPROTO);
            return;
        }
        *m_left -= size;
    }
    way.bytes += size;
    if (way.isHeld) {
        way.held.append(m_room.data(), size);
        hear(false);
        return;
    }
    if (&way == &m_up && m_listener) std::exchange(m_listener, nullptr)({m_room.data(), size}, false);
    ssize_t sent = ::send(way.to->get(), m_room.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        cut(errno);
        return;
    }
    if (sent < 0) sent = 0;
    if (sent < got) way.held.assign(m_room.data() + sent, size - static_cast<std::size_t>(sent));
    else more = size == m_room.size();
}

void TcpFlow::move(Way& way)
{
    if (!way.isHeld && !flush(way)) return;
    bool more = !way.hasEnded;
    for (int reads = 0; more && reads < kMostReads; ++reads) moveOnce(way, more);
    if (!m_onOver || !way.hasEnded || way.isClosed || way.isHeld || way.holds()) return;
    ::shutdown(way.to->get(), SHUT_WR);
    way.isClosed = true;
}

void TcpFlow::updateInterest()
{
    const auto events = [](const Way& in, const Way& out) {
        const bool reads = !in.hasEnded && !in.waits();
        return (reads ? std::uint32_t{EPOLLIN} : 0U) | (out.waits() ? std::uint32_t{EPOLLOUT} : 0U);
    };
    m_poller.want(m_inside.get(), events(m_up, m_down), m_insideWanted, m_insideSide);
    m_poller.want(m_outside.get(), events(m_down, m_up), m_outsideWanted, m_outsideSide);
}

void TcpFlow::over(int error)
{
    m_poller.want(m_inside.get(), 0, m_insideWanted, m_insideSide);
    m_poller.want(m_outside.get(), 0, m_outsideWanted, m_outsideSide);
    m_inside.reset();
    m_outside.reset();
    // It may own us.
    if (const auto onOver = std::exchange(m_onOver, nullptr)) onOver(error);
}

}  // namespace belljar::linux_platform
