#include "core/config/json_text.h"

#include <chrono>
#include <functional>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "core/base/result.h"

namespace belljar {
namespace {

TEST(JsonText, KnowsTheBytesOfEachValue)
{
    const Result<JsonText> parsed =
        JsonText::parse("{ \"a\" : [1, -2.5e3 ,true,null],\n \"b\":{\"c~/d\":\"x\\\"y\"} , \"e\":{},\"f\":[ ]}");
    ASSERT_TRUE(parsed) << describe(parsed.error());
    const JsonText& json = *parsed;
    const auto raw = [&](const char* pointer) { return json.raw(json.find(pointer)); };
    EXPECT_EQ(raw("/a"), "[1, -2.5e3 ,true,null]");
    EXPECT_EQ(raw("/a/0"), "1");
    EXPECT_EQ(raw("/a/1"), "-2.5e3");
    EXPECT_EQ(raw("/a/2"), "true");
    EXPECT_EQ(raw("/a/3"), "null");
    EXPECT_EQ(raw("/b"), "{\"c~/d\":\"x\\\"y\"}");
    EXPECT_EQ(raw("/b/c~0~1d"), "\"x\\\"y\"");
    EXPECT_EQ(raw("/e"), "{}");
    EXPECT_EQ(raw("/f"), "[ ]");
    EXPECT_EQ(json.raw(json.root()).front(), '{');
    EXPECT_EQ(json.string(json.find("/b/c~0~1d")), "x\"y");
    const SourcePlace place = json.place(json.find("/b/c~0~1d"));
    EXPECT_EQ(place.pointer, "/b/c~0~1d");
    EXPECT_EQ(place.line, 2U);
    EXPECT_EQ(place.column, 14U);
    for (const char* missing : {"/a/4", "/a/01", "/a/-", "/a/x", "/z", "/a/0/0", "a", "/b/c~/d"})
        EXPECT_EQ(json.find(missing), JsonText::kNone) << missing;
}

TEST(JsonText, ReadsScalarsAsTheWholeText)
{
    for (const char* text : {"1", " 12", "\"a\"", "true ", "null\n", "-0.5"}) {
        const Result<JsonText> parsed = JsonText::parse(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_NE(std::string(text).find(parsed->raw(parsed->root())), std::string::npos);
        EXPECT_EQ(parsed->raw(0).find(' '), std::string_view::npos);
    }
}

TEST(JsonText, DecodesEscapes)
{
    const Result<JsonText> parsed =
        JsonText::parse(R"(["\"\\\/\b\f\n\r\t","\u0041\u00e9\u20ac\ud83d\ude00","\u0000"])");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->string(parsed->find("/0")), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(parsed->string(parsed->find("/1")), "Aé€😀");
    EXPECT_EQ(parsed->string(parsed->find("/2")), std::string(1, '\0'));
}

TEST(JsonText, FindsKeysWrittenWithEscapes)
{
    const Result<JsonText> parsed = JsonText::parse(R"({"\u0076ersion": 1, "a\\b": 2})");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->raw(parsed->find("/version")), "1");
    EXPECT_EQ(parsed->raw(parsed->find("/a\\b")), "2");
    EXPECT_EQ(parsed->key(parsed->find("/version")), "version");
    EXPECT_EQ(parsed->find("/\\u0076ersion"), JsonText::kNone);
}

TEST(JsonText, RefusesDuplicateKeysUnlessTold)
{
    const Result<JsonText> plain = JsonText::parse("{\n\"a\": 1,\n\"b\": {\"x\":1},\n\"\\u0061\": 2}", "f.json");
    ASSERT_FALSE(plain);
    EXPECT_EQ(plain.error().where, "f.json:4:1");
    EXPECT_EQ(plain.error().message, "duplicate field `a`");
    EXPECT_NE(plain.error().hint.find("line 2"), std::string::npos);
    JsonLimits limits;
    limits.allowDuplicateKeys = true;
    const Result<JsonText> told = JsonText::parse("{\"a\": 1, \"a\": 2}", {}, limits);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->raw(told->find("/a")), "1");
    EXPECT_TRUE(JsonText::parse("{\"a\": {\"a\": {\"A\": 1}}}"));
}

TEST(JsonText, RefusesDeepNestingAtItsPlace)
{
    EXPECT_TRUE(JsonText::parse(std::string(127, '[') + std::string(127, ']')));
    const Result<JsonText> deep = JsonText::parse(std::string(128, '[') + std::string(128, ']'));
    ASSERT_FALSE(deep);
    EXPECT_EQ(deep.error().where, "1:128");
    for (const std::size_t depth : {10'000U, 1'000'000U}) {
        std::string objects;
        for (std::size_t i = 0; i < depth; ++i) objects += "{\"a\":";
        EXPECT_FALSE(JsonText::parse(objects));
        EXPECT_FALSE(JsonText::parse(std::string(depth, '[')));
    }
    JsonLimits limits;
    limits.maxDepth = 20'000;
    const Result<JsonText> allowed = JsonText::parse(std::string(10'000, '[') + std::string(10'000, ']'), {}, limits);
    ASSERT_TRUE(allowed);
    EXPECT_EQ(allowed->pointer(9'999).size(), 2 * 9'999U);
}

TEST(JsonText, RefusesTooManyValues)
{
    JsonLimits limits;
    limits.maxValues = 4;
    EXPECT_TRUE(JsonText::parse("[1,2,3]", {}, limits));
    const Result<JsonText> many = JsonText::parse("[1,2,3,4]", {}, limits);
    ASSERT_FALSE(many);
    EXPECT_EQ(many.error().where, "1:8");
    EXPECT_NE(many.error().message.find("more than 4 values"), std::string::npos);
}

/// Seconds that `work` takes; the bounds below are wide, they only catch what grows with the square of the size.
template <class Work>
double secondsOf(const Work& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(JsonText, StaysLinearForAMillionKeys)
{
    std::string text = "{";
    for (int i = 0; i < 1'000'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
    text += "\"k7\":1}";
    EXPECT_LT(secondsOf([&] {
                  const Result<JsonText> parsed = JsonText::parse(text);
                  ASSERT_FALSE(parsed);
                  EXPECT_NE(parsed.error().message.find("duplicate field `k7`"), std::string::npos);
              }),
              30);
}

TEST(JsonText, StaysLinearForTwentyMegabytesOfPaths)
{
    std::string text = "{\"paths\": [\n";
    while (text.size() < 20'000'000) text += "\"/some/folder/" + std::to_string(text.size()) + "\",\n";
    text += "\"/end\"]}";
    EXPECT_LT(secondsOf([&] {
                  const Result<JsonText> parsed = JsonText::parse(text);
                  ASSERT_TRUE(parsed) << describe(parsed.error());
                  std::uint64_t lines = 0;
                  for (int i = 0; i < 500'000; i += 7) {
                      const JsonText::NodeId id = parsed->find("/paths/" + std::to_string(i));
                      ASSERT_NE(id, JsonText::kNone);
                      lines += parsed->place(id).line;
                  }
                  EXPECT_GT(lines, 500'000U);
              }),
              30);
}

JsonText::NodeId lastNode(const JsonText& json)
{
    JsonText::NodeId id = json.root();
    while (json.node(id).firstChild != JsonText::kNone) {
        id = json.node(id).firstChild;
        while (json.node(id).nextSibling != JsonText::kNone) id = json.node(id).nextSibling;
    }
    return id;
}

TEST(JsonText, FindsElementsOfNestedArrays)
{
    std::mt19937 random(20261122);
    const std::function<std::string(int)> make = [&](int depth) {
        const auto kind = random() % (depth == 0 ? 2 : 5);
        if (kind < 2) return std::string(kind == 0 ? "1" : "\"x\"");
        std::string text;
        for (auto left = random() % 6; left > 0; --left)
            text += (text.empty() ? "" : ",") + std::string(kind == 2 ? "\"k" + std::to_string(left) + "\":" : "") +
                    make(depth - 1);
        return kind == 2 ? "{" + text + "}" : "[" + text + "]";
    };
    for (int round = 0; round < 300; ++round) {
        const Result<JsonText> parsed = JsonText::parse("[" + make(5) + "," + make(5) + "]");
        ASSERT_TRUE(parsed);
        const JsonText& json = *parsed;
        const JsonText::NodeId last = lastNode(json);
        for (JsonText::NodeId id = 0; id <= last; ++id) {
            if (json.node(id).type == JsonType::array) {
                std::size_t index = 0;
                for (auto child = json.node(id).firstChild; child != JsonText::kNone;
                     child = json.node(child).nextSibling)
                    ASSERT_EQ(json.element(id, index++), child) << json.text();
                ASSERT_EQ(json.element(id, index), JsonText::kNone) << json.text();
            }
            ASSERT_EQ(json.find(json.pointer(id)), id) << json.text();
        }
    }
}

TEST(JsonText, StaysLinearForManyObjectsInOneArray)
{
    std::string text = "[";
    constexpr std::size_t kObjects = 200'000;
    for (std::size_t i = 0; i < kObjects; ++i) text += (i == 0 ? "" : ",") + std::string(R"({"to":[{"cidr":"1"}]})");
    const Result<JsonText> parsed = JsonText::parse(text + "]");
    ASSERT_TRUE(parsed);
    // Walking from element to element would take minutes.
    EXPECT_LT(secondsOf([&] {
                  for (std::size_t i = 0; i < kObjects; ++i) {
                      const JsonText::NodeId id = parsed->find("/" + std::to_string(i) + "/to/0/cidr");
                      ASSERT_NE(id, JsonText::kNone);
                      ASSERT_EQ(parsed->pointer(id), "/" + std::to_string(i) + "/to/0/cidr");
                  }
              }),
              30);
}

TEST(JsonText, FindsPlacesAcrossBlocksAndLongLines)
{
    std::string text = "[\n\"" + std::string(5'000, 'a') + "\",\n\n" + std::string(4'090, ' ') + "1,\n2]";
    const Result<JsonText> parsed = JsonText::parse(text);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->place(parsed->find("/0")).line, 2U);
    EXPECT_EQ(parsed->place(parsed->find("/0")).column, 1U);
    EXPECT_EQ(parsed->place(parsed->find("/1")).line, 4U);
    EXPECT_EQ(parsed->place(parsed->find("/1")).column, 4'091U);
    EXPECT_EQ(parsed->place(parsed->find("/2")).line, 5U);
    const SourcePlace end = parsed->placeOfOffset(text.size() + 100);
    EXPECT_EQ(end.line, 5U);
    EXPECT_EQ(end.column, 3U);
}

TEST(JsonPointer, EscapesBothWays)
{
    const Result<std::vector<std::string>> elements = pointerElements("/a~1b/~0/~01//-");
    ASSERT_TRUE(elements);
    EXPECT_EQ(*elements, (std::vector<std::string>{"a/b", "~", "~1", "", "-"}));
    std::string back;
    for (const std::string& element : *elements) back += "/" + pointerElement(element);
    EXPECT_EQ(back, "/a~1b/~0/~01//-");
    EXPECT_FALSE(pointerElements("a/b"));
    EXPECT_TRUE(pointerElements("")->empty());
}

}  // namespace
}  // namespace belljar
