#include "core/events/process_tree.h"

namespace belljar {

void ProcessTree::add(std::int32_t pid, std::uint64_t start, std::int32_t parentPid)
{
    if (m_parents.size() < kMostProcesses) m_parents.try_emplace({pid, start}, parentPid);
}

}  // namespace belljar
