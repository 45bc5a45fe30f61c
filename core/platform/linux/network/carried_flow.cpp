#include "core/platform/linux/network/carried_flow.h"

#include <cerrno>
#include <utility>

namespace belljar::linux_platform {

void tellOver(CarriedFlow carried, int error, std::uint16_t port, Poller& poller, RelayJudge& judge)
{
    carried.told.sent = carried.flow->sent();
    carried.told.received = carried.flow->received();
    carried.told.error = error;
    poller.bury(std::move(carried.flow));
    judge.tell(std::move(carried.told), port);
}

void cutSilent(CarriedFlow& carried)
{
    carried.told.decision.allowed = false;
    carried.told.refusal = "it did not say in time whom it wants";
    carried.flow->cut(EACCES);
}

}  // namespace belljar::linux_platform
