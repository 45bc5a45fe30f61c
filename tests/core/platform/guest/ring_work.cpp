#include "tests/core/platform/guest/ring_work.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace guest {
namespace {

template <class T>
T* at(void* base, unsigned offset)
{
    return reinterpret_cast<T*>(static_cast<char*>(base) + offset);  // NOLINT: memory laid out by the kernel
}

}  // namespace

RingWork::RingWork()
{
    io_uring_params params{};
    m_fd = static_cast<int>(::syscall(SYS_io_uring_setup, 4, &params));
    if (m_fd < 0) return;
    constexpr std::size_t kRoom = 65536;
    const auto map = [&](off_t what) { return ::mmap(nullptr, kRoom, PROT_READ | PROT_WRITE, MAP_SHARED, m_fd, what); };
    void* submit = map(IORING_OFF_SQ_RING);
    void* done = map(IORING_OFF_CQ_RING);
    m_entries = static_cast<io_uring_sqe*>(map(IORING_OFF_SQES));
    m_tail = at<unsigned>(submit, params.sq_off.tail);
    m_array = at<unsigned>(submit, params.sq_off.array);
    m_mask = *at<unsigned>(submit, params.sq_off.ring_mask);
    m_doneHead = at<unsigned>(done, params.cq_off.head);
    m_doneTail = at<unsigned>(done, params.cq_off.tail);
    m_doneMask = *at<unsigned>(done, params.cq_off.ring_mask);
    m_done = at<io_uring_cqe>(done, params.cq_off.cqes);
}

int RingWork::run(const io_uring_sqe& operation)
{
    const unsigned slot = *m_tail & m_mask;
    m_entries[slot] = operation;
    m_array[slot] = slot;
    std::atomic_ref(*m_tail).fetch_add(1, std::memory_order_release);
    if (::syscall(SYS_io_uring_enter, m_fd, 1, 1, IORING_ENTER_GETEVENTS, nullptr, 0) < 0) return -errno;
    const unsigned head = *m_doneHead;
    if (std::atomic_ref(*m_doneTail).load(std::memory_order_acquire) == head) return -EAGAIN;
    const int result = m_done[head & m_doneMask].res;
    std::atomic_ref(*m_doneHead).fetch_add(1, std::memory_order_release);
    return result;
}

}  // namespace guest
