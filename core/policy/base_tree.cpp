// The system tree of every sandbox, as MXC's bubblewrap backend has it, without what no sandbox should read.
#include <array>

#include "core/base/path_text.h"
#include "core/policy/host_walk.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

constexpr std::array kReadOnlyFolders{"/bin",       "/sbin",        "/lib",       "/lib32",   "/lib64",
                                      "/libx32",    "/usr/bin",     "/usr/sbin",  "/usr/lib", "/usr/lib32",
                                      "/usr/lib64", "/usr/libexec", "/usr/share", "/etc"};

/// MXC binds the folders that these stand in. They also hold sockets of the host's resolver, through which a sandbox
/// without a network could still send names out, so only the files that /etc/resolv.conf points to are shown.
constexpr std::array kResolverFiles{"/run/systemd/resolve/resolv.conf", "/run/systemd/resolve/stub-resolv.conf",
                                    "/run/NetworkManager/resolv.conf", "/run/NetworkManager/no-stub-resolv.conf",
                                    "/run/resolvconf/resolv.conf"};

constexpr std::array kHidden{"/etc/shadow", "/etc/gshadow", "/etc/shadow-", "/etc/gshadow-", "/etc/sudoers",
                             "/etc/sudoers.d", "/etc/ssl/private", "/etc/security/opasswd",
                             // These list the keys of everybody with our user id, also outside the sandbox.
                             "/proc/keys", "/proc/key-users"};

void addFolder(ResolveContext& context, const std::string& path, RuleId rule)
{
    const PathFacts facts = context.facts.lstat(path);
    if (facts.type == FileType::symlink) context.links[path] = {path, facts.linkTarget, rule};
    if (facts.type == FileType::directory) {
        context.paths[path] = {path, PathAccess::readOnly, PathKind::bind, true, rule};
    }
}

void hide(ResolveContext& context, const std::string& path, RuleId rule)
{
    const HostWalk walk = walkHost(path, context.facts);
    if (walk.end != HostWalk::End::found) return;
    const bool folder = walk.facts.type == FileType::directory;
    context.paths[walk.canonical] = {walk.canonical, PathAccess::denied, PathKind::mask, folder, rule};
}

}  // namespace

void addBaseTree(ResolveContext& context)
{
    const RuleId system = context.addRule(RuleSource::base, "system programs, libraries and settings, read-only");
    for (const char* folder : kReadOnlyFolders) addFolder(context, folder, system);
    for (const char* file : kResolverFiles) {
        if (context.facts.lstat(file).type != FileType::regular) continue;
        context.paths[file] = {file, PathAccess::readOnly, PathKind::bind, false, system};
    }
    const PathFacts varRun = context.facts.lstat("/var/run");
    if (varRun.type == FileType::symlink) context.links["/var/run"] = {"/var/run", varRun.linkTarget, system};
    if (varRun.type == FileType::missing) context.links["/var/run"] = {"/var/run", "/run", system};

    const auto own = [&](const char* path, PathKind kind, RuleId rule) {
        context.paths[path] = {path, PathAccess::readWrite, kind, true, rule};
    };
    own("/dev", PathKind::deviceTree, builtin_rule::kPrivateDevice);
    own("/dev/shm", PathKind::privateTmp, builtin_rule::kPrivateDevice);
    own("/proc", PathKind::procTree, builtin_rule::kPrivateProc);
    own("/tmp", PathKind::privateTmp, builtin_rule::kPrivateTmp);

    const RuleId hidden = context.addRule(RuleSource::base, "passwords and private keys of the system are never shown");
    for (const char* path : kHidden) hide(context, path, hidden);
    // Who could write there could make the next run follow links.
    const std::string memory = context.facts.memoryFolder();
    if (isAbsolutePath(memory))
        hide(context, memory, context.addRule(RuleSource::base, "Belljar's own memory is never shown"));
}

}  // namespace belljar
