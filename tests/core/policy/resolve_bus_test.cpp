// Rules about message buses: what is a name, what a rule opens that nobody may have meant, and that nothing is opened
// without one.
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

class ResolveBus : public PolicyTest {
protected:
    BusConfig& session() { return own().session.emplace(); }
    DbusConfig& own() { return config.experimental.emplace().belljar.emplace().dbus.emplace(); }
};

TEST_F(ResolveBus, NothingWithoutRules)
{
    EXPECT_TRUE(policy().bus.empty());
    EXPECT_EQ(ruleAt(policy(), kRuntimeFolder), nullptr);
    session();
    EXPECT_TRUE(policy().bus.empty());
    EXPECT_EQ(ruleAt(policy(), kRuntimeFolder), nullptr);
}

TEST_F(ResolveBus, RulesBecomeThePolicys)
{
    session() = {{{"org.example.One", "org.example.sub.*", "org.example.One"}}, {{"org.example.Two=a.b.C@/x/*"}}, {}};
    config.experimental->belljar->dbus->system.emplace().own = {"org.example.Mine"};
    const Policy resolved = policy();
    EXPECT_EQ(resolved.bus.session.talk, (std::vector<std::string>{"org.example.One", "org.example.sub.*"}));
    EXPECT_EQ(count("bus-redundant"), 1U);
    EXPECT_EQ(resolved.bus.session.call, std::vector<std::string>{"org.example.Two=a.b.C@/x/*"});
    EXPECT_EQ(resolved.bus.system.own, std::vector<std::string>{"org.example.Mine"});
    const PathRule* folder = ruleAt(resolved, kRuntimeFolder);
    ASSERT_NE(folder, nullptr);
    EXPECT_EQ(folder->kind, PathKind::privateTmp);
}

TEST_F(ResolveBus, WhatIsNoNameIsRefused)
{
    for (const char* wrong : {"*", "org.*", "org", "", "org..x", "org.1x.y", "org.example.*.x", "org.example.x=y",
                              ":1.5", "org.example.x --own=y", "org.\x1b.x"}) {
        session().talk = {wrong};
        EXPECT_EQ(refused("bus-name").place.pointer, "/experimental/belljar/dbus/session/talk/0") << wrong;
    }
    for (const char* wrong : {"org.example.One", "=x", "org.example.One=", "*=x", "org.example.One=a b", "a.b=c@d@e"}) {
        session().call = {wrong};
        EXPECT_EQ(refused("bus-rule").place.pointer, "/experimental/belljar/dbus/session/call/0") << wrong;
    }
}

TEST_F(ResolveBus, WhatLeadsOutIsSaid)
{
    for (const char* name : {"org.freedesktop.systemd1", "org.freedesktop.Flatpak", "org.freedesktop.*",
                             "org.freedesktop.portal.*", "org.freedesktop.secrets", "org.kde.KWin"}) {
        session().talk = {name};
        policy();
        EXPECT_GE(count("bus-escape"), 1U) << name;
    }
    session().talk = {"org.freedesktop.Notifications", "org.example.KWin"};
    policy();
    EXPECT_EQ(count("bus-escape"), 0U);
}

}  // namespace
}  // namespace belljar
