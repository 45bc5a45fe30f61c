#include "core/events/recording_encoder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace belljar::recording {
namespace {

constexpr std::size_t kEventsPerFrame = 16384;
constexpr std::size_t kGroup = 16;                     // Looked up at the same time.
constexpr std::size_t kTextBytesPerFrame = 1U << 20U;  // A frame that has reached this is closed.
// Then the tables start over: memory stays bounded.
constexpr std::size_t kEntriesPerTable = 1'000'000;
constexpr std::size_t kTextBytesPerTable = 64U << 20U;
static_assert(kTextBytesPerFrame + kGroup * 3 * kLongestText + kEventsPerFrame * 3 * 4 < kLongestFrame,
              "a frame that is one group longer than meant must still be allowed");
constexpr std::uint32_t kLastNumber = 0xff000000U;  // Far enough from the end for one more batch of frames.

template <class Number>
void store(char* at, Number number)
{
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(at, &number, sizeof number);
    } else {
        for (std::size_t i = 0; i < sizeof number; ++i) at[i] = static_cast<char>((number >> (8U * i)) & 0xffU);
    }
}

void putColumn(std::string& out, const std::vector<std::uint32_t>& column)
{
    const std::size_t at = out.size();
    out.resize(at + column.size() * sizeof(std::uint32_t));
    for (std::size_t i = 0; i < column.size(); ++i) store(out.data() + at + i * sizeof(std::uint32_t), column[i]);
}

/// A time as the distance from another; nullopt would be the same as "does not fit in 32 bits".
bool fitsAsDistance(std::int64_t time, std::int64_t base)
{
    const std::uint64_t distance = static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(base);
    const auto signedDistance = static_cast<std::int64_t>(distance);
    // Wrapped-around distances of far times must not look near.
    return (time >= base) == (signedDistance >= 0) && signedDistance >= std::numeric_limits<std::int32_t>::min() &&
           signedDistance <= std::numeric_limits<std::int32_t>::max();
}

}  // namespace

Encoder::Encoder()
{
    rollBack();
    for (std::vector<std::uint32_t>& column : m_columns) column.reserve(kEventsPerFrame);
}

void Encoder::commit()
{
    m_committed = {m_texts.next(), m_processes.next(), m_shapes.next()};
}

void Encoder::rollBack()
{
    startOver(m_committed.texts, m_committed.processes, m_committed.shapes);
}

bool Encoder::isFull() const
{
    return m_texts.next() > kLastNumber || m_processes.next() > kLastNumber || m_shapes.next() > kLastNumber;
}

void Encoder::startOver(std::uint32_t texts, std::uint32_t processes, std::uint32_t shapes)
{
    m_texts.startOver(texts);
    m_processes.startOver(processes);
    m_shapes.startOver(shapes);
    m_hasLastProcess = false;
}

std::uint32_t Encoder::textNumber(std::string_view text, std::uint64_t hash)
{
    if (text.empty()) return 0;
    std::string shortened;
    if (text.size() > kLongestText) {
        shortened = std::string(text.substr(0, kLongestText - kCutMark.size())) + std::string(kCutMark);
        text = shortened;
        hash = m_texts.hash(text);
    }
    const Interner::Found found = m_texts.find(text, hash);
    if (found.isNew) {
        m_newTextLengths.push_back(static_cast<std::uint32_t>(text.size()));
        m_newTextBytes += text;
    }
    return found.number;
}

std::uint32_t Encoder::processNumber(const Event& event)
{
    std::array<char, kProcessSize> row{};
    store(row.data(), event.processStart);
    store(row.data() + 8, static_cast<std::uint32_t>(event.pid));
    store(row.data() + 12, static_cast<std::uint32_t>(event.parentPid));
    store(row.data() + 16, static_cast<std::uint32_t>(event.insidePid));
    constexpr std::size_t kName = 20;
    if (m_hasLastProcess && std::memcmp(row.data(), m_lastProcess.data(), kName) == 0 &&
        event.processName == m_lastName)
        return m_lastProcessNumber;
    m_lastProcess = row;
    m_lastName = event.processName;
    store(row.data() + kName, textNumber(event.processName));
    const Interner::Found found = m_processes.find({row.data(), row.size()});
    if (found.isNew) m_newProcesses.append(row.data(), row.size());
    m_lastProcessNumber = found.number;
    m_hasLastProcess = true;
    return found.number;
}

std::uint32_t Encoder::shapeNumber(const Event& event)
{
    std::array<char, kShapeSize> row{};
    store(row.data(), static_cast<std::uint16_t>(event.kind));
    row[2] = static_cast<char>(event.verdict);
    row[3] = static_cast<char>(event.trust);
    row[4] = static_cast<char>(event.origin);
    row[5] = static_cast<char>(event.mechanism);
    row[6] = static_cast<char>(event.absentOnHost ? 1 : 0);
    store(row.data() + 8, event.rule);
    store(row.data() + 12, static_cast<std::uint32_t>(event.result));
    const Interner::Found found = m_shapes.find({row.data(), row.size()});
    if (found.isNew) m_newShapes.append(row.data(), row.size());
    return found.number;
}

void Encoder::putTables(std::string& out)
{
    if (!m_newTextLengths.empty()) {
        const std::size_t frame = beginFrame(out);
        putNumber(out, m_firstText);
        putNumber(out, static_cast<std::uint32_t>(m_newTextLengths.size()));
        putColumn(out, m_newTextLengths);
        out += m_newTextBytes;
        endFrame(out, frame, FrameKind::texts);
    }
    const auto putRows = [&](FrameKind kind, std::uint32_t first, const std::string& rows) {
        if (rows.empty()) return;
        const std::size_t frame = beginFrame(out);
        putNumber(out, first);
        putNumber(out, std::uint32_t{0});
        out += rows;
        endFrame(out, frame, kind);
    };
    putRows(FrameKind::processes, m_firstProcess, m_newProcesses);
    putRows(FrameKind::shapes, m_firstShape, m_newShapes);
}

void Encoder::putColumns(std::string& out, const Event& first)
{
    const std::size_t frame = beginFrame(out);
    putNumber(out, static_cast<std::uint32_t>(m_columns[0].size()));
    putNumber(out, std::uint32_t{0});
    putNumber(out, first.sequence);
    putNumber(out, static_cast<std::uint64_t>(first.timeNs));
    for (const std::vector<std::uint32_t>& column : m_columns) putColumn(out, column);
    endFrame(out, frame, FrameKind::events);
}

void Encoder::putEvents(std::span<const Event> group, const Event& first)
{
    std::array<std::uint64_t, kGroup> hashes{};
    for (std::size_t i = 0; i < group.size(); ++i) {
        hashes[i] = m_texts.hash(group[i].object);
        m_texts.fetchSlot(hashes[i]);
    }
    for (std::size_t i = 0; i < group.size(); ++i) m_texts.fetchBytes(hashes[i]);
    for (std::size_t i = 0; i < group.size(); ++i) {
        const Event& event = group[i];
        m_columns[0].push_back(static_cast<std::uint32_t>(event.timeNs - first.timeNs));
        m_columns[1].push_back(processNumber(event));
        m_columns[2].push_back(textNumber(event.object, hashes[i]));
        m_columns[3].push_back(textNumber(event.detail));
        m_columns[4].push_back(shapeNumber(event));
    }
}

std::size_t Encoder::encode(std::span<const Event> events, std::string& out)
{
    if (events.empty() || isFull()) return 0;
    if (m_texts.entries() > kEntriesPerTable || m_processes.entries() > kEntriesPerTable ||
        m_shapes.entries() > kEntriesPerTable || m_texts.bytes() > kTextBytesPerTable)
        startOver(m_texts.next(), m_processes.next(), m_shapes.next());
    m_firstText = m_texts.next();
    m_firstProcess = m_processes.next();
    m_firstShape = m_shapes.next();
    m_newTextLengths.clear();
    m_newTextBytes.clear();
    m_newProcesses.clear();
    m_newShapes.clear();
    for (std::vector<std::uint32_t>& column : m_columns) column.clear();

    const Event& first = events.front();
    const std::size_t most = std::min(events.size(), kEventsPerFrame);
    std::size_t count = 0;
    while (count < most && m_newTextBytes.size() < kTextBytesPerFrame) {
        const std::size_t end = std::min(most, count + kGroup);
        const std::size_t begin = count;
        while (count < end && events[count].sequence == first.sequence + count &&
               fitsAsDistance(events[count].timeNs, first.timeNs))
            ++count;
        putEvents(events.subspan(begin, count - begin), first);
        if (count < end) break;
    }
    putTables(out);
    putColumns(out, first);
    return count;
}

}  // namespace belljar::recording
