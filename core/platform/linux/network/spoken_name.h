// What a program says in the first bytes of a connection about whom it wants to reach: the server name of TLS, the host
// of HTTP.
//
// Hostile, and read as strictly as can be: where two readers could differ about the name, there is none.
#pragma once

#include <string>
#include <string_view>

namespace belljar::linux_platform {

struct SpokenName {
    enum class State {
        more,     ///< Cannot be told yet.
        other,    ///< Neither TLS nor HTTP.
        named,    ///< `name` is as parseHostName() gives it.
        unnamed,  ///< TLS or HTTP, and `problem` says why no name counts.
    };
    State state = State::more;
    std::string name{};
    const char* way = "";      ///< "TLS" or "HTTP".
    const char* problem = "";  ///< A clause.
};

/// So many bytes tell; of a head that is longer nothing counts.
inline constexpr std::size_t kMostSpoken = 32U << 10U;

/// `bytes` are all from the beginning; `isAll`: no more come.
[[nodiscard]] SpokenName spokenName(std::string_view bytes, bool isAll);

}  // namespace belljar::linux_platform
