// decide() against the kernel: random policies over a random tree; a script in the sandbox tries what decide() judged.
//
// Beside that one denial of each policy is turned over: what remedyFor() proposes must give it another outcome.
//
// BELLJAR_DIFFERENTIAL_RUNS is the number of policies (default 100), BELLJAR_DIFFERENTIAL_SEED the seed (default 1).
#include <gtest/gtest.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>

#include "backends/registry.h"
#include "core/base/path_text.h"
#include "core/engine/preparation.h"
#include "core/engine/session.h"
#include "core/policy/decide.h"
#include "core/policy/path_lookup.h"
#include "core/policy/remedy.h"

namespace belljar {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPython = "/usr/bin/python3";

/// Tries each (operation, path) pair of its arguments, undoes what worked, prints one errno a line.
constexpr const char* kScript = R"(
import os, sys
def tryout(kind, path):
    try:
        if kind == 'stat': os.stat(path)
        elif kind == 'list': os.listdir(path)
        elif kind == 'read': os.close(os.open(path, os.O_RDONLY))
        elif kind == 'write':
            if os.path.isdir(path): os.utime(path)
            else: os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
        elif kind == 'create':
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)); os.unlink(path)
        elif kind == 'remove': os.rename(path, path + '~'); os.rename(path + '~', path)
        elif kind == 'execute':
            os.stat(path)
            if not os.access(path, os.X_OK): return 13
        return 0
    except OSError as error:
        return error.errno
arguments = sys.argv[1:]
for i in range(0, len(arguments), 2): print(tryout(arguments[i], arguments[i + 1]))
)";

unsigned fromEnvironment(const char* name, unsigned fallback)
{
    const char* text = std::getenv(name);
    return text ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : fallback;
}

class Dice {
public:
    explicit Dice(unsigned seed) : m_engine(seed) {}
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_engine); }
    bool chance(unsigned percent) { return below(100) < percent; }
    template <class T>
    const T& pick(const std::vector<T>& from)
    {
        return from[below(from.size())];
    }

private:
    std::mt19937 m_engine;
};

/// A random tree of folders, files, symbolic links and hard links below a fresh folder.
class RandomTree {
public:
    RandomTree(Dice& dice, const std::string& below)
    {
        std::string pattern = below + "/belljar-test-differential-XXXXXX";
        m_root = ::mkdtemp(pattern.data()) ? pattern : std::string();
        m_folders.push_back(m_root);
        for (int i = 0; i < 28; ++i) add(dice);
    }
    ~RandomTree()
    {
        std::error_code ignored;
        fs::remove_all(m_root, ignored);
    }
    RandomTree(const RandomTree&) = delete;
    RandomTree& operator=(const RandomTree&) = delete;

    [[nodiscard]] const std::string& root() const { return m_root; }
    [[nodiscard]] const std::vector<std::string>& folders() const { return m_folders; }
    [[nodiscard]] const std::vector<std::string>& all() const { return m_all; }

    /// Every name with its type and, for files, its content: what a sandbox must leave as it was.
    [[nodiscard]] std::string picture() const
    {
        std::vector<std::string> lines;
        for (const auto& entry : fs::recursive_directory_iterator(m_root)) {
            std::stringstream content;
            if (entry.is_regular_file() && !entry.is_symlink()) content << std::ifstream(entry.path()).rdbuf();
            lines.push_back(fmt::format("{} {} {}", entry.path().string(),
                                        static_cast<int>(entry.symlink_status().type()), content.str()));
        }
        std::sort(lines.begin(), lines.end());
        std::string text;
        for (const std::string& line : lines) text += line + "\n";
        return text;
    }

private:
    void add(Dice& dice)
    {
        const std::string path = fmt::format("{}/{}{}", dice.pick(m_folders), "abcdefgh"[dice.below(8)], m_all.size());
        const std::size_t kind = dice.below(10);
        if (kind < 4) {
            fs::create_directory(path);
            m_folders.push_back(path);
        } else if (kind < 8 || m_all.empty()) {
            std::ofstream(path) << path;
            fs::permissions(path, fs::perms(0755));
            m_files.push_back(path);
        } else if (kind == 8 || m_files.empty()) {
            fs::create_symlink(dice.pick(m_all), path);
        } else {
            fs::create_hard_link(dice.pick(m_files), path);
        }
        m_all.push_back(path);
    }

    std::string m_root;
    std::vector<std::string> m_folders;
    std::vector<std::string> m_files;
    std::vector<std::string> m_all;
};

class Output final : public SessionObserver {
public:
    void onEvents(std::span<const Event>) override {}
    void onOutput(int stream, std::string_view bytes) override { (stream == 1 ? out : err) += bytes; }
    void onFinished(const Outcome&, const Losses&) override {}
    std::string out;
    std::string err;
};

struct Question {
    AccessKind kind;
    std::string path;
};

class Differential : public testing::Test {
protected:
    void SetUp() override
    {
        if (!fs::exists(kPython)) GTEST_SKIP() << "no " << kPython;
        m_facts = inspectHost(true);
        m_backends = allBackends();
        const Availability here = findBackend(m_backends, "bubblewrap")->probe(m_facts->system());
        if (!here.available) GTEST_SKIP() << here.reason;
    }

    static std::vector<ExtraPath> randomRules(Dice& dice, const RandomTree& tree)
    {
        std::vector<ExtraPath> rules;
        const std::size_t count = 1 + dice.below(7);
        for (std::size_t i = 0; i < count; ++i) {
            const auto access = static_cast<PathAccess>(dice.below(3));
            std::string path = dice.chance(15)   ? tree.root()
                               : dice.chance(50) ? dice.pick(tree.folders())
                                                 : dice.pick(tree.all());
            if (access == PathAccess::denied && dice.chance(10)) path += "/absent";
            rules.push_back({path, access});
        }
        return rules;
    }

    static std::vector<Question> randomQuestions(Dice& dice, const RandomTree& tree)
    {
        std::vector<Question> questions;
        for (int i = 0; i < 60; ++i) {
            const auto kind = static_cast<AccessKind>(dice.below(static_cast<std::size_t>(AccessKind::execute) + 1));
            std::string path = dice.chance(70) ? dice.pick(tree.all()) : dice.pick(tree.folders());
            if (dice.chance(5)) path = tree.root();
            if (dice.chance(5)) path = parentPath(tree.root());
            if (kind == AccessKind::create || dice.chance(10)) path += "/new";
            if (kind == AccessKind::execute && fs::is_directory(path)) continue;
            if (kind == AccessKind::list && fs::exists(path) && !fs::is_directory(path)) continue;
            questions.push_back({kind, path});
        }
        return questions;
    }

    /// Runs the script; false when the policy was refused (then `refusals` tells why).
    bool run(const std::vector<ExtraPath>& rules, const std::vector<Question>& questions, std::vector<int>& errors)
    {
        RunRequest request;
        request.extraPaths = rules;
        request.cwd = "/";
        request.watch.monitor = Monitor::off;
        request.argv = {kPython, "-I", "-S", "-c", kScript};
        for (const Question& question : questions) {
            request.argv.push_back(accessKindName(question.kind));
            request.argv.push_back(question.path);
        }
        Preparation preparation = prepare(request, *m_facts, m_backends);
        if (!preparation.plan) {
            for (const Finding& finding : preparation.findings) {
                if (finding.severity == Severity::error) ++refusals[finding.id];
            }
            return false;
        }
        m_policy = *preparation.policy;
        Output output;
        SessionOptions options;
        options.stdio.mode = StdioPlan::Mode::pipes;
        auto session = Session::start(std::move(preparation), options, *m_facts, output);
        EXPECT_TRUE(session.ok()) << (session ? "" : describe(session.error()));
        if (!session) return false;
        const Outcome outcome = (*session)->wait();
        session->reset();
        EXPECT_EQ(exitStatus(outcome), 0) << describe(outcome) << output.err;
        std::istringstream lines(output.out);
        for (int error = 0; lines >> error;) errors.push_back(error);
        return true;
    }

    /// The object that a question is about, as the sandboxee's kernel finds it.
    [[nodiscard]] std::string objectOf(const Question& question) const
    {
        if (question.kind != AccessKind::create && question.kind != AccessKind::remove) {
            return canonicalInSandbox(m_policy, question.path, *m_facts);
        }
        return joinPath(canonicalInSandbox(m_policy, parentPath(question.path), *m_facts), fileName(question.path));
    }

    /// Empty when verdict and kernel agree.
    [[nodiscard]] std::string disagreement(const Question& question, int error) const
    {
        const std::string object = objectOf(question);
        const Verdict verdict = decide(m_policy, {question.kind, object, {}, 0});
        const bool missing = error == ENOENT || error == ENOTDIR || error == ELOOP;
        const bool onHost = isThere(question.kind == AccessKind::create ? parentPath(object) : object);
        bool agree = verdict.allowed ? error == 0 || (missing && !onHost) || error == EISDIR : error != 0;
        // A file as the parent is "not a folder" before it is anything else.
        if (verdict.allowed && error == ENOTDIR) agree = m_facts->lstat(parentPath(object)).type != FileType::directory;
        const bool kindOfMissing = missing && (verdict.expectedErrno == ENOENT || verdict.expectedErrno == ENOTDIR);
        if (!verdict.allowed && error != 0) agree = exactErrno(question, error, verdict) || kindOfMissing;
        if (agree) return {};
        return fmt::format("{} {} -> {}: kernel {}, {}", accessKindName(question.kind), question.path, object, error,
                           explain(m_policy, {question.kind, object, {}, 0}, verdict));
    }

    /// The rules with what is proposed for a denial; nullopt when nothing is. Rules of options have no pointers: the
    /// one that stands against it is the one that the verdict names.
    [[nodiscard]] std::optional<std::vector<ExtraPath>> remedied(std::vector<ExtraPath> rules,
                                                                 const Question& question) const
    {
        const Access access{question.kind, objectOf(question), {}, 0};
        const Verdict verdict = decide(m_policy, access);
        const Remedy remedy = remedyFor(m_policy, access, verdict, *m_facts);
        if (remedy.kind != Remedy::Kind::paths) return std::nullopt;
        const std::string& named = m_policy.rules[verdict.rule].text;
        if (remedy.sentence.starts_with("Remove"))
            std::erase_if(rules, [&](const ExtraPath& rule) { return named == ruleText(rule); });
        rules.push_back({remedy.path, remedy.access});
        return rules;
    }

    static std::string ruleText(const ExtraPath& rule)
    {
        return (rule.access == PathAccess::denied     ? "--deny "
                : rule.access == PathAccess::readOnly ? "--ro "
                                                      : "--rw ") +
               rule.path;
    }

    /// Turns one denial over. Empty when that has worked, or when nothing could be tried. Where several rules say the
    /// same of it, each is named in turn.
    [[nodiscard]] std::string withRemedy(const std::vector<ExtraPath>& rules, const std::vector<Question>& questions,
                                         const std::vector<int>& errors)
    {
        const Policy policy = m_policy;
        for (std::size_t i = 0; i < questions.size(); ++i) {
            m_policy = policy;
            const Access access{questions[i].kind, objectOf(questions[i]), {}, 0};
            const Verdict verdict = decide(policy, access);
            // An ordinary miss is another question.
            if (verdict.allowed || !isThere(access.kind == AccessKind::create ? parentPath(access.path) : access.path))
                continue;
            auto changed = remedied(rules, questions[i]);
            std::vector<int> after;
            if (!changed || !run(*changed, {questions[i]}, after) || after.empty()) continue;
            ++turned;
            for (unsigned more = 0; more < rules.size() && after.front() == errors[i]; ++more) {
                after.clear();
                changed = remedied(*changed, questions[i]);
                if (!changed || !run(*changed, {questions[i]}, after) || after.empty()) break;
            }
            if (!after.empty() && after.front() != errors[i]) return {};
            const Verdict now = decide(m_policy, {questions[i].kind, objectOf(questions[i]), {}, 0});
            return fmt::format("{} {}: still {} after the remedy of: {}\nnow: {}", accessKindName(questions[i].kind),
                               questions[i].path, errors[i], explain(policy, access, verdict),
                               explain(m_policy, access, now));
        }
        return {};
    }

    /// What a granted folder shows; the sandbox's own /tmp starts empty.
    [[nodiscard]] bool isThere(const std::string& path) const
    {
        const PathRule* rule = governingRule(m_policy, path);
        if (rule && rule->kind == PathKind::privateTmp) return false;
        return m_facts->lstat(path).type != FileType::missing;
    }

    /// Several things can be wrong with one call; where the kernel's order is not part of our promise, any of them will
    /// do.
    static bool exactErrno(const Question& question, int error, const Verdict& verdict)
    {
        if (error == verdict.expectedErrno) return true;
        const bool changes = question.kind == AccessKind::write || question.kind == AccessKind::remove;
        const bool ordinary =
            error == EACCES || error == EROFS || error == EBUSY || error == ENOENT || error == ENOTDIR;
        // Names that exist nowhere are missing before the mount is read-only; a mask's folder is read-only and
        // unreadable.
        if (changes && ordinary) return true;
        return question.kind == AccessKind::create && (error == ENOENT || error == ENOTDIR || error == EEXIST);
    }

    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    Policy m_policy;
    std::map<std::string, unsigned> refusals;
    unsigned turned = 0;  ///< Denials that were tried again with what is proposed for them.
};

std::string rulesText(const std::vector<ExtraPath>& rules)
{
    std::string text;
    for (const ExtraPath& rule : rules) {
        text += fmt::format("  {} {}\n",
                            rule.access == PathAccess::denied     ? "deny"
                            : rule.access == PathAccess::readOnly ? "ro"
                                                                  : "rw",
                            rule.path);
    }
    return text;
}

TEST_F(Differential, EvaluatorAndKernelAgree)
{
    const unsigned wanted = fromEnvironment("BELLJAR_DIFFERENTIAL_RUNS", 100);
    const unsigned seed = fromEnvironment("BELLJAR_DIFFERENTIAL_SEED", 1);
    unsigned runs = 0;
    unsigned asked = 0;
    unsigned allowed = 0;
    unsigned disagreements = 0;
    for (unsigned attempt = 0; runs < wanted && attempt < 4 * wanted; ++attempt) {
        Dice dice(seed * 1'000'003U + attempt);
        const RandomTree tree(dice, dice.chance(25) ? "/tmp" : "/var/tmp");
        ASSERT_FALSE(tree.root().empty());
        const std::vector<ExtraPath> rules = randomRules(dice, tree);
        const std::vector<Question> questions = randomQuestions(dice, tree);
        const std::string before = tree.picture();
        std::vector<int> errors;
        if (!run(rules, questions, errors)) continue;
        ++runs;
        ASSERT_EQ(errors.size(), questions.size()) << rulesText(rules);
        for (std::size_t i = 0; i < questions.size(); ++i) {
            ++asked;
            allowed += errors[i] == 0 ? 1U : 0U;
            const std::string difference = disagreement(questions[i], errors[i]);
            if (difference.empty()) continue;
            ++disagreements;
            ADD_FAILURE() << "attempt " << attempt << ": " << difference << "\n" << rulesText(rules);
        }
        if (const std::string stuck = withRemedy(rules, questions, errors); !stuck.empty())
            ADD_FAILURE() << "attempt " << attempt << ": " << stuck << "\n" << rulesText(rules);
        EXPECT_EQ(tree.picture(), before) << "the run left something behind, attempt " << attempt << "\n"
                                          << rulesText(rules);
        if (disagreements > 20) break;
    }
    std::string refused;
    for (const auto& [id, count] : refusals) {
        refused += fmt::format(", {} {}", id, count);
        // The last one on a machine that is so busy that a search for other names takes too long.
        EXPECT_TRUE(id == "link-in-writable" || id == "denied-missing" || id == "path-missing" ||
                    id == "alias-search-limit")
            << id;
    }
    fmt::print("{} policies, {} questions, {} succeeded, {} disagreements, {} denials turned over; refused{}\n", runs,
               asked, allowed, disagreements, turned, refused);
    EXPECT_GT(turned, wanted / 2);
    EXPECT_EQ(runs, wanted) << "too many policies were refused";
    // Both answers must be frequent, or the test would not tell anything.
    EXPECT_GT(allowed, asked / 10);
    EXPECT_LT(allowed, asked / 10 * 9);
}

}  // namespace
}  // namespace belljar
