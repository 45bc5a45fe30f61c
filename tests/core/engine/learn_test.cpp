// From events to a proposal, on a made-up host.
#include "core/engine/learn.h"

#include "core/config/config_io.h"
#include "core/engine/event_judge.h"
#include "core/engine/learn_profile.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class LearnTest : public PolicyTest {
protected:
    static Event event(EventKind kind, const std::string& object, const std::string& detail = {})
    {
        Event made;
        made.kind = kind;
        made.object = object;
        made.detail = detail;
        made.result = 0;
        made.trust = ResultTrust::derived;
        made.processName = "prog";
        return made;
    }

    /// What a program asks for under the policy so far.
    void watch(std::vector<Event> events)
    {
        const Policy current = policy();
        EventJudge(current, host).judge(events);
        m_learner.observe(events, current.rules, 1);
    }

    void watch(EventKind kind, const std::string& object) { watch({event(kind, object)}); }

    static std::string text(const LearnProposal& proposal)
    {
        std::string text;
        for (const LearnedRule& rule : proposal.rules)
            text += (rule.access == PathAccess::readWrite ? "rw " : "ro ") + rule.path + "\n";
        return text;
    }

    [[nodiscard]] std::string rules() const { return text(m_learner.propose()); }

    static bool leaves(const LearnProposal& proposal, Undecided::Kind kind, const std::string& object)
    {
        return std::any_of(proposal.undecided.begin(), proposal.undecided.end(),
                           [&](const Undecided& left) { return left.kind == kind && left.object == object; });
    }

    Learner m_learner{host, {"/home/u", {}, false}};
};

TEST_F(LearnTest, GrantsWhatWasDeniedAndNothingElse)
{
    watch(EventKind::fileOpen, "/home/u/docs/letter");
    watch(EventKind::fileOpen, "/usr/bin/true");
    watch(EventKind::fileOpen, "/home/u/docs/missing");
    EXPECT_EQ(rules(), "ro /home/u/docs/letter\n");
    watch(EventKind::fileOpenWrite, "/home/u/docs/letter");
    EXPECT_EQ(rules(), "rw /home/u/docs/letter\n");
    const LearnProposal proposal = m_learner.propose();
    EXPECT_EQ(proposal.rules.front().evidence.firstKind, EventKind::fileOpenWrite);
    EXPECT_EQ(proposal.rules.front().evidence.count, 2U);
    EXPECT_EQ(proposal.rules.front().evidence.program, "prog");
    EXPECT_EQ(proposal.whyIncomplete, "");
}

TEST_F(LearnTest, NewAndRemovedThingsNeedTheirFolder)
{
    watch(EventKind::fileCreate, "/home/u/docs/new");
    watch(EventKind::fileOpen, "/home/u/docs/letter");
    EXPECT_EQ(rules(), "rw /home/u/docs\n") << "what is read in it is granted by the same rule";
}

TEST_F(LearnTest, BothFoldersOfARenameAreNeeded)
{
    watch({event(EventKind::fileRename, "/home/u/docs/letter", std::string(kTargetPrefix) + "/home/u/proj/b")});
    EXPECT_EQ(rules(), "rw /home/u/docs\nrw /home/u/proj\n");
}

TEST_F(LearnTest, SecretsAreLeftToAPerson)
{
    host.file("/home/u/.ssh/id_rsa");
    watch(EventKind::fileOpen, "/home/u/.ssh/id_rsa");
    LearnProposal proposal = m_learner.propose();
    EXPECT_TRUE(proposal.rules.empty());
    EXPECT_TRUE(leaves(proposal, Undecided::Kind::secret, "/home/u/.ssh/id_rsa"));
    Event asked = event(EventKind::fileOpen, "/home/u/.ssh/id_rsa");
    asked.verdict = EventVerdict::denied;
    Learner allowing(host, {"/home/u", {"/home/u/.ssh"}, false});
    allowing.observe(std::span(&asked, 1), {}, 1);
    EXPECT_EQ(text(allowing.propose()), "ro /home/u/.ssh/id_rsa\n");
}

TEST_F(LearnTest, NoRuleIsAboutAHome)
{
    watch(EventKind::fileReadFolder, "/home/u");
    watch(EventKind::fileReadFolder, "/home");
    watch(EventKind::fileCreate, "/home/u/new");
    const LearnProposal proposal = m_learner.propose();
    EXPECT_TRUE(proposal.rules.empty()) << text(proposal);
    EXPECT_TRUE(leaves(proposal, Undecided::Kind::wide, "/home/u"));
    for (const char* wide : {"/", "/home", "/home/u", "/srv"}) EXPECT_TRUE(isTooWide(wide, "/home/u")) << wide;
    for (const char* narrow : {"/home/u/proj", "/srv/www", "/home/other"}) EXPECT_FALSE(isTooWide(narrow, "/home/u"));
}

TEST_F(LearnTest, ManyFilesBecomeAFolderWithAPreview)
{
    for (const char* name : {"a", "b", "c", "d", "e"}) host.file(std::string("/srv/data/sub/") + name);
    for (const char* name : {"a", "b", "c"}) watch(EventKind::fileOpen, std::string("/srv/data/sub/") + name);
    EXPECT_EQ(m_learner.propose().rules.size(), 3U);
    watch(EventKind::fileOpen, "/srv/data/sub/d");
    const LearnProposal proposal = m_learner.propose();
    EXPECT_EQ(text(proposal), "ro /srv/data/sub\n");
    EXPECT_EQ(proposal.rules.front().seen, 4U);
    EXPECT_EQ(proposal.rules.front().unseen, 1U);
    ASSERT_EQ(proposal.rules.front().examples.size(), 1U);
    EXPECT_EQ(proposal.rules.front().examples.front(), "/srv/data/sub/e");
    // A secret beside them keeps the files apart.
    host.file("/srv/data/sub/.env");
    EXPECT_EQ(m_learner.propose().rules.size(), 4U);
}

TEST_F(LearnTest, WhatVanishedIsGeneralisedOrForgotten)
{
    host.file("/srv/data/tmp.x1");
    watch(EventKind::fileOpenWrite, "/srv/data/tmp.x1");
    host.file("/srv/data/read.x1");
    watch(EventKind::fileOpen, "/srv/data/read.x1");
    host.remove("/srv/data/tmp.x1");
    host.remove("/srv/data/read.x1");
    EXPECT_EQ(rules(), "rw /srv/data\n");
}

TEST_F(LearnTest, LooksAreNotGrantedAtFirst)
{
    watch(EventKind::fileStat, "/home/u/docs/letter");
    LearnProposal proposal = m_learner.propose();
    EXPECT_TRUE(proposal.rules.empty());
    EXPECT_TRUE(leaves(proposal, Undecided::Kind::looked, "/home/u/docs/letter"));
    m_learner.takeLooks();
    EXPECT_EQ(rules(), "ro /home/u/docs/letter\n");
}

TEST_F(LearnTest, KeepsApartWhatNoProfileGrants)
{
    host.forbidReading("/root");
    watch(EventKind::fileOpen, "/root");
    watch(EventKind::fileOpen, "/dev/mem");
    watch({event(EventKind::privMount, "mount")});
    watch(EventKind::netConnect, "192.0.2.1:443");
    host.file("/run/service/socket");
    watch(EventKind::netConnect, "unix:/run/service/socket");
    host.file("/srv/data/\xff");
    watch(EventKind::fileOpen, "/srv/data/\xff");
    const LearnProposal proposal = m_learner.propose();
    EXPECT_TRUE(proposal.rules.empty()) << text(proposal);
    EXPECT_TRUE(leaves(proposal, Undecided::Kind::secret, "/root"));
    EXPECT_TRUE(leaves(proposal, Undecided::Kind::network, "192.0.2.1:443"));
    EXPECT_TRUE(leaves(proposal, Undecided::Kind::socket, "/run/service/socket"));
    EXPECT_TRUE(leaves(proposal, Undecided::Kind::notText, "/srv/data/\xff"));
}

TEST_F(LearnTest, WhatTheListOfProgramsRefusesIsNoPath)
{
    Event asked = event(EventKind::processExec, "/home/u/proj/tool");
    asked.verdict = EventVerdict::denied;
    asked.mechanism = Mechanism::programList;
    m_learner.observe(std::span(&asked, 1), {}, 1);
    const LearnProposal proposal = m_learner.propose();
    EXPECT_TRUE(proposal.rules.empty()) << text(proposal);
    EXPECT_TRUE(leaves(proposal, Undecided::Kind::hidden, "/home/u/proj/tool"));
}

TEST_F(LearnTest, LossesAndGapsMakeItIncomplete)
{
    Event gap = event(EventKind::sessionGap, "", "12 events");
    m_learner.observe(std::span(&gap, 1), {}, 1);
    EXPECT_NE(m_learner.propose().whyIncomplete.find("12"), std::string::npos);
}

TEST_F(LearnTest, RuleNumbersFromARecordingAreChecked)
{
    Event wild = event(EventKind::fileOpen, "/home/u/docs/letter");
    wild.verdict = EventVerdict::allowed;
    wild.rule = 4'000'000'000U;
    m_learner.observe(std::span(&wild, 1), {}, 1);
    EXPECT_EQ(rules(), "");
}

TEST_F(LearnTest, AMillionEventsStayBounded)
{
    const Policy current = policy();
    std::vector<Event> batch(1000);
    for (unsigned i = 0; i < 1000; ++i) {
        for (unsigned k = 0; k < 1000; ++k) {
            batch[k] = event(EventKind::fileOpen, "/srv/flood/" + std::to_string(i * 1000 + k));
            batch[k].verdict = EventVerdict::denied;
        }
        m_learner.observe(batch, current.rules, 1);
    }
    const LearnProposal proposal = m_learner.propose();
    EXPECT_EQ(proposal.events, 1'000'000U);
    EXPECT_TRUE(proposal.rules.empty()) << "none of them exists";
    EXPECT_NE(proposal.whyIncomplete, "");
}

TEST_F(LearnTest, ProfilesHoldHostileNamesAndReadBackTheSame)
{
    const std::string hostile = "/srv/a\n'b\\\x1b]0;x";
    ProfileFrame frame;
    frame.folder = "/srv";
    frame.comment = "a \"comment\"\n";
    LearnedRule rule;
    rule.path = hostile;
    const Result<LoadedConfig> read = readConfig(learnedProfile(frame, {rule}));
    ASSERT_TRUE(read.ok()) << describe(read.error());
    ASSERT_TRUE(read->config.filesystem && read->config.filesystem->readonlyPaths);
    EXPECT_EQ(read->config.filesystem->readonlyPaths->front(), hostile);
    EXPECT_EQ(read->config.process->cwd, "/srv");
    frame.refused = {hostile};
    EXPECT_EQ(learnedProfile(frame, {rule}).find("a\\n"), std::string::npos);
}

TEST_F(LearnTest, TheFirstLookLeavesOutSecretsAndHomes)
{
    host.file("/home/u/proj/.env");
    const Exploration proj = firstLook({"true", "main.c"}, "/home/u/proj", "/home/u", host);
    EXPECT_EQ(proj.readOnly.front(), "/home/u/proj");
    EXPECT_EQ(proj.denied, Paths{"/home/u/proj/.env"});
    const Exploration home = firstLook({"true"}, "/home/u", "/home/u", host);
    EXPECT_TRUE(home.readOnly.empty()) << home.readOnly.front();
}

}  // namespace
}  // namespace belljar
