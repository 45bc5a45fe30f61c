// What the `notify` source reports beyond names and results: processes, programs without a file, threads, signals,
// sockets.
#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

class Notify : public testing::Test {
protected:
    Notify() : m_work(m_folder.folder("work")) {}

    /// The events of a Python program in the working folder.
    std::vector<SeenEvent> eventsOf(const std::string& script, const char* trace = "standard")
    {
        Profile profile;
        profile.readWrite = {m_work};
        profile.cwd = m_work;
        const std::string events = m_folder / "events";
        const std::vector<std::string> options{"--monitor", "notify", "--trace",     trace,
                                               "--events",  "jsonl",  "--events-to", events};
        const RunResult ran =
            runProgram(belljarRun(m_folder, profile.json(), options,
                                  {"/usr/bin/python3", "-c", "import os, signal, socket, threading\n" + script}));
        EXPECT_EQ(ran.status, 0) << ran.err;
        return parseEvents(readAll(events));
    }

    static long count(const std::vector<SeenEvent>& events, const std::string& kind, const std::string& object,
                      const std::string& detail = {})
    {
        return std::count_if(events.begin(), events.end(), [&](const SeenEvent& event) {
            return event.kind == kind && event.object == object && event.detail.find(detail) != std::string::npos;
        });
    }

    TempFolder m_folder;
    const std::string m_work;
};

#define NEEDS_PYTHON() \
    if (::access("/usr/bin/python3", X_OK) != 0) GTEST_SKIP() << "/usr/bin/python3 is not installed"

TEST_F(Notify, ProcessesAreTold)
{
    NEEDS_PYTHON();
    const std::vector<SeenEvent> events = eventsOf(
        "pid = os.fork()\n"
        "if pid == 0: os.execve('/usr/bin/env', ['env', 'false'], {'PATH': '/usr/bin', 'TOKEN': 'hidden'})\n"
        "os.waitpid(pid, 0)\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    open('started', 'w'); signal.pause()\n"
        "while not os.path.exists('started'): pass\n"
        "os.kill(pid, signal.SIGTERM); os.waitpid(pid, 0); os.kill(os.getpid(), 0)\n"
        "try: os.kill(12345, signal.SIGTERM)\n"
        "except ProcessLookupError: pass\n");
    EXPECT_EQ(
        count(events, "process.exec", "/usr/bin/env", "[\"env\",\"false\"] \"" + m_work + "\" [\"PATH\",\"TOKEN\"]"),
        1);
    EXPECT_EQ(count(events, "process.exec", "/usr/bin/env", "hidden"), 0) << "values of the environment";
    EXPECT_EQ(count(events, "process.exit", "false", "code 1, cpu "), 1);
    EXPECT_EQ(count(events, "process.exit", "false", " KB"), 1);
    EXPECT_EQ(std::count_if(events.begin(), events.end(), [](const SeenEvent& e) { return e.kind == "process.fork"; }),
              3);
    EXPECT_EQ(count(events, "process.signal", "12345", "signal 15"), 1);
    EXPECT_EQ(
        std::count_if(events.begin(), events.end(), [](const SeenEvent& e) { return e.kind == "process.signal"; }), 2)
        << "signal 0 only asks";
    EXPECT_GE(count(events, "process.exit", "python3", "signal") + count(events, "process.exit", "python3", "code 143"),
              1);
}

TEST_F(Notify, ProgramsWithoutAFileAreTold)
{
    NEEDS_PYTHON();
    const std::vector<SeenEvent> events = eventsOf(
        "memory = os.memfd_create('sneaky')\n"
        "os.write(memory, open('/usr/bin/true', 'rb').read())\n"
        "if os.fork() == 0: os.execve(memory, ['true'], {})\n"
        "os.wait()\n"
        "open('copy', 'wb').write(open('/usr/bin/true', 'rb').read()); os.chmod('copy', 0o700)\n"
        "removed = os.open('copy', os.O_RDONLY); os.unlink('copy')\n"
        "if os.fork() == 0: os.execve(removed, ['true'], {})\n"
        "os.wait()\n");
    EXPECT_EQ(count(events, "process.exec", "memfd:sneaky"), 1);
    EXPECT_EQ(count(events, "process.exec", m_work + "/copy"), 1);
}

TEST_F(Notify, RelativePathsFollowTheWorkingFolder)
{
    NEEDS_PYTHON();
    const std::vector<SeenEvent> events = eventsOf(
        "os.makedirs('one/two'); os.chdir('one'); open('a', 'w')\n"
        "here = os.open('two', os.O_RDONLY); os.fchdir(here); open('b', 'w')\n"
        "os.rename('../../one', '../../other'); open('c', 'w')\n"
        "def work():\n"
        "    for i in range(50): os.chdir('/'); os.chdir('" +
        m_work +
        "'); open('t%d' % i, 'w')\n"
        "thread = threading.Thread(target=work); thread.start(); thread.join(); open('d', 'w')\n"
        "if os.fork() == 0: os.chdir('other'); open('e', 'w'); os._exit(0)\n"
        "os.wait(); open('f', 'w')\n");
    for (const char* name : {"/one/a", "/one/two/b", "/other/two/c", "/t0", "/t49", "/d", "/other/e", "/f"})
        EXPECT_EQ(count(events, "file.create", m_work + name), 1) << name;
}

TEST_F(Notify, SocketsAreTold)
{
    NEEDS_PYTHON();
    const std::vector<SeenEvent> events = eventsOf(
        "s = socket.socket(); s.bind(('127.0.0.1', 4321)); s.listen(7)\n"
        "c = socket.socket(); c.connect(('127.0.0.1', 4321)); s.accept()\n"
        "try: socket.socket().bind(('127.0.0.1', 4321))\n"
        "except OSError: pass\n");
    EXPECT_EQ(count(events, "net.listen", "127.0.0.1:4321", "backlog 7"), 1);
    EXPECT_EQ(count(events, "net.accept", "127.0.0.1:4321"), 1);
    const auto bound = [&](int error) {
        return std::count_if(events.begin(), events.end(), [&](const SeenEvent& event) {
            return event.kind == "net.bind" && event.error == error && event.trust == "seen";
        });
    };
    EXPECT_EQ(bound(0), 1);
    EXPECT_EQ(bound(98), 1) << "EADDRINUSE";
}

TEST_F(Notify, ReadsAreOfTheFullTraceOnly)
{
    NEEDS_PYTHON();
    const std::string file = m_folder.file("work/data", "x");
    const std::string script = "open('data').read(); os.listdir('.'); os.stat('data'); open('made', 'w')\n";
    const std::vector<SeenEvent> standard = eventsOf(script);
    const std::vector<SeenEvent> full = eventsOf(script, "full");
    EXPECT_EQ(count(standard, "file.open", file), 0);
    EXPECT_EQ(count(standard, "file.create", m_work + "/made"), 1);
    EXPECT_EQ(count(full, "file.open", file), 1);
    EXPECT_GE(count(full, "file.stat", file), 1);
    EXPECT_GE(count(full, "file.readdir", m_work), 1);
}

TEST_F(Notify, NothingIsLostWhenItComesInFloods)
{
    NEEDS_PYTHON();
    const std::vector<SeenEvent> events = eventsOf(
        "def flood(n):\n"
        "    for i in range(3000):\n"
        "        try: os.mkdir('/no/%d/%d' % (n, i))\n"
        "        except OSError: pass\n"
        "threads = [threading.Thread(target=flood, args=(n,)) for n in range(4)]\n"
        "for t in threads: t.start()\n"
        "for t in threads: t.join()\n"
        "try: os.mkdir('" +
        std::string(4000, 'x') +
        "')\n"
        "except OSError: pass\n");
    EXPECT_EQ(std::count_if(events.begin(), events.end(), [](const SeenEvent& e) { return e.kind == "file.mkdir"; }),
              12001);
    for (int n = 0; n < 4; ++n) EXPECT_EQ(count(events, "file.mkdir", "/no/" + std::to_string(n) + "/2999"), 1);
}

TEST_F(Notify, SandboxeeThatDiesInTheMiddleDoesNotHangUs)
{
    NEEDS_PYTHON();
    const std::vector<SeenEvent> events = eventsOf(
        "for i in range(50):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        while True: open('loop', 'w')\n"
        "    while not os.path.exists('loop'): pass\n"
        "    os.kill(pid, signal.SIGKILL); os.waitpid(pid, 0); os.unlink('loop')\n");
    EXPECT_EQ(count(events, "file.unlink", m_work + "/loop"), 50);
    EXPECT_EQ(std::count_if(events.begin(), events.end(), [](const SeenEvent& e) { return e.kind == "process.fork"; }),
              51);
    EXPECT_EQ(std::count_if(events.begin(), events.end(), [](const SeenEvent& e) { return e.kind == "process.exit"; }),
              51);
}

}  // namespace
}  // namespace belljar::test
