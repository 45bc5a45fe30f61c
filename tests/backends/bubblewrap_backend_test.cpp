#include <gtest/gtest.h>

#include <algorithm>

#include "backends/registry.h"
#include "tests/core/policy/fake_host_facts.h"

namespace belljar {
namespace {

class BubblewrapBackend : public testing::Test {
protected:
    [[nodiscard]] Availability probe() const { return backend().probe(host.facts); }
    void expectMissing(const std::string& word) const
    {
        const Availability availability = probe();
        EXPECT_FALSE(availability.available);
        EXPECT_NE(availability.reason.find(word), std::string::npos) << availability.reason;
        EXPECT_FALSE(availability.fix.empty());
    }
    [[nodiscard]] const Backend& backend() const { return *findBackend(m_backends, "bubblewrap"); }

    FakeHostFacts host;

private:
    BackendList m_backends = allBackends();
};

TEST_F(BubblewrapBackend, IsAvailableWithAllItNeeds)
{
    EXPECT_TRUE(probe().available);
    EXPECT_EQ(probe().reason, "bubblewrap 0.8.0 at /usr/bin/bwrap");
    for (const char* version : {"0.8.1", "0.9.0", "0.10.0", "1.0", "0.11.0~rc1"}) {
        host.facts.bwrapVersion = version;
        EXPECT_TRUE(probe().available) << version;
    }
    host.facts.bwrapVersion.clear();
    EXPECT_TRUE(probe().available) << "nobody asked for the version yet";
    EXPECT_EQ(probe().reason, "bubblewrap at /usr/bin/bwrap");
}

TEST_F(BubblewrapBackend, EachMissingPartHasItsOwnReasonAndFix)
{
    const SystemFacts good = host.facts;
    host.facts.system = "windows";
    expectMissing("Linux only");
    host.facts = good;
    host.facts.bwrapPath.clear();
    expectMissing("not installed");
    host.facts = good;
    for (const char* version : {"0.7.9", "0.4.0", "garbage"}) {
        host.facts.bwrapVersion = version;
        expectMissing("too old");
    }
    host.facts = good;
    host.facts.userNamespaces = false;
    host.facts.userNamespacesReason = "user.max_user_namespaces is 0";
    expectMissing("user.max_user_namespaces is 0");
    host.facts = good;
    host.facts.seccompNotify = false;
    expectMissing("seccomp");
    host.facts = good;
    host.facts.shimPath.clear();
    expectMissing("belljar-shim");
}

TEST_F(BubblewrapBackend, DescribesEveryFeatureWithItsMechanism)
{
    const BackendInfo& info = backend().info();
    EXPECT_EQ(info.systems, std::vector<std::string>{"linux"});
    for (const Capability& capability : info.capabilities) {
        EXPECT_EQ(capability.feature.front(), '/') << capability.feature;
        EXPECT_FALSE(capability.how.empty()) << capability.feature;
    }
    const auto state = [&](const std::string& feature) {
        const auto found = std::find_if(info.capabilities.begin(), info.capabilities.end(),
                                        [&](const Capability& c) { return c.feature == feature; });
        return found == info.capabilities.end() ? Enforcement::impossible : found->enforcement;
    };
    EXPECT_EQ(state("/filesystem/deniedPaths"), Enforcement::enforced);
    EXPECT_EQ(state("/network/proxy"), Enforcement::enforced);
    EXPECT_EQ(state("/experimental/belljar/network"), Enforcement::enforced);
    EXPECT_EQ(findBackend(allBackends(), "bubblewrap-x"), nullptr);
}

}  // namespace
}  // namespace belljar
