// Events as they come → the columns that queries and lists run over: a running session, while it is looked at.
//
// What repeats is stored once, as in a recording. Not safe from several threads; snapshots of columns() are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/events/recording_columns.h"
#include "core/events/recording_intern.h"

namespace belljar {

class EventCollector {
public:
    /// What is kept at most, whichever is reached first; later events are counted only.
    struct Bounds {
        std::size_t events = 20'000'000;                   ///< 24 bytes each.
        std::size_t textBytes = std::size_t{512} << 20U;   ///< Of different texts.
        std::size_t longestText = std::size_t{32} << 10U;  ///< Of one; longer ones are cut, as in recordings.
    };

    EventCollector() : EventCollector(Bounds{}) {}
    explicit EventCollector(Bounds bounds);

    void append(std::span<const Event> events);

    [[nodiscard]] const EventColumns& columns() const { return m_columns; }
    [[nodiscard]] std::uint64_t notKept() const { return m_notKept; }

private:
    void add(const Event& event);
    [[nodiscard]] std::uint32_t textNumber(std::string_view text);
    [[nodiscard]] std::uint32_t processRow(const Event& event);
    [[nodiscard]] std::uint32_t shapeRow(const Event& event);
    void forgetOldTexts();

    const Bounds m_bounds;
    EventColumns m_columns;
    recording::Interner m_texts;
    recording::Interner m_processes;
    recording::Interner m_shapes;
    std::uint64_t m_nextSequence = 0;
    std::uint64_t m_notKept = 0;
};

}  // namespace belljar
