// Base profiles on a real file system: what is read, and what nothing may make us read or wait for.
#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/platform/platform.h"
#include "core/platform/posix/writable_memory.h"

namespace belljar {
namespace {

namespace fs = std::filesystem;

class LayerFiles : public testing::Test {
protected:
    LayerFiles()
    {
        std::string pattern = (fs::temp_directory_path() / "belljar-test-layer-XXXXXX").string();
        m_folder = fs::canonical(::mkdtemp(pattern.data()));
        ::setenv("XDG_STATE_HOME", (m_folder / "state").c_str(), 1);
        fs::create_directories(m_folder / "own");
        fs::create_directories(m_folder / "shared");
        write("own/base.json", "{}");
        write("shared/base.json", "{}");
        EXPECT_TRUE(WritableMemory::ofUser().add({(m_folder / "shared").string()}));
    }
    ~LayerFiles() override
    {
        ::unsetenv("XDG_STATE_HOME");
        fs::remove_all(m_folder);
    }

    void write(const std::string& name, const std::string& text) const { std::ofstream(m_folder / name) << text; }
    [[nodiscard]] std::string at(const std::string& name) const { return (m_folder / name).string(); }

    fs::path m_folder;
};

TEST_F(LayerFiles, IsReadUnderItsCanonicalName)
{
    fs::create_symlink("base.json", m_folder / "own/link.json");
    for (const char* name : {"own/base.json", "own/link.json", "own/../own/./base.json"}) {
        const Result<LayerFile> file = readLayerFile(at(name));
        ASSERT_TRUE(file) << name << describe(file.error());
        EXPECT_EQ(file->path, at("own/base.json"));
        EXPECT_EQ(file->text, "{}");
        EXPECT_FALSE(file->isSuspect);
    }
}

TEST_F(LayerFiles, WhereASandboxCouldWriteFilesAreSuspectAndLinksRefused)
{
    const Result<LayerFile> file = readLayerFile(at("shared/base.json"));
    ASSERT_TRUE(file);
    EXPECT_TRUE(file->isSuspect);
    fs::create_symlink("../own/base.json", m_folder / "shared/link.json");
    EXPECT_FALSE(readLayerFile(at("shared/link.json")));
    fs::create_symlink("../own", m_folder / "shared/folder");
    EXPECT_FALSE(readLayerFile(at("shared/folder/base.json")));
    fs::create_symlink("../shared/link.json", m_folder / "own/there.json");
    EXPECT_FALSE(readLayerFile(at("own/there.json"))) << "the second link is planted";
}

TEST_F(LayerFiles, NothingHangsOrFloods)
{
    ASSERT_EQ(::mkfifo(at("own/fifo").c_str(), 0600), 0);
    EXPECT_FALSE(readLayerFile(at("own/fifo")));
    EXPECT_FALSE(readLayerFile(at("own")));
    EXPECT_FALSE(readLayerFile(at("own/none.json")));
    EXPECT_FALSE(readLayerFile("/dev/zero"));
    fs::create_symlink("loop", m_folder / "own/loop");
    EXPECT_FALSE(readLayerFile(at("own/loop")));
    write("own/huge.json", std::string((std::size_t{4} << 20U) + 1, ' '));
    EXPECT_FALSE(readLayerFile(at("own/huge.json")));
    write("own/huge.json", std::string(std::size_t{4} << 20U, ' '));
    EXPECT_TRUE(readLayerFile(at("own/huge.json")));
}

}  // namespace
}  // namespace belljar
