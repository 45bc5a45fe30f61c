// Random records against the decoder of the kernel source: ring_fuzz [--seconds N] [--seed N].
//
// Records begin well formed, as our programs write them with a sandboxee's texts, and are then damaged anywhere. It
// must not crash, ask for relative paths, make events beyond all bounds, or differ when asked twice.
#include <cstring>
#include <iostream>
#include <random>
#include <string>

#include "core/platform/linux/kernel/record_decode.h"
#include "tests/fuzz/fuzz_loop.h"

namespace {

using namespace belljar;
using namespace belljar::linux_platform;

constexpr std::size_t kMostText = 512U << 10U;  ///< A record has 28 KiB of texts; JSON makes at most six bytes of one.

/// Answers by the path, and notices what is no absolute one.
class CheckingLookup final : public InsideLookup {
public:
    InsideObject lookUp(std::int32_t, const std::string& path, bool follow) override
    {
        wrong |= path.empty() || path.front() != '/';
        InsideObject object;
        object.path = path;
        object.exists = (path.size() + (follow ? 1 : 0)) % 2 == 0;
        return object;
    }
    void forget() override {}
    bool wrong = false;
};

class Fuzzer {
public:
    explicit Fuzzer(std::uint64_t seed) : m_random(seed), m_decoder(m_lookup, 0) {}

    /// False after printing what is wrong.
    bool round()
    {
        const std::string bytes = record();
        const std::optional<Event> event = m_decoder.decode(bytes);
        const std::optional<Event> second = m_decoder.takeSecond();
        const bool fine =
            !m_lookup.wrong && bounded(event) && bounded(second) && (event || !second) && sameTwice(bytes);
        if (!fine) {
            std::cout << "wrong, record:";
            for (const char c : bytes) std::cout << ' ' << static_cast<int>(static_cast<unsigned char>(c));
            std::cout << '\n';
        }
        return fine;
    }

private:
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

    static bool bounded(const std::optional<Event>& event)
    {
        return !event || (event->object.size() < kMostText && event->detail.size() < kMostText && event->result >= -1);
    }

    /// One call depends on nothing else.
    bool sameTwice(const std::string& bytes)
    {
        const std::optional<RecordView> view = RecordView::of(bytes);
        if (!view || (view->head.kind != kRecordCall && view->head.kind != kRecordGuard)) return true;
        const std::optional<Event> one = decodeCallRecord(*view, m_lookup, {});
        const std::optional<Event> other = decodeCallRecord(*view, m_lookup, {});
        return one.has_value() == other.has_value() &&
               (!one || (one->object == other->object && one->detail == other->detail && one->kind == other->kind));
    }

    std::string text(std::size_t slot)
    {
        static const std::string kPieces[] = {std::string("a\0b\0", 4),
                                              "/proc/self/fd/3",
                                              "../..",
                                              "/",
                                              "relative",
                                              std::string("\x02\0\0\x50\x7f\0\0\x01\0\0\0\0\0\0\0\0", 16),
                                              std::string("\x01\0/tmp/s\0", 9),
                                              std::string("\x0a\0", 2),
                                              "\xff\xfe"};
        std::string made;
        for (std::size_t i = below(slot == kTextPath ? 2 : 6) + 1; i > 0; --i)
            made += kPieces[below(std::size(kPieces))];
        if (below(200) == 0) made.append(20'000, 'x');
        return made;
    }

    std::string record()
    {
        BelljarRecord head{};
        std::string texts;
        head.kind = static_cast<std::uint8_t>(1 + below(7));
        head.number = static_cast<std::uint16_t>(below(head.kind == kRecordGuard ? 16 : 470));
        head.result = below(2) == 0 ? 0 : -static_cast<std::int64_t>(below(140));
        head.flags = static_cast<std::uint8_t>(below(256));
        head.pid = static_cast<std::uint32_t>(below(5'000));
        head.fileMode = static_cast<std::uint32_t>(m_random());
        std::memcpy(head.name, "name without NUL", sizeof head.name);
        for (std::uint64_t& argument : head.arguments) argument = below(3) == 0 ? m_random() : below(100);
        for (std::size_t slot = 0; slot <= kTextExtra; ++slot) {
            const std::string made = below(4) == 0 ? std::string() : text(slot);
            head.texts[slot] = {static_cast<std::uint16_t>(texts.size()), static_cast<std::uint16_t>(made.size())};
            texts += made;
        }
        std::string bytes(reinterpret_cast<const char*>(&head), sizeof head);  // NOLINT
        bytes += texts;
        for (std::size_t i = below(4); i > 0; --i) bytes[below(bytes.size())] = static_cast<char>(below(256));
        if (below(20) == 0) bytes.resize(below(bytes.size()));
        return bytes;
    }

    std::mt19937_64 m_random;
    CheckingLookup m_lookup;
    RecordDecoder m_decoder;
};

}  // namespace

int main(int argc, char** argv)
{
    return belljar::fuzzMain<Fuzzer>("ring_fuzz", "records", argc, argv);
}
