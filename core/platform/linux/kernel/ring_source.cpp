#include "core/platform/linux/kernel/ring_source.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "core/platform/linux/kernel/inside_lookup.h"
#include "core/platform/linux/kernel/record_decode.h"

namespace belljar::linux_platform {
namespace {

constexpr std::chrono::milliseconds kPause{5};  ///< Between looks at the ring; it wakes us before when it fills.
constexpr std::size_t kBatchLimit = 4096;
constexpr int kMostRounds = 64;  ///< Of kBatchLimit records: what a full ring holds.
constexpr std::uint64_t kRingTag = 0;
constexpr std::uint64_t kStopTag = 1;
constexpr std::uint64_t kInitTag = 2;
constexpr std::uint64_t kKeeperTag = 3;

Error mapError(const char* what)
{
    return {ErrorCode::backendError,
            std::string("the kernel's ") + what + " could not be mapped",
            {},
            std::strerror(errno),
            {}};
}

/// Memory shared with the kernel.
class Mapping {
public:
    Mapping() = default;
    ~Mapping()
    {
        if (m_at != nullptr) ::munmap(m_at, m_length);
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;

    bool map(int fd, std::size_t length, bool writable, std::size_t offset = 0)
    {
        void* at = ::mmap(nullptr, length, PROT_READ | (writable ? PROT_WRITE : 0), MAP_SHARED, fd,
                          static_cast<off_t>(offset));
        if (at == MAP_FAILED) return false;
        m_at = at;
        m_length = length;
        return true;
    }
    [[nodiscard]] char* at() const { return static_cast<char*>(m_at); }

private:
    void* m_at = nullptr;
    std::size_t m_length = 0;
};

/// The reader's half of a BPF ring buffer: a page with the consumer's position, one with the producer's, the data twice
/// in a row so that no record is ever split; of the second time we map as much as a record can need, since mapping
/// costs a start 25 ns a page. Documented in the kernel's Documentation/bpf/ringbuf.rst.
class Ring {
public:
    Result<void> open(int fd, std::size_t bytes)
    {
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        if (bytes < page || (bytes & (bytes - 1)) != 0)
            return Error{ErrorCode::backendError, "the kernel's ring has no valid size", {}, {}, {}};
        const std::size_t most = std::min(bytes, kMostRecord);
        static_assert(sizeof(BelljarRecord) + kTextRoom + kHead <= kMostRecord);
        if (!m_consumer.map(fd, page, true) || !m_producer.map(fd, page + bytes + most, false, page))
            return mapError("ring");
        m_mask = bytes - 1;
        m_mostBytes = most - kHead;
        m_data = m_producer.at() + page;
        return {};
    }

    /// Hands at most `most` records to `take`; true when the ring was empty at the end.
    template <class Take>
    bool read(std::size_t most, Take take)
    {
        std::uint64_t at = position(m_consumer)->load(std::memory_order_relaxed);
        const std::uint64_t end = position(m_producer)->load(std::memory_order_acquire);
        constexpr std::uint32_t kBusy = 1U << 31U;
        constexpr std::uint32_t kDiscarded = 1U << 30U;
        while (at < end && most > 0) {
            const char* head = m_data + (at & m_mask);
            const std::uint32_t length =
                reinterpret_cast<const std::atomic<std::uint32_t>*>(head)->load(std::memory_order_acquire);  // NOLINT
            if ((length & kBusy) != 0) break;  // another processor is still writing it
            const std::size_t bytes = length & ~(kBusy | kDiscarded);
            if ((length & kDiscarded) == 0 && bytes <= m_mostBytes) take(std::string_view(head + kHead, bytes));
            at += (bytes + kHead + 7) / 8 * 8;
            if (--most % kGiveBack == 0) position(m_consumer)->store(at, std::memory_order_release);
        }
        position(m_consumer)->store(at, std::memory_order_release);
        return at >= end;
    }

private:
    static constexpr std::size_t kHead = 8;
    static constexpr std::size_t kMostRecord = 65536;
    /// Records: each time, the sandboxee's processor has to fetch the position anew.
    static constexpr std::size_t kGiveBack = 128;

    static std::atomic<std::uint64_t>* position(const Mapping& page)
    {
        return reinterpret_cast<std::atomic<std::uint64_t>*>(page.at());  // NOLINT: shared with the kernel
    }

    Mapping m_consumer;
    Mapping m_producer;
    const char* m_data = nullptr;
    std::size_t m_mask = 0;
    std::size_t m_mostBytes = 0;
};

std::int64_t nanoseconds(std::chrono::steady_clock::time_point time)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

class RingSource final : public EventSource {
public:
    explicit RingSource(RingOrigin origin)
        : m_origin(std::move(origin)),
          m_lookup(m_origin.tree.root.get()),
          m_decoder(m_lookup, nanoseconds(m_origin.start), m_origin.denied)
    {
    }

    Result<void> prepare()
    {
        if (Result<void> opened = m_ring.open(m_origin.session.ring.get(), m_origin.session.ringBytes); !opened)
            return opened;
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        if (!m_counters.map(m_origin.session.counters.get(), page, false)) return mapError("counters");
        m_epoll.reset(::epoll_create1(EPOLL_CLOEXEC));
        m_stop.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        if (!m_epoll || !m_stop || !watch(m_origin.session.ring.get(), kRingTag, EPOLLIN | EPOLLET) ||
            !watch(m_stop.get(), kStopTag, EPOLLIN) || !watch(m_origin.init.get(), kInitTag, EPOLLIN) ||
            (m_origin.session.keeper && !watch(m_origin.session.keeper.get(), kKeeperTag, EPOLLRDHUP)))
            return Error{ErrorCode::backendError, "the event source could not be set up", {}, std::strerror(errno), {}};
        return {};
    }

    Result<bool> next(std::vector<Event>& batch, std::chrono::milliseconds patience) override
    {
        const auto until = std::chrono::steady_clock::now() + patience;
        const std::size_t before = batch.size();
        auto pause = std::chrono::milliseconds(0);  // even where events never stop, an end and a stop() are noticed
        for (;;) {
            if (Result<void> waited = wait(pause); !waited) return waited.error();
            // Before the ring: what process 1's end leaves behind is in there already.
            const bool over = m_initEnded || m_stopped;
            const bool empty = m_ring.read(kBatchLimit, [&](std::string_view bytes) { take(bytes, batch); });
            // Who is stopped while others still write ends, too.
            if (over && (empty || (m_stopped && ++m_roundsAfterStop == kMostRounds))) return false;
            if (m_keeperEnded && !over && empty) return keeperEnded();
            const auto now = std::chrono::steady_clock::now();
            if (batch.size() > before || now >= until) return true;
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now);
            pause = over ? std::chrono::milliseconds(1) : std::min(left, kPause);
        }
    }

    void stop() override
    {
        const std::uint64_t one = 1;
        // Can only fail when the counter is full, and then the wait ends anyway.
        [[maybe_unused]] const ssize_t written = ::write(m_stop.get(), &one, sizeof one);
    }

    [[nodiscard]] std::uint64_t lost() const override
    {
        static_assert(sizeof(BelljarCounters) == sizeof(std::uint64_t));
        return reinterpret_cast<const std::atomic<std::uint64_t>*>(m_counters.at())->load();  // NOLINT
    }

    [[nodiscard]] const SourceFacts& facts() const override { return m_origin.session.facts; }

private:
    bool watch(int fd, std::uint64_t tag, std::uint32_t events)
    {
        epoll_event interest{};
        interest.events = events;
        interest.data.u64 = tag;
        return ::epoll_ctl(m_epoll.get(), EPOLL_CTL_ADD, fd, &interest) == 0;
    }

    Result<void> wait(std::chrono::milliseconds patience)
    {
        std::array<epoll_event, 4> ready{};
        const int count = ::epoll_wait(m_epoll.get(), ready.data(), static_cast<int>(ready.size()),
                                       static_cast<int>(patience.count()));
        if (count < 0 && errno != EINTR)
            return Error{ErrorCode::backendError, "waiting for events failed", {}, std::strerror(errno), {}};
        for (int i = 0; i < count; ++i) {
            const std::uint64_t tag = ready[static_cast<std::size_t>(i)].data.u64;
            m_stopped |= tag == kStopTag;
            m_initEnded |= tag == kInitTag;
            m_keeperEnded |= tag == kKeeperTag;
        }
        return {};
    }

    static Error keeperEnded()
    {
        return {ErrorCode::backendError, "belljar-monitord, which watches in the kernel, has ended", {}, {}, {}};
    }

    void take(std::string_view bytes, std::vector<Event>& batch)
    {
        if (std::optional<Event> event = m_decoder.decode(bytes)) batch.push_back(std::move(*event));
        if (std::optional<Event> second = m_decoder.takeSecond()) batch.push_back(std::move(*second));
    }

    const RingOrigin m_origin;
    Ring m_ring;
    Mapping m_counters;
    UniqueFd m_epoll;
    UniqueFd m_stop;
    RootLookup m_lookup;
    RecordDecoder m_decoder;
    bool m_initEnded = false;
    bool m_stopped = false;
    bool m_keeperEnded = false;
    int m_roundsAfterStop = 0;
};

}  // namespace

Result<std::unique_ptr<EventSource>> makeRingSource(RingOrigin origin)
{
    auto source = std::make_unique<RingSource>(std::move(origin));
    if (Result<void> ready = source->prepare(); !ready) return std::move(ready).error();
    return std::unique_ptr<EventSource>(std::move(source));
}

}  // namespace belljar::linux_platform
