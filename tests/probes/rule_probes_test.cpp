// Probes against the rules that only Belljar's own block of a profile has: denied system calls.
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

}  // namespace
}  // namespace belljar::test
