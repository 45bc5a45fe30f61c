#include "core/platform/linux/tree_steps.h"

#include <sched.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>

namespace belljar::linux_platform {
namespace {

/// What the shim does in any case; a plan without one of them is none of ours.
constexpr std::array kImplied{"--die-with-parent", "--new-session", "--as-pid-1", "--clearenv", "--cap-drop"};
constexpr unsigned long kLeastNamespaces = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;

struct NamespaceOption {
    std::string_view word;
    unsigned long flag;
};
constexpr std::array kNamespaces{
    NamespaceOption{"--unshare-user", CLONE_NEWUSER}, NamespaceOption{"--unshare-pid", CLONE_NEWPID},
    NamespaceOption{"--unshare-ipc", CLONE_NEWIPC},   NamespaceOption{"--unshare-uts", CLONE_NEWUTS},
    NamespaceOption{"--unshare-net", CLONE_NEWNET},   NamespaceOption{"--unshare-cgroup-try", CLONE_NEWCGROUP}};

struct StepOption {
    std::string_view word;
    ShimStepKind kind;
    bool hasSource;
};
constexpr std::array kSteps{
    StepOption{"--bind", kStepBind, true},           StepOption{"--ro-bind", kStepReadOnlyBind, true},
    StepOption{"--tmpfs", kStepTmpfs, false},        StepOption{"--dev", kStepDevices, false},
    StepOption{"--proc", kStepProc, false},          StepOption{"--ro-bind-data", kStepEmptyFile, true},
    StepOption{"--dir", kStepFolder, false},         StepOption{"--symlink", kStepLink, true},
    StepOption{"--remount-ro", kStepReadOnly, false}};

class Reader {
public:
    explicit Reader(const LaunchPlan& plan) : m_plan(plan) {}

    std::optional<OwnTree> read()
    {
        constexpr std::size_t kWordsOfMostSteps = 3;
        m_tree.steps.reserve(m_plan.arguments.size() / kWordsOfMostSteps);
        while (m_at < m_plan.arguments.size()) {
            if (!readOption(m_plan.arguments[m_at++])) return std::nullopt;
        }
        const bool enough = (m_tree.namespaces & kLeastNamespaces) == kLeastNamespaces &&
                            m_implied.size() == kImplied.size() && !m_tree.hostName.empty();
        if (!enough) return std::nullopt;
        for (TreeStep& step : m_tree.steps)
            if (step.kind == kStepProc && !isSealed(step.target)) step.kind = kStepOpenProc;
        m_tree.namespaces |= CLONE_NEWNS;
        return std::move(m_tree);
    }

private:
    bool readOption(const std::string& word)
    {
        if (word == "--perms") return number(8, m_mode);
        if (word == "--size") return number(10, m_size);
        if (word == "--hostname") return text(m_tree.hostName);
        if (std::find(kImplied.begin(), kImplied.end(), word) != kImplied.end()) {
            m_implied.insert(word);
            std::string which;
            return word != "--cap-drop" || (text(which) && which == "ALL");
        }
        for (const NamespaceOption& option : kNamespaces) {
            if (option.word != word) continue;
            m_tree.namespaces |= option.flag;
            return true;
        }
        for (const StepOption& option : kSteps)
            if (option.word == word) return readStep(option);
        return false;
    }

    bool readStep(const StepOption& option)
    {
        TreeStep step;
        step.kind = option.kind;
        if (option.hasSource && !text(step.source)) return false;
        if (!text(step.target)) return false;
        if (option.kind == kStepEmptyFile && !readData(step)) return false;
        step.mode = m_mode.value_or(step.mode);
        step.size = m_size.value_or(0);
        m_mode.reset();
        m_size.reset();
        const std::vector<std::string>& noExec = m_plan.shim.programs.noExec;
        const bool closed = std::find(noExec.begin(), noExec.end(), step.target) != noExec.end();
        const bool mounts = option.kind == kStepBind || option.kind == kStepTmpfs;
        TreeStep after{kStepNoExec, 0, 0, {}, step.target};
        m_tree.steps.push_back(std::move(step));
        if (closed && mounts) m_tree.steps.push_back(std::move(after));
        return true;
    }

    [[nodiscard]] bool isSealed(const std::string& target) const
    {
        return std::any_of(m_tree.steps.begin(), m_tree.steps.end(),
                           [&](const TreeStep& step) { return step.kind == kStepReadOnly && step.target == target; });
    }

    /// What stands in a file of --ro-bind-data.
    [[nodiscard]] bool readData(TreeStep& step) const
    {
        constexpr std::string_view kBegin = "{fd:";
        const std::string_view placeholder = step.source;
        if (!m_mode || !placeholder.starts_with(kBegin) || !placeholder.ends_with('}')) return false;
        const std::string_view name = placeholder.substr(kBegin.size(), placeholder.size() - kBegin.size() - 1);
        const auto wanted = std::find_if(m_plan.descriptors.begin(), m_plan.descriptors.end(),
                                         [&](const PlanDescriptor& one) { return one.name == name; });
        if (wanted == m_plan.descriptors.end()) return false;
        if (wanted->kind == PlanDescriptor::Kind::emptyFile) return true;
        step.kind = kStepData;
        step.source = wanted->bytes;
        return true;
    }

    bool text(std::string& into)
    {
        if (m_at >= m_plan.arguments.size()) return false;
        into = m_plan.arguments[m_at++];
        return !into.empty();
    }

    template <typename Number>
    bool number(int base, std::optional<Number>& into)
    {
        std::string digits;
        Number value = 0;
        if (!text(digits)) return false;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
        into = value;
        return error == std::errc{} && end == digits.data() + digits.size();
    }

    const LaunchPlan& m_plan;
    std::size_t m_at = 0;
    OwnTree m_tree;
    std::set<std::string> m_implied;
    std::optional<std::uint32_t> m_mode;  ///< For the next step.
    std::optional<std::uint64_t> m_size;
};

}  // namespace

std::optional<OwnTree> ownTree(const LaunchPlan& plan)
{
    return Reader(plan).read();
}

}  // namespace belljar::linux_platform
