// A made-up machine: an in-memory tree with links, hard links and bind mounts, for tests that must not see the real
// one.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/path_text.h"
#include "core/model/host_facts.h"

namespace belljar {

class FakeHostFacts final : public HostFacts {
public:
    static constexpr std::uint64_t kRootDevice = 1;

    FakeHostFacts()
    {
        m_nodes["/"] = {FileType::directory, kRootDevice, 1, 2, 0, 0755, {}, 0};
        m_mounts.push_back({"/", "/", kRootDevice, "ext4"});
        facts.system = "linux";
        facts.uid = 1000;
        facts.userName = "u";
        facts.homePath = "/home/u";
        facts.currentPath = "/home/u/proj";
        facts.environment = {"HOME=/home/u", "TERM=xterm", "PATH=/usr/local/bin:/usr/bin:/bin", "PROJECT=/home/u/proj"};
        facts.userNamespaces = true;
        facts.seccompNotify = true;
        facts.landlockAbi = 7;
        facts.bwrapPath = "/usr/bin/bwrap";
        facts.bwrapVersion = "0.8.0";
        facts.shimPath = "/usr/lib/belljar/belljar-shim";
        facts.displayHelperPath = "/usr/lib/belljar/belljar-display";
        facts.xephyrPath = "/usr/bin/Xephyr";
        facts.dbusProxyPath = "/usr/bin/xdg-dbus-proxy";
        facts.sessionBus = "unix:path=/run/user/1000/bus";
        facts.systemBus = "unix:path=/run/dbus/system_bus_socket";
    }

    /// A merged-/usr Linux with one user.
    static FakeHostFacts linuxHost()
    {
        FakeHostFacts host;
        for (const char* path :
             {"/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64", "/usr/share", "/usr/local/bin", "/etc/ssl",
              "/home/u/proj/src", "/home/u/.ssh", "/home/u/docs", "/dev", "/proc", "/tmp", "/run", "/root"}) {
            host.folder(path);
        }
        for (const char* path : {"/usr/bin/dash", "/usr/bin/true", "/usr/local/bin/tool", "/etc/passwd", "/etc/shadow",
                                 "/home/u/proj/main.c", "/home/u/proj/src/a.c", "/home/u/.ssh/id_rsa",
                                 "/home/u/docs/letter", "/dev/null", "/dev/random", "/proc/cpuinfo"}) {
            host.file(path);
        }
        host.link("/bin", "usr/bin");
        host.link("/sbin", "usr/sbin");
        host.link("/lib", "usr/lib");
        host.link("/lib64", "usr/lib64");
        host.link("/usr/bin/sh", "dash");
        host.link("/var/run", "/run");
        host.forbidWriting("/usr");
        host.forbidWriting("/etc");
        host.forbidReading("/etc/shadow");
        host.forbidReading("/root");
        host.mountPoint("/proc", "/", 20, "proc");
        host.mountPoint("/dev", "/", 21, "devtmpfs");
        return host;
    }

    FakeHostFacts(FakeHostFacts&& other) noexcept
        : facts(std::move(other.facts)),
          m_nodes(std::move(other.m_nodes)),
          m_mounts(std::move(other.m_mounts)),
          m_unreadable(std::move(other.m_unreadable)),
          m_unwritable(std::move(other.m_unwritable)),
          m_nextInode(other.m_nextInode)
    {
        remembered = std::move(other.remembered);
        memory = std::move(other.memory);
        programs = std::move(other.programs);
    }

    void folder(const std::string& path) { add(path, FileType::directory); }
    void file(const std::string& path) { add(path, FileType::regular); }
    void socket(const std::string& path) { add(path, FileType::other); }
    void link(const std::string& path, const std::string& target)
    {
        add(path, FileType::symlink);
        m_nodes[path].linkTarget = target;
    }
    void hardLink(const std::string& path, const std::string& existing)
    {
        add(path, FileType::regular);
        m_nodes[path] = m_nodes[existing];
        const std::uint64_t inode = m_nodes[path].inode;
        std::uint64_t names = 0;
        for (const auto& [name, node] : m_nodes) names += node.inode == inode ? 1U : 0U;
        for (auto& [name, node] : m_nodes) {
            if (node.inode == inode) node.linkCount = names;
        }
    }
    /// `source` appears at `at` as well, as the same objects.
    void bindMount(const std::string& source, const std::string& at)
    {
        folder(at);
        std::map<std::string, PathFacts> copies;
        for (const auto& [path, node] : m_nodes) {
            if (isAtOrBelow(path, source)) copies[at + path.substr(source.size())] = node;
        }
        for (auto& [path, node] : copies) m_nodes[path] = node;
        m_mounts.push_back({at, source, kRootDevice, "ext4"});
    }
    void mountPoint(const std::string& at, const std::string& root, std::uint64_t device, const std::string& fileSystem)
    {
        folder(at);
        m_nodes[at].device = device;
        m_mounts.push_back({at, root, device, fileSystem});
    }
    void remove(const std::string& path) { m_nodes.erase(path); }
    void forbidReading(const std::string& path) { m_unreadable.insert(path); }
    void forbidWriting(const std::string& path) { m_unwritable.insert(path); }
    void failLookup(const std::string& path, int error) { m_nodes[path].error = error; }

    [[nodiscard]] const SystemFacts& system() const override { return facts; }
    [[nodiscard]] PathFacts lstat(const std::string& path) const override
    {
        ++lookups;
        const auto node = m_nodes.find(path);
        return node == m_nodes.end() ? PathFacts{} : node->second;
    }
    [[nodiscard]] bool mayAccess(const std::string& path, bool write) const override
    {
        const auto below = [&](const std::string& forbidden) { return isAtOrBelow(path, forbidden); };
        const bool unreadable = std::any_of(m_unreadable.begin(), m_unreadable.end(), below);
        return !unreadable && !(write && std::any_of(m_unwritable.begin(), m_unwritable.end(), below));
    }
    [[nodiscard]] const std::vector<MountFacts>& mounts() const override { return m_mounts; }
    [[nodiscard]] std::vector<std::string> list(const std::string& path) const override
    {
        std::vector<std::string> names;
        const std::string prefix = path == "/" ? path : path + "/";
        for (auto node = m_nodes.upper_bound(prefix); node != m_nodes.end(); ++node) {
            if (node->first.compare(0, prefix.size(), prefix) != 0) break;
            const std::string name = node->first.substr(prefix.size());
            if (name.find('/') == std::string::npos) names.push_back(name);
        }
        return names;
    }

    std::string obstacle;  ///< Of packetObstacle().
    [[nodiscard]] std::string packetObstacle() const override { return obstacle; }

    /// What a program file is; others are machine code without a loader and without a known hash.
    std::map<std::string, ProgramFacts> programs;
    [[nodiscard]] Result<ProgramFacts> program(const std::string& path, bool /*withHash*/) const override
    {
        const auto known = programs.find(path);
        ProgramFacts answer = known == programs.end() ? ProgramFacts{} : known->second;
        const PathFacts node = lstat(path);
        answer.identity.device = node.device;
        answer.identity.inode = node.inode;
        return answer;
    }

    [[nodiscard]] std::vector<SystemCallFacts> systemCalls() const override
    {
        std::vector<SystemCallFacts> calls = closedSystemCalls();
        for (const char* name : {"execve", "mkdir", "mkdirat", "openat", "read", "socket", "write"})
            calls.push_back({name, true, 0});
        calls.push_back({"arm_only", false, 0});
        return calls;
    }
    [[nodiscard]] std::vector<SystemCallFacts> closedSystemCalls() const override
    {
        return {{"chroot", true, 1}, {"io_uring_setup", true, 38}, {"mount", true, 1}, {"ptrace", true, 1}};
    }

    [[nodiscard]] std::vector<std::string> formerlyWritable() const override { return remembered; }
    [[nodiscard]] std::string memoryFolder() const override { return memory; }

    std::vector<std::string> remembered;
    std::string memory;
    SystemFacts facts;
    mutable std::size_t lookups = 0;  ///< Calls of lstat so far: launches must stay cheap.

private:
    void add(const std::string& path, FileType type)
    {
        for (std::string parent = parentPath(path); parent.size() > 1; parent = parentPath(parent)) {
            if (!m_nodes.contains(parent))
                m_nodes[parent] = {FileType::directory, kRootDevice, m_nextInode++, 2, 0, 0755, {}, 0};
        }
        m_nodes[path] = {type, kRootDevice, m_nextInode++, type == FileType::directory ? 2U : 1U, 0, 0755, {}, 0};
    }

    std::map<std::string, PathFacts> m_nodes;
    std::vector<MountFacts> m_mounts;
    std::set<std::string> m_unreadable;
    std::set<std::string> m_unwritable;
    std::uint64_t m_nextInode = 2;
};

}  // namespace belljar
