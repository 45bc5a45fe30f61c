// What `configSchema` says of each version; schema_agreement_test.py holds it against the published schemas.
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/result.h"
#include "core/config/config_io.h"

namespace belljar {
namespace {

using nlohmann::json;

json schema(const std::string& version)
{
    const Result<std::string> text = configSchema(version);
    EXPECT_TRUE(text) << version;
    return text ? json::parse(*text) : json();
}

bool isClosed(const json& object)
{
    return object.value("additionalProperties", json(true)) == json(false);
}

TEST(ConfigSchema, KnowsItsVersions)
{
    for (const char* version : {"0.6", "0.7", "0.8", "0.9"}) EXPECT_TRUE(configSchema(version)) << version;
    for (const char* version : {"", "0.5", "0.10", "1.0", "0.8.0", "0.8.0-alpha"}) {
        const Result<std::string> none = configSchema(version);
        ASSERT_FALSE(none) << version;
        EXPECT_NE(none.error().hint.find("0.9"), std::string::npos) << none.error().hint;
    }
}

TEST(ConfigSchema, HasEachKeySinceItsVersion)
{
    const auto has = [](const char* version, const char* pointer) {
        return schema(version).contains(json::json_pointer(pointer));
    };
    EXPECT_FALSE(has("0.6", "/properties/seatbelt"));
    EXPECT_TRUE(has("0.7", "/properties/seatbelt"));
    EXPECT_FALSE(has("0.7", "/properties/runtimeConfig"));
    EXPECT_TRUE(has("0.8", "/properties/runtimeConfig/properties/networkProxy"));
    EXPECT_FALSE(has("0.8", "/properties/phase"));
    EXPECT_TRUE(has("0.9", "/properties/phase"));
    EXPECT_TRUE(has("0.9", "/properties/sandboxId"));
    EXPECT_TRUE(has("0.7", "/properties/appContainer"));
    EXPECT_FALSE(has("0.8", "/properties/appContainer"));
}

TEST(ConfigSchema, ClosesAndRequiresAsTheVersionDoes)
{
    EXPECT_FALSE(isClosed(schema("0.6")));
    EXPECT_TRUE(isClosed(schema("0.7")));
    EXPECT_FALSE(isClosed(schema("0.7")["properties"]["process"]));
    EXPECT_TRUE(isClosed(schema("0.8")["properties"]["process"]));
    EXPECT_FALSE(isClosed(schema("0.9")["properties"]["experimental"]));
    for (const char* version : {"0.6", "0.9"})
        EXPECT_TRUE(isClosed(schema(version)["properties"]["experimental"]["properties"]["belljar"])) << version;
    EXPECT_EQ(schema("0.8")["required"], json::array({"process"}));
    EXPECT_FALSE(schema("0.9").contains("required"));
    EXPECT_EQ(schema("0.7")["properties"]["process"]["required"], json::array({"commandLine"}));
    EXPECT_FALSE(schema("0.8")["properties"]["process"].contains("required"));
    EXPECT_EQ(schema("0.6")["properties"]["lxc"]["required"], json::array({"distribution", "release"}));
}

TEST(ConfigSchema, ListsTheWordsOfItsVersion)
{
    const auto words = [](const char* version, const char* pointer) {
        std::set<std::string> found;
        const json whole = schema(version);
        for (const json& word : whole.at(json::json_pointer(pointer)))
            found.insert(word.is_null() ? "null" : word.get<std::string>());
        return found;
    };
    const char* containment = "/properties/containment/enum";
    EXPECT_EQ(words("0.6", containment), (std::set<std::string>{"process", "bubblewrap", "lxc", "processcontainer"}));
    EXPECT_EQ(words("0.8", containment),
              (std::set<std::string>{"process", "bubblewrap", "lxc", "processcontainer", "seatbelt", "null"}));
    EXPECT_EQ(words("0.9", "/properties/phase/enum"),
              (std::set<std::string>{"provision", "start", "exec", "stop", "deprovision", "null"}));
    EXPECT_EQ(words("0.7", "/allOf/0/then/properties/containment/enum"),
              (std::set<std::string>{"processcontainer", "process"}));
    EXPECT_FALSE(schema("0.8").contains("allOf"));
}

TEST(ConfigSchema, OlderProxiesAreOneOfThree)
{
    const json proxy = schema("0.7")["properties"]["network"]["properties"]["proxy"];
    ASSERT_EQ(proxy["oneOf"].size(), 3U);
    for (const json& choice : proxy["oneOf"]) {
        EXPECT_TRUE(isClosed(choice));
        EXPECT_EQ(choice["required"].size(), 1U);
    }
    EXPECT_EQ(proxy["oneOf"][1]["properties"]["builtinTestServer"]["const"], json(true));
    EXPECT_FALSE(schema("0.8")["properties"]["network"]["properties"]["proxy"].contains("oneOf"));
}

}  // namespace
}  // namespace belljar
