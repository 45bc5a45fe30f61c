// The deny list of system calls: what is refused, what is only said, and what decide() makes of it.
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class Syscalls : public PolicyTest {
protected:
    void denyCalls(std::vector<std::string> names)
    {
        config.experimental.emplace().belljar.emplace().syscalls.emplace().deny = std::move(names);
    }

    Verdict call(const std::string& name) { return ask(policy(), AccessKind::systemCall, name); }
};

TEST_F(Syscalls, DeniedOnesNameTheirLine)
{
    denyCalls({"socket", "mkdir"});
    const Verdict verdict = call("mkdir");
    EXPECT_FALSE(verdict.allowed);
    EXPECT_EQ(verdict.expectedErrno, linux_errno::kNotPermitted);
    EXPECT_EQ(verdict.mechanism, Mechanism::syscallFilter);
    EXPECT_EQ(resolution.policy->rules[verdict.rule].place.pointer, "/experimental/belljar/syscalls/deny/1");
    EXPECT_EQ(resolution.policy->rules[verdict.rule].text, "syscalls.deny: mkdir");
    EXPECT_TRUE(call("mkdirat").allowed);
    EXPECT_EQ(call("mkdirat").rule, builtin_rule::kOpenSyscall);
}

TEST_F(Syscalls, ClosedOnesAreDeniedWithoutAnyList)
{
    EXPECT_EQ(call("ptrace").rule, builtin_rule::kClosedSyscall);
    EXPECT_FALSE(call("ptrace").allowed);
    EXPECT_EQ(call("io_uring_setup").expectedErrno, linux_errno::kNoSuchCall);
    EXPECT_TRUE(call("mkdir").allowed);
}

TEST_F(Syscalls, UnknownNamesAreErrorsWithTheNearest)
{
    denyCalls({"mkdirr"});
    const Finding& unknown = refused("syscall-unknown");
    EXPECT_EQ(unknown.place.pointer, "/experimental/belljar/syscalls/deny/0");
    EXPECT_EQ(unknown.fix, "Did you mean `mkdir`?");
    denyCalls({""});
    refused("syscall-unknown");
    denyCalls({"\x1b[31m"});
    refused("syscall-unknown");
}

TEST_F(Syscalls, WhatTheStartNeedsIsRefused)
{
    for (const char* name : {"execve", "read", "write"}) {
        denyCalls({name});
        refused("syscall-needed");
    }
}

TEST_F(Syscalls, WhatEveryProgramNeedsIsAWarning)
{
    denyCalls({"openat"});
    policy();
    ASSERT_NE(finding("syscall-breaks"), nullptr);
    EXPECT_EQ(finding("syscall-breaks")->severity, Severity::warning);
    denyCalls({"mkdir"});
    policy();
    EXPECT_EQ(finding("syscall-breaks"), nullptr);
}

TEST_F(Syscalls, WhatIsClosedOrDeniedAlreadyIsSaid)
{
    denyCalls({"ptrace", "mkdir", "mkdir"});
    const Policy& made = policy();
    EXPECT_EQ(count("syscall-redundant"), 2U);
    EXPECT_EQ(ask(made, AccessKind::systemCall, "ptrace").rule, builtin_rule::kClosedSyscall);
}

TEST_F(Syscalls, OtherNamesOfTheSameAreSaid)
{
    denyCalls({"mkdir"});
    policy();
    ASSERT_NE(finding("syscall-siblings"), nullptr);
    EXPECT_NE(finding("syscall-siblings")->message.find("`mkdirat`"), std::string::npos);
    denyCalls({"mkdir", "mkdirat"});
    policy();
    EXPECT_EQ(finding("syscall-siblings"), nullptr);
}

TEST_F(Syscalls, OtherProcessorsHaveNothingToDeny)
{
    denyCalls({"arm_only"});
    const Policy& made = policy();
    EXPECT_NE(finding("syscall-foreign"), nullptr);
    EXPECT_TRUE(ask(made, AccessKind::systemCall, "arm_only").allowed);
}

TEST_F(Syscalls, SandboxesInsideOpenWhatTheyNeed)
{
    config.experimental.emplace().belljar.emplace().syscalls.emplace().nestedSandboxes = true;
    EXPECT_TRUE(call("chroot").allowed);
    EXPECT_FALSE(call("mount").allowed);
    EXPECT_TRUE(resolution.policy->nestedSandboxes);
    config.experimental->belljar->syscalls->nestedSandboxes = false;
    EXPECT_FALSE(call("chroot").allowed);
    EXPECT_FALSE(resolution.policy->nestedSandboxes);
}

TEST_F(Syscalls, ExplainNamesRuleAndErrno)
{
    denyCalls({"mkdir"});
    const Policy& made = policy();
    const Access access{AccessKind::systemCall, "mkdir", {}, 0};
    EXPECT_EQ(explain(made, access, decide(made, access)),
              "denied: call mkdir: syscalls.deny: mkdir (the profile, line 7) - the system-call filter, EPERM");
}

}  // namespace
}  // namespace belljar
