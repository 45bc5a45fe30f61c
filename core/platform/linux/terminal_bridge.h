// Between the user's terminal and the pseudo-terminal that a sandbox has in its place.
//
// A program that holds the user's terminal can give it orders, also through a descriptor that came for reading. So it
// gets one of its own; what it writes passes a filter, and what the user types is carried to it. While it has the
// keyboard, the user's terminal passes on every key: interrupts and the like are made by the sandbox's own terminal.
#pragma once

#include <termios.h>

#include <atomic>
#include <string>
#include <thread>

#include "core/model/ui_policy.h"
#include "core/platform/posix/terminal_filter.h"
#include "core/platform/posix/unique_fd.h"

namespace belljar::linux_platform {

/// How our standard streams are passed on when no terminal may be.
struct ScreenedStreams {
    bool terminal[3]{};  ///< Which of our streams are one.
    bool interactive =
        false;  ///< Standard input and output are, and we are in its foreground: what is typed is carried.
    [[nodiscard]] bool any() const { return interactive || terminal[1] || terminal[2]; }
    /// Ours where the output goes.
    [[nodiscard]] int output() const { return terminal[1] ? 1 : 2; }
    [[nodiscard]] static ScreenedStreams look();
};

class TerminalBridge {
public:
    /// `inside` is the master of the sandbox's terminal, which does not block. `listener` hears, on a thread of the
    /// bridge's, of sequences for the clipboard.
    TerminalBridge(UniqueFd inside, ScreenedStreams streams, ClipboardRights rights, DesktopListener listener);
    /// Shows what has been written so far, as long as the user's terminal takes it, and leaves that as it was.
    ~TerminalBridge();
    TerminalBridge(const TerminalBridge&) = delete;
    TerminalBridge& operator=(const TerminalBridge&) = delete;

    // From any thread:

    void setClipboard(ClipboardRights rights) { m_rights = rights; }
    /// While the program inside stands still, the user's terminal is as it was before.
    void setFrozen(bool frozen);
    /// The user's terminal has another size.
    void resized();

private:
    void run();
    void step();
    void finish();
    void takeOutput();
    void showOutput();
    void takeKeys();
    void feedKeys();
    [[nodiscard]] bool isForUs(char key);
    void report();
    void setRaw(bool raw);

    const UniqueFd m_inside;
    const ScreenedStreams m_streams;
    const DesktopListener m_listener;
    UniqueFd m_screen;  ///< The user's terminal; does not block, where it could be opened again.
    UniqueFd m_stop, m_stopper;
    termios m_before{};  ///< Of the user's terminal.
    TerminalFilter m_filter;
    std::atomic<ClipboardRights> m_rights;
    std::atomic<bool> m_frozen{false};
    std::string m_output;  ///< Filtered, to be shown.
    std::string m_keys;    ///< Typed, to be carried inside.
    int m_quits = 0;       ///< Quit keys in a row.
    bool m_outputOver = false;
    bool m_keysOver = false;
    bool m_stopping = false;
    std::thread m_thread;  ///< Last: it uses the rest.
};

}  // namespace belljar::linux_platform
