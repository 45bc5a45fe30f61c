// What `belljar explain` says of each denial of the probes, held against the kernel: the same access is tried again
// under the profile and under the profile with exactly the proposed change.
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>

#include "tests/probes/probe_fixture.h"

namespace belljar::test {
namespace {

/// What a denied event asked for; nothing for those that ask for a system call rather than for an object. Of two names
/// either may be the reason. A hard link makes the first name readable elsewhere.
std::vector<Attempt> attemptsOf(const SeenEvent& event)
{
    static const std::pair<std::string_view, const char*> kKinds[] = {
        {"file.open", "read"},      {"file.openwrite", "write"}, {"file.create", "create"}, {"file.stat", "stat"},
        {"file.readlink", "stat"},  {"file.unlink", "remove"},   {"file.rename", "remove"}, {"file.link", "read"},
        {"file.mkdir", "create"},   {"file.rmdir", "remove"},    {"file.chmod", "write"},   {"file.chown", "write"},
        {"file.truncate", "write"}, {"file.symlink", "create"},  {"file.mknod", "create"},  {"file.times", "write"},
        {"file.xattr", "write"},    {"file.readdir", "list"},    {"process.exec", "exec"},  {"net.connect", "connect"},
        {"net.send", "connect"},    {"net.bind", "listen"},
    };
    constexpr std::string_view kArrow = "→ ";
    std::vector<Attempt> attempts;
    const bool two = (event.kind == "file.rename" || event.kind == "file.link") && event.detail.starts_with(kArrow);
    if (two) attempts.push_back({"create", event.detail.substr(kArrow.size())});
    const auto row = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const auto& entry) { return entry.first == event.kind; });
    if (row != std::end(kKinds)) attempts.push_back({row->second, event.object});
    return attempts;
}

/// The kernel may look at a folder's own bits or at its mount first.
bool sameAnswer(const std::string& kind, int error, int expected)
{
    const bool either = error == EACCES || error == EROFS;
    return error == expected || (kind == "write" && either && (expected == EACCES || expected == EROFS));
}

/// The profile with what the explanation proposes.
Profile changed(Profile profile, const SeenExplanation& explanation)
{
    const std::pair<std::string, std::vector<std::string>*> lists[] = {
        {"/filesystem/readonlyPaths/", &profile.readOnly},
        {"/filesystem/readwritePaths/", &profile.readWrite},
        {"/filesystem/deniedPaths/", &profile.denied}};
    for (const auto& [prefix, list] : lists) {
        if (!explanation.removePointer.starts_with(prefix)) continue;
        const std::size_t index = std::stoul(explanation.removePointer.substr(prefix.size()));
        EXPECT_LT(index, list->size());
        if (index < list->size()) list->erase(list->begin() + static_cast<std::ptrdiff_t>(index));
    }
    if (!explanation.grant.empty())
        (explanation.access == "read-write" ? profile.readWrite : profile.readOnly).push_back(explanation.grant);
    return profile;
}

int errorNumber(const std::string& name)
{
    for (int number = 1; number < 134; ++number) {
        const char* known = ::strerrorname_np(number);
        if (known != nullptr && name == known) return number;
    }
    return -1;
}

}  // namespace

int ProbeTest::outcomeOf(const Attempt& attempt, const Profile& profile, const std::vector<std::string>& network,
                         const RunOptions& options)
{
    std::vector<std::string> words{"--events", "none"};
    words.insert(words.end(), network.begin(), network.end());
    const std::vector<std::string> command = probeCommand({"try_access", attempt.kind, attempt.object});
    const RunResult run = runProgram(belljarRun(m_folder, profile.json(), words, command), options);
    EXPECT_EQ(run.status, 0) << attempt.kind << " " << attempt.object << "\n" << run.err;
    return std::atoi(run.out.c_str());
}

bool ProbeTest::expectExplained(const Attempt& attempt, const SeenEvent& event, const RunOptions& options)
{
    const std::string what = attempt.kind + " " + attempt.object;
    const std::string profile = m_folder.file("profile.json", m_profile.json());
    const SeenExplanation said = parseExplanation(
        runProgram({binFolder() + "/belljar", "explain", profile, "--json", "--" + attempt.kind, attempt.object},
                   options)
            .out);
    if (said.allowed) return false;
    EXPECT_EQ(said.ruleText, event.ruleText) << what;
    EXPECT_EQ(said.mechanism, event.mechanism) << what;
    // access(2) does not ask Landlock; the probe itself starts the program, with the list's entry and without.
    if (said.mechanism == "programList") return true;
    const int outside =
        std::atoi(runProgram(probeCommand({"try_access", attempt.kind, attempt.object}), options).out.c_str());
    const int before = outcomeOf(attempt, m_profile, {}, options);
    // A socket that the probe made and has removed since.
    if (outside == ENOENT && before == ENOENT && attempt.kind == "connect") return true;
    // The second name of a rename, which may be there already.
    if (outside == EEXIST && before == EEXIST && attempt.kind == "create") return true;
    EXPECT_TRUE(sameAnswer(attempt.kind, before, errorNumber(said.errorName)))
        << what << ": errno " << before << ", " << said.sentence;
    if (said.remedy == "none") {
        EXPECT_TRUE(said.ruleSource == "builtIn" || said.ruleSource == "base") << what << ": " << said.remedySentence;
        EXPECT_FALSE(said.remedySentence.empty()) << what;
        return true;
    }
    // Where the machine itself does not give it, no profile can.
    if (outside == before) return true;
    std::vector<std::string> network;
    if (said.remedy == "network") network = {"--net", "host"};
    if (!said.networkRule.empty()) network = {"--allow-net", said.networkRule};
    const int after = outcomeOf(attempt, changed(m_profile, said), network, options);
    EXPECT_NE(after, before) << what << ": " << said.remedySentence;
    EXPECT_EQ(after, outside) << what << ": not as outside of any sandbox after: " << said.remedySentence;
    m_turnedOver += after != before ? 1U : 0U;
    return true;
}

void ProbeTest::expectExplained(const std::vector<SeenEvent>& events, const RunOptions& options)
{
    std::set<Attempt> done;
    for (const SeenEvent& event : events) {
        if (event.verdict != "denied" || event.absentOnHost) continue;
        if (event.object.starts_with("/proc/self/fd/")) continue;  // Of a process that has ended.
        EXPECT_TRUE(event.hasRule && !event.mechanism.empty()) << event.kind << " " << event.object;
        const std::vector<Attempt> attempts = attemptsOf(event);
        bool denied = attempts.empty();
        for (const Attempt& attempt : attempts)
            denied = done.contains(attempt) || expectExplained(attempt, event, options) || denied;
        done.insert(attempts.begin(), attempts.end());
        EXPECT_TRUE(denied) << event.kind << " " << event.object << " was denied, but is explained as allowed";
    }
}

}  // namespace belljar::test
