// Placeholders in paths: what they stand for, what is refused, and hostile texts and values.
#include <gtest/gtest.h>

#include "core/config/config_io.h"
#include "core/config/placeholders.h"

namespace belljar {
namespace {

const PlaceholderValues kValues{"/home/u", "/work", "/tmp", "/profiles"};

std::string expanded(const std::string& written, const PlaceholderValues& values = kValues)
{
    const Result<ExpandedPath> result = expandPath(written, values);
    EXPECT_TRUE(result) << written << ": " << (result ? "" : describe(result.error()));
    return result ? result->path : "(refused)";
}

std::string refusal(const std::string& written, const PlaceholderValues& values = kValues)
{
    const Result<ExpandedPath> result = expandPath(written, values);
    EXPECT_FALSE(result) << written;
    if (result) return "accepted: " + result->path;
    EXPECT_FALSE(result.error().hint.empty()) << written;
    return result.error().message;
}

TEST(Placeholders, StandForWholePathsAtTheBeginning)
{
    EXPECT_EQ(expanded("${HOME}"), "/home/u");
    EXPECT_EQ(expanded("${HOME}/.ssh"), "/home/u/.ssh");
    EXPECT_EQ(expanded("${CWD}/../x"), "/work/../x");
    EXPECT_EQ(expanded("${TMP}/x y"), "/tmp/x y");
    EXPECT_EQ(expanded("${PROFILE_DIR}/data"), "/profiles/data");
    EXPECT_EQ(expanded("~"), "/home/u");
    EXPECT_EQ(expanded("~/x"), "/home/u/x");
    EXPECT_EQ(expanded("/plain/path"), "/plain/path");
    EXPECT_EQ(expanded(""), "");
    EXPECT_EQ(expanded("/a~b/~"), "/a~b/~");
}

TEST(Placeholders, TheRootAsAValueGivesNoDoubleSlash)
{
    const PlaceholderValues root{"/", "/w/", "/t", "/p"};
    EXPECT_EQ(expanded("~/x", root), "/x");
    EXPECT_EQ(expanded("${HOME}", root), "/");
    EXPECT_EQ(expanded("${CWD}/x", root), "/w/x");
}

TEST(Placeholders, OfWindows)
{
    const PlaceholderValues windows{"C:\\Users\\u", "D:/w", "", ""};
    EXPECT_EQ(expanded("${HOME}\\Documents", windows), "C:\\Users\\u\\Documents");
    EXPECT_EQ(expanded("${CWD}/x", windows), "D:/w/x");
}

TEST(Placeholders, ALiteralIsWrittenWithTwoDollars)
{
    EXPECT_EQ(expanded("/a/$${HOME}"), "/a/${HOME}");
    EXPECT_EQ(expanded("$${HOME}/x"), "${HOME}/x");
    EXPECT_EQ(expanded("${HOME}/$${HOME}"), "/home/u/${HOME}");
    EXPECT_EQ(expanded("/a/$$${"), "/a/$${");
    EXPECT_EQ(expanded("/a/$$"), "/a/$$");
    EXPECT_EQ(expanded("/a/$"), "/a/$");
    EXPECT_EQ(expanded("/a/{HOME}"), "/a/{HOME}");
    EXPECT_EQ(expanded("/a/}"), "/a/}");
}

TEST(Placeholders, WhatIsUnknownOrMisplacedIsRefused)
{
    EXPECT_NE(refusal("${FOO}").find("no placeholder `${FOO}`"), std::string::npos);
    EXPECT_NE(refusal("${home}/x").find("no placeholder"), std::string::npos);
    EXPECT_NE(refusal("${ HOME}").find("no placeholder"), std::string::npos);
    EXPECT_NE(refusal("${}").find("no placeholder"), std::string::npos);
    EXPECT_NE(refusal("/x/${FOO}").find("no placeholder"), std::string::npos);
    EXPECT_NE(refusal("/x/${HOME}").find("only begin"), std::string::npos);
    EXPECT_NE(refusal("${HOME}/${CWD}").find("only begin"), std::string::npos);
    EXPECT_NE(refusal("${HOME").find("not closed"), std::string::npos);
    EXPECT_NE(refusal("${HOME}docs").find("`/` is missing"), std::string::npos);
    EXPECT_NE(refusal("~root/x").find("other users"), std::string::npos);
    for (const char* known : {"${HOME}", "${CWD}", "${TMP}", "${PROFILE_DIR}", "$${"})
        EXPECT_NE(expandPath("${FOO}", kValues).error().hint.find(known), std::string::npos) << known;
}

TEST(Placeholders, WithoutBracesTheyStayAndWarn)
{
    for (const char* path : {"$HOME/x", "/data/$USER", "${HOME}/$x"}) {
        const Result<ExpandedPath> result = expandPath(path, kValues);
        ASSERT_TRUE(result) << path;
        EXPECT_NE(result->warning.find("braces"), std::string::npos) << path;
    }
    EXPECT_EQ(expanded("$HOME/x"), "$HOME/x");
    EXPECT_EQ(expandPath("/a/$1/$-/$", kValues)->warning, "");
    EXPECT_EQ(expandPath("${HOME}/x", kValues)->warning, "");
}

TEST(Placeholders, HostileValues)
{
    EXPECT_NE(refusal("${PROFILE_DIR}/x", {"/h", "/w", "/t", ""}).find("comes from no file"), std::string::npos);
    EXPECT_NE(refusal("${HOME}/x", {}).find("no home folder"), std::string::npos);
    for (const std::string& value : {std::string("relative"), std::string("../../etc"), std::string("~"),
                                     std::string("/a\"b"), std::string("/a\0b", 4), std::string("C:x")})
        EXPECT_NE(refusal("~/x", {value, "", "", ""}).find("no path that a profile can name"), std::string::npos);
    // A value is put in as it is: what looks like a placeholder in it stays text.
    EXPECT_EQ(expanded("~/x", {"/${CWD}/$${HOME}/~/$HOME", "", "", ""}), "/${CWD}/$${HOME}/~/$HOME/x");
    EXPECT_EQ(expandPath("~/x", {"/$HOME", "", "", ""})->warning, "");
    EXPECT_EQ(expanded("~/x", {"/a\n\x1b[31m\xff", "", "", ""}), "/a\n\x1b[31m\xff/x");
    EXPECT_EQ(expanded("~/x", {"/" + std::string(1'000'000, 'a'), "", "", ""}).size(), 1'000'003U);
}

TEST(Placeholders, HostileTexts)
{
    std::string nested;
    for (int i = 0; i < 100'000; ++i) nested += "${";
    EXPECT_NE(refusal("/" + nested).find("not closed"), std::string::npos);
    EXPECT_LT(refusal("/" + nested + "}").size(), 200U);
    std::string escaped = "/";
    for (int i = 0; i < 300'000; ++i) escaped += "$${";
    EXPECT_EQ(expanded(escaped).size(), 600'001U);
    EXPECT_EQ(expanded("/" + std::string(1'000'000, '$')).size(), 1'000'001U);
    EXPECT_NE(refusal("${HOME\0}").find("not closed"), std::string::npos);
    EXPECT_NE(refusal(std::string("${HOME\0}", 8)).find("no placeholder"), std::string::npos);
}

TEST(Placeholders, AMillionMistakesAreNotAllTold)
{
    SandboxConfig config;
    config.filesystem.emplace().readonlyPaths.emplace(200'000, "/a/$x");
    config.filesystem->readonlyPaths->insert(config.filesystem->readonlyPaths->end(), 200'000, "${FOO}");
    const ExpandedConfig result = expandPlaceholders(config, kValues);
    EXPECT_EQ(result.findings.size(), 2000U);
    EXPECT_EQ(result.findings.back().severity, Severity::error);
    EXPECT_FALSE(result.config);
}

TEST(Placeholders, InAConfigurationOnlyPathsCount)
{
    SandboxConfig config;
    config.containerId = "${HOME}";
    config.process.emplace().commandLine = "echo ${HOME} ~";
    config.process->env = {"A=${HOME}"};
    config.filesystem.emplace().deniedPaths = {"/plain"};
    EXPECT_FALSE(expandPlaceholders(config, kValues).config);
    config.process->cwd = "~/w";
    config.filesystem->deniedPaths->push_back("${TMP}/d");
    config.filesystem->readonlyPaths = {"${NO}", "/a/$x"};
    const ExpandedConfig result = expandPlaceholders(config, kValues);
    ASSERT_TRUE(result.config);
    SandboxConfig expected = config;
    expected.process->cwd = "/home/u/w";
    expected.filesystem->deniedPaths->back() = "/tmp/d";
    EXPECT_EQ(*result.config, expected);
    ASSERT_EQ(result.replacements.size(), 2U);
    EXPECT_EQ(result.replacements[0].pointer, "/filesystem/deniedPaths/1");
    EXPECT_EQ(result.replacements[0].written, "${TMP}/d");
    EXPECT_EQ(result.replacements[1].resolved, "/home/u/w");
    ASSERT_EQ(result.findings.size(), 2U);
    EXPECT_EQ(result.findings[0].severity, Severity::error);
    EXPECT_EQ(result.findings[0].place.pointer, "/filesystem/readonlyPaths/0");
    EXPECT_EQ(result.findings[1].severity, Severity::warning);
}

}  // namespace
}  // namespace belljar
