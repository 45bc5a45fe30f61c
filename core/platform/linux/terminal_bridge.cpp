#include "core/platform/linux/terminal_bridge.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string_view>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kPiece = 16384;
constexpr std::size_t kMostKeys = 65536;
/// At the end, for a terminal that takes nothing any more.
constexpr int kPatienceMs = 2000;
/// We may have been put into the background and back without being told.
constexpr int kLookAgainMs = 500;
/// In a row they end the sandbox, whatever the program makes of them.
constexpr int kQuitKeys = 3;

bool isUtf8Terminal()
{
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);  // NOLINT: nobody sets variables
        if (value == nullptr || *value == '\0') continue;
        std::string word = value;
        std::transform(word.begin(), word.end(), word.begin(),
                       [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
        return word.find("utf-8") != std::string::npos || word.find("utf8") != std::string::npos;
    }
    return false;
}

/// Without job control on this terminal there is no background.
bool isInForeground()
{
    const pid_t group = ::tcgetpgrp(0);
    return group < 0 || group == ::getpgrp();
}

/// An open file of our own, which may have other flags than everybody else's.
UniqueFd openAgain(int stream)
{
    const std::string name = "/proc/self/fd/" + std::to_string(stream);
    UniqueFd again(::open(name.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    // It may belong to another user than the one that we run as.
    return again ? std::move(again) : UniqueFd(::fcntl(stream, F_DUPFD_CLOEXEC, 3));
}

}  // namespace

ScreenedStreams ScreenedStreams::look()
{
    ScreenedStreams streams;
    for (int stream = 0; stream < 3; ++stream) streams.terminal[stream] = ::isatty(stream) == 1;
    streams.interactive = streams.terminal[0] && streams.terminal[1] && isInForeground();
    return streams;
}

TerminalBridge::TerminalBridge(UniqueFd inside, ScreenedStreams streams, ClipboardRights rights,
                               DesktopListener listener)
    : m_inside(std::move(inside)),
      m_streams(streams),
      m_listener(std::move(listener)),
      m_screen(openAgain(streams.output())),
      m_filter(isUtf8Terminal()),
      m_rights(rights),
      m_keysOver(!streams.interactive)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) == 0) {
        m_stop.reset(ends[0]);
        m_stopper.reset(ends[1]);
    }
    if (m_streams.interactive && ::tcgetattr(0, &m_before) == 0) setRaw(true);
    resized();
    m_thread = std::thread([this] { run(); });
}

TerminalBridge::~TerminalBridge()
{
    m_stopper.reset();
    m_thread.join();
    if (!m_streams.interactive) return;
    setRaw(false);
    // What the terminal answers now would be typed into whatever comes next.
    if (m_filter.hasAsked() && isInForeground()) ::tcflush(0, TCIFLUSH);
}

void TerminalBridge::setRaw(bool raw)
{
    if (!m_streams.interactive || !isInForeground()) return;
    termios wanted = m_before;
    if (raw) ::cfmakeraw(&wanted);
    ::tcsetattr(0, TCSANOW, &wanted);
}

void TerminalBridge::setFrozen(bool frozen)
{
    m_frozen = frozen;
    setRaw(!frozen);
    if (!frozen) resized();
}

void TerminalBridge::resized()
{
    winsize size{};
    if (::ioctl(m_streams.output(), TIOCGWINSZ, &size) == 0) ::ioctl(m_inside.get(), TIOCSWINSZ, &size);
}

void TerminalBridge::run()
{
    while (!m_stopping) step();
    finish();
}

void TerminalBridge::step()
{
    const bool listens = !m_keysOver && !m_frozen && m_keys.size() < kMostKeys && isInForeground();
    const short inside =
        static_cast<short>((m_outputOver || !m_output.empty() ? 0 : POLLIN) | (m_keys.empty() ? 0 : POLLOUT));
    std::array<pollfd, 4> waits{{{m_stop.get(), POLLIN, 0},
                                 {inside != 0 ? m_inside.get() : -1, inside, 0},
                                 {m_output.empty() ? -1 : m_screen.get(), POLLOUT, 0},
                                 {listens ? 0 : -1, POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), listens || m_keysOver ? -1 : kLookAgainMs) < 0 && errno != EINTR) {
        m_stopping = true;
        return;
    }
    m_stopping = waits[0].revents != 0;
    if (waits[2].fd >= 0 && waits[2].revents != 0) showOutput();
    if (waits[3].fd >= 0 && waits[3].revents != 0) takeKeys();
    if (waits[1].fd < 0) return;
    if ((waits[1].revents & POLLOUT) != 0) feedKeys();
    if ((waits[1].revents & (POLLIN | POLLHUP)) != 0 && m_output.empty()) takeOutput();
}

void TerminalBridge::takeOutput()
{
    std::array<char, kPiece> part;  // NOLINT: not cleared for each read
    const ssize_t length = ::read(m_inside.get(), part.data(), part.size());
    if (length > 0) {
        m_output += m_filter.pass({part.data(), static_cast<std::size_t>(length)}, m_rights);
        report();
    } else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
        m_outputOver = m_keysOver = true;  // nobody holds the other side any more
        m_keys.clear();
    }
}

void TerminalBridge::showOutput()
{
    const ssize_t length = ::write(m_screen.get(), m_output.data(), m_output.size());
    if (length > 0) m_output.erase(0, static_cast<std::size_t>(length));
    else if (length < 0 && errno != EAGAIN && errno != EINTR) m_output.clear();  // the user's terminal is gone
}

void TerminalBridge::takeKeys()
{
    std::array<char, 4096> typed;  // NOLINT: not cleared for each read
    const ssize_t length = ::read(0, typed.data(), typed.size());
    if (length <= 0) {
        m_keysOver = length == 0 || (errno != EAGAIN && errno != EINTR);
        return;
    }
    for (const char key : std::string_view(typed.data(), static_cast<std::size_t>(length)))
        if (!isForUs(key)) m_keys += key;
    feedKeys();
}

bool TerminalBridge::isForUs(char key)
{
    termios inside{};
    const auto is = [&](std::size_t which) {
        return inside.c_cc[which] != 0 && static_cast<cc_t>(key) == inside.c_cc[which];
    };
    const bool signals = ::tcgetattr(m_inside.get(), &inside) == 0 && (inside.c_lflag & ISIG) != 0;
    m_quits = signals && is(VQUIT) ? m_quits + 1 : 0;
    if (m_quits >= kQuitKeys) ::kill(::getpid(), SIGTERM);
    // A shell inside that does job control puts programs into groups of their own; otherwise nobody inside could let
    // the program go on again, so we stop as a whole.
    if (!signals || !is(VSUSP) || ::tcgetpgrp(m_inside.get()) != ::tcgetsid(m_inside.get())) return false;
    ::kill(::getpid(), SIGTSTP);
    return true;
}

void TerminalBridge::feedKeys()
{
    const ssize_t length = ::write(m_inside.get(), m_keys.data(), m_keys.size());
    if (length > 0) m_keys.erase(0, static_cast<std::size_t>(length));
}

void TerminalBridge::report()
{
    for (const TerminalFilter::ClipboardAttempt& attempt : m_filter.takeAttempts()) {
        if (!m_listener) continue;
        DesktopEvent event;
        event.isWrite = attempt.isWrite;
        event.selection = attempt.primary ? "PRIMARY" : "CLIPBOARD";
        event.type = "OSC 52";
        event.bytes = attempt.bytes;
        event.error = attempt.allowed ? 0 : EACCES;
        event.time = std::chrono::steady_clock::now();
        m_listener(event);
    }
}

void TerminalBridge::finish()
{
    for (bool last = false; !last;) {
        if (m_output.empty() && !m_outputOver) {
            // Everything inside is dead: what is there now is all there will ever be.
            pollfd more{m_inside.get(), POLLIN, 0};
            if (::poll(&more, 1, 0) > 0) takeOutput();
            else m_outputOver = true;
        }
        last = m_output.empty() && m_outputOver;
        if (last) m_output = m_filter.close();
        while (!m_output.empty()) {
            pollfd screen{m_screen.get(), POLLOUT, 0};
            if (::poll(&screen, 1, kPatienceMs) <= 0) return;
            showOutput();
        }
    }
}

}  // namespace belljar::linux_platform
