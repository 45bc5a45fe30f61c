#include "core/platform/linux/display/x_display.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include "core/platform/linux/display/clipboard_broker.h"
#include "core/platform/linux/display/display_control.h"
#include "core/platform/linux/display/sandbox_frame.h"
#include "core/platform/linux/display/x_side.h"
#include "core/platform/linux/display/x_watch_reports.h"

namespace belljar::linux_platform {
namespace {

/// A server that answers nothing for so long is taken for dead: SIGALRM ends us, and so the sandbox.
constexpr unsigned kServerPatience = 30;

std::string lastWords(const NestedServer& server)
{
    std::array<char, 4096> text{};
    const ssize_t length = ::read(server.messages.get(), text.data(), text.size());
    std::string said(text.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.pop_back();
    std::replace(said.begin(), said.end(), '\n', ' ');
    return said;
}

/// Of "1280x800".
std::pair<std::uint16_t, std::uint16_t> pixelsOf(const std::string& size)
{
    const std::size_t by = size.find('x');
    const auto number = [](const std::string& text) {
        constexpr int kMost = 16384;
        return static_cast<std::uint16_t>(std::clamp(std::atoi(text.c_str()), 1, kMost));  // NOLINT: our own text
    };
    return {number(size), number(by == std::string::npos ? "" : size.substr(by + 1))};
}

class Display {
public:
    Display(XSide& host, XSide& nested, SandboxFrame& frame, const NestedServer& server, ClipboardRights rights)
        : m_host(host),
          m_nested(nested),
          m_frame(frame),
          m_server(server),
          m_reporter(sendReport),
          m_broker(host, nested, frame.window(), rights, m_reporter),
          m_attempts(server.watch.get(), m_reporter)
    {
    }

    void run()
    {
        sendReport(DisplayReport{});  // ready
        while (takeOrders([this](ClipboardRights rights) { obey(rights); }) && !m_host.isBroken() &&
               !m_nested.isBroken()) {
            ::alarm(kServerPatience);
            const bool busy = takeEvents();
            m_broker.expire();
            m_attempts.take();
            if (!m_frame.takeEvents()) return;
            m_host.flush();
            m_nested.flush();
            ::alarm(0);
            if (!busy && !wait()) return;
        }
    }

private:
    /// Before anything else is decided.
    void obey(ClipboardRights rights)
    {
        m_broker.setRights(rights);
        m_host.flush();
        m_nested.flush();
    }

    /// One of each side, so that neither keeps the other waiting.
    bool takeEvents()
    {
        const XReply<xcb_generic_event_t> fromHost = m_host.nextEvent();
        if (fromHost) m_broker.onHostEvent(*fromHost);
        const XReply<xcb_generic_event_t> fromNested = m_nested.nextEvent();
        if (fromNested) m_broker.onNestedEvent(*fromNested);
        return fromHost || fromNested;
    }

    /// False when the sandbox's server is gone.
    bool wait()
    {
        int patience = -1;
        auto deadline = m_broker.nextDeadline();
        if (const auto due = m_attempts.deadline()) deadline = std::min(deadline.value_or(*due), *due);
        if (deadline) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - ClipboardBroker::Clock::now());
            patience = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
        }
        std::array<pollfd, 7> waits{{{kDisplayControl, POLLIN, 0},
                                     {m_host.descriptor(), POLLIN, 0},
                                     {m_nested.descriptor(), POLLIN, 0},
                                     {m_server.pidfd.get(), POLLIN, 0},
                                     {m_messagesOpen ? m_server.messages.get() : -1, POLLIN, 0},
                                     {m_frame.descriptor(), POLLIN, 0},
                                     {m_server.watch.get(), POLLIN, 0}}};
        if (::poll(waits.data(), waits.size(), patience) < 0 && errno != EINTR) return false;
        if (waits[4].revents != 0) dropMessages();
        return waits[3].revents == 0;
    }

    /// A server that complains a lot must not wait for a full pipe.
    void dropMessages()
    {
        std::array<char, 4096> text{};
        m_messagesOpen = ::read(m_server.messages.get(), text.data(), text.size()) > 0;
    }

    XSide& m_host;
    XSide& m_nested;
    SandboxFrame& m_frame;
    const NestedServer& m_server;
    ClipboardReporter m_reporter;
    ClipboardBroker m_broker;
    XWatchReports m_attempts;
    bool m_messagesOpen = true;
};

}  // namespace

int serveX(const NestedServerOptions& options, ClipboardRights rights)
{
    ::alarm(kServerPatience);
    const std::unique_ptr<XSide> host = XSide::open(xcb_connect(nullptr, nullptr));
    if (!host) return reportFailure("the user's display does not let us in, or lacks the XFIXES extension");
    const auto [width, height] = pixelsOf(options.size);
    const std::unique_ptr<SandboxFrame> frame = SandboxFrame::open(options.title, width, height);
    if (!frame) return reportFailure("the user's display shows no window of ours");
    Result<NestedServer> server = startNestedServer(options, kDisplayListener, frame->inside());
    if (!server) return reportFailure(describe(server.error()));
    ::close(kDisplayListener);
    // The first connection in the server's queue: nobody inside could make one earlier.
    const std::unique_ptr<XSide> nested = XSide::open(xcb_connect_to_fd(kDisplayClient, nullptr));
    const char* const failed = !nested                                      ? "Xephyr did not start: "
                               : !beginXWatch(server->watch.get(), *nested) ? "what is said to Xephyr cannot be seen "
                                                                            : nullptr;
    if (failed != nullptr) {
        ::kill(server->pid, SIGTERM);
        ::waitpid(server->pid, nullptr, 0);
        return reportFailure(failed + lastWords(*server));
    }
    Display(*host, *nested, *frame, *server, rights).run();
    ::kill(server->pid, SIGKILL);
    ::waitpid(server->pid, nullptr, 0);
    return 0;
}

}  // namespace belljar::linux_platform
