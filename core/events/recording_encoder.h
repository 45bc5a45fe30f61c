// Events → the frames of a recording. Private to core/events.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/events/recording_format.h"
#include "core/events/recording_intern.h"
#include "core/model/event.h"

namespace belljar::recording {

/// Remembers which texts and rows the file has already, within about 150 MB; beyond that it forgets all of them, and
/// those that come again are written again.
class Encoder {
public:
    Encoder();

    /// Appends frames for the first of `events` to `out` and returns for how many; at least one, unless isFull().
    [[nodiscard]] std::size_t encode(std::span<const Event> events, std::string& out);

    /// Everything that was encoded is in the file.
    void commit();
    /// What was encoded since the last commit() is not: nothing may refer to it.
    void rollBack();

    /// The numbers of a table are used up.
    [[nodiscard]] bool isFull() const;

private:
    [[nodiscard]] std::uint32_t textNumber(std::string_view text, std::uint64_t hash);
    [[nodiscard]] std::uint32_t textNumber(std::string_view text) { return textNumber(text, m_texts.hash(text)); }
    void putEvents(std::span<const Event> group, const Event& first);
    [[nodiscard]] std::uint32_t processNumber(const Event& event);
    [[nodiscard]] std::uint32_t shapeNumber(const Event& event);
    void startOver(std::uint32_t texts, std::uint32_t processes, std::uint32_t shapes);
    void putTables(std::string& out);
    void putColumns(std::string& out, const Event& first);

    struct Numbers {
        std::uint32_t texts = 1;  ///< 0 is the empty text, which is not stored.
        std::uint32_t processes = 0;
        std::uint32_t shapes = 0;
    };
    Numbers m_committed;
    Interner m_texts;
    Interner m_processes;
    Interner m_shapes;

    // What is new in the frames that are being made.
    std::uint32_t m_firstText = 0;
    std::uint32_t m_firstProcess = 0;
    std::uint32_t m_firstShape = 0;
    std::vector<std::uint32_t> m_newTextLengths;
    std::string m_newTextBytes;
    std::string m_newProcesses;
    std::string m_newShapes;
    std::array<std::vector<std::uint32_t>, 5> m_columns;

    // Most events have the process of the one before.
    std::string m_lastName;
    std::array<char, kProcessSize> m_lastProcess{};
    std::uint32_t m_lastProcessNumber = 0;
    bool m_hasLastProcess = false;
};

}  // namespace belljar::recording
