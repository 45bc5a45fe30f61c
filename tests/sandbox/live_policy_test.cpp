// Changing what a running sandbox may reach, stopping it, and speaking to it from outside.
//
// BELLJAR_LIVE_CHANGES is the number of random changes (default 120), BELLJAR_LIVE_SEED the seed (default 1).
#include <gtest/gtest.h>
#include <signal.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <random>

#include "backends/registry.h"
#include "core/base/path_text.h"
#include "core/engine/preparation.h"
#include "core/engine/session.h"
#include "core/engine/session_control.h"
#include "core/policy/decide.h"
#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPython = "/usr/bin/python3";

/// Reads "kind path" lines, tries each, undoes what worked, and prints one errno a line.
constexpr const char* kScript = R"(
import os, sys
held = []
def tryout(kind, path):
    try:
        if kind == 'stat': os.stat(path)
        elif kind == 'list': os.listdir(path)
        elif kind == 'read': os.close(os.open(path, os.O_RDONLY))
        elif kind == 'write': os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
        elif kind == 'create':
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)); os.unlink(path)
        elif kind == 'chdir': os.chdir(path)
        elif kind == 'hold': held.append(os.open(path, os.O_WRONLY | os.O_APPEND))
        elif kind == 'move': os.rename(*path.split('>'))
        elif kind == 'mkdir': os.mkdir(path)
        elif kind == 'link': os.symlink('/etc', path)
        elif kind == 'connect':
            import socket
            socket.socket(socket.AF_UNIX).connect(path)
        return 0
    except OSError as error:
        return error.errno
for line in sys.stdin:
    kind, path = line.rstrip('\n').split(' ', 1)
    print(tryout(kind, path), flush=True)
)";

class Watcher final : public SessionObserver {
public:
    void onEvents(std::span<const Event> batch) override
    {
        const std::lock_guard lock(m_mutex);
        events.insert(events.end(), batch.begin(), batch.end());
    }
    void onRules(std::span<const Rule> all) override { ruleCount = all.size(); }
    void onOutput(int, std::string_view bytes) override
    {
        const std::lock_guard lock(m_mutex);
        m_text += bytes;
        m_more.notify_all();
    }
    void onFinished(const Outcome&, const Losses&) override
    {
        const std::lock_guard lock(m_mutex);
        m_finished = true;
        m_more.notify_all();
    }
    /// The next complete line; "" when the program has ended, or says nothing for 20 s.
    std::string line()
    {
        std::unique_lock lock(m_mutex);
        m_more.wait_for(lock, std::chrono::seconds(20),
                        [&] { return m_finished || m_text.find('\n') != std::string::npos; });
        const std::size_t end = m_text.find('\n');
        if (end == std::string::npos) return {};
        std::string first = m_text.substr(0, end);
        m_text.erase(0, end + 1);
        return first;
    }
    std::vector<Event> events;
    std::size_t ruleCount = 0;

private:
    std::mutex m_mutex;
    std::condition_variable m_more;
    std::string m_text;
    bool m_finished = false;
};

class LivePolicyTest : public testing::Test {
protected:
    void SetUp() override
    {
        if (!fs::exists(kPython)) GTEST_SKIP() << "no " << kPython;
        m_facts = inspectHost(true);
        m_backends = allBackends();
        const Availability here = findBackend(m_backends, "bubblewrap")->probe(m_facts->system());
        if (!here.available) GTEST_SKIP() << here.reason;
        for (const char* name : {"a", "a/b", "a/b/c", "a/secret", "d"}) m_folder.folder(name);
        for (const char* name : {"a/file", "a/b/file", "a/b/c/file", "a/secret/key", "d/file"})
            m_folder.file(name, "text");
    }

    void start(std::vector<ExtraPath> granted, std::vector<std::string> command = {})
    {
        RunRequest request;
        request.extraPaths = std::move(granted);
        request.cwd = "/";
        request.watch.monitor = Monitor::off;
        request.argv = command.empty() ? std::vector<std::string>{kPython, "-I", "-S", "-c", kScript} : command;
        Preparation preparation = prepare(request, *m_facts, m_backends);
        ASSERT_TRUE(preparation.plan.has_value()) << preparation.error->message;
        SessionOptions options;
        options.stdio.mode = StdioPlan::Mode::pipes;
        auto session = Session::start(std::move(preparation), options, *m_facts, m_watcher);
        ASSERT_TRUE(session.ok());
        m_session = std::move(session).value();
        if (command.empty()) { ASSERT_EQ(ask("stat", "/"), 0); }
    }

    int ask(const std::string& kind, const std::string& path)
    {
        m_session->writeInput(kind + " " + path + "\n");
        const std::string answer = m_watcher.line();
        return answer.empty() ? -1 : std::atoi(answer.c_str());
    }

    Result<PathChangeResult> change(const std::string& name, std::optional<PathAccess> access)
    {
        return m_session->changePath({m_folder / name, access, "the test"});
    }

    void TearDown() override
    {
        if (m_session) m_session->stop("the test is over");
        m_session.reset();
    }

    TempFolder m_folder;
    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    Watcher m_watcher;
    std::unique_ptr<Session> m_session;
};

TEST_F(LivePolicyTest, GrantToggleDenyRemove)
{
    start({});
    const std::string file = m_folder / "a/file";
    EXPECT_EQ(ask("read", file), ENOENT);
    const auto granted = change("a", PathAccess::readOnly);
    ASSERT_TRUE(granted.ok()) << describe(granted.error());
    EXPECT_EQ(granted->before, "not granted");
    EXPECT_EQ(granted->after, "read-only");
    EXPECT_EQ(ask("read", file), 0);
    EXPECT_EQ(ask("write", file), EROFS);
    ASSERT_TRUE(change("a", PathAccess::readWrite).ok());
    EXPECT_EQ(ask("write", file), 0);
    EXPECT_EQ(ask("create", m_folder / "a/new"), 0);
    ASSERT_TRUE(change("a/secret", PathAccess::denied).ok());
    EXPECT_EQ(ask("read", m_folder / "a/secret/key"), EACCES);
    EXPECT_EQ(ask("write", file), 0);
    ASSERT_TRUE(change("a", PathAccess::readOnly).ok());
    EXPECT_EQ(ask("write", file), EROFS);
    EXPECT_EQ(ask("read", m_folder / "a/secret/key"), EACCES);
    ASSERT_TRUE(change("a/secret", std::nullopt).ok());
    EXPECT_EQ(ask("read", m_folder / "a/secret/key"), 0);
    ASSERT_TRUE(change("a", std::nullopt).ok());
    EXPECT_EQ(ask("read", file), ENOENT);
    EXPECT_EQ(ask("stat", m_folder.path()), ENOENT) << "the way to the grant goes with it";
    EXPECT_FALSE(change("a", std::nullopt).ok()) << "there is no rule left to remove";
    EXPECT_FALSE(change("nothing-here", PathAccess::readOnly).ok());
    EXPECT_FALSE(m_session->changePath({"relative", PathAccess::readOnly, ""}).ok());
    EXPECT_FALSE(m_session->changePath({"/", PathAccess::readOnly, ""}).ok());
    EXPECT_FALSE(m_session->changePath({"/proc/1", PathAccess::readOnly, ""}).ok());
    EXPECT_EQ(ask("read", "/etc/passwd"), 0);
}

TEST_F(LivePolicyTest, WhereAGrantStoodIsAWayToWhatStays)
{
    start({});
    ASSERT_TRUE(change("a", PathAccess::readOnly).ok());
    ASSERT_TRUE(change("a/b", PathAccess::readOnly).ok());
    ASSERT_TRUE(change("a", std::nullopt).ok());
    EXPECT_EQ(ask("list", m_folder / "a"), 0);
    EXPECT_EQ(ask("read", m_folder / "a/b/file"), 0);
    EXPECT_EQ(ask("read", m_folder / "a/file"), ENOENT);
}

TEST_F(LivePolicyTest, ManyChangesInARowLeaveNothingBehind)
{
    start({{m_folder / "d", PathAccess::readOnly}});
    for (int i = 0; i < 120; ++i) {
        ASSERT_TRUE(change("a/file", PathAccess::readOnly).ok()) << i;
        ASSERT_TRUE(change("d/file", PathAccess::denied).ok()) << i;
        ASSERT_TRUE(change("a/file", std::nullopt).ok()) << i;
        ASSERT_TRUE(change("d/file", std::nullopt).ok()) << i;
    }
    EXPECT_EQ(ask("read", m_folder / "d/file"), 0);
    EXPECT_EQ(ask("read", m_folder / "a/file"), ENOENT);
    EXPECT_EQ(ask("stat", m_folder / "a"), ENOENT);
}

TEST_F(LivePolicyTest, RulesAreAddedAndSaid)
{
    start({{m_folder / "d", PathAccess::readOnly}});
    const std::vector<Rule> before = m_session->policy()->rules;
    ASSERT_TRUE(change("a", PathAccess::readWrite).ok());
    const std::shared_ptr<const Policy> after = m_session->policy();
    ASSERT_EQ(after->rules.size(), before.size() + 1);
    for (std::size_t i = 0; i < before.size(); ++i) EXPECT_EQ(after->rules[i].text, before[i].text);
    EXPECT_EQ(after->rules.back().source, RuleSource::live);
    const Verdict verdict = decide(*after, {AccessKind::write, m_folder / "a/file", {}, 0});
    EXPECT_TRUE(verdict.allowed);
    EXPECT_EQ(verdict.rule, before.size());
    const std::vector<std::string> remembered = m_facts->formerlyWritable();
    EXPECT_TRUE(std::any_of(remembered.begin(), remembered.end(),
                            [&](const std::string& folder) { return isAtOrBelow(m_folder / "a", folder); }));
    m_session->kill("the test");
    m_session->wait();
    std::vector<EventKind> kinds;
    for (const Event& event : m_watcher.events) kinds.push_back(event.kind);
    EXPECT_EQ(kinds, (std::vector{EventKind::sessionPolicy, EventKind::sessionKill}));
    EXPECT_EQ(m_watcher.events.front().object, m_folder / "a");
    EXPECT_NE(m_watcher.events.front().detail.find(R"("by":"the test")"), std::string::npos);
    EXPECT_EQ(m_watcher.ruleCount, after->rules.size());
}

TEST_F(LivePolicyTest, WhoIsInsideKeepsMasksAndIsNamed)
{
    start({{m_folder / "a", PathAccess::readWrite}, {m_folder / "a/secret", PathAccess::denied}});
    ASSERT_EQ(ask("chdir", m_folder / "a"), 0);
    EXPECT_EQ(ask("read", "secret/key"), EACCES);
    const auto removed = change("a", std::nullopt);
    ASSERT_TRUE(removed.ok()) << describe(removed.error());
    EXPECT_EQ(ask("read", m_folder / "a/file"), ENOENT);
    EXPECT_EQ(ask("read", "secret/key"), EACCES) << "the mask of a tree that went must not go";
    EXPECT_EQ(ask("write", "file"), EROFS) << "what went is read-only for who is still inside";
    EXPECT_NE(ask("read", "../d/file"), 0) << "nothing is to be reached above a buried folder";
    EXPECT_NE(ask("list", "../.0"), 0);
    ASSERT_FALSE(removed->holders.empty());
    EXPECT_EQ(removed->holders.front().what, "working folder");
    EXPECT_EQ(removed->holders.front().path, m_folder / "a");
}

TEST_F(LivePolicyTest, OpenFilesStayOpenAndTheMountTurnsReadOnly)
{
    start({{m_folder / "a", PathAccess::readWrite}});
    ASSERT_EQ(ask("hold", m_folder / "a/file"), 0);
    const auto changed = change("a", PathAccess::readOnly);  // the kernel refuses to toggle a mount with a writer
    ASSERT_TRUE(changed.ok()) << describe(changed.error());
    EXPECT_EQ(ask("write", m_folder / "a/b/file"), EROFS);
    ASSERT_FALSE(changed->holders.empty());
    EXPECT_TRUE(changed->holders.front().what.starts_with("descriptor "));
}

TEST_F(LivePolicyTest, GrantsInThePrivateTmpFollowNoLink)
{
    std::string pattern = "/tmp/belljar-test-live-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    start({});
    EXPECT_EQ(ask("list", pattern), ENOENT);
    EXPECT_EQ(ask("link", pattern), 0);
    EXPECT_FALSE(m_session->changePath({pattern, PathAccess::readWrite, ""}).ok()) << "a link stands there";
    EXPECT_EQ(ask("create", "/etc/planted"), EROFS);
    EXPECT_EQ(ask("move", pattern + ">/tmp/elsewhere"), 0);
    ASSERT_TRUE(m_session->changePath({pattern, PathAccess::readWrite, ""}).ok());
    EXPECT_EQ(ask("create", pattern + "/new"), 0);
    ASSERT_TRUE(m_session->changePath({pattern, std::nullopt, ""}).ok());
    EXPECT_EQ(ask("list", pattern), ENOENT);
    fs::remove_all(pattern);
}

TEST_F(LivePolicyTest, RandomChangesEndAsDecided)
{
    const char* wanted = std::getenv("BELLJAR_LIVE_CHANGES");
    const char* seed = std::getenv("BELLJAR_LIVE_SEED");
    std::mt19937 dice(seed ? static_cast<unsigned>(std::atoi(seed)) : 1U);
    const int rounds = wanted ? std::atoi(wanted) : 120;
    const std::vector<std::string> places{"a", "a/b", "a/b/c", "a/secret", "a/file", "a/b/file", "d", "d/file", ""};
    const std::vector<std::string> questions{"a/file", "a/b/file", "a/b/c/file", "a/secret/key", "d/file"};
    start({{m_folder / "d", PathAccess::readOnly}});
    int applied = 0;
    for (int i = 0; i < rounds && !HasFailure(); ++i) {
        std::string place = places[dice() % places.size()];
        const unsigned kind = dice() % 4;
        const std::optional<PathAccess> access =
            kind == 3 ? std::nullopt : std::optional(static_cast<PathAccess>(kind));
        const std::string path = place.empty() ? m_folder.path() : m_folder / place;
        const auto changed = m_session->changePath({path, access, "dice"});
        if (changed.ok()) ++applied;
        else EXPECT_EQ(changed.error().code, ErrorCode::policyValidation) << describe(changed.error());
        const std::shared_ptr<const Policy> policy = m_session->policy();
        for (const std::string& name : questions) {
            for (const auto& [word, asked] : {std::pair{"read", AccessKind::read}, {"write", AccessKind::write}}) {
                const Verdict verdict = decide(*policy, {asked, m_folder / name, {}, 0});
                const int error = ask(word, m_folder / name);
                EXPECT_EQ(verdict.allowed, error == 0)
                    << i << ": " << word << " " << name << " gives " << error << " after " << kind << " " << place;
                if (!verdict.allowed && asked == AccessKind::read) {
                    EXPECT_EQ(verdict.expectedErrno, error) << i << ": " << name;
                }
            }
        }
        const Verdict above = decide(*policy, {AccessKind::stat, m_folder.path(), {}, 0});
        EXPECT_EQ(above.allowed, ask("stat", m_folder.path()) == 0) << i;
    }
    EXPECT_GT(applied, rounds / 3);
    RecordProperty("applied", applied);
}

TEST_F(LivePolicyTest, FrozenMeansNothingRuns)
{
    const std::string counter = m_folder.file("a/counter", "");
    // Forks all the time, so that some process is always just being made.
    start({{m_folder / "a", PathAccess::readWrite}},
          {"sh", "-c", "n=0; while :; do n=$((n+1)); (echo $n >> " + counter + "); done"});
    const auto size = [&] { return fs::file_size(counter); };
    ASSERT_TRUE(eventually([&] { return size() > 10; }));
    ASSERT_TRUE(m_session->freeze("the test").ok());
    EXPECT_TRUE(m_session->isFrozen());
    const auto frozen = size();
    ::usleep(150'000);
    EXPECT_EQ(size(), frozen);
    ASSERT_TRUE(m_session->thaw("the test").ok());
    EXPECT_TRUE(eventually([&] { return size() > frozen; }));
    ASSERT_TRUE(m_session->freeze("the test").ok());
    m_session->kill("the test");
    EXPECT_TRUE(std::holds_alternative<Killed>(m_session->wait().ending));
    EXPECT_TRUE(processesWith(counter).empty());
    EXPECT_FALSE(m_session->freeze("the test").ok()) << "nothing runs any more";
    EXPECT_FALSE(change("d", PathAccess::readOnly).ok());
}

TEST_F(LivePolicyTest, ControlTakesWellFormedRequestsOnly)
{
    start({});
    for (const char* bad :
         {"", "[]", "{", "null", "{\"do\": \"unknown\"}", "{\"do\": \"freeze\", \"more\": 1}", "{\"do\": \"change\"}",
          "{\"do\": \"change\", \"path\": \"/x\"}", "{\"do\": 5}",
          "{\"do\": \"change\", \"path\": 7, \"access\": \"none\"}",
          "{\"do\": \"change\", \"path\": \"/etc\", \"access\": \"everything\"}", "{\"do\": [[[[[[[[\"deep\"]]]]]]]]}"})
        EXPECT_NE(answerControl(*m_session, bad, "test").find("\"error\""), std::string::npos) << bad;
    EXPECT_EQ(answerControl(*m_session, R"({"do": "policy"})", "test").find("\"error\""), std::string::npos);
    const std::string request =
        fmt::format(R"({{"do": "change", "path": "{}", "access": "read-only"}})", m_folder / "a");
    EXPECT_NE(answerControl(*m_session, request, "test").find("\"after\":\"read-only\""), std::string::npos);
    EXPECT_EQ(ask("read", m_folder / "a/file"), 0);
}

TEST_F(LivePolicyTest, SocketAnswersItsUserAndNobodyInside)
{
    start({{parentPath(m_facts->memoryFolder()), PathAccess::readOnly}});
    const auto control = openControl(*m_session);
    ASSERT_TRUE(control.ok()) << describe(control.error());
    const std::string id = m_session->header().sessionId;
    const auto found = findSession(id);
    ASSERT_TRUE(found.ok()) << describe(found.error());
    EXPECT_EQ(found->pid, ::getpid());
    EXPECT_FALSE(findSession("no-such-session").ok());
    const std::string socket = m_facts->memoryFolder() + "/run/" + id;
    EXPECT_TRUE(exists(socket));
    EXPECT_EQ(ask("connect", socket), EACCES);
    EXPECT_FALSE(m_session->changePath({m_facts->memoryFolder() + "/run", PathAccess::readOnly, ""}).ok() &&
                 ask("connect", socket) == 0);
    EXPECT_NE(ask("connect", socket), 0);
    EXPECT_FALSE(askLocal(id, std::string(2 * kLongestLocalRequest, 'x')).ok()) << "too long";
    ASSERT_TRUE(tellSession(id, "freeze").ok());
    EXPECT_TRUE(m_session->isFrozen());
    ASSERT_TRUE(tellSession(id, "kill").ok());
    m_session->wait();
}

TEST_F(LivePolicyTest, KilledBelljarLeavesNothing)
{
    const std::string mark = m_folder / "d/file";
    RunOptions options;
    options.env = {{"XDG_STATE_HOME", m_folder.folder("state")}};
    options.patience = std::chrono::seconds(20);
    options.afterStart = [&](pid_t pid) {
        const auto control = [&](const std::vector<std::string>& words) {
            std::vector<std::string> argv{binFolder() + "/belljar"};
            argv.insert(argv.end(), words.begin(), words.end());
            RunOptions same;
            same.env = options.env;
            return runProgram(argv, same);
        };
        const std::string id = std::to_string(pid);
        ASSERT_TRUE(eventually([&] { return control({"policy", id}).status == 0; }));
        EXPECT_EQ(control({"policy", id, "--ro", m_folder / "a"}).status, 0);
        EXPECT_NE(control({"sessions"}).out.find(id), std::string::npos);
        ::kill(pid, SIGKILL);
    };
    runProgram({binFolder() + "/belljar", "run", "--events", "none", "--ro", m_folder / "d", "--", "sh", "-c",
                "while :; do read line < " + mark + "; sleep 0.05; done"},
               options);
    EXPECT_TRUE(eventually([&] { return processesWith(mark).empty(); }));
    const RunResult after = runProgram(
        {binFolder() + "/belljar", "sessions"}, options.env.empty() ? RunOptions{} : [&] {
            RunOptions same;
            same.env = options.env;
            return same;
        }());
    EXPECT_EQ(after.out, "No session runs.\n");
    EXPECT_TRUE(fs::is_empty(m_folder / "state/belljar/run")) << "the socket of the dead is forgotten";
}

}  // namespace
}  // namespace belljar::test
