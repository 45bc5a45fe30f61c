// Which objects the kernel is told to forbid, with a made-up kernel and real files.
#include "core/platform/linux/kernel/object_rules.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace belljar::linux_platform {
namespace {

namespace fs = std::filesystem;

class ObjectRulesTest : public testing::Test {
protected:
    void SetUp() override
    {
        std::string pattern = "/tmp/belljar-test-objects-XXXXXX";
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        m_folder = pattern;
        struct statfs system {};
        ::statfs(pattern.c_str(), &system);
        if (!hasObjectNumbers(static_cast<std::int64_t>(system.f_type)))
            GTEST_SKIP() << "the temporary folder's file system takes no rules about objects";
        for (const char* name : {"secret", "other"}) std::ofstream(m_folder / name) << name;
        fs::create_hard_link(m_folder / "secret", m_folder / "link");
        m_rules.begin([this](const ObjectNumber& object, std::optional<RuleId> rule) -> Result<void> {
            if (m_calls++ == m_failAt) return Error{ErrorCode::backendError, "made to fail", {}, {}, {}};
            if (rule) m_kernel[object] = *rule;
            else m_kernel.erase(object);
            return {};
        });
    }
    void TearDown() override { fs::remove_all(m_folder); }

    [[nodiscard]] std::string at(const char* name) const { return (m_folder / name).string(); }
    [[nodiscard]] ObjectNumber number(const char* name) const
    {
        struct stat info {};
        ::stat(at(name).c_str(), &info);
        return {info.st_dev, info.st_ino};
    }
    void change(const std::vector<DeniedPath>& denied)
    {
        ASSERT_TRUE(m_rules.forbid(denied).ok());
        ASSERT_TRUE(m_rules.settle().ok());
    }
    using Kernel = std::map<ObjectNumber, RuleId>;

    fs::path m_folder;
    Kernel m_kernel;
    int m_calls = 0;
    int m_failAt = -1;
    ObjectRules m_rules;
};

TEST_F(ObjectRulesTest, ForbidsBeforeTheTreeChangesAndAllowsAfter)
{
    ASSERT_TRUE(m_rules.forbid({{at("secret"), 12}}).ok());
    EXPECT_EQ(m_kernel, (Kernel{{number("secret"), 12}}));
    EXPECT_EQ(m_rules.uncovered(at("secret")), "");
    EXPECT_NE(m_rules.uncovered(at("other")), "") << "nothing was said of it";
    ASSERT_TRUE(m_rules.settle().ok());
    ASSERT_TRUE(m_rules.forbid({}).ok());
    EXPECT_EQ(m_kernel.size(), 1U) << "the tree still hides it: not wider yet";
    ASSERT_TRUE(m_rules.settle().ok());
    EXPECT_TRUE(m_kernel.empty());
}

TEST_F(ObjectRulesTest, AFailedChangeLeavesWhatWas)
{
    change({{at("secret"), 12}});
    const Kernel before = m_kernel;
    ASSERT_TRUE(m_rules.forbid({{at("link"), 13}, {at("other"), 14}}).ok());
    EXPECT_EQ(m_kernel, (Kernel{{number("secret"), 13}, {number("other"), 14}}));
    m_rules.undo();
    EXPECT_EQ(m_kernel, before);
    m_failAt = m_calls + 1;  // the second of two
    EXPECT_FALSE(m_rules.forbid({{at("link"), 13}, {at("other"), 14}}).ok());
    EXPECT_EQ(m_kernel, before);
    m_failAt = m_calls;
    ASSERT_TRUE(m_rules.forbid({}).ok());
    EXPECT_FALSE(m_rules.settle().ok());
    EXPECT_EQ(m_kernel, before) << "what could not be allowed is forbidden";
}

TEST_F(ObjectRulesTest, OneObjectOfTwoNamesIsForbiddenUntilBothAreAllowed)
{
    change({{at("secret"), 12}, {at("link"), 13}});
    EXPECT_EQ(m_kernel.size(), 1U);
    change({{at("link"), 13}});
    EXPECT_EQ(m_kernel, (Kernel{{number("link"), 13}}));
    change({});
    EXPECT_TRUE(m_kernel.empty());
}

TEST_F(ObjectRulesTest, ARuleIsAboutTheObjectThatStoodThere)
{
    change({{at("secret"), 12}});
    const ObjectNumber old = number("secret");
    fs::remove(at("link"));
    fs::rename(at("other"), at("secret"));
    std::ofstream(m_folder / "fresh") << "may not get the number of what was removed";
    EXPECT_NE(number("fresh"), old);
    change({{at("secret"), 12}});
    EXPECT_EQ(m_kernel, (Kernel{{old, 12}}));
    change({{at("secret"), 13}});
    EXPECT_EQ(m_kernel, (Kernel{{number("secret"), 13}})) << "denied again: what stands there now";
}

TEST_F(ObjectRulesTest, SaysWhatItCannotForbid)
{
    fs::create_symlink(at("other"), at("alias"));
    change({{at("alias"), 12}, {at("absent"), 13}, {"/proc/version", 14}});
    for (const std::string& path : {at("alias"), at("absent"), std::string("/proc/version")})
        EXPECT_NE(m_rules.uncovered(path), "") << path;
    EXPECT_TRUE(m_kernel.empty());
    EXPECT_FALSE(hasObjectNumbers(BTRFS_SUPER_MAGIC));
    EXPECT_FALSE(hasObjectNumbers(OVERLAYFS_SUPER_MAGIC));
}

TEST_F(ObjectRulesTest, WithoutAKernelThatTakesThemThereAreNone)
{
    change({{at("secret"), 12}});
    m_rules.end();
    const int calls = m_calls;
    EXPECT_FALSE(m_rules.holds());
    change({{at("other"), 13}});
    m_rules.undo();
    EXPECT_EQ(m_calls, calls);
}

}  // namespace
}  // namespace belljar::linux_platform
