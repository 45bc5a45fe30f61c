// What runs: argument list, environment, folder. Also says before the start when the program or the folder cannot be
// there, with the grant that is missing.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "core/base/path_text.h"
#include "core/policy/decide.h"
#include "core/policy/host_walk.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

/// What Linux gives arguments and environment together at most (3/4 of 8 MiB), with the pointers to them.
constexpr std::size_t kMostEnvironment = std::size_t{6} << 20U;
constexpr const char* kDefaultPath = "/usr/local/bin:/usr/bin:/bin";

std::optional<std::string> valueOf(const std::vector<std::string>& environment, std::string_view key)
{
    for (const std::string& entry : environment) {
        if (entry.size() > key.size() && entry[key.size()] == '=' && entry.compare(0, key.size(), key) == 0) {
            return entry.substr(key.size() + 1);
        }
    }
    return std::nullopt;
}

class EnvironmentBuilder {
public:
    explicit EnvironmentBuilder(ResolveContext& context) : m_context(context) {}

    /// The last entry of a key wins, at the place of the first. `pointer` says where the entry stands in the profile.
    void add(const std::string& entry, const std::string& pointer)
    {
        if (entry.find('\0') != std::string::npos) {
            m_context.report(Severity::error, "env-nul",
                             fmt::format("The environment entry {} holds a NUL character", quoted(entry)),
                             placeOf(pointer), "Remove it");
            return;
        }
        const std::size_t equals = entry.find('=');
        if (equals == std::string::npos || equals == 0) {
            m_context.report(Severity::note, "env-skipped",
                             fmt::format("The environment entry {} is not KEY=VALUE and is left out", quoted(entry)),
                             placeOf(pointer), "Write KEY=VALUE, or remove the entry");
            return;
        }
        const std::string key = entry.substr(0, equals + 1);
        std::vector<std::string>& env = m_context.policy.process.env;
        const auto [known, isNew] = m_indices.emplace(key, env.size());
        if (isNew) env.push_back(entry);
        else env[known->second] = entry;
    }

    void addDefault(std::string_view key, const std::string& value)
    {
        std::vector<std::string>& env = m_context.policy.process.env;
        if (!value.empty() && !valueOf(env, key)) env.push_back(fmt::format("{}={}", key, value));
    }

    /// In the spellings that programs look for, as MXC does.
    void tellProxy(const std::string& url)
    {
        for (const char* key : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy",
                                "FTP_PROXY", "ftp_proxy"})
            add(fmt::format("{}={}", key, url), {});
    }

    /// Belljar's own. Variables that are set stay, and are told of.
    void offerProxy(const std::string& url)
    {
        std::string kept;
        const auto offer = [&](const char* key, const std::string& value) {
            if (valueOf(m_context.policy.process.env, key)) kept += (kept.empty() ? "" : ", ") + std::string(key);
            else addDefault(key, value);
        };
        for (const char* key : {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"})
            offer(key, url);
        // The sandbox's own loopback, which no proxy outside could reach.
        for (const char* key : {"NO_PROXY", "no_proxy"}) offer(key, "localhost,127.0.0.1,::1");
        if (kept.empty()) return;
        m_context.report(Severity::warning, "network-proxy-variable",
                         fmt::format("Set already, and so left as they are: {}. Programs that go by these may not find "
                                     "Belljar's proxy, which is the only way out",
                                     kept),
                         m_context.place("/process/env"), fmt::format("Remove the variables; the proxy is {}", url));
    }

private:
    [[nodiscard]] SourcePlace placeOf(const std::string& pointer) const
    {
        return pointer.empty() ? SourcePlace{} : m_context.place(pointer);
    }

    ResolveContext& m_context;
    std::unordered_map<std::string, std::size_t> m_indices;  ///< "KEY=" → its entry; there can be very many.
};

/// Whether a kernel can hand this environment to a program; says so if not.
bool checkSize(ResolveContext& context, const std::vector<std::string>& env)
{
    std::size_t size = 0;
    for (const std::string& entry : env) size += entry.size() + 1 + sizeof(char*);
    if (size <= kMostEnvironment) return true;
    context.report(
        Severity::error, "env-too-large",
        fmt::format("The environment takes {} bytes, and a program can be given at most {}", size, kMostEnvironment),
        context.place("/process/env"), "Remove entries, or hand large values over in files");
    return false;
}

void buildEnvironment(ResolveContext& context)
{
    EnvironmentBuilder builder(context);
    if (context.config.process && context.config.process->env) {
        const auto& env = *context.config.process->env;
        if (!checkSize(context, env)) return;
        // What leads past the proxy leads nowhere.
        const bool proxied = !context.proxyUrl.empty();
        for (std::size_t i = 0; i < env.size(); ++i)
            if (!proxied || !(env[i].starts_with("NO_PROXY=") || env[i].starts_with("no_proxy=")))
                builder.add(env[i], fmt::format("/process/env/{}", i));
    }
    if (!context.proxyUrl.empty()) builder.tellProxy(context.proxyUrl);
    for (const std::string& entry : context.request.extraEnv) builder.add(entry, {});
    if (!context.ownProxyUrl.empty()) builder.offerProxy(context.ownProxyUrl);
    if (!context.request.defaultEnvironment) return;
    const SystemFacts& system = context.facts.system();
    builder.addDefault("PATH", kDefaultPath);
    builder.addDefault("HOME", valueOf(system.environment, "HOME").value_or(system.homePath));
    builder.addDefault("LANG", "C.UTF-8");
    builder.addDefault("TERM", valueOf(system.environment, "TERM").value_or(""));
}

void buildCommand(ResolveContext& context)
{
    std::vector<std::string>& argv = context.policy.process.argv;
    const auto& process = context.config.process;
    if (!context.request.argv.empty()) argv = context.request.argv;
    else if (process && process->commandLine) argv = {"/bin/sh", "-c", *process->commandLine};
    const bool nul =
        std::any_of(argv.begin(), argv.end(), [](const auto& a) { return a.find('\0') != std::string::npos; });
    if (nul) {
        context.report(Severity::error, "command-nul", "The command holds a NUL character",
                       context.place("/process/commandLine"), "Remove it");
    }
    context.policy.process.timeout = std::chrono::milliseconds(process ? process->timeout.value_or(0) : 0);
    if (context.request.timeout) context.policy.process.timeout = *context.request.timeout;
}

/// A folder that the program can be started in. `path` is canonical in the sandbox.
bool isFolderInSandbox(const ResolveContext& context, const std::string& path)
{
    const Policy& policy = context.policy;
    if (!decide(policy, {AccessKind::list, path, {}, 0}).allowed) return false;
    const PathRule* rule = governingRule(policy, path);
    if (!rule) return true;
    if (rule->kind == PathKind::bind) return context.facts.lstat(path).type == FileType::directory;
    return path == rule->path || hasVisibleBelow(policy, path);
}

void resolveFolder(ResolveContext& context, bool checkTree)
{
    const auto& process = context.config.process;
    const std::optional<std::string> profile = process ? process->cwd : std::nullopt;
    const std::optional<std::string> wanted = context.request.cwd ? context.request.cwd : profile;
    const SourcePlace place = context.request.cwd ? SourcePlace{} : context.place("/process/cwd");
    std::string& cwd = context.policy.process.cwd;
    cwd = "/";
    if (!wanted) {
        // Only a folder that a rule shows: standing in an empty folder on the way to a grant helps nobody.
        const std::string& current = context.facts.system().currentPath;
        if (!checkTree || !isAbsolutePath(current)) return;
        const std::string canonical = canonicalInSandbox(context.policy, current, context.facts);
        const PathRule* rule = governingRule(context.policy, canonical);
        if (rule && rule->kind == PathKind::bind && isFolderInSandbox(context, canonical)) cwd = canonical;
        return;
    }
    if (!isAbsolutePath(*wanted) || wanted->find('\0') != std::string::npos) {
        context.report(Severity::error, "cwd-relative",
                       fmt::format("The folder {} is not an absolute path", quoted(*wanted)), place,
                       "Write the absolute path");
        return;
    }
    if (!checkTree) return;
    cwd = canonicalInSandbox(context.policy, *wanted, context.facts);
    if (isFolderInSandbox(context, cwd)) return;
    const HostWalk host = walkHost(*wanted, context.facts);
    const bool exists = host.end == HostWalk::End::found && host.facts.type == FileType::directory;
    context.report(
        Severity::error, "cwd-not-granted",
        fmt::format("The program cannot start in {}: {}", quoted(*wanted),
                    exists ? "the sandbox does not have that folder" : "there is no such folder"),
        place,
        exists ? fmt::format("Grant it: --ro {0}, or add {0} to filesystem.readonlyPaths", quoted(host.canonical))
               : "Name a folder that exists and is granted");
}

enum class Presence { there, maybe, absent };

/// Whether a program file can be at `path` when the sandboxee starts.
Presence programAt(const ResolveContext& context, const std::string& path)
{
    const std::string canonical = canonicalInSandbox(context.policy, path, context.facts);
    if (!decide(context.policy, {AccessKind::execute, canonical, {}, 0}).allowed) return Presence::absent;
    const PathRule* rule = governingRule(context.policy, canonical);
    if (!rule || rule->kind == PathKind::privateTmp) return Presence::absent;  // A private folder starts empty.
    if (rule->kind != PathKind::bind) return Presence::maybe;
    const PathFacts found = context.facts.lstat(canonical);
    if (found.error != 0) return Presence::maybe;
    return found.type == FileType::missing ? Presence::absent : Presence::there;
}

std::vector<std::string> searchPath(const std::string& path, const std::string& cwd)
{
    std::vector<std::string> folders;
    std::size_t begin = 0;
    while (begin <= path.size()) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        folders.push_back(joinPath(cwd, path.substr(begin, end - begin)));
        begin = end + 1;
    }
    return folders;
}

/// The program's real path on the host, when it is there.
std::optional<std::string> onHost(const ResolveContext& context, const std::vector<std::string>& candidates)
{
    for (const std::string& path : candidates) {
        if (!isAbsolutePath(path)) continue;
        const HostWalk walk = walkHost(path, context.facts);
        if (walk.end == HostWalk::End::found && walk.facts.type == FileType::regular) return walk.canonical;
    }
    return std::nullopt;
}

/// Says so when the program is in the sandbox, but not in the list of programs.
bool isKeptOutByList(ResolveContext& context, const std::vector<std::string>& candidates)
{
    for (const std::string& path : candidates) {
        const std::string canonical = canonicalInSandbox(context.policy, path, context.facts);
        const Verdict verdict = decide(context.policy, {AccessKind::execute, canonical, {}, 0});
        if (verdict.allowed || verdict.mechanism != Mechanism::programList) continue;
        if (context.facts.lstat(canonical).type != FileType::regular) continue;
        context.report(
            Severity::error, "program-not-listed",
            fmt::format("The program that the command starts, {}, is not in the list of programs", quoted(canonical)),
            context.policy.programs.rule, fmt::format("List it: {{ \"path\": \"{}\" }}", canonical));
        return true;
    }
    return false;
}

void checkProgram(ResolveContext& context)
{
    const ProcessPolicy& process = context.policy.process;
    if (process.argv.empty()) return;
    const std::string& program = process.argv.front();
    std::vector<std::string> inside;
    std::vector<std::string> outside;
    if (program.find('/') != std::string::npos) {
        inside.push_back(joinPath(process.cwd, program));
        outside.push_back(joinPath(context.facts.system().currentPath, program));
    } else if (!program.empty()) {
        const std::string path = valueOf(process.env, "PATH").value_or("/bin:/usr/bin");
        for (const std::string& folder : searchPath(path, process.cwd)) inside.push_back(joinPath(folder, program));
        const std::string hostPath = valueOf(context.facts.system().environment, "PATH").value_or("");
        for (const std::string& folder : searchPath(hostPath, "/")) outside.push_back(joinPath(folder, program));
    }
    for (const std::string& path : inside) {
        if (programAt(context, path) != Presence::absent) return;
    }
    if (isKeptOutByList(context, inside)) return;
    outside.insert(outside.begin(), inside.begin(), inside.end());
    const std::optional<std::string> host = onHost(context, outside);
    const SourcePlace place = context.request.argv.empty() ? context.place("/process/commandLine") : SourcePlace{};
    if (!host) {
        context.report(Severity::error, "command-not-found",
                       fmt::format("The command {} does not exist on this machine", quoted(program)), place,
                       "Check the spelling, or install it");
        return;
    }
    const bool granted = decide(context.policy, {AccessKind::execute, *host, {}, 0}).allowed;
    context.report(
        Severity::error, "command-not-found",
        fmt::format("The command {} is {} on this machine, but {}", quoted(program), quoted(*host),
                    granted ? "not in a folder of the sandbox's PATH" : "the sandbox does not have it"),
        place,
        granted ? fmt::format("Call it {}", quoted(*host))
                : fmt::format("Grant it: --ro {0}, or add {0} to filesystem.readonlyPaths, and call it by that path",
                              quoted(*host)));
}

}  // namespace

void resolveProcess(ResolveContext& context, bool checkTree)
{
    buildEnvironment(context);
    buildCommand(context);
    resolveFolder(context, checkTree);
    if (checkTree && !context.failed()) checkProgram(context);
}

}  // namespace belljar
