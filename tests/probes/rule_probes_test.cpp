// Probes against the rules that only Belljar's own block of a profile has: denied system calls, the list of programs.
#include <sys/mman.h>
#include <unistd.h>

#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

class RuleProbe : public ProbeTest {};

TEST_F(RuleProbe, DeniedSystemCallsFail)
{
    expectEscapesOutside({"denied_call", m_writable});
    const RunResult control = runInside({"denied_call", m_writable}, {"--events", "none"});
    EXPECT_EQ(control.status, kProbeEscaped) << "without the rule: " << control.out << control.err;
    m_profile.rules = R"("syscalls": {"deny": ["mkdir", "mkdirat"]})";
    expectStopped({"denied_call", m_writable}, {{"priv.syscall", "mkdir", "syscalls.deny: mkdir"}});
}

TEST_F(RuleProbe, AlsoCallsThatTheStartItselfMakes)
{
    // The shim makes these after or around the filter, or answers through them.
    m_profile.rules = R"("syscalls": {"deny": ["sendmsg", "close_range", "prctl", "setrlimit", "prlimit64", "dup2"]})";
    for (const char* events : {"none", "jsonl"}) {
        const RunResult run = runInside({"read_path", m_readOnly + "/plain", m_mark}, {"--events", events});
        EXPECT_EQ(run.status, kProbeStopped) << events << run.out << run.err;
    }
}

/// The loader of this machine's programs, and a program that needs it and ends with 0.
struct Dynamic {
    std::string program = "/usr/bin/true";
    std::string loader;
};

Dynamic dynamicProgram()
{
    Dynamic found;
    for (const char* path : {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-x86_64.so.1"})
        if (exists(path)) found.loader = path;
    return found;
}

std::string listOf(const std::vector<std::string>& paths)
{
    std::string list;
    for (const std::string& path : paths) list += (list.empty() ? "" : ", ") + ("{\"path\": " + quote(path) + "}");
    return "\"programs\": [" + list + "]";
}

TEST_F(RuleProbe, OnlyListedProgramsRun)
{
    const Dynamic dynamic = dynamicProgram();
    if (dynamic.loader.empty()) GTEST_SKIP() << "no loader that is known";
    const std::vector<std::string> probe{"run_program", dynamic.program, m_writable, dynamic.loader};
    expectEscapesOutside(probe);
    const RunResult control = runInside(probe, {"--events", "none"});
    EXPECT_EQ(control.status, kProbeEscaped) << "without the list: " << control.out << control.err;
    m_profile.rules = listOf({probeProgram(), "/usr/bin/cat"});  // cat: so that the loader is needed
    expectStopped(probe, {{"process.exec", dynamic.program, "programs: no other program"}});
    m_profile.rules = listOf({probeProgram(), dynamic.program});
    const RunResult listed = runInside(probe, {"--events", "none"});
    EXPECT_EQ(listed.status, kProbeEscaped) << listed.out << listed.err;
    EXPECT_NE(listed.out.find("by its path"), std::string::npos) << "what is listed runs: " << listed.out;
}

TEST_F(RuleProbe, ProgramsOfAListedFolderRun)
{
    m_profile.rules = listOf({"/usr/bin"});
    const RunResult run = runProgram(belljarRun(m_folder, m_profile.json(), {"--events", "none"},
                                                {"/bin/sh", "-c", "cat /dev/null && true && echo fine"}));
    EXPECT_EQ(run.out, "fine\n") << run.err;
    m_profile.rules = listOf({});
    const RunResult none = runProgram(belljarRun(m_folder, m_profile.json(), {"--events", "none"}, {"/bin/true"}));
    EXPECT_NE(none.status, 0);
    EXPECT_NE(none.err.find("not in the list of programs"), std::string::npos) << none.err;
}

TEST_F(RuleProbe, AProgramWithAnotherHashDoesNotRun)
{
    const std::string tool = m_folder.file("read-only/tool", readAll(probeProgram()), 0755);
    const std::vector<std::string> command{tool, "read_path", m_readOnly + "/plain", m_mark};
    const auto run = [&](const std::string& hash) {
        m_profile.rules = "\"programs\": [{\"path\": " + quote(tool) + ", \"sha256\": \"" + hash + "\"}]";
        return runProgram(belljarRun(m_folder, m_profile.json(), {"--events", "none"}, command));
    };
    const RunResult wrong = run(std::string(64, 'a'));
    EXPECT_NE(wrong.err.find("/experimental/belljar/programs/0/sha256"), std::string::npos) << wrong.err;
    const RunResult sum = runProgram({"sha256sum", tool});
    ASSERT_EQ(sum.status, 0);
    EXPECT_EQ(run(sum.out.substr(0, 64)).status, kProbeStopped);
    m_folder.file("read-only/tool", readAll(probeProgram()) + "x", 0755);
    EXPECT_NE(run(sum.out.substr(0, 64)).err.find("is another one"), std::string::npos);
}

TEST_F(RuleProbe, AMemoryFileIsNoStandardStreamWithAList)
{
    m_profile.rules = listOf({probeProgram()});
    RunOptions options;
    options.inChild = [] { ::dup2(::memfd_create("input", 0), 0); };
    const RunResult run = runInside({"read_path", m_readOnly + "/plain", m_mark}, {"--events", "none"}, options);
    EXPECT_NE(run.err.find("memory file"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace belljar::test
