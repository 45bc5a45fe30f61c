// belljar-display: the display of one sandbox and its clipboard. It stands between the user's X server and what a
// sandbox says, so it is a process of its own, which ends with the sandbox and takes the sandbox's X server along.
//
// usage: belljar-display XEPHYR NUMBER SIZE TITLE FLAGS     FLAGS: any of "r" (read), "w" (write), "i" (input tools),
// "-"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "core/platform/linux/display/clipboard_broker.h"
#include "core/platform/linux/display/display_protocol.h"
#include "core/platform/linux/display/nested_server.h"
#include "core/platform/linux/display/x_side.h"

namespace belljar::linux_platform {
namespace {

/// A server that answers nothing for so long is taken for dead: SIGALRM ends us, and so the sandbox.
constexpr unsigned kServerPatience = 30;
constexpr rlim_t kMostMemory = rlim_t{256} << 20U;

void send(const DisplayReport& report)
{
    // Waits while the launcher is slow; reports are few.
    while (::send(kDisplayControl, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

int fail(const std::string& why)
{
    DisplayReport report;
    report.kind = DisplayReport::Kind::failed;
    copyText(report.text, why.data(), why.size());
    send(report);
    return 1;
}

std::string lastWords(const NestedServer& server)
{
    std::array<char, 4096> text{};
    const ssize_t length = ::read(server.messages.get(), text.data(), text.size());
    std::string said(text.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    while (!said.empty() && (said.back() == '\n' || said.back() == ' ')) said.pop_back();
    std::replace(said.begin(), said.end(), '\n', ' ');
    return said;
}

class Display {
public:
    Display(XSide& host, XSide& nested, const NestedServer& server, ClipboardRights rights)
        : m_host(host), m_nested(nested), m_server(server), m_broker(host, nested, rights, send)
    {
    }

    void run()
    {
        send(DisplayReport{});  // ready
        while (takeOrders() && !m_host.isBroken() && !m_nested.isBroken()) {
            ::alarm(kServerPatience);
            const bool busy = takeEvents();
            m_broker.expire();
            m_host.flush();
            m_nested.flush();
            ::alarm(0);
            if (!busy && !wait()) return;
        }
    }

private:
    /// One of each side, so that neither keeps the other waiting.
    bool takeEvents()
    {
        const XReply<xcb_generic_event_t> fromHost = m_host.nextEvent();
        if (fromHost) m_broker.onHostEvent(*fromHost);
        const XReply<xcb_generic_event_t> fromNested = m_nested.nextEvent();
        if (fromNested) m_broker.onNestedEvent(*fromNested);
        return fromHost || fromNested;
    }

    /// Before anything else is decided. False when the launcher is gone.
    bool takeOrders()
    {
        DisplayOrder order;
        ssize_t length = 0;
        while ((length = ::recv(kDisplayControl, &order, sizeof order, MSG_DONTWAIT)) ==
               static_cast<ssize_t>(sizeof order)) {
            m_broker.setRights({order.read, order.write});
            m_host.flush();
            m_nested.flush();
            DisplayReport done;
            done.kind = DisplayReport::Kind::obeyed;
            done.number = order.number;
            send(done);
        }
        return length < 0 && (errno == EAGAIN || errno == EINTR);
    }

    /// False when the sandbox's server is gone.
    bool wait()
    {
        int patience = -1;
        if (const auto deadline = m_broker.nextDeadline()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - ClipboardBroker::Clock::now());
            patience = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
        }
        std::array<pollfd, 5> waits{{{kDisplayControl, POLLIN, 0},
                                     {m_host.descriptor(), POLLIN, 0},
                                     {m_nested.descriptor(), POLLIN, 0},
                                     {m_server.pidfd.get(), POLLIN, 0},
                                     {m_messagesOpen ? m_server.messages.get() : -1, POLLIN, 0}}};
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
    const NestedServer& m_server;
    ClipboardBroker m_broker;
    bool m_messagesOpen = true;
};

int serve(const NestedServerOptions& options, ClipboardRights rights)
{
    const rlimit memory{kMostMemory, kMostMemory};
    ::setrlimit(RLIMIT_DATA, &memory);
    ::alarm(kServerPatience);
    const std::unique_ptr<XSide> host = XSide::open(xcb_connect(nullptr, nullptr));
    if (!host) return fail("the user's display does not let us in, or lacks the XFIXES extension");
    Result<NestedServer> server = startNestedServer(options, kDisplayListener);
    if (!server) return fail(describe(server.error()));
    ::close(kDisplayListener);
    // The first connection in the server's queue: nobody inside could make one earlier.
    const std::unique_ptr<XSide> nested = XSide::open(xcb_connect_to_fd(kDisplayClient, nullptr));
    if (!nested) {
        ::kill(server->pid, SIGTERM);
        ::waitpid(server->pid, nullptr, 0);
        return fail("Xephyr did not start: " + lastWords(*server));
    }
    Display(*host, *nested, *server, rights).run();
    ::kill(server->pid, SIGKILL);
    ::waitpid(server->pid, nullptr, 0);
    return 0;
}

}  // namespace
}  // namespace belljar::linux_platform

int main(int argc, char** argv)
{
    using namespace belljar::linux_platform;
    constexpr int kWords = 6;
    if (argc != kWords) {
        static constexpr char kHelp[] = "belljar-display is started by belljar; it does nothing by itself.\n";
        return ::write(2, kHelp, sizeof kHelp - 1) < 0 ? 2 : 2;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    for (const int descriptor : {kDisplayControl, kDisplayListener, kDisplayClient})
        ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    const std::string flags = argv[5];
    const auto has = [&](char flag) { return flags.find(flag) != std::string::npos; };
    NestedServerOptions options{argv[1], argv[4], argv[3], argv[2], has('i')};
    return serve(options, {has('r'), has('w')});
}
