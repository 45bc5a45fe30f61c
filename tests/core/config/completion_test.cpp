// What editors offer and explain: at the right pointer, for the right version, also in text that is not finished.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/config/completion.h"
#include "core/config/text_cursor.h"

namespace belljar {
namespace {

/// The text without its '|', and where that stood.
std::pair<std::string, std::size_t> marked(std::string text)
{
    const std::size_t at = text.find('|');
    text.erase(at, 1);
    return {text, at};
}

std::vector<std::string> offered(const std::string& text)
{
    const auto [plain, at] = marked(text);
    std::vector<std::string> labels;
    for (const Completion& item : completionsAt(plain, at).items) labels.push_back(item.label);
    return labels;
}

bool has(const std::vector<std::string>& list, const std::string& word)
{
    return std::find(list.begin(), list.end(), word) != list.end();
}

/// The text after the first completion called `label` was taken.
std::string completed(const std::string& text, const std::string& label)
{
    const auto [plain, at] = marked(text);
    const Completions found = completionsAt(plain, at);
    for (const Completion& item : found.items)
        if (item.label == label) return plain.substr(0, found.begin) + item.insert + plain.substr(found.end);
    return "no " + label;
}

TEST(TextCursorTest, KnowsKeyAndValueAndPointer)
{
    const auto at = [](const std::string& text) {
        const auto [plain, offset] = marked(text);
        return cursorAt(plain, offset);
    };
    EXPECT_EQ(at("{ | }").at, TextCursor::At::key);
    EXPECT_EQ(at("{ | }").pointer, "");
    EXPECT_EQ(at("{\"a\": |").pointer, "/a");
    EXPECT_EQ(at("{\"a\": {\"b\": [1, {\"c\": |").pointer, "/a/b/1/c");
    EXPECT_EQ(at("{\"a\": {\"b\": [1, |").pointer, "/a/b/1");
    EXPECT_EQ(at("{\"a/b\": |").pointer, "/a~1b");
    EXPECT_EQ(at("{\"a\": 1 |}").at, TextCursor::At::nothing);
    EXPECT_EQ(at("{\"a\": 1}|").at, TextCursor::At::nothing);
    EXPECT_EQ(at("|").at, TextCursor::At::nothing);
    const TextCursor inside = at("{\"fi|le\": 1, \"other\": 2}");
    EXPECT_EQ(inside.token, "file");
    EXPECT_EQ(inside.begin, 1U);
    EXPECT_EQ(inside.end, 7U);
    EXPECT_TRUE(inside.hasColon);
    EXPECT_EQ(inside.keys, (std::set<std::string>{"other"}));
    EXPECT_EQ(at("{\"a\": \"x|\n \"b\": 2}").pointer, "/a");  // An open string ends with its line.
}

TEST(CompletionTest, OffersKeysOfTheObjectThatAreNotThereYet)
{
    const std::vector<std::string> top = offered("{\"version\": \"0.8.0-alpha\", |}");
    EXPECT_TRUE(has(top, "filesystem"));
    EXPECT_FALSE(has(top, "version"));
    EXPECT_FALSE(has(top, "readonlyPaths"));
    const std::vector<std::string> files = offered(R"({"filesystem": {"|"}})");
    EXPECT_EQ(files, (std::vector<std::string>{"readwritePaths", "readonlyPaths", "deniedPaths"}));
    EXPECT_EQ(offered(R"({"filesystem": {"readonlyPaths": [], |, "deniedPaths": []}})"),
              (std::vector<std::string>{"readwritePaths"}));
}

TEST(CompletionTest, KnowsTheVersion)
{
    EXPECT_FALSE(has(offered(R"({"version": "0.7.0-alpha", "network": {|}})"), "egress"));
    EXPECT_TRUE(has(offered(R"({"version": "0.8.0-alpha", "network": {|}})"), "egress"));
    EXPECT_FALSE(has(offered(R"({"version": "0.8.0-alpha", |})"), "phase"));
    EXPECT_TRUE(has(offered(R"({"version": "0.9.0-alpha", |})"), "phase"));
}

TEST(CompletionTest, OffersValuesOfTheField)
{
    EXPECT_EQ(offered(R"({"ui": {"clipboard": |}})"), (std::vector<std::string>{"none", "read", "write", "all"}));
    EXPECT_EQ(offered(R"({"ui": {"clipboard": "w|"}})").front(), "write");
    EXPECT_EQ(offered(R"({"ui": {"disable": |}})"), (std::vector<std::string>{"true", "false"}));
    EXPECT_TRUE(offered(R"({"process": {"commandLine": "|"}})").empty());
    EXPECT_TRUE(offered(R"({"nobody": {"knows": |}})").empty());
}

TEST(CompletionTest, LooksIntoListsOfObjects)
{
    const std::vector<std::string> peer =
        offered(R"({"version": "0.8.0", "network": {"egress": {"allow": [{"to": [{|}]}]}}})");
    EXPECT_EQ(peer, (std::vector<std::string>{"cidr", "except"}));
}

TEST(CompletionTest, InsertsWholeMembersAndReplacesTokens)
{
    EXPECT_EQ(completed("{ \"fi|\" }", "filesystem"), "{ \"filesystem\": {} }");
    EXPECT_EQ(completed("{ \"fi|\": {} }", "filesystem"), "{ \"filesystem\": {} }");
    EXPECT_EQ(completed("{ \"filesystem\": { |", "deniedPaths"), "{ \"filesystem\": { \"deniedPaths\": []");
    EXPECT_EQ(completed("{\"ui\": {\"clipboard\": \"no|\"}}", "all"), "{\"ui\": {\"clipboard\": \"all\"}}");
}

TEST(CompletionTest, WhatIsTypedComesFirst)
{
    EXPECT_EQ(offered("{ \"net|\" }").front(), "network");
}

TEST(HoverTest, ExplainsKeysValuesAndElements)
{
    const auto hover = [](const std::string& text) {
        const auto [plain, at] = marked(text);
        const std::optional<Hover> found = hoverAt(plain, at);
        return found ? found->field.pointer : std::string("nothing");
    };
    EXPECT_EQ(hover(R"({"filesystem": {"readonly|Paths": ["/usr"]}})"), "/filesystem/readonlyPaths");
    EXPECT_EQ(hover(R"({"filesystem": {"readonlyPaths": ["/u|sr"]}})"), "/filesystem/readonlyPaths");
    EXPECT_EQ(hover(R"({"appContainer": {"ui": {"i|me": true}}})"), "/processContainer/ui/ime");
    EXPECT_EQ(hover(R"({"nob|ody": 1})"), "nothing");
    EXPECT_EQ(hover(R"({"filesystem": {   |   }})"), "nothing");
}

TEST(CompletionTest, NeverFailsOnBrokenText)
{
    const std::string text = R"({"a": [1, {"b": "\u00zz, ]}}} "c" : : , [[ "x)";
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        for (std::size_t at = 0; at <= cut + 2; ++at) {
            const Completions found = completionsAt(text.substr(0, cut), at);
            EXPECT_LE(found.begin, found.end);
            EXPECT_LE(found.end, cut);
        }
    (void)completionsAt(std::string(100'000, '['), 99'999);
}

}  // namespace
}  // namespace belljar
