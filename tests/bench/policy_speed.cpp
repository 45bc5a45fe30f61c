// How fast a change of a running session's policy is: from the call to the first access that is decided by the new
// rule.
//
//   belljar-bench-policy [ROUNDS]
//
// Prints one JSON object: for each change its latencies in microseconds, in order; "..., returned" is how long the call
// took, which also looks for who still holds what went, and "deciding" the part before anything is asked of the kernel.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include <spdlog/fmt/fmt.h>

#include "backends/registry.h"
#include "core/engine/preparation.h"
#include "core/engine/session.h"
#include "core/platform/posix/unique_fd.h"
#include "core/policy/amend.h"
#include "core/policy/network_words.h"

namespace {

using namespace belljar;
namespace fs = std::filesystem;

struct Shared {
    volatile std::int64_t changes;
    volatile std::int64_t changedNs;
    volatile std::int64_t answer;
    volatile std::int64_t stop;
};

std::int64_t now()
{
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

[[noreturn]] void fail(const std::string& what)
{
    std::fprintf(stderr, "bench: %s\n", what.c_str());
    std::exit(1);
}

double microseconds(std::int64_t nanoseconds)
{
    return static_cast<double>(nanoseconds) / 1000;
}

struct Latency {
    double seen = 0;
    double returned = 0;
};

/// A change, and the answer that the program gets from then on (an errno; 0: it works).
struct Change {
    const char* name;
    std::function<std::optional<Error>(Session&)> apply;
    int answer;
};

Change pathChange(const char* name, const std::string& path, std::optional<PathAccess> access, int answer)
{
    const auto apply = [path, access](Session& session) -> std::optional<Error> {
        const Result<PathChangeResult> changed = session.changePath({path, access, "the bench"});
        return changed ? std::nullopt : std::optional(changed.error());
    };
    return {name, apply, answer};
}

Change networkChange(const char* name, NetworkChange::Action action, const std::string& spec, int answer)
{
    const auto apply = [action, spec = parseNetworkSpec(spec).value()](Session& session) -> std::optional<Error> {
        const Result<NetworkChangeResult> changed = session.changeNetwork({action, spec, "the bench"});
        return changed ? std::nullopt : std::optional(changed.error());
    };
    return {name, apply, answer};
}

class Nobody final : public SessionObserver {
public:
    void onEvents(std::span<const Event>) override {}
    void onOutput(int, std::string_view bytes) override { text += bytes; }
    void onFinished(const Outcome&, const Losses&) override {}
    std::string text;
};

/// A folder with what the bench needs; gone with it.
class Folder {
public:
    Folder()
    {
        std::string pattern = "/var/tmp/belljar-test-bench-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) fail("no folder");
        m_path = pattern;
        for (const char* name : {"shared", "data", "rest"}) fs::create_directory(m_path + "/" + name);
        std::ofstream(m_path + "/data/file") << "x";
        std::ofstream(m_path + "/shared/page") << std::string(4096, '\0');
    }
    ~Folder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string operator/(const char* name) const { return m_path + "/" + name; }

private:
    std::string m_path;
};

class Spinner {
public:
    /// Does `what` to `object` all the time, under `request` with what a spinner needs.
    Spinner(const Folder& folder, const std::string& program, const char* what, const std::string& object,
            RunRequest request)
        : m_facts(inspectHost(false)), m_backends(allBackends())
    {
        const std::vector<ExtraPath> granted = std::move(request.extraPaths);
        request.extraPaths = {{folder / "shared", PathAccess::readWrite}, {program, PathAccess::readOnly}};
        request.extraPaths.insert(request.extraPaths.end(), granted.begin(), granted.end());
        request.argv = {program, folder / "shared/page", what, object};
        request.cwd = "/";
        request.watch.monitor = Monitor::off;
        Preparation preparation = prepare(request, *m_facts, m_backends);
        if (!preparation.plan) fail(preparation.error->message);
        const int page = ::open((folder / "shared/page").c_str(), O_RDWR | O_CLOEXEC);
        m_shared = static_cast<Shared*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0));
        m_shared->changes = 0;
        m_shared->stop = 0;
        SessionOptions options;
        options.stdio.mode = StdioPlan::Mode::pipes;
        auto session = Session::start(std::move(preparation), options, *m_facts, m_nobody);
        if (!session) fail(session.error().message);
        m_session = std::move(session).value();
        // The program may be ahead of who would change what it may do.
        for (int tries = 0; m_shared->changes == 0 || !m_session->thaw("bench"); ++tries) {
            if (tries > 5000) fail("the program does not start: " + m_nobody.text);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    ~Spinner()
    {
        m_shared->stop = 1;
        m_session->wait();
    }
    Spinner(const Spinner&) = delete;
    Spinner& operator=(const Spinner&) = delete;

    /// Changes, and waits until the program has got the answer.
    Latency make(const Change& change)
    {
        const std::int64_t started = now();
        const std::optional<Error> failed = change.apply(*m_session);
        const std::int64_t returned = now();
        if (failed) fail(failed->message + " " + failed->native + " " + failed->where);
        for (int tries = 0; m_shared->answer != change.answer; ++tries) {
            if (tries > 5000) fail("the program does not see the change");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return {microseconds(m_shared->changedNs - started), microseconds(returned - started)};
    }

private:
    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    Nobody m_nobody;
    std::unique_ptr<Session> m_session;
    Shared* m_shared = nullptr;
};

std::string list(const std::vector<double>& values)
{
    std::string text;
    for (const double value : values) text += fmt::format("{}{:.1f}", text.empty() ? "" : ", ", value);
    return "[" + text + "]";
}

/// A change and its undoing, `rounds` times; the first, which starts the helper, apart.
std::string measure(Spinner& spinner, const std::array<Change, 2>& changes, int rounds)
{
    const Latency first = spinner.make(changes[0]);
    spinner.make(changes[1]);
    std::array<std::vector<double>, 2> seen;
    std::array<std::vector<double>, 2> returned;
    for (int i = 0; i < rounds; ++i) {
        for (std::size_t which = 0; which < changes.size(); ++which) {
            const Latency latency = spinner.make(changes[which]);
            seen[which].push_back(latency.seen);
            returned[which].push_back(latency.returned);
        }
    }
    std::string text = fmt::format("\"first {}\": [{:.1f}]", changes[0].name, first.seen);
    for (std::size_t which = 0; which < changes.size(); ++which)
        text += fmt::format(", \"{0}\": {1}, \"{0}, returned\": {2}", changes[which].name, list(seen[which]),
                            list(returned[which]));
    return text;
}

/// What a grant takes before the kernel is asked for anything: the new policy and its plan.
std::string decisions(const Folder& folder, int rounds)
{
    const std::unique_ptr<HostFacts> facts = inspectHost(false);
    const BackendList backends = allBackends();
    RunRequest request;
    request.extraPaths = {{folder / "shared", PathAccess::readWrite}};
    request.argv = {"true"};
    request.cwd = "/";
    const Preparation preparation = prepare(request, *facts, backends);
    if (!preparation.plan) fail(preparation.error->message);
    std::vector<double> took;
    for (int i = 0; i < rounds; ++i) {
        Policy policy = *preparation.policy;
        PathOrigins origins = preparation.origins;
        const std::int64_t started = now();
        const Amendment amended =
            amendPolicy(std::move(policy), std::move(origins), {folder / "data", PathAccess::readOnly, "x"}, *facts);
        if (!amended.policy || !preparation.backend->plan(*amended.policy, facts->system(), {})) fail("no plan");
        took.push_back(microseconds(now() - started));
    }
    return fmt::format("\"deciding\": {}", list(took));
}

/// A program in the sandbox connects to a port of the host's loopback all the time, another holds one connection.
std::string networkChanges(const Folder& folder, const std::string& program, int rounds)
{
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof own;
    auto* const address = reinterpret_cast<sockaddr*>(&own);  // NOLINT: as the sockets interface has it
    if (::bind(listener, address, length) != 0 || ::listen(listener, 1024) != 0 ||
        ::getsockname(listener, address, &length) != 0)
        fail("nothing to connect to");
    std::thread taker([listener] {
        UniqueFd last;
        for (UniqueFd peer; (peer = UniqueFd(::accept(listener, nullptr, nullptr)));) last = std::move(peer);
    });
    const std::string peer = fmt::format("100.64.0.1:{}", ::ntohs(own.sin_port));
    RunRequest request;
    request.profileText =
        R"({"version": "0.8.0", "network": {"ingress": {"hostLoopback": "allow"}, "egress": {"default": "deny",
            "allow": [{"to": [{"cidr": "192.0.2.1/32"}]}]}}})";
    std::string text;
    {
        Spinner spinner(folder, program, "connect", peer, request);
        text = measure(spinner,
                       {networkChange("allow a peer", NetworkChange::Action::allow, peer, 0),
                        networkChange("deny a peer", NetworkChange::Action::deny, peer, ECONNREFUSED)},
                       rounds);
    }
    {
        Spinner spinner(folder, program, "talk", peer, std::move(request));
        text += ", " + measure(spinner,
                               {networkChange("let a flow begin", NetworkChange::Action::allow, peer, 0),
                                networkChange("cut a flow", NetworkChange::Action::deny, peer, ECONNRESET)},
                               rounds);
    }
    ::shutdown(listener, SHUT_RDWR);
    taker.join();
    ::close(listener);
    return text;
}

}  // namespace

int main(int argc, char** argv)
{
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 500;
    const std::string program = (fs::canonical("/proc/self/exe").parent_path() / "belljar-bench-spin").string();
    const Folder folder;
    std::string text = decisions(folder, rounds);
    const std::string data = folder / "data";
    const std::string file = folder / "data/file";
    const auto add = [&](const char* what, std::vector<ExtraPath> granted, const std::array<Change, 2>& changes) {
        RunRequest request;
        request.extraPaths = std::move(granted);
        Spinner spinner(folder, program, what, file, std::move(request));
        text += ", " + measure(spinner, changes, rounds);
    };
    add("read", {},
        {pathChange("grant", data, PathAccess::readOnly, 0), pathChange("revoke", data, std::nullopt, ENOENT)});
    add("write", {{data, PathAccess::readWrite}},
        {pathChange("to read-only", data, PathAccess::readOnly, EROFS),
         pathChange("to read-write", data, PathAccess::readWrite, 0)});
    add("read", {{data, PathAccess::readOnly}},
        {pathChange("deny", file, PathAccess::denied, EACCES), pathChange("allow again", file, std::nullopt, 0)});
    text += ", " + networkChanges(folder, program, rounds);
    std::printf("{%s}\n", text.c_str());
    return 0;
}
