// From a profile's text and options to a plan or one clear error, and back to a profile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/engine/preparation.h"
#include "core/engine/profile_text.h"
#include "tests/core/policy/fake_host_facts.h"

namespace belljar {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Plans by copying what it was given.
class FakeBackend final : public Backend {
public:
    explicit FakeBackend(std::string id)
    {
        m_info.id = std::move(id);
        m_info.title = "Fake";
    }

    [[nodiscard]] const BackendInfo& info() const override { return m_info; }
    [[nodiscard]] Availability probe(const SystemFacts& facts) const override
    {
        if (facts.bwrapPath.empty()) return {false, "bwrap is not installed", "Install it"};
        return {true, "here", {}};
    }
    [[nodiscard]] Result<LaunchPlan> plan(const Policy& policy, const SystemFacts&,
                                          const PlanOptions& options) const override
    {
        if (policy.limits.cpuSeconds == 77)
            return Error{
                ErrorCode::policyValidation, "cannot limit", "/experimental/belljar/limits/cpuSeconds", {}, {}};
        LaunchPlan made;
        made.backend = m_info.id;
        made.shim.argv = policy.process.argv;
        made.watch = options.watch;
        made.shim.filter.watch = filterWatch(options.watch);
        made.timeout = policy.process.timeout;
        return made;
    }

private:
    BackendInfo m_info;
};

class PreparationTest : public testing::Test {
protected:
    PreparationTest() : m_host(FakeHostFacts::linuxHost())
    {
        m_backends.push_back(std::make_unique<FakeBackend>("other"));
        m_backends.push_back(std::make_unique<FakeBackend>("bubblewrap"));
    }

    [[nodiscard]] Preparation prepared(const RunRequest& request) const { return prepare(request, m_host, m_backends); }

    static RunRequest request(std::string profile, std::vector<std::string> argv = {"true"})
    {
        RunRequest made;
        made.profileText = std::move(profile);
        made.profileName = "p.json";
        made.argv = std::move(argv);
        return made;
    }

    FakeHostFacts m_host;
    BackendList m_backends;
};

TEST_F(PreparationTest, BackendsAreFoundById)
{
    ASSERT_NE(findBackend(m_backends, "bubblewrap"), nullptr);
    EXPECT_EQ(findBackend(m_backends, "bubblewrap")->info().id, "bubblewrap");
    EXPECT_EQ(findBackend(m_backends, "lxc"), nullptr);
    EXPECT_EQ(findBackend(m_backends, ""), nullptr);
}

TEST_F(PreparationTest, PlaceholdersStandForPathsOfThisMachine)
{
    RunRequest made = request(
        "{\"filesystem\": {\n\"readwritePaths\": [\"${CWD}/src\"],\n\"readonlyPaths\": [\"~/docs\", \"/usr/share\"],\n"
        "\"deniedPaths\": [\"${HOME}/.ssh\"]}, \"process\": {\"cwd\": \"${CWD}/src\", \"env\": [\"A=${HOME}\"]}}");
    made.placeholders = placeholderValues(m_host.system(), "/profiles");
    made.extraPaths = {{"~/proj/main.c", PathAccess::readOnly}};
    const Preparation preparation = prepared(made);
    ASSERT_TRUE(preparation.policy) << (preparation.error ? describe(*preparation.error) : "");
    const auto ruleOf = [&](const std::string& path) {
        for (const PathRule& rule : preparation.policy->paths)
            if (rule.path == path) return preparation.policy->rules[rule.rule].text;
        return std::string("none");
    };
    EXPECT_EQ(ruleOf("/home/u/docs"), "readonlyPaths: ~/docs -> /home/u/docs");
    EXPECT_EQ(ruleOf("/home/u/proj/src"), "readwritePaths: ${CWD}/src -> /home/u/proj/src");
    EXPECT_EQ(ruleOf("/home/u/.ssh"), "deniedPaths: ${HOME}/.ssh -> /home/u/.ssh");
    EXPECT_EQ(ruleOf("/usr/share"), "readonlyPaths: /usr/share");
    EXPECT_EQ(ruleOf("/home/u/proj/main.c"), "--ro /home/u/proj/main.c");
    EXPECT_EQ(preparation.policy->process.cwd, "/home/u/proj/src");
    EXPECT_THAT(preparation.policy->process.env, testing::Contains("A=${HOME}"));
    ASSERT_EQ(preparation.replacements.size(), 4U);
    EXPECT_EQ(preparation.replacements[1].pointer, "/filesystem/readonlyPaths/0");
    EXPECT_EQ(preparation.config->config.filesystem->readonlyPaths->front(), "~/docs");
    const auto note = std::find_if(preparation.findings.begin(), preparation.findings.end(),
                                   [](const Finding& finding) { return finding.id == "placeholder"; });
    ASSERT_NE(note, preparation.findings.end());
    EXPECT_EQ(note->severity, Severity::note);
    EXPECT_EQ(note->message, "`${CWD}/src` stands for `/home/u/proj/src`");
    EXPECT_EQ(note->place.line, 2U);
}

TEST_F(PreparationTest, WrongPlaceholdersAreNamedBesideOtherMistakes)
{
    RunRequest made = request(
        R"({"filesystem": {"readonlyPaths": ["${FOO}/x", "/no/such/folder"], "deniedPaths": ["/usr/${HOME}"]}})");
    made.placeholders = placeholderValues(m_host.system(), "");
    const Preparation preparation = prepared(made);
    EXPECT_FALSE(preparation.policy);
    ASSERT_TRUE(preparation.error);
    EXPECT_THAT(preparation.error->message, HasSubstr("no placeholder `${FOO}`"));
    EXPECT_THAT(preparation.error->where, HasSubstr("p.json:1:35 (/filesystem/readonlyPaths/0)"));
    EXPECT_THAT(preparation.error->hint, HasSubstr("${PROFILE_DIR}"));
    std::vector<std::string> errors;
    for (const Finding& finding : preparation.findings)
        if (finding.severity == Severity::error) errors.push_back(finding.id + " " + finding.place.pointer);
    EXPECT_THAT(errors, ElementsAre("placeholder /filesystem/readonlyPaths/0", "placeholder /filesystem/deniedPaths/0",
                                    "path-missing /filesystem/readonlyPaths/1"));
}

TEST_F(PreparationTest, WithoutValuesPathsAreTakenAsWritten)
{
    m_host.folder("/data/${HOME}");
    const Preparation preparation = prepared(request(R"({"filesystem": {"readonlyPaths": ["/data/${HOME}"]}})"));
    EXPECT_TRUE(preparation.policy) << describe(*preparation.error);
    EXPECT_TRUE(preparation.replacements.empty());
    RunRequest literal = request(R"({"filesystem": {"readonlyPaths": ["/data/$${HOME}"]}})");
    literal.placeholders = placeholderValues(m_host.system(), "");
    EXPECT_TRUE(prepared(literal).policy);
    EXPECT_FALSE(prepared(request(R"({"filesystem": {"readonlyPaths": ["~/docs"]}})")).policy);
}

TEST_F(PreparationTest, ExportsWritePlainPaths)
{
    RunRequest made = request(
        "{ \"filesystem\" : {\"readonlyPaths\":[\"${PROFILE_DIR}/a\" ,\"/b\", \"~\"],  \"deniedPaths\": "
        "[\"/x/$${y}\"]} }",
        {});
    made.placeholders = placeholderValues(m_host.system(), "/home/u/proj/deep");
    made.extraPaths = {{"~/e", PathAccess::readWrite}};
    const Result<std::string> exported = exportProfile(made);
    ASSERT_TRUE(exported) << describe(exported.error());
    EXPECT_EQ(*exported,
              "{ \"filesystem\" : {\"readonlyPaths\":[\"/home/u/proj/deep/a\" ,\"/b\", \"/home/u\"],  \"deniedPaths\": "
              "[\"/x/${y}\"],  \"readwritePaths\":[\"/home/u/e\"]} }\n");
    made.profileText = R"({"filesystem": {"readonlyPaths": ["${NOPE}"]}})";
    const Result<std::string> wrong = exportProfile(made);
    ASSERT_FALSE(wrong);
    EXPECT_THAT(wrong.error().where, HasSubstr("/filesystem/readonlyPaths/0"));
    made.placeholders.reset();
    made.extraPaths.clear();
    EXPECT_EQ(exportProfile(made).value(), made.profileText + "\n");
}

TEST_F(PreparationTest, PlaceholderValuesComeFromTheMachine)
{
    SystemFacts facts = m_host.system();
    facts.environment = {"HOME=/h", "TMPDIR=/var/tmp/u", "TMPDIRX=/no"};
    const PlaceholderValues values = placeholderValues(facts, "/p/q");
    EXPECT_EQ(values.home, "/h");
    EXPECT_EQ(values.currentFolder, "/home/u/proj");
    EXPECT_EQ(values.temporaryFolder, "/var/tmp/u");
    EXPECT_EQ(values.profileFolder, "/p/q");
    facts.environment.clear();
    facts.currentPath.clear();
    const PlaceholderValues poor = placeholderValues(facts, "");
    EXPECT_EQ(poor.home, "/home/u");
    EXPECT_EQ(poor.temporaryFolder, "/tmp");
    EXPECT_EQ(poor.profileFolder, "");
}

TEST_F(PreparationTest, StateAwareRequestsAreReadAndRefused)
{
    const Preparation right = prepared(request(R"({"version": "0.9.0", "phase": "start", "sandboxId": "iso:x"})", {}));
    ASSERT_TRUE(right.config);
    EXPECT_EQ(right.config->config.phase, "start");
    ASSERT_TRUE(right.error);
    EXPECT_EQ(right.error->code, ErrorCode::unsupportedPhase);
    EXPECT_THAT(right.error->message, HasSubstr("outlive their command"));
    EXPECT_THAT(right.error->where, HasSubstr("p.json:1:31 (/phase)"));
    const std::pair<const char*, const char*> wrong[]{
        {R"({"phase": "stop"})", "needs `sandboxId`"},
        {R"({"phase": "exec", "sandboxId": "x"})", "needs a command"},
        {R"({"phase": "exec", "sandboxId": "x", "process": {"cwd": "/"}})", "needs a command"},
        {R"({"sandboxId": "x"})", "'sandboxId' is only valid on"},
        {R"({"correlationVector": "x"})", "'correlationVector' is only valid on"},
    };
    for (const auto& [text, message] : wrong) {
        const Preparation made = prepared(request(text));
        ASSERT_TRUE(made.error) << text;
        EXPECT_EQ(made.error->code, ErrorCode::malformedRequest) << text;
        EXPECT_THAT(made.error->message, HasSubstr(message));
        EXPECT_FALSE(made.plan);
    }
    EXPECT_TRUE(prepared(request(R"({"phase": null, "sandboxId": null})")).plan);
}

TEST_F(PreparationTest, AnEmptyProfileAndACommandGiveAPlan)
{
    const Preparation made = prepared(request("{}"));
    ASSERT_FALSE(made.error) << describe(*made.error);
    ASSERT_TRUE(made.plan);
    EXPECT_EQ(made.plan->backend, "bubblewrap");
    EXPECT_THAT(made.plan->shim.argv, ElementsAre("true"));
    EXPECT_EQ(made.plan->shim.filter.watch, FilterWatch::standard);
    EXPECT_EQ(made.policy->network.mode, NetworkMode::off);
}

TEST_F(PreparationTest, OptionsReachThePlan)
{
    RunRequest wanted = request(R"({"process": {"commandLine": "true", "timeout": 9000}})", {});
    wanted.timeout = std::chrono::milliseconds(250);
    wanted.watch.monitor = Monitor::off;
    const Preparation made = prepared(wanted);
    ASSERT_TRUE(made.plan) << describe(*made.error);
    EXPECT_EQ(made.plan->timeout.count(), 250);
    EXPECT_EQ(made.plan->shim.filter.watch, FilterWatch::none);
    EXPECT_THAT(made.plan->shim.argv, testing::Contains("true"));
}

TEST_F(PreparationTest, WithoutACommandThereIsNoPlanAndSometimesNoError)
{
    RunRequest wanted = request("{}", {});
    const Preparation refused = prepared(wanted);
    EXPECT_FALSE(refused.plan);
    ASSERT_TRUE(refused.error);
    EXPECT_THAT(refused.error->message, HasSubstr("no command"));
    EXPECT_THAT(refused.error->hint, HasSubstr("--"));
    wanted.needsCommand = false;
    const Preparation fine = prepared(wanted);
    EXPECT_FALSE(fine.plan);
    EXPECT_FALSE(fine.error);
    ASSERT_TRUE(fine.policy);
    EXPECT_TRUE(fine.policy->process.argv.empty()) << "the stand-in command showed";
}

TEST_F(PreparationTest, WhatTheBackendCannotDoIsAnErrorAlsoWithoutACommand)
{
    RunRequest wanted = request(R"({"experimental": {"belljar": {"limits": {"cpuSeconds": 77}}}})", {});
    wanted.needsCommand = false;
    const Preparation made = prepared(wanted);
    ASSERT_TRUE(made.error);
    EXPECT_EQ(made.error->message, "cannot limit");
}

TEST_F(PreparationTest, BrokenTextNamesItsPlace)
{
    const Preparation made = prepared(request("{\n  \"filesystem\": {\n    \"readonlyPaths\": [1]\n  }\n}"));
    EXPECT_FALSE(made.config);
    EXPECT_FALSE(made.policy);
    ASSERT_TRUE(made.error);
    EXPECT_THAT(made.error->where, HasSubstr("p.json:3:"));
    EXPECT_FALSE(prepared(request("{")).config);
    EXPECT_FALSE(prepared(request("")).config);
    EXPECT_FALSE(prepared(request("{\"a\":1}")).config);
}

TEST_F(PreparationTest, TheFirstErrorOfThePolicyIsTheError)
{
    const Preparation made =
        prepared(request("{\"filesystem\": {\n \"readonlyPaths\": [\"/usr/share\",\n  \"/nowhere\"],\n "
                         "\"readwritePaths\": [\"/missing\"]}}"));
    EXPECT_TRUE(made.config);
    EXPECT_FALSE(made.policy);
    ASSERT_TRUE(made.error);
    EXPECT_EQ(made.error->code, ErrorCode::policyValidation);
    const auto first = std::find_if(made.findings.begin(), made.findings.end(),
                                    [](const Finding& f) { return f.severity == Severity::error; });
    ASSERT_NE(first, made.findings.end());
    EXPECT_EQ(made.error->message, first->message);
    EXPECT_THAT(made.error->where, HasSubstr("p.json:" + std::to_string(first->place.line)));
    EXPECT_GE(made.findings.size(), 2U) << "everything is reported, not only the first";
}

TEST_F(PreparationTest, UnknownAndMissingContainmentsAreTwoDifferentErrors)
{
    const Preparation unknown = prepared(request(R"({"containment": "lxc"})"));
    ASSERT_TRUE(unknown.error);
    EXPECT_EQ(unknown.error->code, ErrorCode::unsupportedContainment);
    EXPECT_THAT(unknown.error->hint, HasSubstr("other, bubblewrap"));
    m_host.facts.bwrapPath.clear();
    const Preparation missing = prepared(request("{}"));
    ASSERT_TRUE(missing.error);
    EXPECT_EQ(missing.error->code, ErrorCode::backendUnavailable);
    EXPECT_THAT(missing.error->message, HasSubstr("bwrap is not installed"));
    EXPECT_EQ(missing.error->hint, "Install it");
    EXPECT_TRUE(missing.policy) << "explanations do not need the backend";
    EXPECT_FALSE(missing.plan);
}

TEST_F(PreparationTest, SettingsChangeFieldsAndTakeBareWords)
{
    RunRequest wanted = request(R"({"process": {"commandLine": "false"}})", {});
    wanted.settings = {{"/process/commandLine", "true"},
                       {"/process/commandLine", "sh -c true"},
                       {"/process/timeout", "1234"},
                       {"/filesystem/readonlyPaths/-", "/home/u/docs"}};
    const Preparation made = prepared(wanted);
    // "true" is JSON and no text: the first setting alone would be refused, the second repairs it.
    ASSERT_TRUE(made.config) << describe(*made.error);
    EXPECT_EQ(made.config->config.process->commandLine, "sh -c true");
    EXPECT_EQ(made.config->config.process->timeout, 1234U);
    EXPECT_THAT(*made.config->config.filesystem->readonlyPaths, ElementsAre("/home/u/docs"));
}

TEST_F(PreparationTest, BadSettingsNameTheOption)
{
    const auto errorOf = [&](const std::string& pointer, const std::string& value) {
        RunRequest wanted = request("{}");
        wanted.settings = {{pointer, value}};
        const Preparation made = prepared(wanted);
        return made.error ? describe(*made.error) : std::string("accepted");
    };
    EXPECT_THAT(errorOf("process/timeout", "1"), HasSubstr("--set process/timeout=1"));
    EXPECT_THAT(errorOf("process/timeout", "1"), HasSubstr("Begin with a slash"));
    EXPECT_THAT(errorOf("/process/nosuch", "1"), HasSubstr("nosuch"));
    EXPECT_THAT(errorOf("/process/timeout", "soon"), HasSubstr("with --set"));
    EXPECT_THAT(errorOf("/process/commandLine", "\xff"), HasSubstr("not UTF-8"));
    EXPECT_EQ(errorOf("/process/timeout", "5"), "accepted");
}

TEST_F(PreparationTest, PlacesAreThoseOfTheProfileAsWritten)
{
    RunRequest wanted =
        request("{\"filesystem\": {\n  \"deniedPaths\": [],\n  \"readonlyPaths\": [\"/home/u/docs\"]\n}}");
    // Inserted before the rule, so that an edited text would show another line.
    wanted.settings = {{"/filesystem/deniedPaths/-", "/home/u/.ssh"},
                       {"/filesystem/readwritePaths", "[\"/home/u/proj\"]"}};
    const Preparation made = prepared(wanted);
    ASSERT_TRUE(made.policy) << describe(*made.error);
    int found = 0;
    for (const Rule& rule : made.policy->rules) {
        if (rule.place.pointer == "/filesystem/readonlyPaths/0") {
            EXPECT_EQ(rule.place.line, 3U);
            ++found;
        }
        if (rule.place.pointer == "/filesystem/readwritePaths/0" || rule.place.pointer == "/filesystem/deniedPaths/0") {
            EXPECT_EQ(rule.place.line, 0U) << "it stands nowhere in the profile";
            ++found;
        }
    }
    EXPECT_EQ(found, 3);
}

TEST_F(PreparationTest, ExportWritesOptionsIntoTheProfile)
{
    RunRequest wanted = request(
        "{\n  \"version\": \"0.8.0\",\n  \"filesystem\": {\n    \"readonlyPaths\": [\"/a\"]\n  },\n"
        "  \"process\": { \"commandLine\": \"old\", \"env\": [\"A=1\", \"B=2\"] }\n}\n",
        {"git", "clone", "it's", "$x"});
    wanted.extraPaths = {{"/b c", PathAccess::readOnly},
                         {"/a", PathAccess::readOnly},
                         {"/w", PathAccess::readWrite},
                         {"/w/secret", PathAccess::denied}};
    wanted.network = NetworkMode::host;
    wanted.timeout = std::chrono::seconds(5);
    wanted.cwd = "/w";
    wanted.env = {"B=3", "C=ü"};
    wanted.settings = {{"/containerId", "jar"}};
    const Result<std::string> exported = exportProfile(wanted);
    ASSERT_TRUE(exported.ok()) << describe(exported.error());
    const Result<LoadedConfig> read = readConfig(*exported);
    ASSERT_TRUE(read.ok());
    const SandboxConfig& config = read->config;
    EXPECT_THAT(*config.filesystem->readonlyPaths, ElementsAre("/a", "/b c"));
    EXPECT_THAT(*config.filesystem->readwritePaths, ElementsAre("/w"));
    EXPECT_THAT(*config.filesystem->deniedPaths, ElementsAre("/w/secret"));
    EXPECT_EQ(config.network->defaultPolicy, "allow");
    EXPECT_EQ(config.network->allowLocalNetwork, true);
    EXPECT_EQ(config.process->timeout, 5000U);
    EXPECT_EQ(config.process->cwd, "/w");
    EXPECT_THAT(*config.process->env, ElementsAre("A=1", "B=3", "C=ü"));
    EXPECT_EQ(config.process->commandLine, R"(git clone 'it'\''s' '$x')");
    EXPECT_EQ(config.containerId, "jar");
    EXPECT_THAT(*exported,
                HasSubstr("{\n  \"version\": \"0.8.0\",\n  \"filesystem\": {\n    \"readonlyPaths\": [\"/a\""))
        << "what was not touched stays byte for byte";
}

TEST_F(PreparationTest, ExportWithoutOptionsChangesNothing)
{
    const std::string text = "{ \"version\":\"0.8.0\",\r\n\t\"process\" : {\"commandLine\":\"x\"} }\n";
    const Result<std::string> exported = exportProfile(request(text, {}));
    ASSERT_TRUE(exported.ok());
    EXPECT_EQ(*exported, text);
}

TEST_F(PreparationTest, ExportedOptionsMeanTheSameAsGivenOnes)
{
    RunRequest wanted = request("{}", {"sh", "-c", "true"});
    wanted.extraPaths = {{"/home/u/proj", PathAccess::readWrite},
                         {"/home/u/docs", PathAccess::readOnly},
                         {"/home/u/proj/src", PathAccess::denied}};
    wanted.network = NetworkMode::off;
    const Preparation given = prepared(wanted);
    ASSERT_TRUE(given.policy) << describe(*given.error);
    const Preparation written = prepared(request(*exportProfile(wanted), {}));
    ASSERT_TRUE(written.policy) << describe(*written.error);
    ASSERT_EQ(given.policy->paths.size(), written.policy->paths.size());
    for (std::size_t i = 0; i < given.policy->paths.size(); ++i) {
        EXPECT_EQ(given.policy->paths[i].path, written.policy->paths[i].path);
        EXPECT_EQ(given.policy->paths[i].access, written.policy->paths[i].access);
    }
    EXPECT_EQ(given.policy->network.mode, written.policy->network.mode);
}

TEST_F(PreparationTest, ExportReplacesTheWholeNetwork)
{
    RunRequest wanted = request(R"({"version": "0.8.0", "network": {"egress": {"default": "allow"}},
                                    "runtimeConfig": {"networkProxy": "http://localhost:3128"}})");
    wanted.network = NetworkMode::off;
    const Result<std::string> exported = exportProfile(wanted);
    ASSERT_TRUE(exported.ok()) << describe(exported.error());
    const Result<LoadedConfig> read = readConfig(*exported);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->config.network->defaultPolicy, "block");
    EXPECT_FALSE(read->config.network->egress);
    EXPECT_TRUE(!read->config.runtimeConfig || !read->config.runtimeConfig->networkProxy);
}

TEST_F(PreparationTest, ExportRefusesWhatJsonCannotHold)
{
    RunRequest path = request("{}");
    path.extraPaths = {{"/tmp/\xff", PathAccess::readOnly}};
    const Result<std::string> badPath = exportProfile(path);
    ASSERT_FALSE(badPath.ok());
    EXPECT_THAT(badPath.error().where, HasSubstr("--ro"));
    EXPECT_THAT(badPath.error().message, HasSubstr("not UTF-8"));
    EXPECT_FALSE(exportProfile(request("{}", {"\xff"})).ok());
    path.extraPaths = {{"/tmp/\"", PathAccess::readOnly}};
    EXPECT_FALSE(exportProfile(path).ok()) << "MXC takes no quotation marks in paths";
    RunRequest env = request("{}");
    env.env = {"A=\xff"};
    EXPECT_FALSE(exportProfile(env).ok());
    EXPECT_TRUE(exportProfile(request("{}", {"\xef\xbf\xbd"})).ok()) << "a real replacement character is text";
    EXPECT_FALSE(exportProfile(request("{\"nosuch\": 1}")).ok());
    EXPECT_FALSE(exportProfile(request("[")).ok());
}

}  // namespace
}  // namespace belljar
