#include "ui/models/latest_job.h"

#include <utility>

namespace belljar {

LatestJob::LatestJob(QObject* parent) : QObject(parent) {}

LatestJob::~LatestJob()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ending = true;
        m_news.notify_one();
    }
    if (m_thread.joinable()) m_thread.join();
}

void LatestJob::start(Work work)
{
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
    {
        const std::scoped_lock lock(m_mutex);
        m_next = std::move(work);
        m_nextNumber = ++m_generation;
        m_news.notify_one();
    }
    setBusy(true);
}

void LatestJob::cancel()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_next = nullptr;
        ++m_generation;
    }
    setBusy(false);
}

void LatestJob::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_news.wait(lock, [this] { return m_ending || m_next; });
        if (m_ending) return;
        const Work work = std::exchange(m_next, nullptr);
        const std::uint64_t number = m_nextNumber;
        lock.unlock();
        const Finish done = work();
        QMetaObject::invokeMethod(
            this, [this, number, done] { finish(number, done); }, Qt::QueuedConnection);
        lock.lock();
    }
}

void LatestJob::finish(std::uint64_t generation, const Finish& finish)
{
    if (generation != m_generation) return;
    setBusy(false);
    finish();
}

void LatestJob::setBusy(bool busy)
{
    if (std::exchange(m_busy, busy) != busy) emit busyChanged(busy);
}

}  // namespace belljar
