// io_uring by hand: one ring, one operation at a time. Only for the guest of kernel_guest_test.
#pragma once

#include <linux/io_uring.h>

#include <cstdint>

namespace guest {

class RingWork {
public:
    RingWork();
    /// False where the kernel has no io_uring.
    [[nodiscard]] bool works() const { return m_fd >= 0; }
    /// Submits one operation and waits: its result, a negative errno when it failed.
    int run(const io_uring_sqe& operation);

private:
    int m_fd = -1;
    unsigned* m_tail = nullptr;
    unsigned* m_array = nullptr;
    io_uring_sqe* m_entries = nullptr;
    unsigned* m_doneHead = nullptr;
    unsigned* m_doneTail = nullptr;
    io_uring_cqe* m_done = nullptr;
    unsigned m_mask = 0;
    unsigned m_doneMask = 0;
};

}  // namespace guest
