// What Belljar exports, MXC's real executor accepts.
#include <filesystem>

#include <gtest/gtest.h>

#include "tests/mxc/executor_test.h"

namespace belljar::test {
namespace {

class ExportTest : public ExecutorTest {
protected:
    void SetUp() override
    {
        ExecutorTest::SetUp();
        if (IsSkipped()) return;
        m_data = m_folder.folder("data");
        m_secret = m_folder.folder("data/secret");
        m_work = m_folder.folder("work");
    }

    /// Exports with these arguments; MXC must accept the result. Returns it.
    std::string expectAccepted(const std::vector<std::string>& arguments)
    {
        std::vector<std::string> words{binFolder() + "/belljar", "export"};
        words.insert(words.end(), arguments.begin(), arguments.end());
        const RunResult exported = runProgram(words);
        EXPECT_EQ(exported.status, 0) << exported.err;
        const RunResult verdict = ask(exported.out);
        EXPECT_EQ(verdict.status, 0) << verdict.out << verdict.err << "\n" << exported.out;
        EXPECT_NE(verdict.out.find("validation passed"), std::string::npos) << verdict.out << exported.out;
        EXPECT_EQ(verdict.err.find("WARNING"), std::string::npos) << verdict.err;
        return exported.out;
    }

    std::string m_data, m_secret, m_work;
};

TEST_F(ExportTest, TheExecutorDoesRefuse)
{
    EXPECT_NE(ask("{\"version\": \"0.8.0\", \"process\": {\"commandLine\": \"true\"}, \"no-such-key\": 1}").status, 0);
    EXPECT_NE(ask("{\"version\": \"0.8.0\"}").status, 0) << "a profile without a command";
    EXPECT_EQ(ask("{\"version\": \"0.8.0\", \"process\": {\"commandLine\": \"true\"}}").status, 0);
}

TEST_F(ExportTest, OptionsAlone)
{
    const std::string text =
        expectAccepted({"--ro", m_data, "--rw", m_work, "--deny", m_secret, "--timeout", "5s", "--cwd", m_work, "--env",
                        "NAME=a \"quoted\" value", "--", "printf", "%s\\n", "it's", "a b"});
    for (const std::string& path : {m_data, m_work, m_secret})
        EXPECT_NE(text.find(quote(path)), std::string::npos) << text;
    EXPECT_NE(text.find("5000"), std::string::npos) << text;
}

TEST_F(ExportTest, ProfileWithLimitsOfOurOwn)
{
    Profile profile;
    profile.readOnly = {m_data};
    profile.denied = {m_secret};
    profile.limits = "\"memoryMb\": 128, \"processes\": 20, \"cpuSeconds\": 5, \"tmpMb\": 16";
    const std::string text = expectAccepted({m_folder.file("profile.json", profile.json()), "--", "true"});
    EXPECT_NE(text.find("\"memoryMb\": 128"), std::string::npos) << text;
}

TEST_F(ExportTest, ProfileWithRulesOfOurOwnAndABase)
{
    m_folder.file("base.json",
                  "{\"version\": \"0.8.0\", \"filesystem\": {\"deniedPaths\": [" + quote(m_secret) + "]}}");
    Profile profile;
    profile.readOnly = {m_data};
    profile.rules = R"("extends": ["base.json"], "programs": [{"path": "/usr/bin"}], "syscalls": {"deny": ["mkdir"]})";
    const std::string text = expectAccepted({m_folder.file("profile.json", profile.json()), "--", "true"});
    EXPECT_EQ(text.find("extends"), std::string::npos) << text;
    EXPECT_NE(text.find(quote(m_secret)), std::string::npos) << text;
    EXPECT_NE(text.find("\"mkdir\""), std::string::npos) << text;
}

TEST_F(ExportTest, OlderVersions)
{
    for (const char* version : {"0.6.0", "0.6.0-alpha", "0.7.0", "0.7.0-alpha", "0.8.0", "0.8.0-alpha"}) {
        SCOPED_TRACE(version);
        const std::string profile =
            m_folder.file("old.json", std::string("{\"version\": \"") + version +
                                          "\", \"process\": {\"commandLine\": \"ls\"}, \"network\": "
                                          "{\"defaultPolicy\": \"block\"}}");
        expectAccepted({profile, "--ro", m_data});
    }
}

TEST_F(ExportTest, SettingsAndCommentsStay)
{
    const std::string profile = m_folder.file(
        "commented.json",
        "{\n  \"_comment\": [\"why\", {\"this\": 1}],\n  \"version\": \"0.8.0\",\n  \"containerId\": \"c\",\n"
        "  \"process\": {\"commandLine\": \"ls\"},\n  \"experimental\": {\"somebodyElse\": {\"x\": [1]}}\n}\n");
    const std::string text =
        expectAccepted({profile, "--set", "/process/timeout=700", "--set", "/containerId=other", "--rw", m_work});
    EXPECT_NE(text.find("somebodyElse"), std::string::npos) << text;
    EXPECT_NE(text.find("\"other\""), std::string::npos) << text;
}

TEST_F(ExportTest, HostNetwork)
{
    expectAccepted({"--net", "host", "--", "true"});
}

TEST_F(ExportTest, ProfilesOfTheRealPrograms)
{
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(sourceFolder() + "/tests/data/profiles")) {
        std::string text = readAll(entry.path().string());
        for (const char* mark : {"@WORK@", "@REPOSITORY@", "@CACHE@"}) {
            for (std::size_t at = 0; (at = text.find(mark)) != std::string::npos;)
                text.replace(at, std::string(mark).size(), m_work);
        }
        SCOPED_TRACE(entry.path().string());
        expectAccepted({m_folder.file("profile.json", text)});
        ++seen;
    }
    EXPECT_GE(seen, 4);
}

}  // namespace
}  // namespace belljar::test
