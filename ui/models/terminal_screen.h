// What a terminal shows: a program's bytes in, lines of styled text out, and the bytes that keys stand for. libvterm
// does the emulation (xterm's sequences); this keeps the lines that scrolled away and knows nothing of widgets.
//
// Everything that comes in is hostile. Titles, the clipboard (OSC 52) and bells have no effect; marks that turn the
// writing direction are left out; answers to a program's questions go to that program alone.
#pragma once

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace belljar {

/// A colour as the program asked for it.
struct TerminalColour {
    enum class Kind : std::uint8_t { standard, indexed, rgb };
    Kind kind = Kind::standard;  ///< standard: the terminal's own text colour or background.
    std::uint32_t value = 0;     ///< indexed: 0 to 255; rgb: 0xRRGGBB.
    bool operator==(const TerminalColour&) const = default;
};

struct TerminalStyle {
    TerminalColour foreground;
    TerminalColour background;
    bool bold = false;
    bool italic = false;
    bool underline = false;
    bool strike = false;
    bool reverse = false;
    bool operator==(const TerminalStyle&) const = default;
};

/// Cells of one style side by side. Either plain ASCII, one column a character, or one character of another script.
struct TerminalRun {
    int column = 0;
    int columns = 0;
    std::string text;  ///< UTF-8.
    TerminalStyle style;
};

using TerminalLine = std::vector<TerminalRun>;

/// The line's text, without the blanks at its end.
[[nodiscard]] QString terminalText(const TerminalLine& line);

class TerminalScreen {
public:
    static constexpr std::size_t kMostHistory = 1'000'000;  ///< Lines kept that scrolled away; the oldest go first.

    /// `reply` gets what goes to the program: keys, pastes, and answers to its questions.
    TerminalScreen(int columns, int rows, std::function<void(const QByteArray&)> reply);
    ~TerminalScreen();
    TerminalScreen(const TerminalScreen&) = delete;
    TerminalScreen& operator=(const TerminalScreen&) = delete;

    void feed(std::string_view bytes);
    void resize(int columns, int rows);
    /// An empty screen in its first state, and no history.
    void reset();

    [[nodiscard]] int columns() const { return m_columns; }
    [[nodiscard]] int rows() const { return m_rows; }
    /// Lines are numbered from the first that ever was: [firstLine(), firstLine() + lineCount()) can be asked for, the
    /// last rows() of them are the screen.
    [[nodiscard]] std::int64_t firstLine() const { return m_forgotten; }
    [[nodiscard]] std::int64_t lineCount() const;
    [[nodiscard]] TerminalLine line(std::int64_t number) const;

    struct Cursor {
        std::int64_t line = 0;
        int column = 0;
        bool visible = true;
    };
    [[nodiscard]] Cursor cursor() const;

    /// Sends what a key stands for; false when it stands for nothing. `key` is a Qt::Key.
    bool pressKey(int key, Qt::KeyboardModifiers modifiers, const QString& text);
    /// Sends text as typed, bracketed if the program asked for that; control characters other than tab and newline are
    /// left out, so that a copied text cannot end the bracket or press keys.
    void paste(const QString& text);

private:
    struct Emulator;
    friend struct Emulator;

    std::function<void(const QByteArray&)> m_reply;
    int m_columns;
    int m_rows;
    std::unique_ptr<Emulator> m_emulator;
    std::deque<TerminalLine> m_history;
    std::int64_t m_forgotten = 0;
};

}  // namespace belljar
