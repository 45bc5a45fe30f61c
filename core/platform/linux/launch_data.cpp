#include "core/platform/linux/launch_data.h"

#include <sched.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

namespace belljar::linux_platform {
namespace {

constexpr std::size_t kAlignment = 8;

/// Appends parts to a header that is written last, because it says where they begin.
class DataBuilder {
public:
    DataBuilder() : m_bytes(sizeof(ShimHeader), '\0') {}

    [[nodiscard]] std::uint32_t end() const { return static_cast<std::uint32_t>(m_bytes.size()); }

    std::uint32_t text(std::string_view value)
    {
        const std::uint32_t begin = end();
        m_bytes.append(value);
        m_bytes += '\0';
        return begin;
    }

    std::uint32_t aligned(std::string_view bytes)
    {
        m_bytes.resize((m_bytes.size() + kAlignment - 1) / kAlignment * kAlignment, '\0');
        const std::uint32_t begin = end();
        m_bytes.append(bytes);
        return begin;
    }

    std::string finish(const ShimHeader& header)
    {
        std::memcpy(m_bytes.data(), &header, sizeof header);
        return std::move(m_bytes);
    }

private:
    std::string m_bytes;
};

std::uint32_t flagsOf(const LaunchPlan& plan, const OwnTree* tree, bool terminal)
{
    const auto flag = [](bool set, std::uint32_t value) { return set ? value : 0U; };
    return flag(plan.shim.filter.needsListener(), kShimListen) | flag(terminal, kShimTerminal) |
           flag(plan.shim.programs.on, kShimFencePrograms) | flag(plan.shim.scopeAbstractSockets, kShimScopeSockets) |
           flag(tree != nullptr, kShimBuildTree) |
           flag(tree != nullptr && (tree->namespaces & CLONE_NEWNET) != 0, kShimOwnNetwork) |
           flag(tree != nullptr && plan.relaysNetwork, kShimOfferNetwork) |
           flag(plan.relaysByProxy, kShimWithoutFilter);
}

void addTree(const OwnTree& tree, DataBuilder& data, ShimHeader& header)
{
    std::vector<ShimStep> steps;
    steps.reserve(tree.steps.size());
    for (const TreeStep& step : tree.steps) {
        ShimStep made{};
        made.kind = step.kind;
        made.mode = step.mode;
        made.size = step.size;
        if (step.kind == kStepData) made.size = step.source.size();
        made.source = step.source.empty() ? 0 : data.text(step.source);
        made.target = data.text(step.target);
        steps.push_back(made);
    }
    header.hostName = data.text(tree.hostName);
    header.steps = static_cast<std::uint32_t>(steps.size());
    header.stepsOffset = data.aligned(
        {reinterpret_cast<const char*>(steps.data()), steps.size() * sizeof(ShimStep)});  // NOLINT: plain bytes
}

void addPrograms(const ProgramFence& fence, DataBuilder& data, ShimHeader& header)
{
    std::vector<ShimProgram> programs;
    const auto add = [&](const std::string& path, const std::optional<FileIdentity>& identity) {
        ShimProgram program{};
        program.size = ~std::uint64_t{0};
        if (identity) {
            program.device = identity->device;
            program.inode = identity->inode;
            program.size = identity->size;
            program.changedNs = identity->changedNs;
        }
        program.path = data.text(path);
        programs.push_back(program);
    };
    for (const ProgramRule& program : fence.allowed) add(program.path, program.identity);
    for (const std::string& loader : fence.loaders) add(loader, std::nullopt);
    header.programs = static_cast<std::uint32_t>(programs.size());
    header.programsOffset = data.aligned({reinterpret_cast<const char*>(programs.data()),
                                          programs.size() * sizeof(ShimProgram)});  // NOLINT: plain bytes
}

}  // namespace

std::string launchData(const LaunchPlan& plan, const std::string& filter, const OwnTree* tree, bool terminal)
{
    constexpr std::size_t kInstruction = 8;
    const ShimPlan& shim = plan.shim;
    DataBuilder data;
    ShimHeader header{};
    header.magic = BELLJAR_SHIM_MAGIC;
    header.flags = flagsOf(plan, tree, terminal);
    header.argc = static_cast<std::uint32_t>(shim.argv.size());
    header.envc = static_cast<std::uint32_t>(shim.env.size());
    header.cpuSeconds = shim.limits.cpuSeconds;
    header.memoryBytes = plan.cgroup.memoryBytes != 0 ? 0 : shim.limits.memoryBytes;
    header.processes = plan.cgroup.processes != 0 ? 0 : shim.limits.processes;
    header.uid = ::geteuid();
    header.gid = ::getegid();
    header.stringsOffset = data.text(shim.cwd);
    for (const std::string& word : shim.argv) data.text(word);
    for (const std::string& entry : shim.env) data.text(entry);
    header.filterOffset = data.aligned(filter);
    header.filterInstructions = static_cast<std::uint32_t>(filter.size() / kInstruction);
    if (tree != nullptr) addTree(*tree, data, header);
    addPrograms(shim.programs, data, header);
    if (!plan.display.socket.empty()) header.display = data.text(plan.display.socket);
    if (!plan.buses.folder.empty()) header.folder = data.text(plan.buses.folder);
    if (shim.processNumbers != 0) header.processNumbers = data.text(std::to_string(shim.processNumbers));
    return data.finish(header);
}

}  // namespace belljar::linux_platform
