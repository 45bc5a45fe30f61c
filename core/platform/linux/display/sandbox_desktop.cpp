#include "core/platform/linux/display/sandbox_desktop.h"

namespace belljar::linux_platform {

Result<void> SandboxDesktop::begin(const LaunchPlan& plan, Received& offer)
{
    if (offer.message.kind == kShimFolder) return m_bus.begin(plan.buses, offer.file(0));
    return m_display.begin(plan.display, offer);
}

SandboxDesktop::News SandboxDesktop::take(std::size_t source)
{
    News news;
    if (source == 1) {
        if (Result<void> taken = m_bus.take(); !taken) news.failed = std::move(taken).error();
        news.ready = !news.failed && m_bus.descriptor() < 0;
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
    std::vector<UniqueFd> sockets = m_bus.socketObjects();
    if (UniqueFd display = m_display.socketObject()) sockets.push_back(std::move(display));
    return sockets;
}

void SandboxDesktop::end()
{
    m_display.end();
    m_bus.end();
}

}  // namespace belljar::linux_platform
