#include "ui/bridge/engine_bridge.h"

#include <algorithm>
#include <utility>

namespace belljar {

EngineBridge::EngineBridge(QObject* parent) : QObject(parent)
{
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &EngineBridge::take);
    m_tick.start();
}

void EngineBridge::onEvents(std::span<const Event> events)
{
    const std::scoped_lock lock(m_mutex);
    const std::size_t room = kMostQueuedEvents - std::min(kMostQueuedEvents, m_queue.events.size());
    const std::size_t taken = std::min(room, events.size());
    m_queue.events.insert(m_queue.events.end(), events.begin(), events.begin() + static_cast<std::ptrdiff_t>(taken));
    m_queue.eventsDropped += events.size() - taken;
    m_filled = true;
}

void EngineBridge::onOutput(int stream, std::string_view bytes)
{
    const std::scoped_lock lock(m_mutex);
    const qsizetype room = std::max<qsizetype>(0, kMostQueuedOutput - m_queue.output.size() - m_queue.errors.size());
    const qsizetype taken = std::min(room, static_cast<qsizetype>(bytes.size()));
    QByteArray& target = stream == 2 ? m_queue.errors : m_queue.output;
    target.append(bytes.data(), taken);
    m_queue.outputDropped += bytes.size() - static_cast<std::size_t>(taken);
    m_filled = true;
}

void EngineBridge::onFinished(const Outcome& outcome, const Losses& losses)
{
    const std::scoped_lock lock(m_mutex);
    m_queue.outcome = outcome;
    m_queue.losses = losses;
    m_filled = true;
}

void EngineBridge::take()
{
    SessionBatch batch;
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_filled) return;
        m_filled = false;
        batch = std::exchange(m_queue, SessionBatch());
    }
    emit batchReady(batch);
}

}  // namespace belljar
