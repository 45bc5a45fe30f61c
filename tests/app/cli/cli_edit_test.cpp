// belljar edit, new --sample and kill --all: what the desktop app does with profiles and sessions, from the terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/app/cli/belljar_runner.h"

namespace belljar {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using CliEditTest = BelljarTest;

constexpr const char* kProfile = R"({
    "version": "0.8.0-alpha",   "_comment": ["kept   as it is"],
    "process": { "commandLine": "true", "timeout": 7 },
    "filesystem": { "readonlyPaths": [ "/srv" ] }
}
)";

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
    const std::size_t at = text.find(what);
    return at == std::string::npos ? std::string() : text.replace(at, what.size(), by);
}

TEST_F(CliEditTest, ChangesTouchOnlyWhatTheyAreAbout)
{
    const std::string path = m_folder.write("p.json", kProfile);
    const Ran set = belljar({"edit", path, "--set", "/process/timeout=5000"});
    EXPECT_EQ(set.code, 0) << set.err;
    EXPECT_THAT(set.out, IsEmpty());
    const std::string expected = replaced(kProfile, "\"timeout\": 7", "\"timeout\": 5000");
    EXPECT_EQ(m_folder.read("p.json"), expected);
    EXPECT_EQ(belljar({"edit", path, "--remove", "/process/timeout", "--ro", "/usr/share/a b"}).code, 0);
    EXPECT_EQ(m_folder.read("p.json"), replaced(replaced(expected, ", \"timeout\": 5000", ""), "\"/srv\" ",
                                                "\"/srv\", \"/usr/share/a b\" "));
}

TEST_F(CliEditTest, RulesBecomeEntries)
{
    const Ran ran = belljar(
        {"edit", "-", "--rw", "~/data", "--deny", "${CWD}/.env", "--allow-net", "10.1.0.0/16:443/tcp", "--allow-net",
         "www.example.org", "--deny-net", "10.1.2.0/24", "--set", "/process/commandLine=echo it's text"},
        kProfile);
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, AllOf(HasSubstr("\"~/data\""), HasSubstr("\"${CWD}/.env\""), HasSubstr("\"10.1.0.0/16\""),
                               HasSubstr("{ \"name\": \"www.example.org\" }"), HasSubstr("\"10.1.2.0/24\""),
                               HasSubstr("\"echo it's text\"")));
    EXPECT_EQ(belljar({"edit", "-", "--set", "/process/timeout=7"}, ran.out).out, ran.out);
}

TEST_F(CliEditTest, WindowsLineEndsStay)
{
    std::string windows;
    for (const char c : std::string(kProfile)) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
    const std::string path = m_folder.write("p.json", windows);
    EXPECT_EQ(belljar({"edit", path, "--set", "/filesystem/deniedPaths=[\"/srv/a\"]"}).code, 0);
    const std::string text = m_folder.read("p.json");
    EXPECT_THAT(text, HasSubstr("deniedPaths"));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), std::count(text.begin(), text.end(), '\r'));
}

TEST_F(CliEditTest, AnotherFileLeavesTheProfile)
{
    const std::string path = m_folder.write("p.json", kProfile);
    EXPECT_EQ(belljar({"edit", path, "--ro", "/etc", "-o", m_folder.file("other.json")}).code, 0);
    EXPECT_EQ(m_folder.read("p.json"), kProfile);
    EXPECT_THAT(m_folder.read("other.json"), HasSubstr("\"/etc\""));
}

TEST_F(CliEditTest, WhatIsNoProfileIsNotWritten)
{
    const std::string path = m_folder.write("p.json", kProfile);
    for (const char* setting : {"/process/timeout=\"soon\"", "/nope=1", "/process/env=\"A\"", "/version=\"7\""}) {
        const Ran ran = belljar({"edit", path, "--set", setting});
        EXPECT_EQ(ran.code, 1) << setting;
        EXPECT_THAT(ran.err, HasSubstr(path)) << setting;
        EXPECT_EQ(m_folder.read("p.json"), kProfile) << setting;
    }
    EXPECT_EQ(belljar({"edit", path, "--remove", "/process/nope"}).code, 1);
    EXPECT_EQ(belljar({"edit", m_folder.file("missing"), "--ro", "/etc"}).code, 1);
    // All or nothing.
    EXPECT_EQ(belljar({"edit", path, "--ro", "/etc", "--set", "/nope=1"}).code, 1);
    EXPECT_EQ(m_folder.read("p.json"), kProfile);
}

TEST_F(CliEditTest, WrongChangesAreExplained)
{
    const std::vector<std::pair<std::vector<std::string>, const char*>> rows{
        {{}, "what shall be changed"},
        {{"--set", "process/timeout=1"}, "POINTER=VALUE"},
        {{"--set", "/process/timeout"}, "POINTER=VALUE"},
        {{"--remove", "timeout"}, "JSON pointer"},
        {{"--allow-net", "not a host:x"}, "fix:"},
        {{"--deny-net", "www.example.org"}, "cannot be denied"},
    };
    for (const auto& [options, words] : rows) {
        std::vector<std::string> line{"edit", "-"};
        line.insert(line.end(), options.begin(), options.end());
        const Ran ran = belljar(line, kProfile);
        EXPECT_EQ(ran.code, 2) << words;
        EXPECT_THAT(ran.err, HasSubstr(words));
        EXPECT_THAT(ran.out, IsEmpty());
    }
}

TEST_F(CliEditTest, TheEmptyProfileIsATemplate)
{
    const Ran ran = belljar({"new", "empty"});
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(belljar({"check", "-"}, ran.out).code, 0);
    EXPECT_THAT(belljar({"new"}).out, HasSubstr("empty "));
    EXPECT_THAT(belljar({"new", "--json"}).out, HasSubstr("\"empty\""));
}

TEST_F(CliEditTest, TheSampleIsThatOfItsScript)
{
    const std::string script = std::string(std::getenv("BELLJAR_SOURCE")) + "/resources/sample/prepare.sh";
    const std::string folder = m_folder.file("a \"b\" c");
    std::filesystem::create_directories(folder + "/out");
    m_folder.write("a \"b\" c/out/result.txt", "old");
    const Ran ran = belljar({"new", "--sample", folder});
    ASSERT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("profile.json"));
    EXPECT_FALSE(std::filesystem::exists(folder + "/out/result.txt"));
    const std::vector<std::string> names{"profile.json", "try-me.sh", "note.txt", "private/diary.txt"};
    std::vector<std::string> ours;
    for (const std::string& name : names) ours.push_back(m_folder.read("a \"b\" c/" + name));
    Running other({"/bin/sh", script, folder}, m_folder.path(), {});
    ASSERT_EQ(other.wait().code, 0);
    for (std::size_t i = 0; i < names.size(); ++i) {
        EXPECT_FALSE(ours[i].empty());
        EXPECT_EQ(m_folder.read("a \"b\" c/" + names[i]), ours[i]) << names[i];
    }
    EXPECT_EQ(belljar({"new", "build", "--sample", folder}).code, 2);
    EXPECT_EQ(belljar({"new", "--sample", folder + "/note.txt"}).code, 1);
}

TEST_F(CliEditTest, PathsOfTheSampleAreNoMarks)
{
    ASSERT_EQ(belljar({"new", "--sample", m_folder.file("@HOME@")}).code, 0);
    EXPECT_THAT(m_folder.read("@HOME@/profile.json"), HasSubstr("\"cwd\": \"" + m_folder.file("@HOME@") + "\""));
}

TEST_F(CliEditTest, KillWantsOneSessionOrAll)
{
    for (const std::vector<std::string>& line : {std::vector<std::string>{"kill"}, {"kill", "x", "--all"}}) {
        const Ran ran = belljar(line);
        EXPECT_EQ(ran.code, 2);
        EXPECT_THAT(ran.err, HasSubstr("which session?"));
    }
    EXPECT_EQ(belljar({"kill", "no-such-session"}).code, 1);
}

}  // namespace
}  // namespace belljar
