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

namespace belljar {

/// Everything that arrived since the last tick.
struct SessionBatch {
    std::vector<Event> events;
    QByteArray output;
    QByteArray errors;
    std::uint64_t eventsDropped = 0;  ///< Not handed on as the queue was full; they are in the recording.
    std::uint64_t outputDropped = 0;  ///< Bytes of output that were not handed on.
    std::optional<Outcome> outcome;   ///< Present once, in the last batch.
    Losses losses;                    ///< Valid with `outcome`.
};

/// Lives in the Qt thread; the SessionObserver half is called on the session's threads.
class EngineBridge : public QObject, public SessionObserver {
    Q_OBJECT

public:
    static constexpr std::size_t kMostQueuedEvents = 400'000;
    static constexpr qsizetype kMostQueuedOutput = 16 * 1024 * 1024;  ///< Bytes, both streams together.
    static constexpr int kTickMs = 100;

    explicit EngineBridge(QObject* parent = nullptr);

    void onEvents(std::span<const Event> events) override;
    void onOutput(int stream, std::string_view bytes) override;
    void onFinished(const Outcome& outcome, const Losses& losses) override;

signals:
    /// In the Qt thread, at most once in kTickMs, and only when there is something.
    void batchReady(const belljar::SessionBatch& batch);

private:
    void take();

    std::mutex m_mutex;
    SessionBatch m_queue;   ///< Guarded by m_mutex.
    bool m_filled = false;  ///< Guarded by m_mutex.
    QTimer m_tick;
};

}  // namespace belljar
