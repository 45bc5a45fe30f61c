#include "core/platform/posix/terminal_filter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace belljar {
namespace {

constexpr char kEscape = 0x1b;
constexpr char kBell = 0x07;
constexpr unsigned char kCancel = 0x18;
constexpr unsigned char kSubstitute = 0x1a;
constexpr std::size_t kLongestControl = 256;
/// Of a string's bytes; also what fits on the clipboard through a terminal.
constexpr std::size_t kLongestCommand = std::size_t{1} << 20U;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
/// Numbers that a program draws with are smaller; larger ones have kept terminals busy for minutes.
constexpr int kLargestNumber = 9999;

/// Bell, backspace, tabs, line ends and the two character sets. ENQ would be answered, XOFF would hold the terminal.
constexpr std::string_view kControls = "\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f";
/// Finals of ESC: cursor, lines, tabs, keypad, character sets. Not RIS, which also takes the history.
constexpr std::string_view kEscapes = "78=>DEHMNOno|}~";
/// Finals of CSI without anything but numbers: cursor, erase, insert, delete, scroll, colours.
constexpr std::string_view kDrawing = "@ABCDEFGHIJKLMPSTXZ`abdefgmrsu";
/// Private modes: cursor keys, reverse, origin, wrap, cursor, other screen, keypad, margins, mouse, focus, paste
/// brackets, output at once. Not those that resize, print, or hold the keyboard.
constexpr std::array kModes{1,    5,    6,    7,    9,    12,   25,   47,   66,   69,   1000, 1002,
                            1003, 1004, 1005, 1006, 1007, 1015, 1047, 1048, 1049, 2004, 2026};
constexpr std::array kOnAtFirst{7, 25};

bool isOneOf(std::string_view set, unsigned char byte)
{
    return set.find(static_cast<char>(byte)) != std::string_view::npos;
}

template <class Set>
bool has(const Set& set, int number)
{
    return std::find(set.begin(), set.end(), number) != set.end();
}

std::vector<std::string_view> split(std::string_view text, char at)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// 0 for nothing, as terminals have it; nullopt: no number, or an absurd one.
std::optional<int> numberOf(std::string_view text)
{
    int number = 0;
    if (text.empty()) return number;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number > kLargestNumber) return std::nullopt;
    return number;
}

bool areNumbers(std::string_view text)
{
    for (const std::string_view part : split(text, ';'))
        for (const std::string_view number : split(part, ':'))
            if (!numberOf(number)) return false;
    return true;
}

/// Bytes of the character that begins so; 0: none does.
std::size_t sizeOfCharacter(unsigned char first)
{
    if (first >= 0xC2 && first <= 0xDF) return 2;
    if (first >= 0xE0 && first <= 0xEF) return 3;
    return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

bool isCharacter(std::string_view bytes)
{
    const auto first = static_cast<unsigned char>(bytes[0]);
    const auto second = static_cast<unsigned char>(bytes[1]);
    // Overlong forms, surrogates, and what is beyond the last character.
    return !(first == 0xE0 && second < 0xA0) && !(first == 0xED && second > 0x9F) &&
           !(first == 0xF0 && second < 0x90) && !(first == 0xF4 && second > 0x8F);
}

/// Whose answer says nothing that the program could have chosen: where the cursor is, what kind of terminal it is.
bool isQuestion(char prefix, std::string_view numbers, char final)
{
    if (final == 'n') return numbers == "6" ? prefix == '\0' || prefix == '?' : numbers == "5" && prefix == '\0';
    return final == 'c' && (numbers.empty() || numbers == "0") && (prefix == '\0' || prefix == '>');
}

}  // namespace

std::string TerminalFilter::pass(std::string_view bytes, ClipboardRights rights)
{
    m_rights = rights;
    m_out.reserve(bytes.size());
    for (const char byte : bytes) take(static_cast<unsigned char>(byte));
    return std::exchange(m_out, {});
}

void TerminalFilter::take(unsigned char byte)
{
    if (m_state == State::command || m_state == State::text) {
        takeString(byte);
        return;
    }
    if (m_state == State::ground) {
        takeGround(byte);
        return;
    }
    if (byte == static_cast<unsigned char>(kEscape)) {
        m_state = State::escape;
        m_sequence.clear();
        m_tooLong = false;
    } else if (byte == kCancel || byte == kSubstitute) {
        m_state = State::ground;
    } else if (byte < 0x20) {
        plainControl(byte);  // terminals obey it in the middle of a sequence
    } else if (byte >= 0x80) {
        m_state = State::ground;
        takeGround(byte);
    } else if (byte != 0x7f) {
        if (m_state == State::escape) takeEscape(byte);
        else takeControl(byte);
    }
}

void TerminalFilter::plainControl(unsigned char byte)
{
    if (byte != 0 && isOneOf(kControls, byte)) m_out += static_cast<char>(byte);
}

void TerminalFilter::takeGround(unsigned char byte)
{
    if (byte >= 0x80) {
        takeHigh(byte);
        return;
    }
    breakCharacter();
    if (byte == static_cast<unsigned char>(kEscape)) {
        m_state = State::escape;
        m_sequence.clear();
        m_tooLong = false;
    } else if (byte < 0x20) {
        plainControl(byte);
    } else if (byte != 0x7f) {
        m_out += static_cast<char>(byte);
    }
}

void TerminalFilter::breakCharacter()
{
    if (m_character.empty()) return;
    m_character.clear();
    m_out += kReplacement;
}

void TerminalFilter::takeHigh(unsigned char byte)
{
    if (!m_utf8) {
        m_out += byte < 0xA0 ? '?' : static_cast<char>(byte);
        return;
    }
    if (byte >= 0xC0) {
        breakCharacter();
        m_characterSize = sizeOfCharacter(byte);
        if (m_characterSize == 0) m_out += kReplacement;
        else m_character = static_cast<char>(byte);
        return;
    }
    if (m_character.empty()) {
        m_out += kReplacement;
        return;
    }
    m_character += static_cast<char>(byte);
    if (m_character.size() == 2 && !isCharacter(m_character)) {
        breakCharacter();
        return;
    }
    if (m_character.size() < m_characterSize) return;
    const std::string whole = std::exchange(m_character, {});
    // U+0080 to U+009F are ESC and a letter in one.
    if (whole.size() == 2 && whole[0] == '\xC2' && byte < 0xA0) introduce(static_cast<char>(byte - 0x40));
    else m_out += whole;
}

void TerminalFilter::takeEscape(unsigned char byte)
{
    if (byte <= 0x2f) {
        if (m_sequence.size() < kLongestControl) m_sequence += static_cast<char>(byte);
        return;
    }
    m_state = State::ground;
    if (m_sequence.empty()) {
        introduce(static_cast<char>(byte));
        return;
    }
    const bool isCharacterSet = m_sequence.size() == 1 && isOneOf("()*+", static_cast<unsigned char>(m_sequence[0])) &&
                                isOneOf("012ABKU", byte);
    const bool isLineSize = m_sequence == "#" && isOneOf("34568", byte);
    if (!isCharacterSet && !isLineSize) return;
    m_styled = true;
    m_out += kEscape + m_sequence + static_cast<char>(byte);
}

void TerminalFilter::introduce(char byte)
{
    m_sequence.clear();
    m_tooLong = m_stringEscape = false;
    m_state = State::ground;
    if (byte == '[') {
        m_state = State::control;
    } else if (byte == ']') {
        m_state = State::command;
    } else if (isOneOf("PX^_k", static_cast<unsigned char>(byte))) {
        m_state = State::text;
    } else if (isOneOf(kEscapes, static_cast<unsigned char>(byte))) {
        m_styled = true;
        m_out += kEscape;
        m_out += byte;
    }
}

void TerminalFilter::takeControl(unsigned char byte)
{
    if (byte < 0x40) {
        if (m_sequence.size() < kLongestControl) m_sequence += static_cast<char>(byte);
        else m_tooLong = true;
        return;
    }
    m_state = State::ground;
    if (!m_tooLong) m_out += controlText(static_cast<char>(byte));
}

std::string TerminalFilter::controlText(char final)
{
    std::string_view numbers = m_sequence;
    const std::string whole = std::string{kEscape, '['} + m_sequence + final;
    const char prefix = !numbers.empty() && isOneOf("<=>?", static_cast<unsigned char>(numbers[0])) ? numbers[0] : '\0';
    if (prefix != '\0') numbers.remove_prefix(1);
    const std::size_t behind = numbers.find_first_of(" !\"#$%&'()*+,-./");
    const std::string_view letters = behind == std::string_view::npos ? std::string_view() : numbers.substr(behind);
    numbers = numbers.substr(0, behind);
    if (!areNumbers(numbers)) return {};
    if (!letters.empty()) {
        const bool isCursorShape = letters == " " && final == 'q' && prefix == '\0';
        const bool isSoftReset = letters == "!" && final == 'p' && prefix == '\0';
        return isCursorShape || isSoftReset ? whole : std::string();
    }
    if ((final == 'h' || final == 'l') && (prefix == '\0' || prefix == '?'))
        return modesText(prefix == '?', numbers, final);
    if (isQuestion(prefix, numbers, final)) {
        m_asked = true;
        return whole;
    }
    if (prefix == '?') return (final == 'J' || final == 'K') ? whole : std::string();
    if (prefix != '\0' || !isOneOf(kDrawing, static_cast<unsigned char>(final))) return {};
    // 3 J would take what stood there before; T with five numbers waits for the mouse.
    if (final == 'J' && numbers != "" && numbers != "0" && numbers != "1" && numbers != "2") return {};
    if ((final == 'S' || final == 'T') && numbers.find(';') != std::string_view::npos) return {};
    if (final == 'm') m_styled = true;
    if (final == 'r') m_region = !numbers.empty();
    return whole;
}

std::string TerminalFilter::modesText(bool isPrivate, std::string_view numbers, char final)
{
    const bool on = final == 'h';
    std::string kept;
    for (const std::string_view part : split(numbers, ';')) {
        const int mode = numberOf(part).value_or(0);
        if (!isPrivate && mode != 4) continue;  // insert
        if (isPrivate && !has(kModes, mode)) continue;
        if (isPrivate && on == has(kOnAtFirst, mode)) m_changedModes.erase(mode);
        else if (isPrivate) m_changedModes.insert(mode);
        else m_styled = true;
        kept += (kept.empty() ? "" : ";") + std::to_string(mode);
    }
    if (kept.empty()) return {};
    return std::string{kEscape, '['} + (isPrivate ? "?" : "") + kept + final;
}

void TerminalFilter::takeString(unsigned char byte)
{
    if (m_stringEscape) {
        m_stringEscape = false;
        if (byte == '\\') {
            if (m_state == State::command) endCommand();
            m_state = State::ground;
            return;
        }
        // Anything else begins a new sequence, as in terminals.
        m_state = State::escape;
        m_sequence.clear();
        m_tooLong = false;
        take(byte);
        return;
    }
    if (byte == static_cast<unsigned char>(kEscape)) {
        m_stringEscape = true;
    } else if (byte == kCancel || byte == kSubstitute) {
        m_state = State::ground;
    } else if (m_state == State::command && byte == static_cast<unsigned char>(kBell)) {
        endCommand();
        m_state = State::ground;
    } else if (m_utf8 && byte == 0x9c && !m_sequence.empty() && m_sequence.back() == '\xC2') {
        m_sequence.pop_back();
        if (m_state == State::command) endCommand();
        m_state = State::ground;
    } else if (m_sequence.size() < kLongestCommand) {
        m_sequence += static_cast<char>(byte);
    } else {
        m_tooLong = true;
    }
}

void TerminalFilter::endCommand()
{
    // Titles, colours, links, working folders, notices, files: programs can do without.
    constexpr std::string_view kClipboard = "52;";
    std::string_view rest = m_sequence;
    // Terminals read the number as one, so that "052" is the same.
    while (rest.size() > 1 && rest[0] == '0') rest.remove_prefix(1);
    if (!rest.starts_with(kClipboard)) return;
    rest.remove_prefix(kClipboard.size());
    const std::size_t end = rest.find(';');
    if (end == std::string_view::npos) return;
    endClipboard(rest.substr(0, end), rest.substr(end + 1));
}

void TerminalFilter::endClipboard(std::string_view selection, std::string_view content)
{
    constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    const bool isWrite = content != "?";
    const bool isSound = !m_tooLong && selection.find_first_not_of("cps") == std::string_view::npos &&
                         (!isWrite || content.find_first_not_of(kBase64) == std::string_view::npos);
    const bool allowed = isSound && (isWrite ? m_rights.write : m_rights.read);
    if (m_attempts.size() < kMostAttempts)
        m_attempts.push_back({isWrite, allowed, selection.starts_with('p'), isWrite ? content.size() / 4 * 3 : 0});
    if (allowed) m_out.append("\x1b]52;").append(selection).append(";").append(content).append("\x1b\\");
}

std::string TerminalFilter::close()
{
    std::string text;
    for (const int mode : m_changedModes)
        text += std::string{kEscape, '[', '?'} + std::to_string(mode) + (has(kOnAtFirst, mode) ? 'h' : 'l');
    // Without a move of the cursor, which setting the region would be.
    if (m_region) text += "\x1b\x37\x1b[r\x1b\x38";
    if (m_styled) text += "\x0f\x1b(B\x1b>\x1b[4l\x1b[m";
    m_changedModes.clear();
    m_styled = m_region = false;
    m_state = State::ground;
    m_character.clear();
    return text;
}

}  // namespace belljar
