#include "core/events/event_collector.h"

#include <array>
#include <cstring>
#include <string>
#include <type_traits>

#include "core/events/recording_format.h"

namespace belljar {
namespace {

constexpr std::size_t kReservedEvents = 1U << 20U;  // Memory that is not touched is free on most systems.
// Then known texts are forgotten; those that come again are stored again.
constexpr std::size_t kRememberedTexts = 1'000'000;
constexpr std::size_t kRememberedBytes = 64U << 20U;

/// The bytes of a row without gaps between its members, for finding it again.
std::array<char, recording::kShapeSize> bytesOf(const EventShape& shape)
{
    std::array<char, recording::kShapeSize> bytes{};
    char* at = bytes.data();
    const auto put = [&at](const auto& member) {
        std::memcpy(at, &member, sizeof member);
        at += sizeof member;
    };
    put(shape.kind);
    put(shape.verdict);
    put(shape.trust);
    put(shape.origin);
    put(shape.mechanism);
    put(shape.absentOnHost);
    put(shape.rule);
    put(shape.result);
    return bytes;
}

}  // namespace

EventCollector::EventCollector(Bounds bounds) : m_bounds(bounds)
{
    m_texts.startOver(1);  // 0 is the empty text.
    m_columns.times.reserve(kReservedEvents);
    for (auto* column : {&m_columns.processes, &m_columns.objects, &m_columns.details, &m_columns.shapes})
        column->reserve(kReservedEvents);
}

void EventCollector::append(std::span<const Event> events)
{
    for (const Event& event : events) {
        const bool hasRoom = m_columns.size() < m_bounds.events && m_columns.texts.bytes() < m_bounds.textBytes;
        if (hasRoom) add(event);
        else ++m_notKept;
    }
}

void EventCollector::add(const Event& event)
{
    forgetOldTexts();
    if (m_columns.sequenceRuns.empty() || event.sequence != m_nextSequence)
        m_columns.sequenceRuns.push_back({m_columns.size(), event.sequence});
    m_nextSequence = event.sequence + 1;
    m_columns.processes.push_back(processRow(event));
    m_columns.objects.push_back(textNumber(event.object));
    m_columns.details.push_back(textNumber(event.detail));
    m_columns.shapes.push_back(shapeRow(event));
    m_columns.times.push_back(event.timeNs);  // Last: it counts the events.
}

std::uint32_t EventCollector::textNumber(std::string_view text)
{
    if (text.empty()) return 0;
    std::string shortened;
    if (text.size() > m_bounds.longestText) {
        shortened = std::string(text.substr(0, m_bounds.longestText - recording::kCutMark.size()));
        text = shortened += recording::kCutMark;
    }
    const recording::Interner::Found found = m_texts.find(text);
    if (found.isNew) m_columns.texts.add(text);
    return found.number;
}

std::uint32_t EventCollector::processRow(const Event& event)
{
    static_assert(std::has_unique_object_representations_v<RecordedProcess>);
    const RecordedProcess row{event.processStart, event.pid, event.parentPid, event.insidePid,
                              textNumber(event.processName)};
    std::array<char, sizeof row> bytes{};
    std::memcpy(bytes.data(), &row, sizeof row);
    const recording::Interner::Found found = m_processes.find({bytes.data(), bytes.size()});
    if (found.isNew) m_columns.processTable.push_back(row);
    return found.number;
}

std::uint32_t EventCollector::shapeRow(const Event& event)
{
    const EventShape row{event.kind,      event.verdict,      event.trust, event.origin,
                         event.mechanism, event.absentOnHost, event.rule,  event.result};
    const auto bytes = bytesOf(row);
    const recording::Interner::Found found = m_shapes.find({bytes.data(), bytes.size()});
    if (found.isNew) m_columns.shapeTable.push_back(row);
    return found.number;
}

void EventCollector::forgetOldTexts()
{
    if (m_texts.entries() < kRememberedTexts && m_texts.bytes() < kRememberedBytes) return;
    m_texts.startOver(m_texts.next());
}

}  // namespace belljar
