// belljar-monitord: lets ordinary users watch their own sandboxes with eBPF. Loads the programs, makes each session's
// maps, passes their descriptors, and has nothing to do with what is watched. resources/help/monitor-helper.md says
// what is trusted and why.
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "app/monitord/kernel_sessions.h"
#include "app/monitord/listener.h"
#include "app/monitord/listening_socket.h"
#include "app/monitord/log.h"
#include "app/monitord/privileges.h"
#include "app/monitord/target_check.h"
#include "core/platform/platform.h"

namespace {

using namespace belljar;
using namespace belljar::monitord;

/// A start takes one, and to prepare the next takes as long as a few starts. 16 MiB each.
constexpr unsigned kSpares = 2;

constexpr std::string_view kHelp =
    "belljar-monitord [--socket PATH] [--idle SECONDS] [--user NAME]\n"
    "belljar-monitord --help | --version\n"
    "\n"
    "Lets ordinary users watch their own sandboxes with eBPF: belljar run --monitor kernel.\n"
    "Usually started by systemd: systemctl enable --now belljar-monitord.socket\n"
    "\n"
    "  --socket PATH    listen there, instead of on the socket that systemd hands over\n"
    "  --idle SECONDS   end after this time without a client; 0, the default: never\n"
    "  --user NAME      user to become when started as root (default: belljar-monitord, else nobody)\n";

struct Options {
    std::string socket;
    std::string user = "belljar-monitord";
    unsigned idleSeconds = 0;
    std::optional<int> code;  ///< Set: end with it at once.
};

Options wrongUsage(std::string_view what)
{
    std::fprintf(stderr, "belljar-monitord: %.*s; see --help\n", static_cast<int>(what.size()), what.data());
    Options options;
    options.code = 2;
    return options;
}

Options readOptions(int count, char** words)
{
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word == "--help" || word == "--version") {
            const std::string version = "belljar-monitord " BELLJAR_VERSION "\n";
            std::fputs(word == "--help" ? kHelp.data() : version.c_str(), stdout);
            options.code = 0;
            return options;
        }
        if (i + 1 == count) return wrongUsage("an unknown option, or one without its value");
        const std::string_view value = words[++i];
        if (word == "--socket") {
            options.socket = value;
        } else if (word == "--user") {
            options.user = value;
        } else if (word == "--idle") {
            const char* end = value.data() + value.size();
            const auto [at, error] = std::from_chars(value.data(), end, options.idleSeconds);
            if (error != std::errc{} || at != end || options.idleSeconds > 86'400)
                return wrongUsage("--idle takes seconds, at most 86400");
        } else {
            return wrongUsage("an unknown option");
        }
    }
    return options;
}

int fail(const Error& error)
{
    log(LogLevel::error, describe(error));
    return 1;
}

int serve(const Options& options)
{
    Result<UniqueFd> socket = inheritedSocket();
    if (socket && !*socket) {
        if (options.socket.empty()) return wrongUsage("no socket was handed over and --socket names none").code.value();
        socket = makeSocket(options.socket);
    }
    if (!socket) return fail(socket.error());
    // Read while files can still be opened.
    [[maybe_unused]] const uid_t nobody = userWithoutNumber();
    if (Result<void> kept = keepLoadingRights(options.user); !kept) return fail(kept.error());
    Result<std::unique_ptr<SessionMaker>> maker = loadKernelSessions();
    std::string whyNone;
    if (!maker) {
        // Serves all the same: a client hears why, and the service manager does not start us again and again.
        whyNone = describe(maker.error());
        log(LogLevel::error, whyNone);
    }
    ListenerOptions listening;
    listening.idle = std::chrono::seconds(options.idleSeconds);
    listening.spares = kSpares;
    Listener listener(std::move(socket).value(), maker ? maker->get() : nullptr, whyNone, listening);
    if (Result<void> prepared = listener.prepare(); !prepared) return fail(prepared.error());
    if (Result<void> kept = keepServingRights(); !kept) return fail(kept.error());
    log(LogLevel::info, maker ? "the programs are loaded" : "serving refusals only");
    const Result<void> served = listener.run();
    return served ? 0 : fail(served.error());
}

}  // namespace

int main(int count, char** words)
{
    openClosedStreams();
    const Options options = readOptions(count, words);
    return options.code ? *options.code : serve(options);
}
