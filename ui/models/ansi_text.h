// A program's output as plain text: escape sequences are taken out, everything else that could hide is made visible.
#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace belljar {

/// Turns a stream of bytes, in pieces of any size, into text for a plain text view. Newlines and tabs stay, "\r\n" is a
/// newline, CSI and OSC sequences vanish without effect, other control characters show as escapes.
class AnsiText {
public:
    /// The text that `bytes` adds. What may still become an escape sequence or a character is kept for the next call.
    [[nodiscard]] QString feed(std::string_view bytes);
    /// What was kept, at the end of the stream.
    [[nodiscard]] QString finish();

private:
    enum class State { text, escape, charset, csi, osc, oscEscape };
    void consume(char byte);
    void appendText(QString& out, bool atEnd);

    State m_state = State::text;
    std::size_t m_sequenceLength = 0;
    std::string m_plain;  ///< Bytes outside sequences that were not turned into text yet.
};

}  // namespace belljar
