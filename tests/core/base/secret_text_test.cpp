#include "core/base/secret_text.h"

#include <gtest/gtest.h>

#include <random>

#include "core/base/visible.h"

namespace belljar {
namespace {

TEST(SecretTextTest, FindsWhatIsOne)
{
    const std::pair<const char*, const char*> rows[] = {
        {"GITHUB_TOKEN=abc", "GITHUB_TOKEN=********"},
        {"A=1 DB_PASSWORD='x y' B=2", "A=1 DB_PASSWORD='******** y' B=2"},
        {"curl --password=hunter2 https://a", "curl --password=******** https://a"},
        {"tool --api-key k3y -v", "tool --api-key ******** -v"},
        {R"(["tool","--api-key","k3y","x"])", R"(["tool","--api-key","********","x"])"},
        {R"({"password": "x", "apiKey":"y"})", R"({"password": "********", "apiKey":"********"})"},
        {R"({\"client_secret\": \"x\"})", R"({\"client_secret\": \"********\"})"},
        {"Authorization: Bearer abc.def", "Authorization: Bearer ********"},
        {"git clone https://me:pw@example.org/a.git", "git clone https://me:********@example.org/a.git"},
        {"echo ghp_0123456789abcdefghij0123456789abcdef", "echo ********"},
        {"AKIAIOSFODNN7EXAMPLE", "********"},
        {"x=sk-0123456789abcdefghijklmn", "x=********"},
        {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "********"},
    };
    for (const auto& [text, expected] : rows) EXPECT_EQ(withoutSecrets(text), expected);
}

TEST(SecretTextTest, LeavesWhatIsNone)
{
    for (const char* text :
         {"", "make test", "A=1", "/usr/share/doc/passwd", "cat /etc/passwd", "TOKEN=", "--token --verbose", "sk-learn",
          "eyJ", "AKIA", "https://example.org:8080/a@b", "https://me@example.org", "git config user.password",
          "the password of the day", "--key=value", "task-runner ghp_short", "PATH=/usr/bin:/bin", "tokens/day"})
        EXPECT_EQ(withoutSecrets(text), text);
}

TEST(SecretTextTest, NamesAreToldByTheirWords)
{
    for (const char* name : {"TOKEN", "my_token", "dbPassword", "AWS_SECRET_ACCESS_KEY", "--api-key", "private.key"})
        EXPECT_TRUE(isSecretName(name)) << name;
    for (const char* name : {"", "KEY", "HOME", "KEYBOARD", "PASS", "path", "monkey"})
        EXPECT_FALSE(isSecretName(name)) << name;
}

TEST(SecretTextTest, JsonStaysJsonAndSpansAreInOrder)
{
    const std::string pieces[] = {
        "password", "=",    "\"",     "\\", ":",    " ", "--token", ",", "ghp_0123456789abcdefghijkl", "://", "@", "a",
        "\n",       "\x7f", "Bearer", "é",  "\xff", "[", "'",       "/"};
    std::mt19937 random(1);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random()) % limit; };
    for (int round = 0; round < 20'000; ++round) {
        std::string text;
        for (std::size_t i = 0, count = below(12); i < count; ++i) text += pieces[below(std::size(pieces))];
        std::size_t last = 0;
        for (const SecretSpan& span : secretSpans(text)) {
            ASSERT_GE(span.offset, last);
            ASSERT_GT(span.length, 0U);
            last = span.offset + span.length;
            ASSERT_LE(last, text.size());
            ASSERT_EQ(text.substr(span.offset, span.length).find_first_of("\"\\\n\x7f"), std::string::npos)
                << visible(text);
        }
        // Once more finds nothing new to hide.
        ASSERT_EQ(withoutSecrets(withoutSecrets(text)), withoutSecrets(text)) << visible(text);
    }
}

}  // namespace
}  // namespace belljar
