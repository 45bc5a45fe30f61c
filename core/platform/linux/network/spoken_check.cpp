#include "core/platform/linux/network/spoken_check.h"

#include <spdlog/fmt/fmt.h>

#include "core/platform/linux/network/spoken_name.h"

namespace belljar::linux_platform {

TcpFlow::Heard hearName(const RelayJudge& judge, NetworkFlow& told, std::string_view bytes, bool isAll)
{
    using Heard = TcpFlow::Heard;
    const SpokenName spoken = spokenName(bytes, isAll);
    if (spoken.state == SpokenName::State::more) return Heard::more;
    if (spoken.state == SpokenName::State::other) return Heard::pass;
    const bool isNamed = spoken.state == SpokenName::State::named;
    if (!isNamed && !told.decision.byName) return Heard::pass;
    told.attempt.name = spoken.name;
    told.attempt.nameIsSaid = true;
    if (!told.decision.byName) return Heard::pass;
    told.decision = judge.again(told.attempt);
    if (told.decision.allowed) return Heard::pass;
    told.refusal = isNamed ? fmt::format("said in {}", spoken.way) : fmt::format("{}: {}", spoken.way, spoken.problem);
    return Heard::refuse;
}

}  // namespace belljar::linux_platform
