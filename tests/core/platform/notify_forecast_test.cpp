// What is forecast for a call is what the kernel then says: random calls on a small tree, each first looked up, then
// done.
#include "core/platform/linux/notify_forecast.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <random>

#include "core/platform/linux/guarded_call.h"

namespace belljar::linux_platform {
namespace {

constexpr std::int32_t kTid = 7;

class Forecast : public testing::Test {
protected:
    Forecast()
    {
        EXPECT_NE(::mkdtemp(m_path.data()), nullptr);
        m_path = std::filesystem::canonical(m_path);
        m_root.reset(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
        m_tree.emplace(m_root.get());
        for (const char* folder : {"/d", "/d/e", "/closed"}) EXPECT_EQ(::mkdir((m_path + folder).c_str(), 0700), 0);
        EXPECT_EQ(::chmod((m_path + "/closed").c_str(), 0500), 0);
    }
    ~Forecast() override
    {
        ::chmod((m_path + "/closed").c_str(), 0700);
        std::filesystem::remove_all(m_path);
    }

    InsideObject look(const std::string& path, bool follow) { return m_tree->look("/", path, follow); }
    /// A name of the small tree; many of them do not exist at any time.
    std::string name()
    {
        static constexpr std::array kFolders{"/", "/d/", "/d/e/", "/l/", "/closed/", "/none/", "/f/", "/l/../"};
        static constexpr std::array kNames{"f", "g", "d", "e", "l", "m", "f/"};
        return m_path + kFolders[pick(kFolders.size())] + kNames[pick(kNames.size())];
    }
    std::size_t pick(std::size_t count) { return std::uniform_int_distribution<std::size_t>(0, count - 1)(m_random); }
    static int errorOf(int result) { return result < 0 ? errno : 0; }

    /// The next call of the thread begins.
    void begin() { m_tree->begin(kTid, TreeView::Clock::now()); }

    std::string m_path = "/var/tmp/belljar-test-forecast-XXXXXX";
    UniqueFd m_root;
    std::optional<TreeView> m_tree;
    std::mt19937 m_random{20};
};

struct Tried {
    std::string what;
    std::optional<int> forecast;
    int result = 0;
};

/// One random call, forecast and done.
template <class Name, class Pick, class Look>
Tried tryOne(TreeView& tree, const Name& name, const Pick& pick, const Look& look)
{
    using K = EventKind;
    const std::string one = name();
    const std::string two = name();
    const auto result = [](int value) {
        const int error = value < 0 ? errno : 0;
        return error;
    };
    const auto ofPath = [&](K kind, const auto& call) {
        const InsideObject object = look(one, false);
        tree.expect(kTid, changeBy(kind, object));
        const std::optional<int> forecast = pathResult(tree, kind, object);
        return Tried{one, forecast, result(call())};
    };
    switch (pick(8)) {
        case 0: {
            Tried tried = ofPath(K::fileMkdir, [&] { return ::mkdir(one.c_str(), 0700); });
            tried.what = "mkdir " + tried.what;
            return tried;
        }
        case 1: {
            Tried tried = ofPath(K::fileRmdir, [&] { return ::rmdir(one.c_str()); });
            tried.what = "rmdir " + tried.what;
            return tried;
        }
        case 2: {
            Tried tried = ofPath(K::fileUnlink, [&] { return ::unlink(one.c_str()); });
            tried.what = "unlink " + tried.what;
            return tried;
        }
        case 3: {
            const InsideObject object = look(one, false);
            tree.expect(kTid, changeBy(K::fileSymlink, object));
            const int forecast = makeResult(tree, object);
            return {"symlink " + one, forecast, result(::symlink(pick(2) == 0 ? "d" : "none", one.c_str()))};
        }
        case 4: {
            const InsideObject from = look(one, false);
            const InsideObject to = look(two, false);
            tree.expect(kTid, changeByRename(from, to));
            const int forecast = renameResult(tree, from, to, 0);
            return {"rename " + one + " " + two, forecast, result(::rename(one.c_str(), two.c_str()))};
        }
        case 5: {
            tree.expect(kTid, TreeChange::fileChanged);
            const int forecast = linkResult(tree, look(one, false), look(two, false));
            return {"link " + one + " " + two, forecast, result(::link(one.c_str(), two.c_str()))};
        }
        default: {
            static constexpr std::array kFlags{O_RDONLY,
                                               O_WRONLY,
                                               O_RDWR | O_CREAT,
                                               O_WRONLY | O_CREAT | O_EXCL,
                                               O_RDONLY | O_DIRECTORY,
                                               O_PATH,
                                               O_RDONLY | O_NOFOLLOW,
                                               O_WRONLY | O_CREAT | O_TRUNC};
            const int flags = kFlags[pick(kFlags.size())];
            const bool follow = (flags & O_NOFOLLOW) == 0 && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
            const InsideObject object = look(one, follow);
            if ((flags & O_CREAT) != 0) tree.expect(kTid, changeBy(K::fileCreate, object));
            const std::optional<int> forecast = openResult(tree, object, static_cast<std::uint64_t>(flags));
            const UniqueFd opened(::open(one.c_str(), flags | O_CLOEXEC, 0600));
            return {"open " + std::to_string(flags) + " " + one, forecast, opened ? 0 : errno};
        }
    }
}

TEST_F(Forecast, IsWhatTheKernelSays)
{
    constexpr int kCalls = 20000;
    const WithoutCapabilities plain;
    int wrong = 0;
    int told = 0;
    std::array<int, 200> errors{};
    for (int i = 0; i < kCalls; ++i) {
        begin();
        // A name that ends with a slash has rules of its own, which differ from call to call.
        const auto plainName = [this] {
            std::string text = name();
            if (text.back() == '/') text.pop_back();
            return text;
        };
        const Tried tried = tryOne(
            *m_tree, plainName, [this](std::size_t n) { return pick(n); },
            [this](const std::string& path, bool follow) { return look(path, follow); });
        if (!tried.forecast) continue;
        ++told;
        if (tried.result < 200) ++errors[static_cast<std::size_t>(tried.result)];
        if (*tried.forecast == tried.result) continue;
        if (++wrong < 10) ADD_FAILURE() << tried.what << ": forecast " << *tried.forecast << ", was " << tried.result;
    }
    EXPECT_EQ(wrong, 0) << "of " << told;
    EXPECT_EQ(told, kCalls);
    for (const int error : {0, ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY, EACCES, EPERM, ELOOP})
        EXPECT_GT(errors[static_cast<std::size_t>(error)], 0) << "never came up: " << error;
}

TEST_F(Forecast, ForgetsWhatItsOwnThreadsChange)
{
    const std::string moved = m_path + "/d/e/f";
    begin();
    EXPECT_TRUE(look(m_path + "/d/e", true).exists);
    EXPECT_FALSE(look(moved, true).exists);
    begin();
    m_tree->expect(kTid, TreeChange::folderMoved);
    ASSERT_EQ(::rename((m_path + "/d/e").c_str(), (m_path + "/x").c_str()), 0);
    // Another thread already asks while the first may still be renaming.
    m_tree->begin(kTid + 1, TreeView::Clock::now());
    EXPECT_TRUE(look(moved, true).folderMissing);
    EXPECT_EQ(look(m_path + "/x/f", true).path, m_path + "/x/f");
    begin();
    EXPECT_TRUE(look(moved, true).folderMissing);
}

TEST_F(Forecast, NoticesInTimeWhatOthersChange)
{
    const std::string file = m_path + "/d/f";
    begin();
    EXPECT_FALSE(look(file, true).folderMissing);
    ASSERT_EQ(::rename((m_path + "/d").c_str(), (m_path + "/y").c_str()), 0);
    m_tree->begin(kTid, TreeView::Clock::now() + TreeView::kTrusted);
    EXPECT_TRUE(look(file, true).folderMissing);
}

TEST_F(Forecast, PathsAreResolved)
{
    ASSERT_EQ(::symlink("d", (m_path + "/l").c_str()), 0);
    ASSERT_EQ(::symlink("e", (m_path + "/d/to-e").c_str()), 0);
    begin();
    EXPECT_EQ(m_tree->look(m_path, "l/to-e/new", true).path, m_path + "/d/e/new");
    EXPECT_EQ(m_tree->look(m_path + "/l", "../l/./new", true).path, m_path + "/d/new");
    EXPECT_EQ(m_tree->look(m_path, "l/to-e", false).path, m_path + "/d/to-e");
    EXPECT_EQ(m_tree->look(m_path, "l/to-e", true).path, m_path + "/d/e");
    EXPECT_EQ(m_tree->look(m_path, "l/to-e/..", true).path, m_path + "/d");
    EXPECT_EQ(m_tree->look(m_path, "", true).error, ENOENT);
    EXPECT_EQ(m_tree->look("", "relative", true).error, EBADF) << "no such descriptor";
    EXPECT_EQ(m_tree->look("pipe:[1]", "relative", true).error, ENOTDIR);
    EXPECT_EQ(m_tree->look("/", m_path + "/" + std::string(300, 'x'), true).error, ENAMETOOLONG);
    EXPECT_EQ(m_tree->look("/", "/..", true).path, "/");
}

}  // namespace
}  // namespace belljar::linux_platform
