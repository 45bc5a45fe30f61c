#include "core/platform/linux/network/icmp_relay.h"

#include "core/platform/linux/network/packet_rules.h"
#include "core/platform/linux/network/packets.h"

namespace belljar::linux_platform {
namespace {

constexpr std::uint32_t kMost = 8192;

}  // namespace

IcmpRelay::IcmpRelay(const InsideSockets& sockets, Poller& poller, UdpIngress& visitors)
    : m_poller(poller), m_visitors(visitors), m_queue(sockets.messages.get(), kMessageQueue, kMost)
{
}

IcmpRelay::~IcmpRelay()
{
    m_poller.want(m_queue.socket(), 0, m_wanted, *this);
}

Result<void> IcmpRelay::open()
{
    if (Result<void> opened = m_queue.open(); !opened) return opened;
    m_poller.want(m_queue.socket(), EPOLLIN, m_wanted, *this);
    return {};
}

void IcmpRelay::onReady(std::uint32_t /*events*/)
{
    m_queue.read([this](std::uint32_t id, const std::uint8_t* packet, std::size_t length) {
        onPacket(packet, length);
        m_queue.drop(id);  // nobody but us is to get it
    });
}

void IcmpRelay::onPacket(const std::uint8_t* packet, std::size_t length)
{
    if (const std::optional<DatagramRefusal> refusal = datagramRefusal(packet, length);
        refusal && m_visitors.isFor(refusal->sender))
        m_visitors.onRefused(refusal->sender, refusal->peer, refusal->error);
}

}  // namespace belljar::linux_platform
