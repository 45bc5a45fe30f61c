// The one place where a session's threads meet the Qt thread: they queue, a timer in the Qt thread takes.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/engine/session.h"
#include "core/events/event_collector.h"

namespace belljar {

/// What arrived since the last tick.
struct SessionBatch {
    EventColumns events;      ///< All of the session so far: a snapshot, not a copy.
    bool hasEvents = false;   ///< `events` is set: not at each tick when there are millions.
    std::vector<Rule> rules;  ///< Added since, for events that follow.
    QByteArray output;
    QByteArray errors;
    std::uint64_t eventsNotKept = 0;  ///< So far: beyond what is kept for showing; they are in the recording.
    std::uint64_t outputDropped = 0;  ///< Bytes of output that were not handed on.
    std::optional<Outcome> outcome;   ///< Present once, in the last batch, which has all events.
    Losses losses;                    ///< Valid with `outcome`.
};

/// Lives in the Qt thread; the SessionObserver half is called on the session's threads.
class EngineBridge : public QObject, public SessionObserver {
    Q_OBJECT

public:
    static constexpr qsizetype kMostQueuedOutput = 16 * 1024 * 1024;  ///< Bytes, both streams together.
    static constexpr int kTickMs = 100;

    /// `kept`: what is kept of the events for showing.
    explicit EngineBridge(EventCollector::Bounds kept = {}, QObject* parent = nullptr);

    void onEvents(std::span<const Event> events) override;
    void onRules(std::span<const Rule> rules) override;
    void onOutput(int stream, std::string_view bytes) override;
    void onFinished(const Outcome& outcome, const Losses& losses) override;
    void onQuestion(const NetworkQuestion& question) override;
    void onQuestionOver(std::uint64_t number, AskEnd end) override;

signals:
    /// In the Qt thread, at most once in kTickMs, and only when there is something.
    void batchReady(const belljar::SessionBatch& batch);
    /// In the Qt thread, at once: the program waits.
    void questionAsked(const belljar::NetworkQuestion& question);
    void questionOver(quint64 number);

private:
    void take();

    std::mutex m_mutex;
    EventCollector m_events;  ///< Guarded by m_mutex, as the next two.
    SessionBatch m_queue;
    bool m_filled = false;
    std::size_t m_handedOn = 0;  ///< Events.
    int m_ticksWaited = 0;       ///< Since events were handed on.
    QTimer m_tick;
};

}  // namespace belljar
