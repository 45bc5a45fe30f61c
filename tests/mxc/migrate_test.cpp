// What `belljar migrate` writes, MXC's real executor accepts as schema 0.8.
#include <filesystem>

#include "core/config/config_io.h"
#include "tests/core/config/legacy_maker.h"
#include "tests/mxc/executor_test.h"

namespace belljar::test {
namespace {

class MigrateTest : public ExecutorTest {
protected:
    [[nodiscard]] RunResult migrate(const std::string& text) const
    {
        return runProgram({binFolder() + "/belljar", "migrate", m_folder.file("older.json", text)});
    }

    /// Filtered connections and proxies need tools that not every machine has; the executor looks for them last.
    static bool hasNetworkTools()
    {
        for (const char* folder : {"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"})
            if (std::filesystem::exists(std::string(folder) + "slirp4netns")) return true;
        return false;
    }
};

TEST_F(MigrateTest, TheExecutorTakesEachMigratedProfile)
{
    const std::vector<std::string> paths{m_folder.folder("a"), m_folder.folder("a/b"), m_folder.folder("c"),
                                         m_folder.folder("c/d")};
    int taken = 0;
    int filtered = 0;
    int named = 0;
    for (std::uint32_t seed = 1; seed <= 250; ++seed) {
        const std::string before = writeConfig(LegacyMaker(seed, paths).make());
        SCOPED_TRACE(before);
        const RunResult migrated = migrate(before);
        if (migrated.status != 0) {
            EXPECT_EQ(migrated.status, 1);
            EXPECT_TRUE(migrated.out.empty()) << migrated.out;
            EXPECT_FALSE(migrated.err.empty());
            ++named;
            continue;
        }
        const RunResult verdict = ask(migrated.out);
        const bool usesTools =
            migrated.out.find("\"to\"") != std::string::npos || migrated.out.find("networkProxy") != std::string::npos;
        if (usesTools && !hasNetworkTools()) {
            // 255: read and found right, and then not possible on this machine.
            EXPECT_EQ(verdict.status, 255) << verdict.err << migrated.out;
            ++filtered;
            continue;
        }
        EXPECT_EQ(verdict.status, 0) << verdict.out << verdict.err << migrated.out;
        EXPECT_NE(migrated.out.find("\"version\": \"0.8.0-alpha\""), std::string::npos) << migrated.out;
        ++taken;
    }
    EXPECT_GT(taken, 60);
    EXPECT_GT(taken + filtered, 100);
    EXPECT_GT(named, 20);
}

TEST_F(MigrateTest, OnlyTheVersionWouldNotDo)
{
    // The control: the same profile with nothing but the version raised is refused.
    const std::string older = R"({"version": "0.7.0", "process": {"commandLine": "true"},
        "network": {"defaultPolicy": "allow"}})";
    ASSERT_EQ(ask(older).status, 0);
    std::string raised = older;
    raised.replace(raised.find("0.7"), 3, "0.8");
    EXPECT_NE(ask(raised).status, 0);
    EXPECT_EQ(ask(migrate(older).out).status, 0);
}

}  // namespace
}  // namespace belljar::test
