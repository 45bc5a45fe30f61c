#include <gtest/gtest.h>

#include "core/config/schema_version.h"

namespace belljar {
namespace {

TEST(SchemaVersion, ComparesMajorAndMinor)
{
    EXPECT_TRUE(SchemaVersion::parse("0.8.0-alpha")->atLeast("0.8"));
    EXPECT_TRUE(SchemaVersion::parse("0.9.99")->atLeast("0.8"));
    EXPECT_FALSE(SchemaVersion::parse("0.7.5")->atLeast("0.8"));
    EXPECT_FALSE(SchemaVersion{}.atLeast("0.6"));
    EXPECT_TRUE(SchemaVersion::parse("")->isLegacy());
    EXPECT_FALSE(SchemaVersion::parse("0.8"));
    EXPECT_FALSE(SchemaVersion::parse("0.8.0-"));
    EXPECT_FALSE(SchemaVersion::parse("0.8.0-a..b"));
    EXPECT_FALSE(SchemaVersion::parse("0.8.0+"));
    EXPECT_FALSE(SchemaVersion::parse("0.08.0"));
    EXPECT_TRUE(SchemaVersion::parse("0.8.0-a.1+001"));
}

}  // namespace
}  // namespace belljar
