#include "core/platform/linux/network/poller.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <span>

namespace belljar::linux_platform {
namespace {

void setInterest(int set, int descriptor, std::uint32_t events, std::uint32_t& wanted, Pollable& who)
{
    if (events == wanted) return;
    epoll_event interest{};
    interest.events = events;
    interest.data.ptr = &who;
    const int what = events == 0 ? EPOLL_CTL_DEL : wanted == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    ::epoll_ctl(set, what, descriptor, &interest);
    wanted = events;
}

int readyIn(int set, std::span<epoll_event> events, int patienceMs)
{
    return ::epoll_wait(set, events.data(), static_cast<int>(events.size()), patienceMs);
}

/// What stands for the gate has no Pollable.
epoll_event gate(bool isOpen)
{
    epoll_event interest{};
    interest.events = isOpen ? std::uint32_t{EPOLLIN} : 0U;
    return interest;
}

}  // namespace

Bell::Bell(Poller& poller) : m_poller(poller), m_counter(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    m_poller.want(m_counter.get(), EPOLLIN, m_wanted, *this);
}

Bell::~Bell()
{
    m_poller.want(m_counter.get(), 0, m_wanted, *this);
}

void Bell::ring() const
{
    const std::uint64_t one = 1;
    // Can only fail when the counter is full, and then the thread wakes anyway.
    [[maybe_unused]] const ssize_t written = ::write(m_counter.get(), &one, sizeof one);
}

void Bell::onReady(std::uint32_t /*events*/)
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(m_counter.get(), &count, sizeof count);
}

Poller::Poller() : m_set(::epoll_create1(EPOLL_CLOEXEC)), m_behind(::epoll_create1(EPOLL_CLOEXEC))
{
    epoll_event open = gate(true);
    ::epoll_ctl(m_set.get(), EPOLL_CTL_ADD, m_behind.get(), &open);
}

void Poller::want(int descriptor, std::uint32_t events, std::uint32_t& wanted, Pollable& who)
{
    setInterest(m_set.get(), descriptor, events, wanted, who);
}

void Poller::wantBehindGate(int descriptor, std::uint32_t events, std::uint32_t& wanted, Pollable& who)
{
    setInterest(m_behind.get(), descriptor, events, wanted, who);
}

void Poller::setGate(bool isOpen)
{
    epoll_event changed = gate(isOpen);
    ::epoll_ctl(m_set.get(), EPOLL_CTL_MOD, m_behind.get(), &changed);
}

void Poller::wait(int patienceMs)
{
    m_count = readyIn(m_set.get(), m_ready, patienceMs);
}

void Poller::give(const epoll_event& event)
{
    auto* who = static_cast<Pollable*>(event.data.ptr);
    const auto isGone = [who](const std::unique_ptr<Mortal>& buried) { return buried.get() == who; };
    if (std::none_of(m_buried.begin(), m_buried.end(), isGone)) who->onReady(event.events);
}

bool Poller::serve()
{
    for (int i = 0; i < m_count; ++i) {
        const epoll_event& event = m_ready[static_cast<std::size_t>(i)];
        if (event.data.ptr != nullptr) {
            give(event);
            continue;
        }
        const int behind = readyIn(m_behind.get(), m_readyBehind, 0);
        for (int k = 0; k < behind; ++k) give(m_readyBehind[static_cast<std::size_t>(k)]);
    }
    m_buried.clear();
    return m_count > 0;
}

void Poller::bury(std::unique_ptr<Mortal> gone)
{
    m_buried.push_back(std::move(gone));
}

}  // namespace belljar::linux_platform
