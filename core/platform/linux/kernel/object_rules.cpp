#include "core/platform/linux/kernel/object_rules.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>

#include "core/platform/posix/errno_text.h"

namespace belljar::linux_platform {

void ObjectRules::end()
{
    m_set = nullptr;
    m_now.clear();
    m_next.clear();
}

ObjectRules::Object ObjectRules::lookUp(const std::string& path)
{
    Object object;
    struct stat info {};
    struct statfs system {};
    object.held.reset(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!object.held || ::fstat(object.held.get(), &info) != 0 || ::fstatfs(object.held.get(), &system) != 0)
        object.whyNot = "there is nothing that could be looked at: " + errnoText(errno);
    else if (S_ISLNK(info.st_mode)) object.whyNot = "a link stands there";
    else if (!hasObjectNumbers(static_cast<std::int64_t>(system.f_type)))
        object.whyNot = "its file system numbers objects in another way than the kernel's rules";
    object.number = {info.st_dev, info.st_ino};
    if (!object.whyNot.empty()) object.held.reset();
    return object;
}

ObjectRules::Entries ObjectRules::entriesOf(const Objects& objects)
{
    Entries entries;
    for (const auto& [key, object] : objects)
        if (object->whyNot.empty()) entries.emplace(object->number, key.second);
    return entries;
}

Result<void> ObjectRules::add(const Entries& wanted, const Entries& there) const
{
    for (const auto& [object, rule] : wanted) {
        const auto known = there.find(object);
        if (known != there.end() && known->second == rule) continue;
        if (Result<void> set = m_set(object, rule); !set) return set;
    }
    return {};
}

Result<void> ObjectRules::remove(const Entries& unwanted, const Entries& kept) const
{
    for (const auto& [object, rule] : unwanted) {
        if (kept.contains(object)) continue;
        if (Result<void> set = m_set(object, std::nullopt); !set) return set;
    }
    return {};
}

Result<void> ObjectRules::forbid(const std::vector<DeniedPath>& denied)
{
    m_next.clear();
    if (!holds()) return {};
    for (const DeniedPath& one : denied) {
        const std::pair key{one.path, one.rule};
        const auto known = m_now.find(key);
        m_next[key] = known != m_now.end() ? known->second : std::make_shared<const Object>(lookUp(one.path));
    }
    Result<void> added = add(entriesOf(m_next), entriesOf(m_now));
    if (!added) undo();
    return added;
}

Result<void> ObjectRules::settle()
{
    if (!holds()) return {};
    if (Result<void> removed = remove(entriesOf(m_now), entriesOf(m_next)); !removed) return removed;
    m_now = m_next;
    return {};
}

void ObjectRules::undo()
{
    if (!holds()) return;
    // Best effort: what the kernel does not take back stays forbidden, and is never allowed for it.
    [[maybe_unused]] const Result<void> removed = remove(entriesOf(m_next), entriesOf(m_now));
    [[maybe_unused]] const Result<void> restored = add(entriesOf(m_now), entriesOf(m_next));
    m_next.clear();
}

std::string ObjectRules::uncovered(const std::string& path) const
{
    for (const auto& [key, object] : m_next)
        if (key.first == path) return object->whyNot;
    return "no rule denies it";
}

}  // namespace belljar::linux_platform
