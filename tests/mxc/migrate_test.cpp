// What `belljar migrate` writes, MXC's real executor accepts as schema 0.8.
#include <nlohmann/json.hpp>

#include "core/config/config_io.h"
#include "core/config/config_migration.h"
#include "tests/core/config/legacy_maker.h"
#include "tests/core/config/shared_files.h"
#include "tests/mxc/executor_test.h"

namespace belljar::test {
namespace {

class MigrateTest : public ExecutorTest {
protected:
    [[nodiscard]] RunResult migrate(const std::string& text) const
    {
        return runProgram({binFolder() + "/belljar", "migrate", m_folder.file("older.json", text)});
    }
};

TEST_F(MigrateTest, TheExecutorTakesEachMigratedProfile)
{
    const std::vector<std::string> paths{m_folder.folder("a"), m_folder.folder("a/b"), m_folder.folder("c"),
                                         m_folder.folder("c/d")};
    int taken = 0;
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
        EXPECT_EQ(verdict.status, 0) << verdict.out << verdict.err << migrated.out;
        EXPECT_NE(migrated.out.find("\"version\": \"0.8.0-alpha\""), std::string::npos) << migrated.out;
        ++taken;
    }
    EXPECT_GT(taken, 100);
    EXPECT_GT(named, 20);
}

TEST_F(MigrateTest, TheExecutorTakesEachMigratedProfileOfTheCorpus)
{
    std::istringstream lines(fileText(sharedPath("mxc/corpus.jsonl")));
    int taken = 0;
    int named = 0;
    for (std::string line; std::getline(lines, line);) {
        const nlohmann::json row = nlohmann::json::parse(line);
        const bool plain = row["via"] == "file" && row.contains("input") && row["flags"].empty();
        if (row["expect"] != "accept" || !plain) continue;
        const Result<Migration> migration = migrateConfig(row["input"].get<std::string>());
        if (!migration || (migration->possible() && !migration->changed)) continue;
        if (!migration->possible()) {
            ++named;
            for (const Finding& finding : migration->findings)
                EXPECT_EQ(finding.message.find("refuses the result"), std::string::npos)
                    << row["id"] << ": " << finding.message;
            continue;
        }
        const RunResult verdict = ask(migration->text);
        EXPECT_EQ(verdict.status, 0) << row["id"] << verdict.err << migration->text;
        ++taken;
    }
    if (taken + named == 0) GTEST_SKIP() << "no corpus at " << sharedPath("mxc/corpus.jsonl");
    EXPECT_GT(taken, 200);
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
