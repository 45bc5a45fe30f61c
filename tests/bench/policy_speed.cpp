// How fast a change of a running session's policy is: from the call to the first access that is decided by the new
// rule.
//
//   belljar-bench-policy [ROUNDS]
//
// Prints one JSON object: for each change its latencies in microseconds, in order.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

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

    /// Microseconds from the call until the program has seen it; and what the call itself took.
    double change(const std::string& path, std::optional<PathAccess> access)
    {
        const std::int64_t before = m_shared->changes;
        const std::int64_t started = now();
        const Result<PathChangeResult> changed = m_session->changePath({path, access, "the bench"});
        if (!changed) fail(changed.error().message + " " + changed.error().native + " " + changed.error().where);
        for (int tries = 0; m_shared->changes == before; ++tries) {
            if (tries > 5000) fail("the program does not see the change");
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return static_cast<double>(m_shared->changedNs - started) / 1000;
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

/// A change and its undoing, `rounds` times; the first of each, which starts the helper, apart.
std::string measure(Spinner& spinner, const std::string& path, std::optional<PathAccess> one,
                    std::optional<PathAccess> other, const char* oneName, const char* otherName, int rounds)
{
    const double first = spinner.change(path, one);
    spinner.change(path, other);
    std::vector<double> there;
    std::vector<double> back;
    for (int i = 0; i < rounds; ++i) {
        there.push_back(spinner.change(path, one));
        back.push_back(spinner.change(path, other));
    }
    return fmt::format("\"first {0}\": [{1:.1f}], \"{0}\": {2}, \"{3}\": {4}", oneName, first, list(there), otherName,
                       list(back));
}

}  // namespace

int main(int argc, char** argv)
{
    const int rounds = argc > 1 ? std::atoi(argv[1]) : 500;
    const std::string program = (fs::canonical("/proc/self/exe").parent_path() / "belljar-bench-spin").string();
    const Folder folder;
    std::string text;
    {
        Spinner spinner(folder, program, "read", {});
        text += measure(spinner, folder / "data", PathAccess::readOnly, std::nullopt, "grant", "revoke", rounds);
    }
    {
        Spinner spinner(folder, program, "write", {{folder / "data", PathAccess::readWrite}});
        text += ", " + measure(spinner, folder / "data", PathAccess::readOnly, PathAccess::readWrite, "to read-only",
                               "to read-write", rounds);
    }
    {
        Spinner spinner(folder, program, "read", {{folder / "data", PathAccess::readOnly}});
        text += ", " +
                measure(spinner, folder / "data/file", PathAccess::denied, std::nullopt, "deny", "allow again", rounds);
    }
    std::printf("{%s}\n", text.c_str());
    return 0;
}
