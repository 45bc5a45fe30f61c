// What a change of a running session's policy asks the platform for, and what its answer says; no sandbox is needed.
#include "core/engine/live_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/policy/fake_host_facts.h"

namespace belljar {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// Plans nothing: only paths count here.
class EmptyPlans final : public Backend {
public:
    [[nodiscard]] const BackendInfo& info() const override { return m_info; }
    [[nodiscard]] Availability probe(const SystemFacts&) const override { return {true, "here", {}}; }
    [[nodiscard]] Result<LaunchPlan> plan(const Policy& policy, const SystemFacts&, const PlanOptions&) const override
    {
        LaunchPlan made;
        made.shim.argv = policy.process.argv;
        return made;
    }
    BackendInfo m_info;
};

/// A sandbox whose kernel takes rules about objects, or not.
class FakeProcess final : public SandboxProcess {
public:
    Outcome run(const std::function<void(int, std::string_view)>&,
                const std::function<void(std::unique_ptr<EventSource>)>&) override
    {
        return {};
    }
    void stop(const std::string&) override { stopped = true; }
    void writeInput(std::string_view) override {}
    void resizeTerminal(unsigned short, unsigned short) override {}
    Result<void> setFrozen(bool) override { return {}; }
    void networkChanged() override {}
    Result<void> publish(const std::vector<PublishedPort>&) override { return {}; }
    Result<void> setClipboard(ClipboardRights) override
    {
        return Error{ErrorCode::backendError, "no display", {}, {}, {}};
    }
    Result<TreeChanged> changeTree(const LaunchPlan&, const std::vector<DeniedPath>& all) override
    {
        TreeChanged changed;
        changed.error = error;
        denied = all;
        for (const DeniedPath& one : all)
            if (guards) changed.objects[one.path] = whyNot;
        return changed;
    }
    bool guards = true;
    bool stopped = false;
    std::string whyNot;
    std::optional<Error> error;
    std::vector<DeniedPath> denied;
};

class LivePolicyObjects : public testing::Test {
protected:
    LivePolicyObjects() : m_host(FakeHostFacts::linuxHost())
    {
        m_host.folder("/home/u/docs/private");
        m_host.file("/home/u/docs/private/key");
        m_backends.push_back(std::make_unique<EmptyPlans>());
        static_cast<EmptyPlans&>(*m_backends.front()).m_info.id = "bubblewrap";
        RunRequest request;
        request.profileText = R"({"filesystem": {"readonlyPaths": ["/home/u/docs"],
                                                 "deniedPaths": ["/home/u/.ssh"]}})";
        request.argv = {"true"};
        m_preparation = prepare(request, m_host, m_backends);
        EXPECT_TRUE(m_preparation.plan) << (m_preparation.error ? describe(*m_preparation.error) : "");
        m_live.emplace(m_preparation, m_host);
    }
    Result<LivePolicy::Changed> change(const char* path, std::optional<PathAccess> access)
    {
        return m_live->change({path, access, "a test"}, m_process);
    }

    FakeHostFacts m_host;
    BackendList m_backends;
    Preparation m_preparation;
    std::optional<LivePolicy> m_live;
    FakeProcess m_process;
};

constexpr const char* kKey = "/home/u/docs/private/key";

TEST_F(LivePolicyObjects, WhatIsDeniedMeanwhileIsForbiddenByItsRuleUntilItIsAllowed)
{
    const Result<LivePolicy::Changed> denied = change(kKey, PathAccess::denied);
    ASSERT_TRUE(denied.ok());
    ASSERT_THAT(m_process.denied, SizeIs(1)) << "not what the profile denied";
    EXPECT_EQ(m_process.denied.front().path, kKey);
    EXPECT_EQ(m_process.denied.front().rule, denied->rule);
    EXPECT_THAT(denied->result.mechanisms, ElementsAre(Mechanism::mask, Mechanism::kernelPolicy));
    ASSERT_TRUE(change("/home/u/docs", PathAccess::readWrite).ok());
    ASSERT_THAT(m_process.denied, SizeIs(1));
    EXPECT_EQ(m_process.denied.front().rule, denied->rule) << "as before: it is not looked up again";
    const Result<LivePolicy::Changed> allowed = change(kKey, PathAccess::readOnly);
    ASSERT_TRUE(allowed.ok());
    EXPECT_THAT(m_process.denied, IsEmpty());
    EXPECT_THAT(allowed->result.mechanisms, ElementsAre(Mechanism::mount));
}

TEST_F(LivePolicyObjects, SaysWhereMountsAreAll)
{
    m_process.guards = false;
    const Result<LivePolicy::Changed> mounts = change(kKey, PathAccess::denied);
    ASSERT_TRUE(mounts.ok());
    EXPECT_THAT(mounts->result.mechanisms, ElementsAre(Mechanism::mask));
    EXPECT_THAT(mounts->result.notes, IsEmpty());
    m_process.guards = true;
    m_process.whyNot = "such a file system";
    const Result<LivePolicy::Changed> uncovered = change("/home/u/docs/private", PathAccess::denied);
    ASSERT_TRUE(uncovered.ok());
    EXPECT_THAT(uncovered->result.mechanisms, ElementsAre(Mechanism::mask));
    EXPECT_THAT(uncovered->result.notes, Contains(Field(&Finding::message, HasSubstr("such a file system"))));
}

TEST_F(LivePolicyObjects, AFailureLeavesThePolicy)
{
    m_process.error = Error{ErrorCode::backendError, "no", {}, {}, {}};
    const std::shared_ptr<const Policy> before = m_live->current();
    EXPECT_FALSE(change(kKey, PathAccess::denied).ok());
    EXPECT_EQ(m_live->current(), before);
    EXPECT_FALSE(m_process.stopped);
    m_process.error.reset();
    ASSERT_TRUE(change("/home/u/docs", PathAccess::readWrite).ok());
    EXPECT_THAT(m_process.denied, IsEmpty()) << "what was refused is not denied later";
}

}  // namespace
}  // namespace belljar
