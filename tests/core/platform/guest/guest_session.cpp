// A session as `belljar run` has it, whose policy is changed as `belljar policy` does: what a rule about an object in
// the kernel adds to the mounts. Each answer is told as "WIRED name errno", events as "NAMED object mechanism rule".
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/engine/preparation.h"
#include "core/engine/session.h"
#include "core/events/event_table.h"
#include "tests/core/platform/guest/guest.h"

namespace guest {
namespace {

using namespace belljar;

/// Gathers what the sandboxee answers, and its refusals.
class Listener final : public SessionObserver {
public:
    void onEvents(std::span<const Event> events) override
    {
        const std::lock_guard lock(m_mutex);
        for (const Event& event : events)
            if (event.result == EACCES) refused.push_back(event);
    }
    void onOutput(int, std::string_view bytes) override
    {
        const std::lock_guard lock(m_mutex);
        m_text += bytes;
        m_more.notify_all();
    }
    void onFinished(const Outcome& outcome, const Losses&) override
    {
        const std::lock_guard lock(m_mutex);
        if (const auto* failed = std::get_if<SetupFailed>(&outcome.ending))
            std::printf("FAIL %s\n", describe(failed->error).c_str());
        m_finished = true;
        m_more.notify_all();
    }
    /// -1: it does not answer any more.
    int answer()
    {
        std::unique_lock lock(m_mutex);
        m_more.wait_for(lock, std::chrono::seconds(10),
                        [&] { return m_finished || m_text.find('\n') != std::string::npos; });
        const std::size_t end = m_text.find('\n');
        if (end == std::string::npos) return -1;
        const int error = std::atoi(m_text.substr(0, end).c_str());
        m_text.erase(0, end + 1);
        return error;
    }
    std::vector<Event> refused;

private:
    std::mutex m_mutex;
    std::condition_variable m_more;
    std::string m_text;
    bool m_finished = false;
};

class Conversation {
public:
    Conversation(std::string name, Monitor monitor) : m_name(std::move(name)), m_facts(inspectHost(false))
    {
        RunRequest request;
        request.extraPaths = {
            {"/tools", PathAccess::readOnly}, {"/data", PathAccess::readWrite}, {"/side", PathAccess::readOnly}};
        request.cwd = "/";
        request.watch = {monitor, TraceLevel::standard};
        request.argv = {"/tools/guest", "answer"};
        Preparation preparation = prepare(request, *m_facts, m_backends);
        SessionOptions options;
        options.stdio.mode = StdioPlan::Mode::pipes;
        Result<std::unique_ptr<Session>> session = Session::start(std::move(preparation), options, *m_facts, listener);
        if (session) m_session = std::move(session).value();
        else std::printf("FAIL %s\n", describe(session.error()).c_str());
    }
    [[nodiscard]] bool works() const { return m_session != nullptr; }

    void ask(const char* step, const std::string& line)
    {
        m_session->writeInput(line + "\n");
        std::printf("WIRED %s:%s:%s %d\n", m_name.c_str(), step, line.substr(0, line.find(' ')).c_str(),
                    listener.answer());
    }

    void change(const char* step, const char* path, std::optional<PathAccess> access)
    {
        const Result<PathChangeResult> changed = m_session->changePath({path, access, "the test"});
        std::string mechanisms;
        if (changed)
            for (const Mechanism mechanism : changed->mechanisms)
                mechanisms += (mechanisms.empty() ? "" : "+") + std::string(mechanismName(mechanism));
        else std::printf("FAIL %s\n", describe(changed.error()).c_str());
        std::printf("CHANGED %s:%s %s\n", m_name.c_str(), step, mechanisms.c_str());
    }

    void end()
    {
        m_session->writeInput("");
        m_session->wait();
        const std::shared_ptr<const Policy> policy = m_session->policy();
        for (const Event& event : listener.refused)
            std::printf("NAMED %s %s %s %s\n", m_name.c_str(), visible(event.object).c_str(),
                        std::string(mechanismName(event.mechanism)).c_str(),
                        event.verdict == EventVerdict::denied ? policy->rules.at(event.rule).text.c_str() : "allowed");
    }

    Listener listener;

private:
    const std::string m_name;
    const std::unique_ptr<HostFacts> m_facts;
    const BackendList m_backends = allBackends();
    std::unique_ptr<Session> m_session;
};

/// All ways to the same file, and one to another. `later` is a name that it gets from outside while it is denied.
void askAll(Conversation& session, const char* step)
{
    session.ask(step, "name /data/secret");
    session.ask(step, "later /data/later");
    session.ask(step, "handle secret");
    session.ask(step, "program /data/later");
    session.ask(step, "infolder file");
    session.ask(step, "free /data/free");
}

void converse(const char* name, Monitor monitor)
{
    Conversation session(name, monitor);
    if (!session.works()) return;
    ::unlink("/data/later");
    session.ask("start", "take /data/secret");
    askAll(session, "before");
    session.change("deny", "/data/secret", PathAccess::denied);
    session.change("revoke", "/side", std::nullopt);
    session.change("deny-file", "/side/file", PathAccess::denied);
    ::link("/data/secret", "/data/later");
    askAll(session, "denied");
    ::unlink("/data/later");
    session.change("remove-file", "/side/file", std::nullopt);
    session.change("remove", "/data/secret", std::nullopt);
    ::link("/data/secret", "/data/later");
    askAll(session, "after");
    session.end();
}

int tryProgram(const char* path)
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::execl(path, path, "nothing", static_cast<char*>(nullptr));
        ::_exit(errno);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WEXITSTATUS(status);
}

int errnoOf(int opened)
{
    if (opened < 0) return errno;
    ::close(opened);
    return 0;
}

}  // namespace

int answerQuestions()
{
    char line[256];
    int handle = -1;
    int folder = -1;
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    while (std::fgets(line, sizeof line, stdin) != nullptr) {
        line[std::strcspn(line, "\n")] = '\0';
        const std::string word(line, std::strcspn(line, " "));
        const char* path = line + word.size() + 1;
        int error = 0;
        if (word == "take") {
            handle = ::open(path, O_PATH);
            folder = ::open("/side", O_PATH | O_DIRECTORY);
            error = handle < 0 || folder < 0 ? errno : 0;
        } else if (word == "handle") {
            error = errnoOf(::open(("/proc/self/fd/" + std::to_string(handle)).c_str(), O_RDONLY));
        } else if (word == "infolder") {
            error = errnoOf(::openat(folder, path, O_RDONLY));
        } else if (word == "program") {
            error = tryProgram(path);
        } else {
            error = errnoOf(::open(path, O_RDONLY));
        }
        std::printf("%d\n", error);
    }
    return 0;
}

void changeSessions()
{
    converse("guarded", Monitor::kernel);
    converse("mounts", Monitor::off);
}

}  // namespace guest
