// How fast a change of a running session's policy is: from the call to the first access that is decided by the new
// rule.
//
//   belljar-bench-policy [ROUNDS]
//
// Prints one JSON object: for each change its latencies in microseconds, in order; "..., returned" is how long the call
// took, which also looks for who still holds what went, and "deciding" the part before anything is asked of the kernel.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <spdlog/fmt/fmt.h>

#include "backends/registry.h"
#include "core/engine/preparation.h"
#include "core/engine/session.h"
#include "core/policy/amend.h"

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

/// A change of a path, and the answer that the program gets from then on (an errno; 0: it works).
struct Change {
    const char* name;
    std::optional<PathAccess> access;
    int answer;
};

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
        std::string pattern = "/var/tmp/belljar-bench-XXXXXX";
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
    Spinner(const Folder& folder, const std::string& program, const char* what, std::vector<ExtraPath> granted)
        : m_facts(inspectHost(false)), m_backends(allBackends())
    {
        RunRequest request;
        request.extraPaths = {{folder / "shared", PathAccess::readWrite}, {program, PathAccess::readOnly}};
        request.extraPaths.insert(request.extraPaths.end(), granted.begin(), granted.end());
        request.argv = {program, folder / "shared/page", what, folder / "data/file"};
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
        for (int tries = 0; m_shared->changes == 0; ++tries) {
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
    Latency change(const std::string& path, const Change& change)
    {
        const std::int64_t started = now();
        const Result<PathChangeResult> changed = m_session->changePath({path, change.access, "the bench"});
        const std::int64_t returned = now();
        if (!changed) fail(changed.error().message + " " + changed.error().native + " " + changed.error().where);
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
std::string measure(Spinner& spinner, const std::string& path, const std::array<Change, 2>& changes, int rounds)
{
    const Latency first = spinner.change(path, changes[0]);
    spinner.change(path, changes[1]);
    std::array<std::vector<double>, 2> seen;
    std::array<std::vector<double>, 2> returned;
    for (int i = 0; i < rounds; ++i) {
        for (std::size_t which = 0; which < changes.size(); ++which) {
            const Latency latency = spinner.change(path, changes[which]);
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

}  // namespace

int main(int argc, char** argv)
{
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 500;
    const std::string program = (fs::canonical("/proc/self/exe").parent_path() / "belljar-bench-spin").string();
    const Folder folder;
    std::string text = decisions(folder, rounds);
    const auto add = [&](const char* what, std::vector<ExtraPath> granted, const char* place,
                         const std::array<Change, 2>& changes) {
        Spinner spinner(folder, program, what, std::move(granted));
        text += ", " + measure(spinner, folder / place, changes, rounds);
    };
    add("read", {}, "data", {{{"grant", PathAccess::readOnly, 0}, {"revoke", std::nullopt, ENOENT}}});
    add("write", {{folder / "data", PathAccess::readWrite}}, "data",
        {{{"to read-only", PathAccess::readOnly, EROFS}, {"to read-write", PathAccess::readWrite, 0}}});
    add("read", {{folder / "data", PathAccess::readOnly}}, "data/file",
        {{{"deny", PathAccess::denied, EACCES}, {"allow again", std::nullopt, 0}}});
    std::printf("{%s}\n", text.c_str());
    return 0;
}
