// The table of secrets: what is found in it, and what is not.
#include "core/policy/secrets.h"

#include <gtest/gtest.h>

#include <set>

#include "core/base/path_text.h"

namespace belljar {
namespace {

TEST(Secrets, TableIsWellFormed)
{
    std::set<std::pair<std::string_view, SecretPlace>> seen;
    for (const SecretRow& row : secretTable()) {
        EXPECT_TRUE(seen.emplace(row.path, row.place).second) << row.path;
        EXPECT_FALSE(row.what.empty()) << row.path;
        EXPECT_EQ(row.place == SecretPlace::absolute, isAbsolutePath(row.path)) << row.path;
        if (row.place == SecretPlace::name) EXPECT_EQ(row.path.find('/'), std::string_view::npos) << row.path;
        else EXPECT_EQ(normalizedPath(row.path), row.path);
    }
    EXPECT_GE(seen.size(), 40U);
}

TEST(Secrets, AreFoundAtAndBelowTheirPlace)
{
    for (const char* path : {"/home/u/.ssh", "/home/u/.ssh/id_rsa", "/home/u/.config/gcloud/x/y", "/run/docker.sock",
                             "/root/notes", "/srv/project/.env", "/srv/keys/id_ed25519", "/srv/all.kdbx"})
        EXPECT_NE(secretAt(path, "/home/u"), nullptr) << path;
    for (const char* path : {"/home/u/.sshx", "/home/u/src", "/home/other/.aws", "/srv/project/env", "/srv/kdbx", "/",
                             "/run", "/home/u/.config", "/home/u/id_rsa.pub"})
        EXPECT_EQ(secretAt(path, "/home/u"), nullptr) << path;
}

TEST(Secrets, TheAdministratorsOwnHomeIsNoSecretToIt)
{
    EXPECT_EQ(secretAt("/root/project/main.c", "/root"), nullptr);
    EXPECT_NE(secretAt("/root/.ssh/id", "/root"), nullptr);
    EXPECT_NE(secretAt("/root/project/main.c", ""), nullptr);
    EXPECT_EQ(secretAt("/.ssh", ""), nullptr) << "without a home nothing is below it";
}

TEST(Secrets, ThoseBelowAFolderAreListed)
{
    std::set<std::string> paths;
    for (const auto& [path, row] : secretsBelow("/home", "/home/u")) paths.insert(path);
    EXPECT_TRUE(paths.contains("/home/u/.ssh"));
    EXPECT_FALSE(paths.contains("/root"));
    EXPECT_TRUE(secretsBelow("/srv", "/home/u").empty());
}

}  // namespace
}  // namespace belljar
