// Where Belljar's HTTP proxy listens: at the sandbox's own loopback.
#pragma once

#include <functional>

#include "core/base/result.h"
#include "core/platform/linux/network/inside_network.h"
#include "core/platform/linux/network/poller.h"

namespace belljar::linux_platform {

class ConnectDoors {
public:
    /// `sockets` are fresh ones; both must outlive it. `onVisitor` is told the socket at which somebody stands.
    ConnectDoors(const InsideSockets& sockets, Poller& poller, std::function<void(int listener)> onVisitor);

    /// At kOwnProxyPort of 127.0.0.1 and, where there is IPv6, of ::1.
    Result<void> open();

private:
    class Door final : public Pollable {
    public:
        Door(Poller& poller, int socket, const std::function<void(int)>& onVisitor)
            : m_poller(poller), m_socket(socket), m_onVisitor(onVisitor)
        {
        }
        ~Door() override { m_poller.want(m_socket, 0, m_wanted, *this); }
        bool open(bool isIpv6);
        void onReady(std::uint32_t /*events*/) override { m_onVisitor(m_socket); }

    private:
        Poller& m_poller;
        const int m_socket;
        const std::function<void(int)>& m_onVisitor;
        std::uint32_t m_wanted = 0;
    };

    const std::function<void(int)> m_onVisitor;
    Door m_door4;
    Door m_door6;
};

}  // namespace belljar::linux_platform
