#include "ui/models/terminal_screen.h"

#include <vterm.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "core/base/utf8.h"

namespace belljar {

namespace {

constexpr int kLargestSide = 2000;  ///< Columns or rows; what a window can show and more.

/// Marks that turn the writing direction or show nothing would make a line look like another one.
bool hides(std::uint32_t c)
{
    return c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb) || c >= 0xe0000;
}

TerminalColour colourOf(const VTermColor& colour, bool isDefault)
{
    if (isDefault) return {};
    if (VTERM_COLOR_IS_INDEXED(&colour)) return {TerminalColour::Kind::indexed, colour.indexed.idx};
    const std::uint32_t red = colour.rgb.red;
    const std::uint32_t green = colour.rgb.green;
    return {TerminalColour::Kind::rgb, (red << 16) | (green << 8) | colour.rgb.blue};
}

TerminalStyle styleOf(const VTermScreenCell& cell)
{
    TerminalStyle style;
    style.foreground = colourOf(cell.fg, VTERM_COLOR_IS_DEFAULT_FG(&cell.fg));
    style.background = colourOf(cell.bg, VTERM_COLOR_IS_DEFAULT_BG(&cell.bg));
    style.bold = cell.attrs.bold != 0;
    style.italic = cell.attrs.italic != 0;
    style.underline = cell.attrs.underline != 0;
    style.strike = cell.attrs.strike != 0;
    style.reverse = cell.attrs.reverse != 0;
    return style;
}

bool isAscii(const VTermScreenCell& cell)
{
    return cell.chars[0] < 0x80 && cell.chars[1] == 0;
}

/// Blank cells of the standard style at the end are left out.
TerminalLine lineOf(std::span<const VTermScreenCell> cells)
{
    TerminalLine line;
    std::size_t end = cells.size();
    while (end != 0 && cells[end - 1].chars[0] == 0 && styleOf(cells[end - 1]) == TerminalStyle{}) --end;
    bool lastIsAscii = false;
    for (std::size_t i = 0; i < end; ++i) {
        const VTermScreenCell& cell = cells[i];
        if (cell.chars[0] == static_cast<std::uint32_t>(-1)) continue;  // The right half of a wide character.
        const bool ascii = isAscii(cell);
        const TerminalStyle style = styleOf(cell);
        const int width = std::max<int>(1, cell.width);
        if (line.empty() || !ascii || !lastIsAscii || line.back().style != style)
            line.push_back({static_cast<int>(i), 0, {}, style});
        lastIsAscii = ascii;
        TerminalRun& run = line.back();
        run.columns += width;
        if (cell.chars[0] == 0) run.text += ' ';
        for (std::size_t k = 0; k < VTERM_MAX_CHARS_PER_CELL && cell.chars[k] != 0; ++k)
            if (!hides(cell.chars[k])) appendUtf8(run.text, cell.chars[k]);
    }
    line.shrink_to_fit();
    return line;
}

VTermModifier modifierOf(Qt::KeyboardModifiers modifiers)
{
    int result = VTERM_MOD_NONE;
    if (modifiers & Qt::ShiftModifier) result |= VTERM_MOD_SHIFT;
    if (modifiers & Qt::AltModifier) result |= VTERM_MOD_ALT;
    if (modifiers & Qt::ControlModifier) result |= VTERM_MOD_CTRL;
    return static_cast<VTermModifier>(result);
}

std::optional<VTermKey> specialKey(int key)
{
    static constexpr std::array<std::pair<int, VTermKey>, 16> kKeys{{
        {Qt::Key_Return, VTERM_KEY_ENTER},
        {Qt::Key_Enter, VTERM_KEY_ENTER},
        {Qt::Key_Tab, VTERM_KEY_TAB},
        {Qt::Key_Backtab, VTERM_KEY_TAB},
        {Qt::Key_Backspace, VTERM_KEY_BACKSPACE},
        {Qt::Key_Escape, VTERM_KEY_ESCAPE},
        {Qt::Key_Up, VTERM_KEY_UP},
        {Qt::Key_Down, VTERM_KEY_DOWN},
        {Qt::Key_Left, VTERM_KEY_LEFT},
        {Qt::Key_Right, VTERM_KEY_RIGHT},
        {Qt::Key_Insert, VTERM_KEY_INS},
        {Qt::Key_Delete, VTERM_KEY_DEL},
        {Qt::Key_Home, VTERM_KEY_HOME},
        {Qt::Key_End, VTERM_KEY_END},
        {Qt::Key_PageUp, VTERM_KEY_PAGEUP},
        {Qt::Key_PageDown, VTERM_KEY_PAGEDOWN},
    }};
    const auto found = std::find_if(kKeys.begin(), kKeys.end(), [key](const auto& one) { return one.first == key; });
    if (found != kKeys.end()) return found->second;
    if (key >= Qt::Key_F1 && key <= Qt::Key_F12)
        return static_cast<VTermKey>(VTERM_KEY_FUNCTION_0 + 1 + (key - Qt::Key_F1));
    return std::nullopt;
}

}  // namespace

QString terminalText(const TerminalLine& line)
{
    QString text;
    int column = 0;
    for (const TerminalRun& run : line) {
        while (column < run.column) {
            text += u' ';
            ++column;
        }
        text += QString::fromUtf8(run.text);
        column = run.column + run.columns;
    }
    while (text.endsWith(u' ')) text.chop(1);
    return text;
}

struct TerminalScreen::Emulator {
    Emulator(TerminalScreen& of, int columns, int rows) : owner(of), terminal(vterm_new(rows, columns))
    {
        vterm_set_utf8(terminal, 1);
        vterm_output_set_callback(terminal, &Emulator::answer, this);
        screen = vterm_obtain_screen(terminal);
        callbacks.settermprop = &Emulator::property;
        callbacks.sb_pushline = &Emulator::scrolledAway;
        vterm_screen_set_callbacks(screen, &callbacks, this);
        vterm_screen_set_damage_merge(screen, VTERM_DAMAGE_SCROLL);
        vterm_screen_enable_altscreen(screen, 1);
        vterm_screen_reset(screen, 1);
    }
    ~Emulator() { vterm_free(terminal); }
    Emulator(const Emulator&) = delete;
    Emulator& operator=(const Emulator&) = delete;

    static void answer(const char* bytes, std::size_t size, void* user)
    {
        const TerminalScreen& kept = static_cast<Emulator*>(user)->owner;
        if (kept.m_reply) kept.m_reply(QByteArray(bytes, static_cast<qsizetype>(size)));
    }
    static int property(VTermProp which, VTermValue* value, void* user)
    {
        if (which == VTERM_PROP_CURSORVISIBLE) static_cast<Emulator*>(user)->cursorVisible = value->boolean != 0;
        return 1;
    }
    static int scrolledAway(int columns, const VTermScreenCell* cells, void* user)
    {
        TerminalScreen& kept = static_cast<Emulator*>(user)->owner;
        kept.m_history.push_back(lineOf({cells, static_cast<std::size_t>(columns)}));
        if (kept.m_history.size() > kMostHistory) {
            kept.m_history.pop_front();
            ++kept.m_forgotten;
        }
        return 1;
    }

    TerminalScreen& owner;
    VTerm* terminal;
    VTermScreen* screen = nullptr;
    VTermScreenCallbacks callbacks{};
    bool cursorVisible = true;
};

TerminalScreen::TerminalScreen(int columns, int rows, std::function<void(const QByteArray&)> reply)
    : m_reply(std::move(reply)),
      m_columns(std::clamp(columns, 1, kLargestSide)),
      m_rows(std::clamp(rows, 1, kLargestSide)),
      m_emulator(std::make_unique<Emulator>(*this, m_columns, m_rows))
{
}

TerminalScreen::~TerminalScreen() = default;

void TerminalScreen::feed(std::string_view bytes)
{
    vterm_input_write(m_emulator->terminal, bytes.data(), bytes.size());
    vterm_screen_flush_damage(m_emulator->screen);
}

void TerminalScreen::resize(int columns, int rows)
{
    m_columns = std::clamp(columns, 1, kLargestSide);
    m_rows = std::clamp(rows, 1, kLargestSide);
    vterm_set_size(m_emulator->terminal, m_rows, m_columns);
    vterm_screen_flush_damage(m_emulator->screen);
}

void TerminalScreen::reset()
{
    m_history.clear();
    m_forgotten = 0;
    m_emulator.reset();
    m_emulator = std::make_unique<Emulator>(*this, m_columns, m_rows);
}

std::int64_t TerminalScreen::lineCount() const
{
    return static_cast<std::int64_t>(m_history.size()) + m_rows;
}

TerminalLine TerminalScreen::line(std::int64_t number) const
{
    const std::int64_t index = number - m_forgotten;
    if (index < 0 || index >= lineCount()) return {};
    const auto history = static_cast<std::int64_t>(m_history.size());
    if (index < history) return m_history[static_cast<std::size_t>(index)];
    std::vector<VTermScreenCell> cells(static_cast<std::size_t>(m_columns));
    for (int column = 0; column < m_columns; ++column) {
        const VTermPos position{static_cast<int>(index - history), column};
        vterm_screen_get_cell(m_emulator->screen, position, &cells[static_cast<std::size_t>(column)]);
    }
    return lineOf(cells);
}

TerminalScreen::Cursor TerminalScreen::cursor() const
{
    VTermPos position{};
    vterm_state_get_cursorpos(vterm_obtain_state(m_emulator->terminal), &position);
    return {m_forgotten + static_cast<std::int64_t>(m_history.size()) + position.row, position.col,
            m_emulator->cursorVisible};
}

bool TerminalScreen::pressKey(int key, Qt::KeyboardModifiers modifiers, const QString& text)
{
    VTermModifier modifier = modifierOf(modifiers);
    if (key == Qt::Key_Backtab) modifier = static_cast<VTermModifier>(modifier | VTERM_MOD_SHIFT);
    if (const std::optional<VTermKey> special = specialKey(key)) {
        vterm_keyboard_key(m_emulator->terminal, *special, modifier);
        return true;
    }
    const bool control = (modifiers & Qt::ControlModifier) != 0;
    if (control && key >= Qt::Key_Space && key <= Qt::Key_AsciiTilde) {
        const int letter = key >= Qt::Key_A && key <= Qt::Key_Z ? key - Qt::Key_A + 'a' : key;
        vterm_keyboard_unichar(m_emulator->terminal, static_cast<std::uint32_t>(letter),
                               static_cast<VTermModifier>(modifier & ~VTERM_MOD_SHIFT));
        return true;
    }
    bool sent = false;
    for (const char32_t c : text.toStdU32String()) {
        if (c < 0x20 || c == 0x7f) continue;
        // Shift is already in the character.
        vterm_keyboard_unichar(m_emulator->terminal, c, static_cast<VTermModifier>(modifier & VTERM_MOD_ALT));
        sent = true;
    }
    return sent;
}

void TerminalScreen::paste(const QString& text)
{
    vterm_keyboard_start_paste(m_emulator->terminal);
    QString clean;
    for (const QChar c : text)
        if (c == u'\n' || c == u'\t' || (c >= u' ' && c != QChar(0x7f) && (c < QChar(0x80) || c > QChar(0x9f))))
            clean += c == u'\n' ? QChar(u'\r') : c;
    if (m_reply && !clean.isEmpty()) m_reply(clean.toUtf8());
    vterm_keyboard_end_paste(m_emulator->terminal);
}

}  // namespace belljar
