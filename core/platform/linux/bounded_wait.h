// Bounds what a system call may wait. The sockets of a sandbox are open files that it shares with us: O_NONBLOCK, set
// just before a call, may be gone when the kernel looks.
#pragma once

namespace belljar::linux_platform {

/// While it lives, a call of this thread that waits ends with EINTR after a moment. Uses a real-time signal, whose
/// handler does nothing; not to be nested.
class BoundedWait {
public:
    BoundedWait();
    ~BoundedWait();
    BoundedWait(const BoundedWait&) = delete;
    BoundedWait& operator=(const BoundedWait&) = delete;
};

}  // namespace belljar::linux_platform
