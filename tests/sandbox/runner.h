// What tests with real sandboxes share: a fresh folder, running programs, running `belljar`, reading its events.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace belljar::test {

/// The folder with belljar, belljar-shim and belljar-probe: $BELLJAR_BIN, or that of this program.
[[nodiscard]] std::string binFolder();
/// The source tree ($BELLJAR_SOURCE), for test data; empty when not known.
[[nodiscard]] std::string sourceFolder();

/// A fresh folder below $TMPDIR or /var/tmp (not /tmp: every sandbox has its own), removed with everything in it.
class TempFolder {
public:
    TempFolder();
    ~TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] std::string operator/(const std::string& name) const { return m_path + "/" + name; }
    /// Makes a folder, with its parents, or a file with its parents; both return the absolute path.
    std::string folder(const std::string& name) const;
    std::string file(const std::string& name, const std::string& content, unsigned mode = 0644) const;

private:
    std::string m_path;
};

[[nodiscard]] std::string readAll(const std::string& path);
[[nodiscard]] bool exists(const std::string& path);

/// How to run a program.
struct RunOptions {
    std::string input;      ///< Standard input; a pipe.
    std::string inputFile;  ///< Standard input from this file instead.
    std::string cwd;
    std::vector<std::pair<std::string, std::string>> env;  ///< Added to our own environment.
    bool terminal = false;                      ///< Streams are a pseudo-terminal, the controlling one of the program.
    std::chrono::seconds patience{60};          ///< Then it is killed and `late` is set.
    std::function<void()> inChild;              ///< Called in the child just before exec.
    std::function<void(pid_t pid)> afterStart;  ///< Called in the test, while the program runs.
};

struct RunResult {
    int status = -1;  ///< Exit code; 128 + n for signal n.
    std::string out;  ///< All of standard output; of the terminal when there is one.
    std::string err;
    bool late = false;
    double seconds = 0;
};

RunResult runProgram(const std::vector<std::string>& argv, const RunOptions& options = {});

/// One line of `--events jsonl`.
struct SeenEvent {
    std::string kind, object, detail, verdict, result, trust, process, mechanism;
    bool absentOnHost = false;
    std::optional<int> error;  ///< errno, when known.
    bool hasRule = false;
    unsigned ruleId = 0;
    std::string ruleText, ruleSource, rulePointer;
};

/// Complete lines only; a line that is no JSON object is a test failure.
[[nodiscard]] std::vector<SeenEvent> parseEvents(const std::string& jsonLines);

/// The one answer of `belljar explain --json`.
struct SeenExplanation {
    bool allowed = false;
    std::string errorName;  ///< "EROFS"; empty when allowed.
    std::string ruleText, ruleSource, mechanism, sentence;
    std::string remedy;         ///< none, paths, network, networkRule
    std::string removePointer;  ///< The profile's entry to remove; may be empty.
    std::string grant, access;  ///< A path, and read-only or read-write; may be empty.
    std::string remedySentence;
    std::string networkRule;  ///< The narrowest one that would do; may be empty.
};

/// A text that is no such answer is a test failure.
[[nodiscard]] SeenExplanation parseExplanation(const std::string& json);

/// A JSON string literal.
[[nodiscard]] std::string quote(const std::string& text);

/// A profile in JSON, put together from lists.
struct Profile {
    std::vector<std::string> readOnly, readWrite, denied, env;
    std::string cwd;
    unsigned timeoutMs = 0;
    std::string limits;  ///< Members of experimental.belljar.limits as JSON, e.g. "\"processes\": 20".
    std::string rules;   ///< Other members of experimental.belljar as JSON.
    [[nodiscard]] std::string json() const;
};

/// `belljar run PROFILE OPTIONS... -- COMMAND...`; the profile is written to `folder`.
std::vector<std::string> belljarRun(const TempFolder& folder, const std::string& profileJson,
                                    const std::vector<std::string>& options, const std::vector<std::string>& command);

/// Processes of this machine whose command line holds `mark`, without ourselves.
[[nodiscard]] std::vector<pid_t> processesWith(const std::string& mark);
/// Waits until `condition` holds; false when it does not within `patience`.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience = std::chrono::seconds(5));

/// Mounts of this machine and temporary files with a name like ours or bubblewrap's: what a run must not leave behind.
/// Folders of tests that run at the same time do not count.
[[nodiscard]] std::string hostTraces();
/// Control groups that a belljar process with this number made, one a line.
[[nodiscard]] std::string controlGroupsOf(pid_t belljar);

}  // namespace belljar::test
