#include "ui/bridge/engine_bridge.h"

#include <algorithm>
#include <utility>

namespace belljar {

namespace {

/// How many ticks new rows wait: inserting into a list of millions takes long, whatever is inserted.
int ticksBetween(std::size_t events)
{
    constexpr std::size_t kMillion = 1'000'000;
    if (events < kMillion) return 1;       // 10 times a second
    if (events < 10 * kMillion) return 3;  // about 4
    return 5;                              // 2
}

}  // namespace

EngineBridge::EngineBridge(EventCollector::Bounds kept, QObject* parent) : QObject(parent), m_events(kept)
{
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &EngineBridge::take);
    m_tick.start();
}

void EngineBridge::onEvents(std::span<const Event> events)
{
    constexpr std::size_t kAtOnce = 4096;  // About a millisecond: the Qt thread may wait for the lock.
    for (; !events.empty(); events = events.subspan(std::min(kAtOnce, events.size()))) {
        const std::scoped_lock lock(m_mutex);
        m_events.append(events.first(std::min(kAtOnce, events.size())));
        m_filled = true;
    }
}

void EngineBridge::onRules(std::span<const Rule> rules)
{
    const std::scoped_lock lock(m_mutex);
    m_queue.rules.insert(m_queue.rules.end(), rules.begin(), rules.end());
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

void EngineBridge::onQuestion(const NetworkQuestion& question)
{
    QMetaObject::invokeMethod(
        this, [this, question] { emit questionAsked(question); }, Qt::QueuedConnection);
}

void EngineBridge::onQuestionOver(std::uint64_t number, AskEnd)
{
    QMetaObject::invokeMethod(
        this, [this, number] { emit questionOver(number); }, Qt::QueuedConnection);
}

void EngineBridge::take()
{
    SessionBatch batch;
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_filled) return;
        const EventColumns& events = m_events.columns();
        const bool isDue = ++m_ticksWaited >= ticksBetween(events.size()) || m_queue.outcome.has_value();
        const bool hasOutput = !m_queue.output.isEmpty() || !m_queue.errors.isEmpty();
        if (!isDue && !hasOutput) return;
        batch = std::exchange(m_queue, SessionBatch());
        m_filled = !isDue;
        if (isDue) {
            m_ticksWaited = 0;
            batch.hasEvents = events.size() != std::exchange(m_handedOn, events.size());
            if (batch.hasEvents) batch.events = events;
        }
        // Rules wait for the events that name them.
        if (!batch.hasEvents) m_queue.rules = std::exchange(batch.rules, {});
        batch.eventsNotKept = m_events.notKept();
    }
    emit batchReady(batch);
}

}  // namespace belljar
