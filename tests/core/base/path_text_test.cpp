#include "core/base/path_text.h"

#include <gtest/gtest.h>

namespace belljar {
namespace {

TEST(NormalizedPath, RemovesEmptyAndDotComponents)
{
    EXPECT_EQ(normalizedPath("/usr//bin/./env/"), "/usr/bin/env");
    EXPECT_EQ(normalizedPath("/"), "/");
    EXPECT_EQ(normalizedPath("//"), "/");
    EXPECT_EQ(normalizedPath(""), "");
    EXPECT_EQ(normalizedPath("."), ".");
}

TEST(NormalizedPath, ResolvesDotDotAndStopsAtTheRoot)
{
    EXPECT_EQ(normalizedPath("/a/b/../c"), "/a/c");
    EXPECT_EQ(normalizedPath("/../../etc"), "/etc");
    EXPECT_EQ(normalizedPath("../x"), "../x");
    EXPECT_EQ(normalizedPath("a/../../x"), "../x");
}

TEST(IsAtOrBelow, ComparesWholeComponents)
{
    EXPECT_TRUE(isAtOrBelow("/home/u/x", "/home/u"));
    EXPECT_TRUE(isAtOrBelow("/home/u", "/home/u"));
    EXPECT_TRUE(isAtOrBelow("/home", "/"));
    EXPECT_FALSE(isAtOrBelow("/home/user2", "/home/user"));
    EXPECT_FALSE(isAtOrBelow("/home", "/home/u"));
}

TEST(PathParts, SplitAndJoin)
{
    EXPECT_EQ(parentPath("/usr/bin"), "/usr");
    EXPECT_EQ(parentPath("/usr"), "/");
    EXPECT_EQ(fileName("/usr/bin"), "bin");
    EXPECT_EQ(joinPath("/usr", "bin"), "/usr/bin");
    EXPECT_EQ(joinPath("/usr/", "/etc"), "/etc");
    EXPECT_EQ(pathDepth("/"), 0U);
    EXPECT_EQ(pathDepth("/usr/bin"), 2U);
}

}  // namespace
}  // namespace belljar
