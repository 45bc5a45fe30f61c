#include <map>
#include <random>

#include <gtest/gtest.h>

#include "core/base/result.h"
#include "core/config/config_io.h"

namespace belljar {
namespace {

/// The text after editSet; the error's sentence when it refused.
std::string afterSet(const std::string& text, const char* pointer, const char* json)
{
    const Result<JsonText> parsed = JsonText::parse(text);
    const Result<TextEdit> edit = editSet(parsed ? *parsed : JsonText{}, pointer, json);
    return edit ? applyEdit(text, *edit) : "error: " + edit.error().message;
}

std::string afterRemove(const std::string& text, const char* pointer)
{
    const Result<TextEdit> edit = editRemove(*JsonText::parse(text), pointer);
    return edit ? applyEdit(text, *edit) : "error: " + edit.error().message;
}

TEST(ConfigEdit, ReplacesOnlyTheValue)
{
    EXPECT_EQ(afterSet("{\n  \"a\" : 1 ,\n  \"b\": [ 1,2 ]\n}\n", "/a", "\"x\""),
              "{\n  \"a\" : \"x\" ,\n  \"b\": [ 1,2 ]\n}\n");
    EXPECT_EQ(afterSet("{\"b\": [ 1,2 ]}", "/b/1", " 7 "), "{\"b\": [ 1,7 ]}");
    EXPECT_EQ(afterSet("{\"b\": 1}", "", "{}"), "{}");
}

TEST(ConfigEdit, AddsInTheStyleThatIsThere)
{
    EXPECT_EQ(afterSet("{\n    \"a\": 1\n}\n", "/b", "2"), "{\n    \"a\": 1,\n    \"b\": 2\n}\n");
    EXPECT_EQ(afterSet("{\n\t\"a\": {\n\t\t\"x\": 1\n\t}\n}", "/a/y", "2"),
              "{\n\t\"a\": {\n\t\t\"x\": 1,\n\t\t\"y\": 2\n\t}\n}");
    EXPECT_EQ(afterSet("{\"a\":1,\"b\":2}", "/c", "3"), "{\"a\":1,\"b\":2,\"c\":3}");
    EXPECT_EQ(afterSet("{\"a\":1}", "/c/d", "3"), "{\"a\":1,\"c\":{\"d\":3}}");
    EXPECT_EQ(afterSet("{ \"a\": 1 }", "/c", "3"), "{ \"a\": 1, \"c\": 3 }");
    EXPECT_EQ(afterSet("{\r\n  \"a\": 1\r\n}\r\n", "/b", "2"), "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}\r\n");
    EXPECT_EQ(afterSet("{\n  \"a\": [\"x\"]\n}", "/a/-", "\"y\""), "{\n  \"a\": [\"x\", \"y\"]\n}");
    EXPECT_EQ(afterSet("{\n  \"a\": [\n    \"x\"\n  ]\n}", "/a/1", "\"y\""),
              "{\n  \"a\": [\n    \"x\",\n    \"y\"\n  ]\n}");
}

TEST(ConfigEdit, MakesMissingParents)
{
    EXPECT_EQ(
        afterSet("{\n  \"version\": \"0.8.0\"\n}\n", "/filesystem/readonlyPaths/-", "\"/usr\""),
        "{\n  \"version\": \"0.8.0\",\n  \"filesystem\": {\n    \"readonlyPaths\": [\n      \"/usr\"\n    ]\n  }\n}\n");
    EXPECT_EQ(afterSet("{\n  \"a\": {},\n  \"z\": 0\n}", "/a/b", "1"),
              "{\n  \"a\": {\n    \"b\": 1\n  },\n  \"z\": 0\n}");
    EXPECT_EQ(afterSet("{\n  \"a\": null\n}", "/a/b", "1"), "{\n  \"a\": {\n    \"b\": 1\n  }\n}");
    EXPECT_EQ(afterSet("{}", "/a", "1"), "{\n  \"a\": 1\n}");
    EXPECT_EQ(afterSet("", "/a/b", "1"), "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n");
}

TEST(ConfigEdit, IndentsValuesOfSeveralLines)
{
    EXPECT_EQ(afterSet("{\n    \"a\": 1\n}", "/b", "{\n    \"c\": [\n        1\n    ]\n}"),
              "{\n    \"a\": 1,\n    \"b\": {\n        \"c\": [\n            1\n        ]\n    }\n}");
}

TEST(ConfigEdit, RefusesWhatCannotBe)
{
    EXPECT_NE(afterSet("{\"a\": 1}", "/a/b", "1").find("error: `/a` is a number"), std::string::npos);
    EXPECT_NE(afterSet("{\"a\": [1]}", "/a/5", "1").find("error: the array"), std::string::npos);
    EXPECT_NE(afterSet("{\"a\": [1]}", "/a/x", "1").find("error: the array"), std::string::npos);
    EXPECT_NE(afterSet("{\"a\": 1}", "/a", "{1}").find("error: the new value is not valid"), std::string::npos);
    EXPECT_NE(afterSet("{\"a\": 1}", "a", "1").find("not a JSON pointer"), std::string::npos);
    EXPECT_NE(afterRemove("{\"a\": 1}", "/b").find("error: there is nothing"), std::string::npos);
    EXPECT_NE(afterRemove("{\"a\": 1}", "").find("error: the whole"), std::string::npos);
}

TEST(ConfigEdit, RemovesWithTheComma)
{
    EXPECT_EQ(afterRemove("{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n}", "/b"), "{\n  \"a\": 1,\n  \"c\": 3\n}");
    EXPECT_EQ(afterRemove("{\n  \"a\": 1,\n  \"b\": 2\n}", "/b"), "{\n  \"a\": 1\n}");
    EXPECT_EQ(afterRemove("{\n  \"a\": 1,\n  \"b\": 2\n}", "/a"), "{\n  \"b\": 2\n}");
    EXPECT_EQ(afterRemove("{\n  \"a\": 1\n}", "/a"), "{}");
    EXPECT_EQ(afterRemove("[1, 2, 3]", "/0"), "[2, 3]");
    EXPECT_EQ(afterRemove("[1, 2, 3]", "/2"), "[1, 2]");
}

// Random edits of random texts: the result is JSON, the value is there, and nothing else changed.

class RandomJson {
public:
    explicit RandomJson(unsigned seed) : m_random(seed) {}

    unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(m_random); }
    std::string key() { return std::string(1, static_cast<char>('a' + below(5))) + (below(8) == 0 ? "~/" : ""); }
    std::string space()
    {
        return std::vector<std::string>{"", "", " ", "\n  ", "\n\t", "\r\n"}[m_loose ? below(6) : 0];
    }

    std::string value(unsigned depth)
    {
        const unsigned kind = below(depth == 0 ? 3 : 6);
        if (kind == 0) return std::to_string(below(100));
        if (kind == 1) return "\"s" + std::to_string(below(100)) + ",:{}[]\\\"\"";
        if (kind == 2) return std::vector<std::string>{"true", "false", "null", "-1.5e2"}[below(4)];
        std::string body;
        std::vector<std::string> used;
        for (unsigned i = below(4); i > 0; --i) {
            std::string name = key();
            if (kind >= 4 && std::count(used.begin(), used.end(), name) > 0) continue;
            used.push_back(name);
            if (!body.empty()) body += space() + ",";
            body += space() + (kind >= 4 ? "\"" + name + "\"" + space() + ":" + space() : "") + value(depth - 1);
        }
        return kind >= 4 ? "{" + body + space() + "}" : "[" + body + space() + "]";
    }
    std::string document()
    {
        m_loose = below(2) == 0;
        return "{" + space() + "\"root\"" + space() + ":" + value(3) + space() + "," + space() + "\"b\":" + value(3) +
               space() + "}";
    }

private:
    std::mt19937 m_random;
    bool m_loose = false;
};

/// The raw text of every scalar and empty container by pointer. Inside a new value, white space may differ.
std::map<std::string, std::string> leaves(const JsonText& json, bool withSpace = true)
{
    std::map<std::string, std::string> result;
    JsonText::NodeId id = json.root();
    while (id != JsonText::kNone) {
        const JsonText::Node& node = json.node(id);
        const bool container = node.type == JsonType::object || node.type == JsonType::array;
        if (node.firstChild == JsonText::kNone)
            result[json.pointer(id)] = container && !withSpace ? jsonTypeName(node.type) : json.raw(id);
        JsonText::NodeId next = node.firstChild;
        for (JsonText::NodeId up = id; next == JsonText::kNone && up != JsonText::kNone; up = json.node(up).parent)
            next = json.node(up).nextSibling;
        id = next;
    }
    return result;
}

TEST(ConfigEdit, SetChangesNothingElse)
{
    RandomJson random(20240601);
    int done = 0;
    for (int round = 0; round < 2000; ++round) {
        const std::string text = random.document();
        const Result<JsonText> before = JsonText::parse(text);
        ASSERT_TRUE(before) << text << describe(before.error());
        std::string pointer = random.below(2) == 0 ? "/root" : "/b";
        for (unsigned i = random.below(4); i > 0; --i)
            pointer += "/" + (random.below(3) == 0 ? std::to_string(random.below(4)) : pointerElement(random.key()));
        const std::string value = random.value(2);
        const Result<TextEdit> edit = editSet(*before, pointer, value);
        if (!edit) continue;  // Through a scalar, or past the end of an array.
        ++done;
        const std::string after = applyEdit(text, *edit);
        const Result<JsonText> parsed = JsonText::parse(after);
        ASSERT_TRUE(parsed) << text << "\n" << pointer << "\n" << after;
        // A missing "0" makes a list, so the value is at the same pointer in every case.
        const JsonText::NodeId found = parsed->find(pointer);
        ASSERT_NE(found, JsonText::kNone) << text << "\n" << pointer << " = " << value << "\n" << after;
        EXPECT_EQ(leaves(*JsonText::parse(value), false),
                  leaves(*JsonText::parse(std::string(parsed->raw(found))), false));
        const std::map<std::string, std::string> kept = leaves(*parsed);
        for (const auto& [place, raw] : leaves(*before)) {
            const bool inside = pointer.rfind(place, 0) == 0 || place.rfind(pointer + "/", 0) == 0;
            if (inside) continue;
            ASSERT_TRUE(kept.count(place)) << place << " is gone\n" << text << "\n" << after;
            EXPECT_EQ(kept.at(place), raw);
        }
    }
    EXPECT_GE(done, 1000);
}

TEST(ConfigEdit, RemoveTakesNothingElse)
{
    RandomJson random(7);
    int done = 0;
    for (int round = 0; round < 1000; ++round) {
        const std::string text = random.document();
        const JsonText before = *JsonText::parse(text);
        for (const auto& [pointer, raw] : leaves(before)) {
            const Result<TextEdit> edit = editRemove(before, pointer);
            ASSERT_TRUE(edit) << pointer;
            const std::string after = applyEdit(text, *edit);
            const Result<JsonText> parsed = JsonText::parse(after);
            ASSERT_TRUE(parsed) << text << "\n" << pointer << "\n" << after;
            // Only that value's own text, its key, a comma and white space are gone.
            EXPECT_LT(after.size(), text.size());
            const std::string parent = pointer.substr(0, pointer.rfind('/'));
            const bool inArray = before.node(before.find(parent)).type == JsonType::array;
            if (!inArray) {
                EXPECT_EQ(parsed->find(pointer), JsonText::kNone);
                for (const auto& [place, other] : leaves(before)) {
                    if (place == pointer) continue;
                    ASSERT_NE(parsed->find(place), JsonText::kNone) << place << "\n" << text << "\n" << after;
                    EXPECT_EQ(parsed->raw(parsed->find(place)), other);
                }
            }
            ++done;
        }
    }
    EXPECT_GE(done, 1000);
}

}  // namespace
}  // namespace belljar
