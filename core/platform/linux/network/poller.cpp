#include "core/platform/linux/network/poller.h"

#include <algorithm>

namespace belljar::linux_platform {

Poller::Poller() : m_set(::epoll_create1(EPOLL_CLOEXEC)) {}

void Poller::want(int descriptor, std::uint32_t events, std::uint32_t& wanted, Pollable& who)
{
    if (events == wanted) return;
    epoll_event interest{};
    interest.events = events;
    interest.data.ptr = &who;
    const int what = events == 0 ? EPOLL_CTL_DEL : wanted == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    ::epoll_ctl(m_set.get(), what, descriptor, &interest);
    wanted = events;
}

void Poller::wait(int patienceMs)
{
    m_count = ::epoll_wait(m_set.get(), m_ready.data(), static_cast<int>(m_ready.size()), patienceMs);
}

bool Poller::serve()
{
    for (int i = 0; i < m_count; ++i) {
        const epoll_event& event = m_ready[static_cast<std::size_t>(i)];
        auto* who = static_cast<Pollable*>(event.data.ptr);
        const auto isGone = [who](const std::unique_ptr<Mortal>& buried) { return buried.get() == who; };
        if (std::none_of(m_buried.begin(), m_buried.end(), isGone)) who->onReady(event.events);
    }
    m_buried.clear();
    return m_count > 0;
}

void Poller::bury(std::unique_ptr<Mortal> gone)
{
    m_buried.push_back(std::move(gone));
}

}  // namespace belljar::linux_platform
