#include "core/platform/linux/display/x_requests.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kSetup = 12;
constexpr std::size_t kHeader = 4;
constexpr std::size_t kBigHeader = 8;
/// Of an answer to the setup: up to the numbers that the program may give.
constexpr std::size_t kAnswer = 20;
/// More than any request needs to be told from others.
constexpr std::size_t kLongestHead = 24;

enum CoreRequest : std::uint8_t { kSendEvent = 25, kWarpPointer = 41, kQueryExtension = 98 };
enum TestRequest : std::uint8_t { kFakeInput = 2 };
enum RecordRequest : std::uint8_t { kEnableContext = 5 };
enum InputRequest : std::uint8_t { kSendExtensionEvent = 31, kWarpDevice = 41 };
/// Of an event.
constexpr std::uint8_t kSent = 0x80;

struct Way {
    std::string_view test;
    std::string_view event;
};

/// By the number of the event: presses and releases of keys and buttons, and motion.
constexpr std::array<Way, 5> kWays{{{"XTEST key", "SendEvent key"},
                                    {"XTEST key", "SendEvent key"},
                                    {"XTEST button", "SendEvent button"},
                                    {"XTEST button", "SendEvent button"},
                                    {"XTEST motion", "SendEvent motion"}}};
constexpr std::uint8_t kFirstWay = 2;

/// nullptr: it is no event of input.
const Way* wayOf(std::uint8_t event)
{
    return event >= kFirstWay && event - kFirstWay < static_cast<int>(kWays.size()) ? &kWays[event - kFirstWay]
                                                                                    : nullptr;
}

std::size_t padded(std::size_t length)
{
    return (length + 3) / 4 * 4;
}

}  // namespace

std::uint16_t XRequestReader::half(std::string_view from, std::size_t at) const
{
    std::uint16_t value = 0;
    std::memcpy(&value, from.data() + at, sizeof value);
    return m_isSwapped ? __builtin_bswap16(value) : value;
}

std::uint32_t XRequestReader::word(std::string_view from, std::size_t at) const
{
    std::uint32_t value = 0;
    std::memcpy(&value, from.data() + at, sizeof value);
    return m_isSwapped ? __builtin_bswap32(value) : value;
}

XRequestReader::XRequestReader(const XOpcodes& opcodes, Sink sink) : m_opcodes(opcodes), m_sink(std::move(sink))
{
    for (const std::uint8_t request :
         {std::uint8_t{kSendEvent}, std::uint8_t{kWarpPointer}, std::uint8_t{kQueryExtension}, opcodes.bigRequests,
          opcodes.xtest, opcodes.record, opcodes.xinput})
        if (request != 0) m_isOfInterest.set(request);
}

bool XRequestReader::read(std::string_view bytes)
{
    while (!bytes.empty()) {
        if (m_skipped > 0) {
            const std::size_t count = std::min<std::uint64_t>(m_skipped, bytes.size());
            bytes.remove_prefix(count);
            m_skipped -= count;
            continue;
        }
        if (skips(bytes)) continue;
        const std::size_t count = std::min(m_wanted - m_head.size(), bytes.size());
        m_head.append(bytes.substr(0, count));
        bytes.remove_prefix(count);
        if (m_head.size() == m_wanted && !take()) return false;
    }
    return true;
}

/// A request of no interest whose length is there: drawing, mostly, of which there may be millions in a second.
bool XRequestReader::skips(std::string_view bytes)
{
    if (!m_isSetUp || !m_head.empty() || bytes.size() < kHeader) return false;
    m_skipped = m_isOfInterest[static_cast<std::uint8_t>(bytes[0])] ? 0 : half(bytes, 2) * 4U;
    return m_skipped != 0;
}

bool XRequestReader::take()
{
    if (!m_isSetUp) return takeSetup();
    if (m_length == 0 && !takeLength()) return false;
    if (m_length == 0) return true;
    m_wanted = std::min<std::uint64_t>(m_length, m_isOfInterest[byte(0)] ? kLongestHead : kHeader);
    if (m_head.size() < m_wanted) return true;
    if (m_isOfInterest[byte(0)]) examine();
    m_skipped = m_length - m_head.size();
    m_head.clear();
    m_wanted = kHeader;
    m_length = 0;
    return true;
}

bool XRequestReader::takeSetup()
{
    const char order = m_head[0];
    if (order != 'l' && order != 'B') return false;
    m_isSwapped = (order == 'l') != (std::endian::native == std::endian::little);
    m_skipped = padded(half(m_head, 6)) + padded(half(m_head, 8));
    m_isSetUp = true;
    m_head.clear();
    m_wanted = kHeader;
    return true;
}

/// Servers differ in what they take for the end of a request whose length cannot be.
bool XRequestReader::takeLength()
{
    if (m_wanted == kBigHeader) {
        const std::uint64_t words = word(m_head, kHeader);
        if (words < 2) return false;
        m_length = words * 4 - kHeader;
        m_head.resize(kHeader);
        return true;
    }
    m_length = std::uint64_t{half(m_head, 2)} * 4;
    if (m_length == 0) m_wanted = kBigHeader;
    return m_length != 0 || m_hasBigRequests;
}

void XRequestReader::examine()
{
    const std::uint8_t request = byte(0);
    if (request == kSendEvent) examineEvent();
    else if (request == kWarpPointer) m_sink({"WarpPointer", false});
    else if (request == kQueryExtension) examineQuery();
    else if (request == m_opcodes.bigRequests) m_hasBigRequests |= byte(1) == 0 && m_length == kHeader;
    else if (request == m_opcodes.xtest) examineTest();
    else if (request == m_opcodes.record && byte(1) == kEnableContext) m_sink({"RECORD", false});
    else if (request == m_opcodes.xinput && byte(1) == kSendExtensionEvent) m_sink({"SendExtensionEvent", false});
    else if (request == m_opcodes.xinput && byte(1) == kWarpDevice) m_sink({"WarpPointer", false});
}

/// Of another program's window, or of whichever has the keyboard or the pointer. To its own, a program may say
/// anything.
void XRequestReader::examineEvent() const
{
    if (m_head.size() < kLongestHead) return;
    const std::uint32_t window = word(m_head, 4);
    if (m_ids != 0 && (window & ~m_ids) == m_firstId) return;
    if (const Way* way = wayOf(byte(12) & ~kSent & 0xffU)) m_sink({way->event, false});
}

void XRequestReader::examineQuery() const
{
    if (m_head.size() < kBigHeader) return;
    const std::string_view name = std::string_view(m_head).substr(kBigHeader).substr(0, half(m_head, 4));
    if (name == "XTEST" && m_opcodes.xtest == 0) m_sink({"XTEST", true});
    if (name == "RECORD" && m_opcodes.record == 0) m_sink({"RECORD", true});
}

void XRequestReader::examineTest() const
{
    if (byte(1) != kFakeInput || m_head.size() < kLongestHead) return;
    const Way* way = wayOf(byte(4));
    m_sink({way != nullptr ? way->test : "XTEST device", false});
}

void XRequestReader::readAnswer(std::string_view bytes)
{
    if (m_answer.size() >= kAnswer) return;
    m_answer.append(bytes.substr(0, kAnswer - m_answer.size()));
    if (m_answer.size() < kAnswer || m_answer[0] != 1) return;
    m_firstId = word(m_answer, 12);
    m_ids = word(m_answer, 16);
}

}  // namespace belljar::linux_platform
