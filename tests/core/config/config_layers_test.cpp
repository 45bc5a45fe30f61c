// Merging layers: what is united, what is stricter, what is nearer, and what is reported.
#include "core/config/config_layers.h"

#include <gtest/gtest.h>

#include "core/config/config_io.h"

namespace belljar {
namespace {

SandboxConfig configOf(const char* text)
{
    const Result<LoadedConfig> read = readConfig(text);
    EXPECT_TRUE(read) << (read ? "" : describe(read.error()));
    return read ? read->config : SandboxConfig{};
}

MergedConfig merged(const char* top, const char* base)
{
    const SandboxConfig first = configOf(top);
    const SandboxConfig second = configOf(base);
    const SandboxConfig* const layers[]{&first, &second};
    return mergeLayers(layers);
}

TEST(ConfigLayers, ListsAreUnitedAndKnowTheirOrigin)
{
    const MergedConfig made = merged(R"({"filesystem": {"readonlyPaths": ["/a"]}})",
                                     R"({"filesystem": {"readonlyPaths": ["/b"], "deniedPaths": ["/c"]}})");
    EXPECT_EQ(*made.config.filesystem->readonlyPaths, (std::vector<std::string>{"/a", "/b"}));
    EXPECT_EQ(made.originOf("/filesystem/readonlyPaths/0").layer, 0U);
    EXPECT_EQ(made.originOf("/filesystem/readonlyPaths/1").layer, 1U);
    EXPECT_EQ(made.originOf("/filesystem/readonlyPaths/1").pointer, "/filesystem/readonlyPaths/0");
    EXPECT_EQ(made.originOf("/filesystem/deniedPaths/0").layer, 1U);
    EXPECT_TRUE(made.conflicts.empty());
}

TEST(ConfigLayers, TheLastVariableOfANameIsTheNearest)
{
    const MergedConfig made = merged(R"({"process": {"commandLine": "a", "env": ["A=1"]}})",
                                     R"({"process": {"commandLine": "b", "cwd": "/x", "env": ["A=2", "B=2"]}})");
    EXPECT_EQ(*made.config.process->env, (std::vector<std::string>{"A=2", "B=2", "A=1"}));
    EXPECT_EQ(made.originOf("/process/env/2").layer, 0U);
    EXPECT_EQ(made.originOf("/process/env/2").pointer, "/process/env/0");
    EXPECT_EQ(made.originOf("/process/env/1").layer, 1U);
    EXPECT_EQ(*made.config.process->commandLine, "a");
    EXPECT_EQ(*made.config.process->cwd, "/x");
}

TEST(ConfigLayers, TheStricterWinsWhereverItStands)
{
    const char* open = R"({"network": {"defaultPolicy": "allow", "allowLocalNetwork": true}})";
    const char* closed = R"({"network": {"defaultPolicy": "block"}})";
    for (const bool openIsNear : {true, false}) {
        const MergedConfig made = openIsNear ? merged(open, closed) : merged(closed, open);
        EXPECT_EQ(*made.config.network->defaultPolicy, "block");
        EXPECT_FALSE(made.config.network->allowLocalNetwork.value_or(false));
        ASSERT_EQ(made.conflicts.size(), 1U);
        EXPECT_EQ(made.conflicts[0].taken.layer, openIsNear ? 1U : 0U);
        EXPECT_EQ(made.conflicts[0].other.layer, openIsNear ? 0U : 1U);
        EXPECT_EQ(made.originOf("/network/defaultPolicy").layer, openIsNear ? 1U : 0U);
    }
    EXPECT_EQ(*merged("{}", open).config.network->defaultPolicy, "allow") << "what a layer does not say, its base says";
    EXPECT_EQ(*merged(R"({"ui": {"clipboard": "read"}})", R"({"ui": {"clipboard": "write"}})").config.ui->clipboard,
              "none");
    EXPECT_EQ(*merged(R"({"ui": {"clipboard": "read"}})", R"({"ui": {"clipboard": "all"}})").config.ui->clipboard,
              "read");
}

TEST(ConfigLayers, LimitsTakeTheLowerAndZeroIsNone)
{
    const auto limits = [](int memory) {
        return R"({"experimental": {"belljar": {"limits": {"memoryMb": )" + std::to_string(memory) + "}}}}";
    };
    const auto both = [&](int top, int base) {
        return *merged(limits(top).c_str(), limits(base).c_str()).config.experimental->belljar->limits->memoryMb;
    };
    EXPECT_EQ(both(10, 20), 10U);
    EXPECT_EQ(both(20, 10), 10U);
    EXPECT_EQ(both(0, 10), 10U);
    EXPECT_EQ(both(10, 0), 10U);
    EXPECT_EQ(both(0, 0), 0U);
}

TEST(ConfigLayers, ALayerThatClosesNestedSandboxesStays)
{
    const char* const open = R"({"experimental": {"belljar": {"syscalls": {"nestedSandboxes": true}}}})";
    const char* const closed = R"({"experimental": {"belljar": {"syscalls": {"nestedSandboxes": false}}}})";
    const auto nests = [](const MergedConfig& config) {
        return config.config.experimental->belljar->syscalls->nestedSandboxes.value_or(false);
    };
    EXPECT_FALSE(nests(merged(open, closed)));
    EXPECT_FALSE(nests(merged(closed, open)));
    EXPECT_TRUE(nests(merged(open, "{}")) && nests(merged("{}", open)));
}

TEST(ConfigLayers, HostNamesAreUnitedAndAnEnclosingProxyStays)
{
    const MergedConfig made =
        merged(R"({"experimental": {"belljar": {"network": {"hosts": [{"name": "a.org"}]}}}})",
               R"({"experimental": {"belljar": {"network": {"hosts": [{"name": "b.org", "ports": [{"port": 1}]}]}}}})");
    ASSERT_EQ(made.config.experimental->belljar->network->hosts->size(), 2U);
    const LayerOrigin second = made.originOf("/experimental/belljar/network/hosts/1/name");
    EXPECT_EQ(second.layer, 1U);
    EXPECT_EQ(second.pointer, "/experimental/belljar/network/hosts/0/name");

    const char* const enclosing = R"({"network": {"proxy": {"localhost": 1}}})";
    const char* const offering =
        R"({"network": {"proxy": {"localhost": 1}}, "experimental": {"belljar": {"network": {"cooperativeProxy": true}}}})";
    const auto offered = [](const MergedConfig& config) {
        return config.config.experimental->belljar->network->cooperativeProxy.value_or(false);
    };
    EXPECT_FALSE(offered(merged(enclosing, offering)));
    EXPECT_FALSE(offered(merged(offering, enclosing)));
    EXPECT_EQ(merged(offering, enclosing).conflicts.size(), 1U);
    EXPECT_TRUE(offered(merged(offering, offering)));
    EXPECT_TRUE(offered(merged(offering, "{}")) && offered(merged("{}", offering)));
}

TEST(ConfigLayers, BusesAreUnitedAndTheNearestDisplayCounts)
{
    const MergedConfig made = merged(
        R"({"experimental": {"belljar": {"display": "x11", "dbus": {"session": {"talk": ["a.b"]}}}}})",
        R"({"experimental": {"belljar": {"display": "wayland", "dbus": {"session": {"talk": ["c.d"]}, "system": {"own": ["e.f"]}}}}})");
    const BelljarConfig& own = *made.config.experimental->belljar;
    EXPECT_EQ(own.dbus->session->talk, (std::vector<std::string>{"a.b", "c.d"}));
    EXPECT_EQ(own.dbus->system->own, std::vector<std::string>{"e.f"});
    EXPECT_EQ(made.originOf("/experimental/belljar/dbus/session/talk/1").layer, 1U);
    EXPECT_EQ(own.display, "x11");
}

TEST(ConfigLayers, OnePathInTwoListsIsAConflictWithBothPlaces)
{
    const MergedConfig made =
        merged(R"({"filesystem": {"readwritePaths": ["/x", "/a"]}})", R"({"filesystem": {"deniedPaths": ["/a"]}})");
    ASSERT_EQ(made.conflicts.size(), 1U);
    EXPECT_EQ(made.conflicts[0].taken.pointer, "/filesystem/deniedPaths/0");
    EXPECT_EQ(made.conflicts[0].other.pointer, "/filesystem/readwritePaths/1");
    EXPECT_FALSE(made.conflicts[0].refuses);
}

TEST(ConfigLayers, ContainmentsMustAgree)
{
    const MergedConfig made = merged(R"({"containment": "bubblewrap"})", R"({"containment": "lxc"})");
    ASSERT_EQ(made.conflicts.size(), 1U);
    EXPECT_TRUE(made.conflicts[0].refuses);
    EXPECT_TRUE(merged(R"({"containment": "bubblewrap"})", "{}").conflicts.empty());
}

TEST(ConfigLayers, TheNewestVersionCounts)
{
    EXPECT_EQ(*merged(R"({"version": "0.8.0"})", R"({"version": "0.9.0-alpha"})").config.version, "0.9.0-alpha");
    EXPECT_EQ(*merged(R"({"version": "0.9.0-alpha"})", R"({"version": "0.8.0"})").config.version, "0.9.0-alpha");
}

TEST(ConfigLayers, OwnRulesAreUnitedAndNothingExtendsAnyMore)
{
    const MergedConfig made =
        merged(R"({"experimental": {"belljar": {"extends": ["b"], "programs": [{"path": "/a"}]}}})",
               R"({"experimental": {"belljar": {"programs": [{"path": "/b"}], "syscalls": {"deny": ["mkdir"]}}}})");
    const BelljarConfig& own = *made.config.experimental->belljar;
    EXPECT_FALSE(own.extends.has_value());
    ASSERT_EQ(own.programs->size(), 2U);
    EXPECT_EQ(made.originOf("/experimental/belljar/programs/1/path").pointer, "/experimental/belljar/programs/0/path");
    EXPECT_EQ(made.originOf("/experimental/belljar/programs/1/path").layer, 1U);
    EXPECT_EQ(made.originOf("/experimental/belljar/syscalls/deny/0").layer, 1U);
}

}  // namespace
}  // namespace belljar
