// The list of programs: which files the kernel may be asked to execute, and the mounts that keep it so.
//
// A listed file becomes read-only where the sandbox could write it, so that what was listed is what runs. Everything
// else that the sandbox can write loses the right to be executed or mapped as code, unless its folder is listed.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>

#include "core/base/nearest.h"
#include "core/base/path_text.h"
#include "core/policy/decide.h"
#include "core/policy/host_walk.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

constexpr std::size_t kMostPrograms = 2'000;
constexpr std::size_t kHashLength = 64;
/// Looking at more entries than this for another name of a program with a hash would make every launch slow.
constexpr std::size_t kLongLook = 100'000;

/// The loaders of ordinary systems, for folders, whose programs nobody looks into.
constexpr std::array kUsualLoaders{"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1",
                                   "/lib/ld-musl-x86_64.so.1", "/lib/ld-musl-aarch64.so.1"};

/// Programs that run whatever text they are given. Names may go on with a version: python3.11.
constexpr std::array<std::string_view, 16> kInterpreters{"sh",     "bash",  "dash", "zsh",  "ksh", "busybox",
                                                         "python", "perl",  "ruby", "node", "php", "lua",
                                                         "awk",    "tclsh", "make", "gdb"};

bool isInterpreter(std::string_view path)
{
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return std::any_of(kInterpreters.begin(), kInterpreters.end(), [&](std::string_view known) {
        return name.starts_with(known) && name.find_first_not_of("0123456789.", known.size()) == std::string_view::npos;
    });
}

using Object = std::pair<std::uint64_t, std::uint64_t>;

class ProgramResolver {
public:
    explicit ProgramResolver(ResolveContext& context) : m_context(context), m_policy(context.policy) {}

    void read(const ProgramConfig& entry, const std::string& pointer)
    {
        const SourcePlace place = m_context.place(pointer + "/path");
        const std::string written = m_context.request.written ? m_context.request.written(pointer + "/path") : "";
        const std::string text = written.empty() ? entry.path : fmt::format("{} -> {}", written, entry.path);
        ProgramRule program;
        program.rule = m_context.addRule(RuleSource::profile, "programs: " + text, place);
        m_hash = entry.sha256.value_or("");
        m_hashPlace = entry.sha256 ? m_context.place(pointer + "/sha256") : place;
        if (locate(entry.path, program) && (program.isDirectory ? checkFolder(program) : checkFile(program)))
            m_programs.push_back(std::move(program));
    }

    void finish()
    {
        for (ProgramRule& program : m_programs) {
            addMount(program);
            const auto known = std::find_if(m_policy.programs.allowed.begin(), m_policy.programs.allowed.end(),
                                            [&](const ProgramRule& other) { return other.path == program.path; });
            if (known == m_policy.programs.allowed.end()) m_policy.programs.allowed.push_back(program);
            else if (program.identity) *known = program;
        }
        std::sort(m_policy.programs.allowed.begin(), m_policy.programs.allowed.end(),
                  [](const ProgramRule& a, const ProgramRule& b) { return a.path < b.path; });
        sortTables(m_policy);
        m_policy.programs.listed = true;
        for (const auto& [script, interpreter] : m_scripts) checkScript(script, interpreter);
        searchOtherNames();
    }

private:
    void say(Severity severity, const char* id, std::string message, const SourcePlace& place, std::string fix = {})
    {
        m_context.report(severity, id, std::move(message), place, std::move(fix));
    }

    [[nodiscard]] const SourcePlace& placeOf(const ProgramRule& program) const
    {
        return m_policy.rules[program.rule].place;
    }

    bool locate(const std::string& path, ProgramRule& program)
    {
        const SourcePlace& place = placeOf(program);
        if (!isAbsolutePath(path) || path.find('\0') != std::string::npos) {
            say(Severity::error, "program-path", fmt::format("The program {} is no absolute path", quoted(path)), place,
                "Write the absolute path of a program, or of a folder with programs");
            return false;
        }
        const HostWalk walk = walkHost(path, m_context.facts);
        if (walk.end != HostWalk::End::found) {
            // Nothing to allow is no danger; a hash that cannot be held against anything is a mistake.
            say(m_hash.empty() ? Severity::warning : Severity::error, "program-missing",
                fmt::format(
                    "The program {} {}", quoted(path),
                    walk.end == HostWalk::End::missing ? "does not exist on this machine" : "cannot be looked at"),
                place, "Check the spelling, or remove the entry");
            return false;
        }
        program.path = walk.canonical;
        program.isDirectory = walk.facts.type == FileType::directory;
        if (!program.isDirectory && walk.facts.type != FileType::regular) {
            say(Severity::error, "program-path", fmt::format("{} is neither a file nor a folder", quoted(path)), place,
                "Remove the entry");
            return false;
        }
        const PathRule* rule = governingRule(m_policy, program.path);
        const bool there = rule && rule->present && rule->kind == PathKind::bind;
        if (!there)
            say(Severity::warning, "program-not-granted",
                fmt::format("The program {} is listed, but the sandbox does not have it", quoted(path)), place,
                fmt::format("Grant it: add {} to filesystem.readonlyPaths", quoted(program.path)));
        return there;
    }

    bool checkFolder(const ProgramRule& program)
    {
        if (!m_hash.empty()) {
            say(Severity::error, "program-hash", "A folder has no hash", m_hashPlace,
                "Remove sha256, or list the files");
            return false;
        }
        const bool holdsWritable = std::any_of(m_policy.paths.begin(), m_policy.paths.end(), [&](const PathRule& rule) {
            return rule.access == PathAccess::readWrite && rule.kind == PathKind::bind &&
                   isAtOrBelow(rule.path, program.path);
        });
        if (holdsWritable || governingIsWritable(program.path))
            say(Severity::warning, "program-writable",
                fmt::format("The sandbox can write into the listed folder {}, and so make programs that may run",
                            quoted(program.path)),
                placeOf(program), "List the files, or grant the folder read-only");
        for (const char* loader : kUsualLoaders) addLoader(loader);
        return true;
    }

    [[nodiscard]] bool governingIsWritable(const std::string& path) const
    {
        const PathRule* rule = governingRule(m_policy, path);
        return rule && rule->access == PathAccess::readWrite;
    }

    bool checkFile(ProgramRule& program)
    {
        if (!checkHashText()) return false;
        const Result<ProgramFacts> facts = m_context.facts.program(program.path, !m_hash.empty());
        if (!facts) {
            say(Severity::error, "program-unreadable",
                fmt::format("The program {} cannot be looked into: {} {}", quoted(program.path), facts.error().message,
                            facts.error().native),
                placeOf(program), "List programs that you may read");
            return false;
        }
        if (!m_hash.empty() && facts->sha256 != lowered(m_hash)) {
            say(Severity::error, "program-changed",
                fmt::format("The program {} is another one: its sha256 is {}", quoted(program.path), facts->sha256),
                m_hashPlace, "Find out why; then write the new hash");
            return false;
        }
        if (!m_hash.empty()) program.identity = facts->identity;
        if (facts->kind == ProgramFacts::Kind::machineCode && !facts->interpreter.empty())
            addLoader(facts->interpreter);
        if (facts->kind == ProgramFacts::Kind::script) m_scripts[program.path] = facts->interpreter;
        if (isInterpreter(program.path))
            say(Severity::note, "program-interpreter",
                fmt::format("{} runs whatever text it is given: the list keeps it from starting other programs, and "
                            "that is all",
                            quoted(program.path)),
                placeOf(program));
        return true;
    }

    bool checkHashText()
    {
        const bool right = m_hash.empty() || (m_hash.size() == kHashLength &&
                                              m_hash.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos);
        if (!right)
            say(Severity::error, "program-hash", fmt::format("{} is no SHA-256 hash", quoted(m_hash)), m_hashPlace,
                "Write the 64 digits that `sha256sum FILE` prints");
        return right;
    }

    void addLoader(const std::string& path)
    {
        if (!isAbsolutePath(path)) return;
        const HostWalk walk = walkHost(path, m_context.facts);
        if (walk.end != HostWalk::End::found || walk.facts.type != FileType::regular) return;
        const PathRule* rule = governingRule(m_policy, walk.canonical);
        if (!rule || !rule->present || rule->kind != PathKind::bind) return;
        std::vector<std::string>& loaders = m_policy.programs.loaders;
        if (std::find(loaders.begin(), loaders.end(), walk.canonical) == loaders.end())
            loaders.push_back(walk.canonical);
    }

    /// Its own mount, where it lies in one that the sandbox can write: a file read-only, a folder as it is.
    void addMount(const ProgramRule& program)
    {
        const PathRule* around = governingRule(m_policy, program.path);
        if (!around || around->access != PathAccess::readWrite) return;
        if (around->path == program.path && !program.isDirectory) {
            say(program.identity ? Severity::error : Severity::warning, "program-writable",
                fmt::format("The listed program {} may be changed by the sandbox, which is granted that very file",
                            quoted(program.path)),
                placeOf(program), "Grant it read-only");
            return;
        }
        if (around->path == program.path) return;
        PathRule mount{program.path, PathAccess::readOnly, PathKind::bind, program.isDirectory, program.rule};
        if (program.isDirectory) {
            mount.access = around->access;
            mount.rule = around->rule;
        }
        m_policy.paths.push_back(std::move(mount));
        sortTables(m_policy);
    }

    void checkScript(const std::string& script, const std::string& interpreter)
    {
        const HostWalk walk = walkHost(interpreter, m_context.facts);
        if (walk.end != HostWalk::End::found || decide(m_policy, {AccessKind::execute, walk.canonical, {}, 0}).allowed)
            return;
        say(Severity::warning, "program-script",
            fmt::format("The script {} is started by {}, which is not listed", quoted(script), quoted(interpreter)),
            placeOf(*std::find_if(m_programs.begin(), m_programs.end(),
                                  [&](const ProgramRule& program) { return program.path == script; })),
            fmt::format("List {}, too", quoted(interpreter)));
    }

    /// A hard link or another mount of a program with a hash, in a folder that the sandbox can write.
    void searchOtherNames()
    {
        std::map<Object, const ProgramRule*> wanted;
        for (const ProgramRule& program : m_policy.programs.allowed)
            if (program.identity && m_context.facts.mayAccess(program.path, true))
                wanted[{program.identity->device, program.identity->inode}] = &program;
        if (wanted.empty()) return;
        std::size_t seen = 0;
        for (const PathRule& rule : m_policy.paths) {
            if (rule.kind != PathKind::bind || rule.access != PathAccess::readWrite) continue;
            std::vector<std::string> pending{rule.path};
            while (!pending.empty()) {
                const std::string path = std::move(pending.back());
                pending.pop_back();
                if (path != rule.path && ruleAt(m_policy, path)) continue;
                const PathFacts facts = m_context.facts.lstat(path);
                if (facts.type == FileType::directory)
                    for (const std::string& name : m_context.facts.list(path)) pending.push_back(joinPath(path, name));
                if (const auto found = wanted.find({facts.device, facts.inode});
                    facts.type == FileType::regular && found != wanted.end()) {
                    say(Severity::error, "program-writable",
                        fmt::format("The sandbox could change the listed program {}: {} is another name of it",
                                    quoted(found->second->path), quoted(path)),
                        placeOf(*found->second), "Make it a file of its own, or grant less");
                    return;
                }
                if (++seen > kLongLook) {
                    say(Severity::error, "program-writable",
                        "Whether a listed program with a hash has another name in a writable folder cannot be told: "
                        "the folders hold more than 100,000 entries",
                        placeOf(*wanted.begin()->second), "Grant smaller folders");
                    return;
                }
            }
        }
    }

    ResolveContext& m_context;
    Policy& m_policy;
    std::vector<ProgramRule> m_programs;
    std::map<std::string, std::string> m_scripts;  ///< Script → the program of its first line.
    std::string m_hash;                            ///< Of the entry that is being read.
    SourcePlace m_hashPlace;
};

bool isBelowListedFolder(const Policy& policy, const std::string& path)
{
    return std::any_of(policy.programs.allowed.begin(), policy.programs.allowed.end(), [&](const ProgramRule& program) {
        return program.isDirectory ? isAtOrBelow(path, program.path) : path == program.path;
    });
}

}  // namespace

void resolvePrograms(ResolveContext& context)
{
    const auto& experimental = context.config.experimental;
    if (!experimental || !experimental->belljar || !experimental->belljar->programs) return;
    const std::vector<ProgramConfig>& programs = *experimental->belljar->programs;
    const std::string list = "/experimental/belljar/programs";
    context.policy.programs.rule =
        context.addRule(RuleSource::profile, "programs: no other program may be executed", context.place(list));
    if (programs.size() > kMostPrograms) {
        context.report(Severity::error, "program-many",
                       fmt::format("The profile lists {} programs, and at most {} can be enforced", programs.size(),
                                   kMostPrograms),
                       context.place(list), "List folders instead of single files");
        return;
    }
    ProgramResolver resolver(context);
    for (std::size_t i = 0; i < programs.size(); ++i) resolver.read(programs[i], fmt::format("{}/{}", list, i));
    resolver.finish();
}

void closeExecution(ResolveContext& context)
{
    if (!context.policy.programs.listed) return;
    for (PathRule& rule : context.policy.paths) {
        const bool writable =
            rule.access == PathAccess::readWrite && (rule.kind == PathKind::bind || rule.kind == PathKind::privateTmp);
        rule.noExec = writable && !isBelowListedFolder(context.policy, rule.path);
    }
}

}  // namespace belljar
