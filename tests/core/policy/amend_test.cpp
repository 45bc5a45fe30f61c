// Changes of a running session's policy: what is looked at again, and what is not.
#include "core/policy/amend.h"

#include <gtest/gtest.h>

#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class Amend : public PolicyTest {
protected:
    void begin()
    {
        m_policy = policy();
        m_origins = resolution.origins;
    }

    Amendment amend(const std::string& path, std::optional<PathAccess> access)
    {
        Amendment amendment = amendPolicy(m_policy, m_origins, {path, access, "a test"}, host);
        if (amendment.policy) {
            m_policy = *amendment.policy;
            m_origins = amendment.origins;
        }
        return amendment;
    }

    Policy m_policy;
    PathOrigins m_origins;
};

TEST_F(Amend, IsWhatAFreshStartWithThatRuleWouldHave)
{
    readWrite({"/home/u/proj"});
    begin();
    ASSERT_TRUE(amend("/home/u/docs", PathAccess::readOnly).policy.has_value());
    readOnly({"/home/u/docs"});
    const Policy& fresh = policy();
    ASSERT_EQ(m_policy.paths.size(), fresh.paths.size());
    for (std::size_t i = 0; i < fresh.paths.size(); ++i) {
        EXPECT_EQ(m_policy.paths[i].path, fresh.paths[i].path);
        EXPECT_EQ(m_policy.paths[i].access, fresh.paths[i].access);
        EXPECT_EQ(m_policy.paths[i].present, fresh.paths[i].present);
    }
    EXPECT_FALSE(amend("/home/u/none", PathAccess::readOnly).policy.has_value());
    EXPECT_TRUE(amend("/home/u/docs", std::nullopt).policy.has_value());
    EXPECT_FALSE(amend("/home/u/docs", std::nullopt).policy.has_value());
}

TEST_F(Amend, AnEntryIsReadAgainWhereAnotherObjectStands)
{
    readOnly({"/home/u/docs/letter"});
    begin();
    host.remove("/home/u/docs/letter");
    const Amendment gone = amend("/home/u/proj", PathAccess::readOnly);
    EXPECT_FALSE(gone.policy.has_value()) << "a grant of nothing cannot be made";
    ASSERT_FALSE(gone.findings.empty());
    EXPECT_EQ(gone.findings[0].id, "path-missing");
    host.folder("/home/u/docs/letter");
    const Amendment other = amend("/home/u/proj", PathAccess::readOnly);
    ASSERT_TRUE(other.policy.has_value());
    const PathRule* rule = governingRule(*other.policy, "/home/u/docs/letter");
    ASSERT_NE(rule, nullptr);
    EXPECT_TRUE(rule->isDirectory);
}

TEST_F(Amend, WhatTheSystemTreeHidesStaysHidden)
{
    begin();
    ASSERT_TRUE(amend("/home/u/proj", PathAccess::readOnly).policy.has_value());
    host.remove("/etc/shadow");
    ASSERT_TRUE(amend("/home/u/docs", PathAccess::readOnly).policy.has_value());
    const PathRule* rule = governingRule(m_policy, "/etc/shadow");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->access, PathAccess::denied);
    EXPECT_TRUE(rule->present);
}

}  // namespace
}  // namespace belljar
