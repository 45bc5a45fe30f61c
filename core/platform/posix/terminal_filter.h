// What of a sandboxed program's output reaches the user's terminal.
//
// Terminals take orders in what they show: set the clipboard, tell it, rename windows, print, answer as if the user had
// typed. So an escape sequence is held back until it is complete, and passed on only if it is one of those that
// programs draw with; what is not known is dropped. Nothing that is dropped is begun, so the terminal is always in a
// state that the filter knows.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/ui_policy.h"

namespace belljar {

class TerminalFilter {
public:
    /// `utf8`: the terminal takes bytes for UTF-8; otherwise those that one of eight bits would obey are replaced.
    explicit TerminalFilter(bool utf8) : m_utf8(utf8) {}

    /// What is to be shown of the next bytes. `rights` decide about sequences for the clipboard (OSC 52).
    [[nodiscard]] std::string pass(std::string_view bytes, ClipboardRights rights);
    /// Undoes what the program left switched on, for who uses the terminal next.
    [[nodiscard]] std::string close();

    /// A question was passed on: the terminal's answer may come after the program's end.
    [[nodiscard]] bool hasAsked() const { return m_asked; }

    /// A sequence that asks for the clipboard or sets it.
    struct ClipboardAttempt {
        bool isWrite = false;
        bool allowed = false;
        bool primary = false;
        std::uint64_t bytes = 0;  ///< Of what is to be set.
    };
    /// Since the last call; at most kMostAttempts.
    [[nodiscard]] std::vector<ClipboardAttempt> takeAttempts() { return std::exchange(m_attempts, {}); }
    static constexpr std::size_t kMostAttempts = 256;

private:
    enum class State {
        ground,
        escape,   ///< After ESC.
        control,  ///< After ESC [.
        command,  ///< After ESC ]: up to BEL or ESC \.
        text,     ///< Another string that ends with ESC \, of which nothing is passed on.
    };

    void take(unsigned char byte);
    void takeGround(unsigned char byte);
    void takeHigh(unsigned char byte);
    void takeEscape(unsigned char byte);
    void takeControl(unsigned char byte);
    void takeString(unsigned char byte);
    /// ESC and `byte`, or the one character that means the same.
    void introduce(char byte);
    void plainControl(unsigned char byte);
    void breakCharacter();
    void endCommand();
    void endClipboard(std::string_view selection, std::string_view content);
    [[nodiscard]] std::string controlText(char final);
    [[nodiscard]] std::string modesText(bool isPrivate, std::string_view numbers, char final);

    const bool m_utf8;
    ClipboardRights m_rights;
    State m_state = State::ground;
    bool m_stringEscape = false;      ///< In a string, after ESC.
    std::string m_sequence;           ///< What stands between the introducer and the end; bounded.
    bool m_tooLong = false;           ///< More than that.
    std::string m_character;          ///< The first bytes of a character.
    std::size_t m_characterSize = 0;  ///< That it will have.
    std::string m_out;
    std::vector<ClipboardAttempt> m_attempts;
    std::set<int> m_changedModes;  ///< Private modes that are not as a terminal starts with.
    bool m_styled = false;         ///< Colours, character sets, keypad.
    bool m_asked = false;
    bool m_region = false;  ///< A part of the screen scrolls.
};

}  // namespace belljar
