#include "core/platform/linux/display/sandbox_desktop.h"

#include <fcntl.h>

#include <algorithm>

namespace belljar::linux_platform {

Result<void> SandboxDesktop::begin(const LaunchPlan& plan, Received& offer)
{
    if (offer.message.kind != kShimFolder) return m_display.begin(plan.display, offer);
    const UniqueFd folder = offer.file(0);
    for (std::size_t i = 0; i < std::min(m_buses.size(), plan.buses.filtered.size()); ++i) {
        UniqueFd copy(::fcntl(folder.get(), F_DUPFD_CLOEXEC, 3));
        if (Result<void> begun = m_buses[i].begin(plan.buses, plan.buses.filtered[i], std::move(copy)); !begun)
            return begun;
    }
    return {};
}

SandboxDesktop::News SandboxDesktop::take(std::size_t source)
{
    News news;
    if (source > 0) {
        SandboxBus& bus = m_buses[source - 1];
        if (Result<void> taken = bus.take(); !taken) news.failed = std::move(taken).error();
        news.ready = !news.failed && bus.descriptor() < 0;
        return news;
    }
    const SandboxDisplay::News said = m_display.take();
    news.ready = said == SandboxDisplay::News::ready;
    news.ended = said == SandboxDisplay::News::ended;
    if (news.ended || said == SandboxDisplay::News::failed) news.failed = m_display.error();
    return news;
}

std::vector<UniqueFd> SandboxDesktop::socketObjects()
{
    std::vector<UniqueFd> sockets;
    for (SandboxBus& bus : m_buses)
        if (UniqueFd object = bus.socketObject()) sockets.push_back(std::move(object));
    if (UniqueFd display = m_display.socketObject()) sockets.push_back(std::move(display));
    return sockets;
}

void SandboxDesktop::end()
{
    m_display.end();
    for (SandboxBus& bus : m_buses) bus.end();
}

}  // namespace belljar::linux_platform
