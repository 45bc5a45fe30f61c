#include "core/platform/linux/kernel/kernel_session.h"

namespace belljar::linux_platform {

SourceFacts kernelFacts(std::uint32_t programs, const std::string& whyNoGuard)
{
    SourceFacts facts{"kernel", "eBPF: ends of system calls", {}, {}};
    if ((programs & kGuardPrograms) != 0) {
        facts.mechanism += ", LSM hooks";
        facts.blindSpots.emplace_back(
            "Results of operations through io_uring are derived, and failed ones are not seen.");
    } else {
        facts.blindSpots.push_back("Operations through io_uring are not seen (" + whyNoGuard +
                                   "); Belljar's system-call filter refuses io_uring.");
    }
    facts.blindSpots.emplace_back(
        "What is read or written through memory maps is not counted, nor are descriptors above 1,023.");
    facts.blindSpots.emplace_back(
        "The path of a call that failed or only looked is read after the call: another thread that changes it in that "
        "moment makes it wrong.");
    return facts;
}

}  // namespace belljar::linux_platform
