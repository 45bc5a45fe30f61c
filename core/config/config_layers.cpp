#include "core/config/config_layers.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include "core/config/schema_version.h"

namespace belljar {
namespace {

using Texts = std::optional<std::vector<std::string>>;

constexpr std::array<std::string_view, 2> kBlockAllow{"block", "allow"};
constexpr std::array<std::string_view, 2> kDenyAllow{"deny", "allow"};

/// 0 is the newest.
std::size_t ageOf(const std::string& version)
{
    constexpr std::array<std::string_view, 4> kNewestFirst{"0.9", "0.8", "0.7", "0.6"};
    const Result<SchemaVersion> parsed = SchemaVersion::parse(version);
    const auto newest = std::find_if(kNewestFirst.begin(), kNewestFirst.end(),
                                     [&](std::string_view known) { return parsed && parsed->atLeast(known); });
    return static_cast<std::size_t>(newest - kNewestFirst.begin());
}

std::string wordOf(bool value)
{
    return value ? "true" : "false";
}

/// Its proxy is the only way out, up to schema 0.7, too.
bool enclosesInProxy(const SandboxConfig& config)
{
    if (!config.network || !config.network->proxy) return false;
    const auto& own = config.experimental ? config.experimental->belljar : std::nullopt;
    return !own || !own->network || !own->network->cooperativeProxy.value_or(false);
}

/// Adds one base after the other to what the nearer layers say.
class Merger {
public:
    explicit Merger(const SandboxConfig& nearest) { m_merged.config = nearest; }

    void add(const SandboxConfig& base, std::size_t layer)
    {
        m_layer = layer;
        SandboxConfig& mine = m_merged.config;
        const bool enclosed = enclosesInProxy(mine) || enclosesInProxy(base);
        addVersion(mine.version, base.version);
        addContainment(base);
        takeNearest(mine.phase, base.phase, "/phase");
        takeNearest(mine.sandboxId, base.sandboxId, "/sandboxId");
        takeNearest(mine.correlationVector, base.correlationVector, "/correlationVector");
        takeNearest(mine.containerId, base.containerId, "/containerId");
        if (base.process) addProcess(section(mine.process, "/process"), *base.process);
        if (base.lifecycle) addLifecycle(section(mine.lifecycle, "/lifecycle"), *base.lifecycle);
        if (base.filesystem) addFilesystem(section(mine.filesystem, "/filesystem"), *base.filesystem);
        if (base.network) addNetwork(section(mine.network, "/network"), *base.network);
        if (base.runtimeConfig)
            takeWhole(section(mine.runtimeConfig, "/runtimeConfig").networkProxy, base.runtimeConfig->networkProxy,
                      "/runtimeConfig/networkProxy");
        if (base.ui) addUi(section(mine.ui, "/ui"), *base.ui);
        takeWhole(mine.processContainer, base.processContainer, "/processContainer");
        takeWhole(mine.lxc, base.lxc, "/lxc");
        takeWhole(mine.seatbelt, base.seatbelt, "/seatbelt");
        takeWhole(mine.fallback, base.fallback, "/fallback");
        if (base.experimental) addExperimental(section(mine.experimental, "/experimental"), *base.experimental);
        if (enclosed && !enclosesInProxy(mine)) {
            const std::string pointer = "/experimental/belljar/network/cooperativeProxy";
            conflict("the proxy is the only way out in one layer and only offered in another; it is the only way out",
                     pointer, false);
            mine.experimental->belljar->network->cooperativeProxy = false;
        }
    }

    MergedConfig finish()
    {
        compareGrants();
        auto& experimental = m_merged.config.experimental;
        if (experimental && experimental->belljar) experimental->belljar->extends.reset();
        return std::move(m_merged);
    }

private:
    template <class Section>
    Section& section(std::optional<Section>& mine, const std::string& pointer)
    {
        if (mine) return *mine;
        m_merged.origins[pointer] = {m_layer, pointer};
        return mine.emplace();
    }

    void fromBase(const std::string& pointer) { m_merged.origins[pointer] = {m_layer, pointer}; }

    void conflict(std::string message, const std::string& pointer, bool baseIsTaken)
    {
        const LayerOrigin mine = m_merged.originOf(pointer);
        const LayerOrigin base{m_layer, pointer};
        m_merged.conflicts.push_back({std::move(message), baseIsTaken ? base : mine, baseIsTaken ? mine : base, false});
    }

    template <class Value>
    void takeNearest(std::optional<Value>& mine, const std::optional<Value>& base, const std::string& pointer)
    {
        if (mine || !base) return;
        mine = base;
        fromBase(pointer);
    }

    /// As takeNearest(), and says so when the base wants something else.
    template <class Value>
    void takeWhole(std::optional<Value>& mine, const std::optional<Value>& base, const std::string& pointer)
    {
        if (mine && base && !(*mine == *base))
            conflict(fmt::format("{} is said by two layers; the nearer one is taken as a whole", pointer), pointer,
                     false);
        takeNearest(mine, base, pointer);
    }

    void takeStricter(std::optional<bool>& mine, const std::optional<bool>& base, bool strict,
                      const std::string& pointer)
    {
        if (mine && base && *mine != *base) {
            const bool baseIsTaken = *base == strict;
            conflict(fmt::format("{} is {} in one layer and {} in another; {} is taken, because it is stricter",
                                 pointer, wordOf(*mine), wordOf(*base), wordOf(strict)),
                     pointer, baseIsTaken);
            if (!baseIsTaken) return;
            mine = base;
            fromBase(pointer);
        }
        takeNearest(mine, base, pointer);
    }

    /// `words` from the strictest on; of others, the nearest.
    template <std::size_t Count>
    void takeStricter(std::optional<std::string>& mine, const std::optional<std::string>& base,
                      const std::array<std::string_view, Count>& words, const std::string& pointer)
    {
        if (mine && base && *mine != *base) {
            const auto own = std::find(words.begin(), words.end(), *mine);
            const auto other = std::find(words.begin(), words.end(), *base);
            const bool baseIsTaken = other < own;
            conflict(fmt::format("{} is `{}` in one layer and `{}` in another; `{}` is taken, because it is stricter",
                                 pointer, *mine, *base, baseIsTaken ? *base : *mine),
                     pointer, baseIsTaken);
            if (!baseIsTaken) return;
            mine = base;
            fromBase(pointer);
        }
        takeNearest(mine, base, pointer);
    }

    /// 0 is no limit.
    void takeLower(std::optional<std::uint32_t>& mine, const std::optional<std::uint32_t>& base,
                   const std::string& pointer)
    {
        if (mine && base && *mine != *base) {
            const bool baseIsTaken = *base != 0 && (*mine == 0 || *base < *mine);
            conflict(fmt::format("{} is {} in one layer and {} in another; {} is taken, because it is lower{}", pointer,
                                 *mine, *base, baseIsTaken ? *base : *mine,
                                 *mine == 0 || *base == 0 ? " than no limit" : ""),
                     pointer, baseIsTaken);
            if (!baseIsTaken) return;
            mine = base;
            fromBase(pointer);
        }
        takeNearest(mine, base, pointer);
    }

    template <class Element>
    void unite(std::optional<std::vector<Element>>& mine, const std::optional<std::vector<Element>>& base,
               const std::string& pointer)
    {
        if (!base) return;
        if (!mine) {
            mine.emplace();
            fromBase(pointer);
        }
        for (std::size_t i = 0; i < base->size(); ++i) {
            m_merged.origins[fmt::format("{}/{}", pointer, mine->size())] = {m_layer, fmt::format("{}/{}", pointer, i)};
            mine->push_back((*base)[i]);
        }
    }

    /// The last entry of a name counts, so those of the nearer layers come last.
    void uniteVariables(Texts& mine, const Texts& base)
    {
        const std::string pointer = "/process/env";
        const std::vector<std::string> own = mine.value_or(std::vector<std::string>());
        std::vector<LayerOrigin> origins;
        for (std::size_t i = 0; base && i < base->size(); ++i)
            origins.push_back({m_layer, fmt::format("{}/{}", pointer, i)});
        for (std::size_t i = 0; i < own.size(); ++i)
            origins.push_back(m_merged.originOf(fmt::format("{}/{}", pointer, i)));
        if (!base) return;
        mine = base;
        mine->insert(mine->end(), own.begin(), own.end());
        for (std::size_t i = 0; i < origins.size(); ++i)
            m_merged.origins[fmt::format("{}/{}", pointer, i)] = origins[i];
    }

    /// The newest: fields of older schemas stay known.
    void addVersion(std::optional<std::string>& mine, const std::optional<std::string>& base)
    {
        if (mine && base) {
            if (ageOf(*mine) <= ageOf(*base)) return;
            mine.reset();
        }
        takeNearest(mine, base, "/version");
    }

    void addContainment(const SandboxConfig& base)
    {
        SandboxConfig& mine = m_merged.config;
        if (mine.containment && base.containment && *mine.containment != *base.containment) {
            conflict(fmt::format("one layer wants the containment `{}` and another `{}`", *mine.containment,
                                 *base.containment),
                     "/containment", false);
            m_merged.conflicts.back().refuses = true;
        }
        takeNearest(mine.containment, base.containment, "/containment");
    }

    void addProcess(ProcessConfig& mine, const ProcessConfig& base)
    {
        takeNearest(mine.commandLine, base.commandLine, "/process/commandLine");
        takeNearest(mine.cwd, base.cwd, "/process/cwd");
        uniteVariables(mine.env, base.env);
        takeLower(mine.timeout, base.timeout, "/process/timeout");
    }

    void addLifecycle(LifecycleConfig& mine, const LifecycleConfig& base)
    {
        takeNearest(mine.destroyOnExit, base.destroyOnExit, "/lifecycle/destroyOnExit");
        takeNearest(mine.preservePolicy, base.preservePolicy, "/lifecycle/preservePolicy");
    }

    void addFilesystem(FilesystemConfig& mine, const FilesystemConfig& base)
    {
        unite(mine.readwritePaths, base.readwritePaths, "/filesystem/readwritePaths");
        unite(mine.readonlyPaths, base.readonlyPaths, "/filesystem/readonlyPaths");
        unite(mine.deniedPaths, base.deniedPaths, "/filesystem/deniedPaths");
    }

    void addNetwork(NetworkConfig& mine, const NetworkConfig& base)
    {
        const bool closed = mine.defaultPolicy && base.defaultPolicy && *mine.defaultPolicy != *base.defaultPolicy;
        takeStricter(mine.defaultPolicy, base.defaultPolicy, kBlockAllow, "/network/defaultPolicy");
        takeStricter(mine.allowLocalNetwork, base.allowLocalNetwork, false, "/network/allowLocalNetwork");
        // Said together with the open network that is not taken.
        if (closed && mine.allowLocalNetwork.value_or(false)) mine.allowLocalNetwork = false;
        takeWhole(mine.enforcementMode, base.enforcementMode, "/network/enforcementMode");
        unite(mine.allowedHosts, base.allowedHosts, "/network/allowedHosts");
        unite(mine.blockedHosts, base.blockedHosts, "/network/blockedHosts");
        takeWhole(mine.proxy, base.proxy, "/network/proxy");
        if (base.egress) {
            NetworkEgressConfig& egress = section(mine.egress, "/network/egress");
            takeStricter(egress.defaultAction, base.egress->defaultAction, kDenyAllow, "/network/egress/default");
            unite(egress.allow, base.egress->allow, "/network/egress/allow");
            unite(egress.deny, base.egress->deny, "/network/egress/deny");
        }
        if (base.ingress) {
            NetworkIngressConfig& ingress = section(mine.ingress, "/network/ingress");
            takeStricter(ingress.defaultAction, base.ingress->defaultAction, kDenyAllow, "/network/ingress/default");
            takeStricter(ingress.hostLoopback, base.ingress->hostLoopback, kDenyAllow, "/network/ingress/hostLoopback");
        }
    }

    void addUi(UiConfig& mine, const UiConfig& base)
    {
        takeStricter(mine.disable, base.disable, true, "/ui/disable");
        takeStricter(mine.injection, base.injection, false, "/ui/injection");
        const bool crossed = mine.clipboard && base.clipboard && *mine.clipboard != *base.clipboard &&
                             *mine.clipboard != "none" && *base.clipboard != "none" && *mine.clipboard != "all" &&
                             *base.clipboard != "all";
        if (crossed) {
            conflict("one layer lets the clipboard be read only and another be written only; neither is taken",
                     "/ui/clipboard", false);
            mine.clipboard = "none";
            return;
        }
        constexpr std::array<std::string_view, 4> kWords{"none", "read", "write", "all"};
        takeStricter(mine.clipboard, base.clipboard, kWords, "/ui/clipboard");
    }

    void addExperimental(ExperimentalConfig& mine, const ExperimentalConfig& base)
    {
        const std::string here = "/experimental";
        takeWhole(mine.telemetry, base.telemetry, here + "/telemetry");
        takeWhole(mine.windowsSandbox, base.windowsSandbox, here + "/windows_sandbox");
        takeWhole(mine.isolationSession, base.isolationSession, here + "/isolation_session");
        takeWhole(mine.wslc, base.wslc, here + "/wslc");
        takeWhole(mine.test, base.test, here + "/test");
        takeWhole(mine.seatbelt, base.seatbelt, here + "/seatbelt");
        for (const OtherMember& member : base.others) {
            const bool known = std::any_of(mine.others.begin(), mine.others.end(),
                                           [&](const OtherMember& own) { return own.key == member.key; });
            if (!known) mine.others.push_back(member);
        }
        if (!base.belljar) return;
        BelljarConfig& own = section(mine.belljar, here + "/belljar");
        if (base.belljar->limits) addLimits(section(own.limits, here + "/belljar/limits"), *base.belljar->limits);
        unite(own.programs, base.belljar->programs, here + "/belljar/programs");
        if (base.belljar->syscalls) {
            SyscallsConfig& syscalls = section(own.syscalls, here + "/belljar/syscalls");
            unite(syscalls.deny, base.belljar->syscalls->deny, here + "/belljar/syscalls/deny");
            takeStricter(syscalls.nestedSandboxes, base.belljar->syscalls->nestedSandboxes, false,
                         here + "/belljar/syscalls/nestedSandboxes");
        }
        takeNearest(own.display, base.belljar->display, here + "/belljar/display");
        if (base.belljar->dbus) {
            const std::string bus = here + "/belljar/dbus";
            DbusConfig& dbus = section(own.dbus, bus);
            if (base.belljar->dbus->session)
                addBus(section(dbus.session, bus + "/session"), *base.belljar->dbus->session, bus + "/session");
            if (base.belljar->dbus->system)
                addBus(section(dbus.system, bus + "/system"), *base.belljar->dbus->system, bus + "/system");
        }
        if (base.belljar->network) {
            OwnNetworkConfig& network = section(own.network, here + "/belljar/network");
            unite(network.hosts, base.belljar->network->hosts, here + "/belljar/network/hosts");
            unite(network.publish, base.belljar->network->publish, here + "/belljar/network/publish");
            takeStricter(network.cooperativeProxy, base.belljar->network->cooperativeProxy, false,
                         here + "/belljar/network/cooperativeProxy");
            takeStricter(network.kernelForwarding, base.belljar->network->kernelForwarding, false,
                         here + "/belljar/network/kernelForwarding");
        }
    }

    void addBus(BusConfig& mine, const BusConfig& base, const std::string& here)
    {
        unite(mine.talk, base.talk, here + "/talk");
        unite(mine.call, base.call, here + "/call");
        unite(mine.own, base.own, here + "/own");
    }

    void addLimits(LimitsConfig& mine, const LimitsConfig& base)
    {
        const std::string here = "/experimental/belljar/limits/";
        takeLower(mine.memoryMb, base.memoryMb, here + "memoryMb");
        takeLower(mine.processes, base.processes, here + "processes");
        takeLower(mine.cpuSeconds, base.cpuSeconds, here + "cpuSeconds");
        takeLower(mine.tmpMb, base.tmpMb, here + "tmpMb");
    }

    /// One path in different lists of different layers.
    void compareGrants()
    {
        if (!m_merged.config.filesystem) return;
        struct Entry {
            const char* list;
            std::string pointer;
        };
        struct List {
            const char* key;
            const Texts& paths;
        };
        const FilesystemConfig& filesystem = *m_merged.config.filesystem;
        const std::array<List, 3> lists{{{"deniedPaths", filesystem.deniedPaths},
                                         {"readonlyPaths", filesystem.readonlyPaths},
                                         {"readwritePaths", filesystem.readwritePaths}}};
        std::map<std::string_view, Entry> known;
        for (const auto& [key, paths] : lists) {
            for (std::size_t i = 0; paths && i < paths->size(); ++i) {
                const std::string pointer = fmt::format("/filesystem/{}/{}", key, i);
                const auto [entry, isNew] = known.try_emplace((*paths)[i], Entry{key, pointer});
                if (isNew || entry->second.list == key) continue;
                const LayerOrigin taken = m_merged.originOf(entry->second.pointer);
                const LayerOrigin other = m_merged.originOf(pointer);
                if (taken.layer == other.layer) continue;
                m_merged.conflicts.push_back(
                    {fmt::format("`{}` is in {} of one layer and in {} of another; {} is taken, because it is stricter",
                                 (*paths)[i], entry->second.list, key, entry->second.list),
                     taken, other, false});
            }
        }
    }

    std::size_t m_layer = 0;
    MergedConfig m_merged;
};

}  // namespace

LayerOrigin MergedConfig::originOf(const std::string& pointer) const
{
    for (std::string at = pointer; !at.empty(); at = at.substr(0, at.rfind('/'))) {
        const auto found = origins.find(at);
        if (found != origins.end()) return {found->second.layer, found->second.pointer + pointer.substr(at.size())};
    }
    return {0, pointer};
}

MergedConfig mergeLayers(std::span<const SandboxConfig* const> layers)
{
    Merger merger(*layers.front());
    for (std::size_t i = 1; i < layers.size(); ++i) merger.add(*layers[i], i);
    return merger.finish();
}

}  // namespace belljar
