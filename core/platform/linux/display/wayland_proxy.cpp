#include "core/platform/linux/display/wayland_proxy.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kMostClients = 64;

UniqueFd connectTo(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (path.size() >= sizeof address.sun_path) return {};
    std::memcpy(address.sun_path, path.data(), path.size());
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};  // NOLINT
    ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
    return socket;
}

}  // namespace

WaylandProxy::WaylandProxy(std::string compositor, UniqueFd listener, ClipboardRights rights, std::string mark,
                           ClipboardReporter& reporter)
    : m_path(std::move(compositor)), m_listener(std::move(listener)), m_shared{rights, std::move(mark), reporter, {}}
{
    ::fcntl(m_listener.get(), F_SETFL, O_NONBLOCK);
}

bool WaylandProxy::canConnect() const
{
    return static_cast<bool>(connectTo(m_path));
}

void WaylandProxy::setRights(ClipboardRights rights)
{
    m_shared.rights = rights;
    for (RunningContent& content : m_shared.contents)
        if (content.transfer.isWrite ? !rights.write : !rights.read) content.pump.end(EACCES);
    sweepContents();
}

void WaylandProxy::sweepContents()
{
    for (auto at = m_shared.contents.begin(); at != m_shared.contents.end();) {
        if (!at->pump.isOver()) {
            ++at;
            continue;
        }
        at->transfer.error = at->pump.error();
        at->transfer.bytes = at->pump.bytes();
        m_shared.reporter.tell(at->transfer, [&] { return at->program; });
        at = m_shared.contents.erase(at);
    }
}

void WaylandProxy::accept()
{
    UniqueFd program(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!program || m_clients.size() >= kMostClients) return;
    UniqueFd compositor = connectTo(m_path);
    if (!compositor) return;
    m_clients.emplace_back(std::move(program), std::move(compositor), m_shared);
}

int WaylandProxy::patience() const
{
    if (m_shared.contents.empty()) return -1;
    auto first = m_shared.contents.front().pump.deadline();
    for (const RunningContent& content : m_shared.contents) first = std::min(first, content.pump.deadline());
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(first - ContentPump::Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
}

bool WaylandProxy::step(int control)
{
    std::vector<pollfd> waits{{control, POLLIN, 0}, {m_listener.get(), POLLIN, 0}};
    const std::size_t contents = m_shared.contents.size();
    for (const RunningContent& content : m_shared.contents)
        waits.push_back({content.pump.descriptor(), content.pump.events(), 0});
    for (WaylandClient& client : m_clients) {
        // Who does not take what comes is not read from: neither side can fill our memory.
        const auto events = [](const WaylandWire& own, const WaylandWire& other) {
            return static_cast<short>((other.isFull() ? 0 : POLLIN) | (own.hasUnsent() ? POLLOUT : 0));
        };
        waits.push_back({client.program().descriptor(), events(client.program(), client.compositor()), 0});
        waits.push_back({client.compositor().descriptor(), events(client.compositor(), client.program()), 0});
    }
    if (::poll(waits.data(), waits.size(), patience()) < 0 && errno != EINTR) return false;
    for (std::size_t i = 0; i < contents; ++i) {
        ContentPump& pump = m_shared.contents[i].pump;
        if (waits[2 + i].revents != 0) pump.step();
        else if (pump.deadline() <= ContentPump::Clock::now()) pump.end(ETIMEDOUT);
    }
    sweepContents();
    std::size_t at = 2 + contents;
    for (auto client = m_clients.begin(); client != m_clients.end(); at += 2) {
        const auto current = client++;
        serveClient(current, waits[at].revents, waits[at + 1].revents);
    }
    if (waits[1].revents != 0) accept();
    return true;
}

void WaylandProxy::serveClient(std::list<WaylandClient>::iterator client, short program, short compositor)
{
    bool goesOn = true;
    if ((program & (POLLIN | POLLHUP | POLLERR)) != 0) goesOn = client->onProgram();
    if (goesOn && (compositor & (POLLIN | POLLHUP | POLLERR)) != 0) goesOn = client->onCompositor();
    if (!goesOn || !client->flush()) m_clients.erase(client);
}

}  // namespace belljar::linux_platform
