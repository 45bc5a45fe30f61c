// What entries of the path lists do to each other, and what the grants open.
#include <algorithm>
#include <array>
#include <map>

#include <spdlog/fmt/fmt.h>

#include "core/base/path_text.h"
#include "core/base/visible.h"
#include "core/policy/decide.h"
#include "core/policy/lint_context.h"
#include "core/policy/resolve_context.h"
#include "core/policy/secrets.h"

namespace belljar {
namespace {

constexpr std::size_t kMostPlaces = 50;

const char* accessWords(PathAccess access)
{
    switch (access) {
        case PathAccess::denied: return "denied";
        case PathAccess::readOnly: return "read only";
        case PathAccess::readWrite: return "read and write";
    }
    return "";
}

bool exists(const HostFacts& facts, const std::string& path)
{
    return facts.lstat(path).type != FileType::missing;
}

bool allows(const Policy& policy, AccessKind kind, const std::string& path)
{
    return decide(policy, {kind, path, {}, 0}).allowed;
}

ProfileChange removed(const std::string& pointer)
{
    return {pointer, std::nullopt};
}

ProfileChange denied(const std::string& path)
{
    return {"/filesystem/deniedPaths/-", jsonQuote(path)};
}

ProfileChange readOnly(const std::string& path)
{
    return {"/filesystem/readonlyPaths/-", jsonQuote(path)};
}

/// A place that programs outside act on, below the home folder or absolute.
std::string placeAt(std::string_view place, const std::string& home)
{
    if (place.front() == '/') return std::string(place);
    return home.empty() ? std::string() : joinPath(home, place);
}

constexpr std::array kSystemFolders{"/usr",   "/etc",  "/bin",     "/sbin", "/lib",
                                    "/lib64", "/boot", "/var/lib", "/opt",  "/var/spool/cron"};

constexpr std::array kStartupFiles{".bashrc",    ".bash_profile",   ".bash_login",
                                   ".profile",   ".zshrc",          ".zprofile",
                                   ".zshenv",    ".config/fish",    ".config/autostart",
                                   ".xprofile",  ".config/systemd", ".local/share/systemd",
                                   ".vimrc",     ".config/nvim",    ".local/share/applications",
                                   ".gitconfig", ".config/git",     ".pam_environment",
                                   ".xsession",  ".xinitrc",        ".config/environment.d"};

constexpr std::array kRootSockets{"/run/docker.sock",           "/run/containerd/containerd.sock",
                                  "/run/podman/podman.sock",    "/run/crio/crio.sock",
                                  "/run/libvirt/libvirt-sock",  "/run/snapd.socket",
                                  "/run/systemd/private",       "/run/dbus/system_bus_socket",
                                  "/var/run/docker.sock",       "/var/snap/lxd/common/lxd/unix.socket",
                                  "/var/lib/incus/unix.socket", "/var/lib/lxd/unix.socket"};

void reportRedundant(LintContext& context, const PathEntry& entry, const std::string& above)
{
    context.report("path-redundant",
                   fmt::format("{} is {} already, as {} is", quoted(context.written(entry)), accessWords(entry.access),
                               quoted(above)),
                   entry, "Remove it", {removed(context.placeOf(entry).pointer)});
}

}  // namespace

/// Entries of the lists against each other and against what every sandbox has.
void lintPathLists(LintContext& context)
{
    struct Holder {
        PathAccess access;
        const PathEntry* entry;  ///< nullptr: of the system tree.
    };
    std::map<std::string, Holder> holders;
    for (const PathRule& rule : context.request.origins.basePaths) holders[rule.path] = {rule.access, nullptr};
    std::vector<const PathEntry*> left;
    for (const PathEntry& entry : context.request.origins.requests) {
        const auto other = holders.find(entry.canonical);
        if (other == holders.end() || other->second.entry == nullptr) {
            const bool isBase = other != holders.end() && other->second.access == entry.access;
            if (isBase) reportRedundant(context, entry, entry.canonical);
            else left.push_back(&entry);
            holders[entry.canonical] = {entry.access, &entry};
        } else if (other->second.access == entry.access) {
            context.report("path-twice", fmt::format("{} stands there twice", quoted(context.written(entry))), entry,
                           "Remove it", {removed(context.placeOf(entry).pointer)});
        } else {
            // Denied beats read only, and that beats read and write.
            const bool stays = other->second.access < entry.access;
            const PathEntry& loser = stays ? entry : *other->second.entry;
            const PathAccess winner = std::min(other->second.access, entry.access);
            context.report("path-conflict",
                           fmt::format("{} is {} here and {} elsewhere; the stricter one decides",
                                       quoted(context.written(loser)), accessWords(loser.access), accessWords(winner)),
                           loser, "Remove the one that does not count", {removed(context.placeOf(loser).pointer)});
            std::erase(left, &loser);
            if (!stays) {
                other->second = {entry.access, &entry};
                left.push_back(&entry);
            }
        }
    }
    for (const PathEntry* entry : left) {
        for (std::string above = entry->canonical; above != "/";) {
            above = parentPath(above);
            const auto holder = holders.find(above);
            if (holder == holders.end()) continue;
            if (holder->second.access == entry->access) reportRedundant(context, *entry, above);
            break;
        }
    }
}

namespace {

/// What one grant opens beside what it names.
class GrantLint {
public:
    explicit GrantLint(LintContext& context)
        : m_context(context),
          m_policy(context.request.policy),
          m_facts(context.facts),
          m_home(normalizedPath(context.facts.system().homePath))
    {
    }

    void check(const PathEntry& entry)
    {
        checkSecrets(entry);
        checkSockets(entry);
        if (entry.access != PathAccess::readWrite) return;
        if (checkWide(entry)) return;
        checkStartup(entry);
        checkSearchPath(entry);
        checkGit(entry);
    }

private:
    std::string name(const PathEntry& entry) const { return quoted(m_context.written(entry)); }
    std::string pointer(const PathEntry& entry) const { return m_context.placeOf(entry).pointer; }

    std::vector<ProfileChange> madeReadOnly(const PathEntry& entry) const
    {
        return {removed(pointer(entry)), readOnly(m_context.written(entry))};
    }

    /// The change for each of `places`, and their names for the message.
    template <class Change>
    void say(std::string_view id, const PathEntry& entry, const char* sentence, const std::vector<std::string>& places,
             const char* fix, Change&& change)
    {
        if (places.empty()) return;
        std::vector<ProfileChange> changes;
        std::string names;
        for (const std::string& place : places) {
            changes.push_back(change(place));
            if (changes.size() <= 3) names += (names.empty() ? "" : ", ") + quoted(place);
        }
        if (places.size() > 3) names += fmt::format(" and {} more", places.size() - 3);
        m_context.report(id, fmt::format(fmt::runtime(sentence), name(entry), names), entry, fix, std::move(changes));
    }

    void checkSecrets(const PathEntry& entry)
    {
        if (const SecretRow* row = secretAt(entry.canonical, m_home)) {
            m_context.report("secret-granted", fmt::format("{} holds {}", name(entry), row->what), entry,
                             "Remove it: what no rule grants is absent", {removed(pointer(entry))});
            return;
        }
        std::vector<std::string> found;
        for (const auto& [path, row] : secretsBelow(entry.canonical, m_home)) {
            const bool open = allows(m_policy, AccessKind::read, path) || allows(m_policy, AccessKind::list, path);
            if (found.size() < kMostPlaces && open && exists(m_facts, path)) found.push_back(path);
        }
        say("secret-below", entry, "{} lets the sandbox see secrets: {}", found, "Deny them", denied);
    }

    void checkSockets(const PathEntry& entry)
    {
        const std::string run = fmt::format("/run/user/{}", m_facts.system().uid);
        std::vector<std::string> session{run + "/bus",       run + "/systemd/private", run + "/gnupg",
                                         run + "/keyring",   run + "/pipewire-0",      run + "/pulse",
                                         run + "/wayland-0", "/tmp/.X11-unix",         "/tmp/.ICE-unix"};
        std::vector<std::string> root(kRootSockets.begin(), kRootSockets.end());
        root.push_back(run + "/podman/podman.sock");
        root.push_back(run + "/docker.sock");
        checkSocketsOf("root-socket", entry, root,
                       "{} opens a socket whose users are administrators of this machine: {}");
        checkSocketsOf("session-socket", entry, session,
                       "{} opens a socket through which programs act outside the sandbox: {}");
    }

    void checkSocketsOf(std::string_view id, const PathEntry& entry, const std::vector<std::string>& sockets,
                        const char* sentence)
    {
        std::vector<std::string> found;
        for (const std::string& socket : sockets) {
            if (isAtOrBelow(entry.canonical, socket)) {
                say(id, entry, sentence, {socket}, "Remove it",
                    [&](const std::string&) { return removed(pointer(entry)); });
                return;
            }
            const bool below = isAtOrBelow(socket, entry.canonical) && exists(m_facts, socket);
            if (below && allows(m_policy, AccessKind::read, socket)) found.push_back(socket);
        }
        say(id, entry, sentence, found, "Deny it", denied);
    }

    bool checkWide(const PathEntry& entry)
    {
        if (!m_home.empty() && isAtOrBelow(m_home, entry.canonical)) {
            m_context.report("home-writable",
                             fmt::format("{} lets the sandbox change everything of yours, also what runs at the next "
                                         "login",
                                         name(entry)),
                             entry, "Make it read only, and grant the folders that are needed", madeReadOnly(entry));
            return true;
        }
        // Services have their homes below /var/lib: what is in one's home is one's own.
        const bool own = m_home.size() > 1 && isAtOrBelow(entry.canonical, m_home);
        const bool system = !own && std::any_of(kSystemFolders.begin(), kSystemFolders.end(), [&](const char* folder) {
            return isAtOrBelow(entry.canonical, folder) || entry.canonical == "/var";
        });
        if (system)
            m_context.report("system-writable",
                             fmt::format("{} lets the sandbox change the system's programs or settings", name(entry)),
                             entry, "Make it read only", madeReadOnly(entry));
        return system;
    }

    void checkStartup(const PathEntry& entry)
    {
        std::vector<std::string> found;
        for (const char* file : kStartupFiles) {
            const std::string path = placeAt(file, m_home);
            const bool here = !path.empty() && isAtOrBelow(path, entry.canonical);
            if (here && exists(m_facts, path) && mayChange(path)) found.push_back(path);
        }
        if (found.size() == 1 && found.front() == entry.canonical) {
            m_context.report("startup-writable",
                             fmt::format("{} is read by programs outside when they start", name(entry)), entry,
                             "Make it read only", madeReadOnly(entry));
            return;
        }
        say("startup-writable", entry, "{} lets the sandbox change what programs outside read when they start: {}",
            found, "Make them read only", readOnly);
    }

    bool mayChange(const std::string& path) const
    {
        return allows(m_policy, AccessKind::write, path) || allows(m_policy, AccessKind::create, joinPath(path, "x"));
    }

    void checkSearchPath(const PathEntry& entry)
    {
        std::vector<std::string> found;
        for (const std::string& variable : m_facts.system().environment) {
            if (!variable.starts_with("PATH=")) continue;
            for (std::size_t begin = 5; begin <= variable.size();) {
                const std::size_t end = std::min(variable.find(':', begin), variable.size());
                const std::string folder = normalizedPath(variable.substr(begin, end - begin));
                begin = end + 1;
                const bool here = isAbsolutePath(folder) && isAtOrBelow(folder, entry.canonical);
                if (here && exists(m_facts, folder) && mayChange(folder)) found.push_back(folder);
            }
        }
        if (found.size() == 1 && found.front() == entry.canonical) {
            m_context.report("search-path-writable",
                             fmt::format("programs in {} are started outside by their names", name(entry)), entry,
                             "Make it read only", madeReadOnly(entry));
            return;
        }
        say("search-path-writable", entry, "{} lets the sandbox plant programs that are started outside: {}", found,
            "Make them read only", readOnly);
    }

    void checkGit(const PathEntry& entry)
    {
        std::vector<std::string> found;
        for (const char* file : {".git/hooks", ".git/config"}) {
            const std::string path = joinPath(entry.canonical, file);
            if (exists(m_facts, path) && mayChange(path)) found.push_back(path);
        }
        say("git-hooks-writable", entry, "{} lets the sandbox change what Git runs outside: {}", found,
            "Make them read only", readOnly);
    }

    LintContext& m_context;
    const Policy& m_policy;
    const HostFacts& m_facts;
    std::string m_home;
};

}  // namespace

void lintGrants(LintContext& context)
{
    GrantLint lint(context);
    for (const PathEntry& entry : context.request.origins.requests)
        if (entry.access != PathAccess::denied) lint.check(entry);
}

}  // namespace belljar
