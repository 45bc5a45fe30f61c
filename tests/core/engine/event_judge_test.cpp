// What the judge writes into events, on a made-up host.
#include "core/engine/event_judge.h"

#include "core/policy/network_words.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

// Events carry Linux numbers on every system.
using namespace linux_errno;
constexpr int kNotPermitted = 1;
constexpr int kPermissionDenied = 13;

class Judge : public PolicyTest {
protected:
    void SetUp() override
    {
        readOnly({"/home/u/docs"});
        readWrite({"/home/u/proj"});
        host.folder("/home/u/docs/private");
        deny({"/home/u/.ssh", "/home/u/docs/private"});
        m_policy = policy();
    }

    Event judged(EventKind kind, const std::string& object, const std::string& detail = {},
                 ResultTrust trust = ResultTrust::derived, int result = 0)
    {
        Event event;
        event.kind = kind;
        event.object = object;
        event.detail = detail;
        event.trust = trust;
        event.result = result;
        m_judge.judge(std::span(&event, 1));
        return event;
    }

    [[nodiscard]] std::string ruleOf(const Event& event) const { return m_policy.rules.at(event.rule).text; }

    Policy m_policy;
    EventJudge m_judge{m_policy, host};
};

TEST_F(Judge, KnowsTheProtocolsOfAFilteredNetwork)
{
    request.extraNetwork = {{true, parseNetworkSpec("192.0.2.0/24:53/udp").value()},
                            {true, parseNetworkSpec("198.51.100.0/24").value()}};
    m_policy = policy();
    EXPECT_EQ(judged(EventKind::netConnect, "192.0.2.1:53").verdict, EventVerdict::denied);
    EXPECT_EQ(judged(EventKind::netSend, "192.0.2.1:53", std::string(kUdpDetail)).verdict, EventVerdict::allowed);
    EXPECT_EQ(judged(EventKind::netConnect, "198.51.100.8:443").verdict, EventVerdict::allowed);
    EXPECT_EQ(judged(EventKind::netConnect, "203.0.113.1:443").mechanism, Mechanism::networkRules);
}

TEST_F(Judge, InputIsAllowedByWhatLetsItInside)
{
    m_policy.rules.push_back({RuleSource::profile, "display", {}});
    m_policy.rules.push_back({RuleSource::profile, "input", {}});
    m_policy.rules.push_back({RuleSource::profile, "bus", {}});
    m_policy.ui.displayRule = static_cast<RuleId>(m_policy.rules.size() - 3);
    m_policy.ui.inputRule = static_cast<RuleId>(m_policy.rules.size() - 2);
    m_policy.bus.rule = static_cast<RuleId>(m_policy.rules.size() - 1);
    const auto judgedInput = [&](int result) {
        const Event event = judged(EventKind::uiInjection, "XTEST", {}, ResultTrust::seen, result);
        EXPECT_EQ(event.verdict, result == 0 ? EventVerdict::allowed : EventVerdict::denied);
        return ruleOf(event);
    };
    EXPECT_EQ(judgedInput(kAccess), "input");
    EXPECT_EQ(judgedInput(0), "display");
    m_policy.ui.inputTools = true;
    EXPECT_EQ(judgedInput(0), "input");
    for (const int result : {0, kAccess}) {
        const Event call = judged(EventKind::uiBusCall, "org.test.Name", {}, ResultTrust::seen, result);
        EXPECT_EQ(call.verdict, result == 0 ? EventVerdict::allowed : EventVerdict::denied);
        EXPECT_EQ(ruleOf(call), "bus");
    }
}

TEST_F(Judge, NumbersEventsFromOne)
{
    EXPECT_EQ(judged(EventKind::fileStat, "/usr").sequence, 1U);
    EXPECT_EQ(judged(EventKind::fileStat, "/usr").sequence, 2U);
}

TEST_F(Judge, LeavesAllowedResultsAlone)
{
    const Event event = judged(EventKind::fileOpen, "/home/u/docs/missing", {}, ResultTrust::derived, kNoEntry);
    EXPECT_EQ(event.verdict, EventVerdict::allowed);
    EXPECT_EQ(event.result, kNoEntry);
    EXPECT_FALSE(event.absentOnHost);
}

TEST_F(Judge, NamesTheRuleThatDenies)
{
    const Event key = judged(EventKind::fileOpen, "/home/u/.ssh/id_rsa");
    EXPECT_EQ(key.verdict, EventVerdict::denied);
    EXPECT_EQ(ruleOf(key), "deniedPaths: /home/u/.ssh");
    const Event write = judged(EventKind::fileOpenWrite, "/home/u/docs/letter");
    EXPECT_EQ(write.verdict, EventVerdict::denied);
    EXPECT_EQ(write.result, kReadOnly);
    EXPECT_EQ(ruleOf(write), "readonlyPaths: /home/u/docs");
}

TEST_F(Judge, BelievesTheKernelWhichRuleForbadeTheObject)
{
    const auto asked = [&](RuleId rule, Mechanism mechanism) {
        Event event;
        event.kind = EventKind::fileOpen;
        event.object = "/home/u/docs/another-name";
        event.trust = ResultTrust::seen;
        event.result = kPermissionDenied;
        event.mechanism = mechanism;
        event.rule = rule;
        m_judge.judge(std::span(&event, 1));
        return event;
    };
    const auto last = static_cast<RuleId>(m_policy.rules.size() - 1);
    const Event told = asked(last, Mechanism::kernelPolicy);
    EXPECT_EQ(told.verdict, EventVerdict::denied);
    EXPECT_EQ(told.rule, last);
    EXPECT_EQ(told.mechanism, Mechanism::kernelPolicy);
    for (const Event& event : {asked(last + 1, Mechanism::kernelPolicy), asked(last, Mechanism::none)}) {
        EXPECT_EQ(event.verdict, EventVerdict::allowed) << "no such rule, or not refused by it";
        EXPECT_EQ(event.mechanism, Mechanism::permissions);
        EXPECT_EQ(ruleOf(event), "readonlyPaths: /home/u/docs");
    }
}

TEST_F(Judge, TellsAMissFromADenial)
{
    EXPECT_FALSE(judged(EventKind::fileOpen, "/root").absentOnHost) << "kept from the program";
    EXPECT_TRUE(judged(EventKind::fileOpen, "/usr/local/bin/nothing").absentOnHost);
    EXPECT_FALSE(judged(EventKind::fileCreate, "/root/new").absentOnHost) << "what is to be made is missing by nature";
    EXPECT_TRUE(judged(EventKind::fileCreate, "/no/such/new").absentOnHost);
    EXPECT_TRUE(judged(EventKind::netConnect, "unix:/run/nothing/socket").absentOnHost);
}

TEST_F(Judge, AsksForBothNamesOfARename)
{
    const std::string inside = std::string(kTargetPrefix) + "/home/u/proj/b";
    EXPECT_EQ(judged(EventKind::fileRename, "/home/u/proj/main.c", inside).verdict, EventVerdict::allowed);
    const std::string outside = std::string(kTargetPrefix) + "/home/u/docs/b";
    const Event event = judged(EventKind::fileRename, "/home/u/proj/main.c", outside);
    EXPECT_EQ(event.verdict, EventVerdict::denied);
    EXPECT_EQ(ruleOf(event), "readonlyPaths: /home/u/docs");
}

TEST_F(Judge, JudgesNetworkAddresses)
{
    const Event out = judged(EventKind::netConnect, "192.0.2.1:443", {}, ResultTrust::unknown, kResultUnknown);
    EXPECT_EQ(out.verdict, EventVerdict::denied);
    EXPECT_EQ(out.rule, builtin_rule::kNetworkOff);
    EXPECT_EQ(out.result, 101) << "Linux's kNetworkUnreachable, on whatever system the recording is read";
    EXPECT_EQ(judged(EventKind::netConnect, "[2001:db8::1]:80").verdict, EventVerdict::denied);
    EXPECT_EQ(judged(EventKind::netConnect, "127.0.0.1:80").verdict, EventVerdict::allowed);
    EXPECT_EQ(judged(EventKind::netConnect, "[::1]:80").verdict, EventVerdict::allowed);
    EXPECT_EQ(judged(EventKind::netConnect, "unix:@name").verdict, EventVerdict::allowed);
    const std::string socket = "unix:/home/u/proj/socket";
    EXPECT_EQ(judged(EventKind::netConnect, socket, {}, ResultTrust::seen, 0).verdict, EventVerdict::allowed)
        << "one that the sandbox has bound";
    const Event closed = judged(EventKind::netConnect, socket, {}, ResultTrust::seen, kPermissionDenied);
    EXPECT_EQ(closed.verdict, EventVerdict::denied);
    EXPECT_EQ(closed.rule, builtin_rule::kNetworkOff);
    EXPECT_EQ(judged(EventKind::netSend, socket, {}, ResultTrust::seen, kPermissionDenied).verdict,
              EventVerdict::denied);
}

TEST_F(Judge, KeepsResultsThatWereSeen)
{
    const Event event = judged(EventKind::privMount, "mount", {}, ResultTrust::seen, kNotPermitted);
    EXPECT_EQ(event.verdict, EventVerdict::denied);
    EXPECT_EQ(event.rule, builtin_rule::kClosedSyscall);
    EXPECT_EQ(event.result, kNotPermitted);
    EXPECT_EQ(event.trust, ResultTrust::seen);
}

TEST_F(Judge, NamesTheMechanism)
{
    EXPECT_EQ(judged(EventKind::fileOpen, "/root").mechanism, Mechanism::notMounted);
    EXPECT_EQ(judged(EventKind::fileOpen, "/home/u/docs/private/id_rsa").mechanism, Mechanism::mask);
    EXPECT_EQ(judged(EventKind::fileOpen, "/home/u/docs/letter").mechanism, Mechanism::mount);
    EXPECT_EQ(judged(EventKind::fileOpenWrite, "/home/u/docs/letter").mechanism, Mechanism::readOnlyMount);
    EXPECT_EQ(judged(EventKind::fileOpen, "/dev/mem").mechanism, Mechanism::privateTree);
    EXPECT_EQ(judged(EventKind::netConnect, "192.0.2.1:443").mechanism, Mechanism::network);
    EXPECT_EQ(judged(EventKind::privMount, "mount", {}, ResultTrust::seen, kNotPermitted).mechanism,
              Mechanism::syscallFilter);
    EXPECT_EQ(judged(EventKind::netConnect, "unix:/home/u/proj/s", {}, ResultTrust::seen, kPermissionDenied).mechanism,
              Mechanism::socketGuard);
    EXPECT_EQ(judged(EventKind::processExit, "sh", "code 0").mechanism, Mechanism::none);
}

TEST_F(Judge, TellsPermissionBitsFromThePolicy)
{
    const Event read = judged(EventKind::fileOpen, "/home/u/docs/letter", {}, ResultTrust::seen, kPermissionDenied);
    EXPECT_EQ(read.verdict, EventVerdict::allowed) << "no rule refused it";
    EXPECT_EQ(read.mechanism, Mechanism::permissions);
    EXPECT_EQ(read.result, kPermissionDenied);
    // Read-only and not writable by this user: the kernel says the latter, and no other rule would help.
    const Event write = judged(EventKind::fileOpenWrite, "/usr/bin/true", {}, ResultTrust::seen, kPermissionDenied);
    EXPECT_EQ(write.verdict, EventVerdict::denied);
    EXPECT_EQ(write.mechanism, Mechanism::permissions);
    // What a mask refuses looks the same, but it is the policy's.
    const Event masked =
        judged(EventKind::fileOpen, "/home/u/docs/private/id_rsa", {}, ResultTrust::seen, kPermissionDenied);
    EXPECT_EQ(masked.mechanism, Mechanism::mask);
}

TEST_F(Judge, FollowsLinksOfCallsThatWereSeenToFail)
{
    host.link("/home/u/proj/shortcut", "/root");
    const Event event = judged(EventKind::fileOpen, "/home/u/proj/shortcut", {}, ResultTrust::seen, kNoEntry);
    EXPECT_EQ(event.verdict, EventVerdict::denied);
    EXPECT_EQ(event.rule, builtin_rule::kNotGranted);
    EXPECT_FALSE(event.absentOnHost);
    const Event miss = judged(EventKind::fileOpen, "/home/u/proj/missing", {}, ResultTrust::seen, kNoEntry);
    EXPECT_EQ(miss.verdict, EventVerdict::allowed) << "a granted folder that has no such file";
}

TEST_F(Judge, WhatWasSeenToSucceedIsNoDenial)
{
    const Event event = judged(EventKind::fileOpenWrite, "/home/u/docs/letter", {}, ResultTrust::seen, 0);
    EXPECT_EQ(event.verdict, EventVerdict::allowed);
    EXPECT_EQ(event.mechanism, Mechanism::none) << "the evaluator cannot say why";
    const Event derived = judged(EventKind::fileOpenWrite, "/home/u/docs/letter", {}, ResultTrust::derived, 0);
    EXPECT_EQ(derived.verdict, EventVerdict::denied);
}

TEST_F(Judge, MakingWhatIsThereIsNoDenial)
{
    const Event there = judged(EventKind::fileMkdir, "/usr", {}, ResultTrust::derived, kExists);
    EXPECT_EQ(there.verdict, EventVerdict::allowed) << "as `mkdir -p` does on the way";
    EXPECT_EQ(there.result, kExists);
    EXPECT_EQ(judged(EventKind::fileMkdir, "/usr/new", {}, ResultTrust::derived, 0).verdict, EventVerdict::denied);
}

TEST_F(Judge, AMissInAReadOnlyFolderIsAMiss)
{
    const Event write = judged(EventKind::fileOpenWrite, "/home/u/docs/nothing");
    EXPECT_TRUE(write.absentOnHost);
    EXPECT_EQ(write.result, kNoEntry);
    EXPECT_FALSE(judged(EventKind::fileOpen, "/home/u/docs/private/nothing").absentOnHost)
        << "a mask hides what is there";
    EXPECT_FALSE(judged(EventKind::fileCreate, "/home/u/docs/new").absentOnHost);
}

TEST_F(Judge, NamesTheRuleOfADeniedSystemCall)
{
    m_policy.rules.push_back({RuleSource::profile, "syscalls.deny: mkdir", {}});
    const auto rule = static_cast<RuleId>(m_policy.rules.size() - 1);
    m_policy.syscalls = {{"mkdir", rule, kNotPermitted}};
    const Event event = judged(EventKind::privSyscall, "mkdir", "/tmp/x", ResultTrust::seen, kNotPermitted);
    EXPECT_EQ(event.verdict, EventVerdict::denied);
    EXPECT_EQ(event.rule, rule);
    EXPECT_EQ(event.mechanism, Mechanism::syscallFilter);
}

TEST_F(Judge, SaysNothingAboutForkAndExit)
{
    EXPECT_EQ(judged(EventKind::processFork, "sh").verdict, EventVerdict::none);
    EXPECT_EQ(judged(EventKind::processExit, "sh", "code 0").verdict, EventVerdict::none);
    EXPECT_EQ(judged(EventKind::processExec, "/usr/bin/true").verdict, EventVerdict::allowed);
}

}  // namespace
}  // namespace belljar
