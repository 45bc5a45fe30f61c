#include "core/platform/linux/display/display_control.h"

#include <sys/socket.h>

#include <cerrno>

namespace belljar::linux_platform {

void sendReport(const DisplayReport& report)
{
    while (::send(kDisplayControl, &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

int reportFailure(const std::string& why)
{
    DisplayReport report;
    report.kind = DisplayReport::Kind::failed;
    copyText(report.text, why.data(), why.size());
    sendReport(report);
    return 1;
}

bool takeOrders(const std::function<void(ClipboardRights)>& obey)
{
    DisplayOrder order;
    ssize_t length = 0;
    while ((length = ::recv(kDisplayControl, &order, sizeof order, MSG_DONTWAIT)) ==
           static_cast<ssize_t>(sizeof order)) {
        obey({order.read, order.write});
        DisplayReport done;
        done.kind = DisplayReport::Kind::obeyed;
        done.number = order.number;
        sendReport(done);
    }
    return length < 0 && (errno == EAGAIN || errno == EINTR);
}

}  // namespace belljar::linux_platform
