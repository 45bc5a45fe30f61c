// Whether what a program says first agrees with why its connection was let out.
#pragma once

#include <string_view>

#include "core/platform/linux/network/relay_judge.h"
#include "core/platform/linux/network/tcp_flow.h"

namespace belljar::linux_platform {

/// For TcpFlow::listen(): the program may say another name than that under which it has got the address. `told` is the
/// flow's and takes what was said.
[[nodiscard]] TcpFlow::Heard hearName(const RelayJudge& judge, NetworkFlow& told, std::string_view bytes, bool isAll);

}  // namespace belljar::linux_platform
