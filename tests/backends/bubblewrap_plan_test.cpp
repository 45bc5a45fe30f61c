// Plans of whole policies compared with golden files. To accept a wanted change: BELLJAR_UPDATE_GOLDEN=1, then read the
// difference.
#include <spdlog/fmt/fmt.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "backends/registry.h"
#include "tests/core/policy/policy_fixture.h"

namespace belljar {
namespace {

std::string planText(const LaunchPlan& plan)
{
    std::string text = "program " + plan.program + "\n";
    for (const std::string& word : plan.arguments) text += (word.rfind("--", 0) == 0 ? "\n" : " ") + word;
    text += "\n\n";
    for (const PlanDescriptor& d : plan.descriptors) {
        text +=
            fmt::format("descriptor {} {}\n", d.name, d.kind == PlanDescriptor::Kind::emptyFile ? "empty" : "bytes");
    }
    for (const std::string& word : plan.shim.argv) text += "argv " + word + "\n";
    for (const std::string& entry : plan.shim.env) text += "env " + entry + "\n";
    text += fmt::format("cwd {}\nfilter closeDangerous={} watch={} hostNetwork={}\nscopeAbstractSockets {}\n",
                        plan.shim.cwd, plan.shim.filter.closeDangerous, plan.shim.filter.watch != FilterWatch::none,
                        plan.shim.filter.hostNetwork, plan.shim.scopeAbstractSockets);
    text += fmt::format("rlimits memory={} processes={} cpu={}\ncgroup memory={} processes={}\ntimeout {} ms\n",
                        plan.shim.limits.memoryBytes, plan.shim.limits.processes, plan.shim.limits.cpuSeconds,
                        plan.cgroup.memoryBytes, plan.cgroup.processes, plan.timeout.count());
    text += fmt::format("processNumbers {}\n", plan.shim.processNumbers);
    for (const std::string& note : plan.notes) text += "note " + note + "\n";
    return text;
}

class BubblewrapPlan : public PolicyTest {
protected:
    Result<LaunchPlan> plan(PlanOptions options = {})
    {
        const Policy& p = policy();
        return findBackend(m_backends, "bubblewrap")->plan(p, host.facts, options);
    }

    LaunchPlan made(PlanOptions options = {})
    {
        Result<LaunchPlan> result = plan(options);
        EXPECT_TRUE(result.ok()) << (result ? "" : describe(result.error()));
        return result ? std::move(result).value() : LaunchPlan{};
    }

    void expectGolden(const std::string& name, const LaunchPlan& launch)
    {
        const char* folder = std::getenv("BELLJAR_TEST_DATA");
        ASSERT_NE(folder, nullptr);
        const std::string path = fmt::format("{}/{}.txt", folder, name);
        const std::string actual = planText(launch);
        if (std::getenv("BELLJAR_UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << actual;
        std::ifstream file(path, std::ios::binary);
        std::stringstream expected;
        expected << file.rdbuf();
        EXPECT_EQ(actual, expected.str()) << path;
    }

    /// Where a run of words stands in the arguments; npos when it does not.
    static std::size_t at(const LaunchPlan& launch, const std::vector<std::string>& words)
    {
        const auto& all = launch.arguments;
        const auto found = std::search(all.begin(), all.end(), words.begin(), words.end());
        return found == all.end() ? std::string::npos : static_cast<std::size_t>(found - all.begin());
    }

private:
    BackendList m_backends = allBackends();
};

TEST_F(BubblewrapPlan, GoldenMinimal)
{
    request.argv = {"true"};
    expectGolden("minimal", made({{Monitor::off, {}}}));
}

TEST_F(BubblewrapPlan, GoldenProject)
{
    host.file("/home/u/proj/.env");
    host.folder("/home/u/proj/vault/deep/open");
    host.folder("/data/real");
    host.link("/home/u/data", "/data/real");
    readWrite({"/home/u/proj"});
    readOnly({"/home/u/data", "/home/u/proj/vault/deep/open"});
    deny({"/home/u/proj/.env", "/home/u/proj/vault", "/home/u/.ssh", "/dev/random"});
    process().commandLine = "make -j2";
    process().timeout = 60'000;
    process().env = {"CC=gcc"};
    config.experimental.emplace().belljar.emplace().limits = LimitsConfig{1024, 64, 30, 16};
    expectGolden("project", made());
}

TEST_F(BubblewrapPlan, GoldenHostNetwork)
{
    host.folder("/tmp/shared");
    readWrite({"/tmp/shared"});
    deny({"/tmp/secret", "/home"});
    request.network = NetworkMode::host;
    request.argv = {"/bin/sh", "-c", "curl example.org"};
    host.facts.memoryCgroupWritable = true;
    host.facts.pidsCgroupWritable = true;
    config.experimental.emplace().belljar.emplace().limits = LimitsConfig{1024, 64, {}, 0};
    expectGolden("host_network", made());
}

TEST_F(BubblewrapPlan, ParentsAreMountedBeforeChildrenAndSealedAtTheEnd)
{
    host.folder("/srv/data/deep/open");
    readOnly({"/srv/data/deep/open"});
    deny({"/srv/data"});
    const LaunchPlan launch = made();
    const std::size_t mask = at(launch, {"--perms", "0111", "--tmpfs", "/srv/data"});
    const std::size_t way = at(launch, {"--perms", "0111", "--dir", "/srv/data/deep"});
    const std::size_t grant = at(launch, {"--ro-bind", "/srv/data/deep/open", "/srv/data/deep/open"});
    const std::size_t seal = at(launch, {"--remount-ro", "/srv/data"});
    ASSERT_NE(seal, std::string::npos);
    EXPECT_LT(mask, way);
    EXPECT_LT(way, grant);
    EXPECT_LT(grant, seal);
    EXPECT_EQ(at(launch, {"--remount-ro", "/", "--clearenv"}), launch.arguments.size() - 3);
}

TEST_F(BubblewrapPlan, SandboxesInsideAreForUsersAndForOneSource)
{
    EXPECT_NE(at(made(), {"--remount-ro", "/proc"}), std::string::npos);
    config.experimental.emplace().belljar.emplace().syscalls.emplace().nestedSandboxes = true;
    const LaunchPlan launch = made();
    EXPECT_TRUE(launch.shim.filter.nestsSandboxes);
    EXPECT_EQ(launch.watch.monitor, Monitor::notify);
    EXPECT_EQ(at(launch, {"--remount-ro", "/proc"}), std::string::npos);
    EXPECT_EQ(made({{Monitor::off, {}}}).watch.monitor, Monitor::off);
    EXPECT_FALSE(plan({{Monitor::kernel, {}}}).ok());
    host.facts.uid = 0;
    const Result<LaunchPlan> root = plan();
    ASSERT_FALSE(root.ok());
    EXPECT_EQ(root.error().where, "/experimental/belljar/syscalls/nestedSandboxes");
}

TEST_F(BubblewrapPlan, AbsentDenialsAreNotMounted)
{
    deny({"/home/u/.ssh", "/nowhere"});
    const LaunchPlan launch = made();
    EXPECT_EQ(std::count(launch.arguments.begin(), launch.arguments.end(), "/home/u/.ssh"), 0);
    EXPECT_EQ(std::count(launch.arguments.begin(), launch.arguments.end(), "/nowhere"), 0);
}

TEST_F(BubblewrapPlan, ALinkTargetIsNeverTakenForADescriptor)
{
    host.folder("/home/u/{fd:mask0}");
    host.link("/home/u/link", "{fd:mask0}");
    readOnly({"/home/u/link"});
    EXPECT_NE(at(made(), {"--symlink", "./{fd:mask0}", "/home/u/link"}), std::string::npos);
}

TEST_F(BubblewrapPlan, HostNetworkNeedsLandlockScopes)
{
    request.network = NetworkMode::host;
    EXPECT_TRUE(made().shim.scopeAbstractSockets);
    host.facts.landlockAbi = 5;
    const Result<LaunchPlan> result = plan();
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, ErrorCode::policyValidation);
    request.network = NetworkMode::off;
    EXPECT_FALSE(made().shim.scopeAbstractSockets);
}

TEST_F(BubblewrapPlan, ADisplayOfItsOwn)
{
    EXPECT_FALSE(made().display.on());
    config.ui = UiConfig{false, "write", true};
    process().env = {{"DISPLAY=:0", "XAUTHORITY=/x", "WAYLAND_DISPLAY=wayland-0"}};
    host.facts.environment.emplace_back("DISPLAY=:7");
    const LaunchPlan launch = made();
    EXPECT_EQ(launch.display.socket, "/tmp/.X11-unix/X90");
    EXPECT_EQ(launch.display.clipboard, (ClipboardRights{false, true}));
    EXPECT_TRUE(launch.display.inputTools);
    EXPECT_NE(at(launch, {"--tmpfs", "/tmp/.X11-unix"}), std::string::npos);
    std::vector<std::string> about;
    for (const std::string& entry : launch.shim.env)
        if (entry.find("DISPLAY") != std::string::npos || entry.starts_with("XAUTH")) about.push_back(entry);
    EXPECT_EQ(about, std::vector<std::string>{"DISPLAY=:90"});
}

TEST_F(BubblewrapPlan, AWaylandDisplayInAWaylandSession)
{
    config.ui = UiConfig{false, "read", {}};
    for (const char* entry : {"DISPLAY=:7", "WAYLAND_DISPLAY=wayland-3", "XDG_RUNTIME_DIR=/run/user/7"})
        host.facts.environment.emplace_back(entry);
    process().env = {{"DISPLAY=:0", "XDG_RUNTIME_DIR=/run/user/7"}};
    const LaunchPlan launch = made();
    EXPECT_EQ(launch.display.socket, "/run/belljar/wayland-0");
    EXPECT_EQ(launch.display.compositor, "/run/user/7/wayland-3");
    EXPECT_EQ(launch.display.clipboard, (ClipboardRights{true, false}));
    EXPECT_NE(at(launch, {"--tmpfs", "/run/belljar"}), std::string::npos);
    const auto has = [&](const char* entry) {
        return std::count(launch.shim.env.begin(), launch.shim.env.end(), entry) == 1;
    };
    EXPECT_TRUE(has("WAYLAND_DISPLAY=wayland-0") && has("XDG_RUNTIME_DIR=/run/belljar"));
    EXPECT_FALSE(has("DISPLAY=:0"));
    BelljarConfig& own = config.experimental.emplace().belljar.emplace();
    own.display = "x11";
    EXPECT_EQ(made().display.number, ":90");
    own.display = "wayland";
    config.ui->injection = true;
    EXPECT_EQ(plan().error().where, "/ui/disable");
    own.display.reset();
    EXPECT_EQ(made().display.number, ":90") << "input tools exist on X only";
}

TEST_F(BubblewrapPlan, BusesOnlyByRules)
{
    EXPECT_FALSE(made().buses.on());
    DbusConfig& dbus = config.experimental.emplace().belljar.emplace().dbus.emplace();
    dbus.session.emplace() = {{{"org.example.One"}}, {{"org.example.Two=a.B@/c"}}, {{"org.example.Own"}}};
    const LaunchPlan launch = made();
    ASSERT_EQ(launch.buses.filtered.size(), 1U);
    EXPECT_EQ(launch.buses.filtered[0].address, host.facts.sessionBus);
    EXPECT_EQ(launch.buses.filtered[0].rules,
              (std::vector<std::string>{"--filter", "--talk=org.example.One", "--call=org.example.Two=a.B@/c",
                                        "--own=org.example.Own"}));
    EXPECT_EQ(std::count(launch.shim.env.begin(), launch.shim.env.end(),
                         "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/belljar/session-bus"),
              1);
    dbus.system.emplace().talk = {"org.example.Three"};
    EXPECT_EQ(made().buses.filtered.size(), 2U);
    host.facts.systemBus.clear();
    EXPECT_EQ(plan().error().where, "/experimental/belljar/dbus/system");
    host.facts.sessionBus.clear();
    EXPECT_EQ(plan().error().where, "/experimental/belljar/dbus/session");
    host.facts.dbusProxyPath.clear();
    EXPECT_NE(plan().error().hint.find("xdg-dbus-proxy"), std::string::npos);
}

TEST_F(BubblewrapPlan, WithoutWhatADisplayNeeds)
{
    config.ui = UiConfig{false, {}, {}};
    const auto refusal = [&] {
        const Result<LaunchPlan> result = plan();
        EXPECT_FALSE(result.ok());
        return result ? Error{} : result.error();
    };
    EXPECT_NE(refusal().message.find("DISPLAY is not set"), std::string::npos);
    EXPECT_EQ(refusal().where, "/ui/disable");
    EXPECT_FALSE(refusal().hint.empty());
    host.facts.environment.emplace_back("DISPLAY=:7");
    EXPECT_TRUE(plan().ok());
    deny({"/tmp/.X11-unix"});
    host.folder("/tmp/.X11-unix");
    EXPECT_NE(refusal().message.find(".X11-unix"), std::string::npos);
    deny({});
    host.facts.xephyrPath.clear();
    EXPECT_NE(refusal().hint.find("xserver-xephyr"), std::string::npos);
    host.facts.displayHelperPath.clear();
    EXPECT_NE(refusal().message.find("belljar-display"), std::string::npos);
}

TEST_F(BubblewrapPlan, LimitsGoWhereTheyBind)
{
    config.experimental.emplace().belljar.emplace().limits = LimitsConfig{1024, 64, {}, {}};
    LaunchPlan launch = made();
    EXPECT_EQ(launch.shim.limits.processes, 64U);
    EXPECT_TRUE(launch.cgroup.empty());
    EXPECT_EQ(launch.notes.size(), 2U);
    host.facts.uid = 0;
    ASSERT_FALSE(plan().ok());
    EXPECT_EQ(plan().error().where, "/experimental/belljar/limits/processes");
    host.facts.pidsCgroupWritable = true;
    launch = made();
    EXPECT_EQ(launch.cgroup.processes, 64U);
    EXPECT_EQ(launch.shim.limits.processes, 0U);
    host.facts.memoryCgroupWritable = true;
    launch = made();
    EXPECT_EQ(launch.cgroup.memoryBytes, 1024ULL << 20);
    EXPECT_TRUE(launch.notes.empty());
}

TEST_F(BubblewrapPlan, DefaultLimitsNeedNoControlGroup)
{
    host.facts.memoryCgroupWritable = host.facts.pidsCgroupWritable = true;
    host.facts.kernel = "6.18.0-1-amd64";
    LaunchPlan launch = made();
    EXPECT_TRUE(launch.cgroup.empty());
    EXPECT_EQ(launch.shim.limits.memoryBytes, 640ULL << 20);
    EXPECT_EQ(launch.shim.limits.processes, 1024U);
    EXPECT_EQ(launch.shim.processNumbers, 1024U);
    host.facts.uid = 0;
    launch = made();
    EXPECT_TRUE(launch.cgroup.empty());
    EXPECT_EQ(launch.shim.limits.processes, 0U) << "it would not bind root";
    EXPECT_EQ(launch.shim.processNumbers, 1024U);
    host.facts.kernel = "6.1.0-25-amd64";
    launch = made();
    EXPECT_EQ(launch.cgroup.processes, 1024U);
    EXPECT_EQ(launch.shim.processNumbers, 0U) << "an older kernel has one for the whole machine";
    host.facts.pidsCgroupWritable = false;
    launch = made();
    EXPECT_TRUE(launch.cgroup.empty());
    EXPECT_EQ(launch.notes.size(), 1U) << "said, not refused: the profile did not ask";
}

TEST_F(BubblewrapPlan, MoreMountsThanBubblewrapTakesAreRefused)
{
    Paths files;
    for (int i = 0; i < 3000; ++i) {
        files.push_back(fmt::format("/home/u/docs/f{}", i));
        host.file(files.back());
    }
    readOnly(files);
    ASSERT_FALSE(plan().ok());
    EXPECT_EQ(plan().error().where, "/filesystem");
}

}  // namespace
}  // namespace belljar
