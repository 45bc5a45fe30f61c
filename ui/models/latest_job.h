// Work beside the Qt thread of which only the latest matters: a filter that was typed over need not finish.
#pragma once

#include <QObject>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace belljar {

class LatestJob : public QObject {
    Q_OBJECT

public:
    /// Runs in the Qt thread with what the work found.
    using Finish = std::function<void()>;
    /// Runs on the job's own thread: nothing of the Qt thread may be touched but immutable snapshots.
    using Work = std::function<Finish()>;

    explicit LatestJob(QObject* parent = nullptr);
    /// Waits for the work that is being done; it is not finished then.
    ~LatestJob() override;

    /// Replaces what has not begun yet, and what has begun is not finished.
    void start(Work work);
    /// Nothing that was started will be finished.
    void cancel();
    [[nodiscard]] bool isBusy() const { return m_busy; }

signals:
    void busyChanged(bool busy);

private:
    void run();
    void finish(std::uint64_t generation, const Finish& finish);
    void setBusy(bool busy);

    std::mutex m_mutex;
    std::condition_variable m_news;
    Work m_next;                     ///< Guarded by m_mutex, as the next two.
    std::uint64_t m_nextNumber = 0;  ///< Of m_next.
    bool m_ending = false;
    std::uint64_t m_generation = 0;  ///< Of the Qt thread: the number of the latest work.
    bool m_busy = false;
    std::thread m_thread;  ///< From the first work on.
};

}  // namespace belljar
