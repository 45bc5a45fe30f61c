#include "core/events/recording_notes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace belljar {
namespace {

class RecordingNotes : public testing::Test {
protected:
    void SetUp() override
    {
        m_folder = std::filesystem::temp_directory_path() /
                   ("belljar-notes-" + std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "-" +
                    testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directory(m_folder);
        m_recording = (m_folder / "r.belljar").string();
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }
    void put(const std::string& text) const { std::ofstream(notesPath(m_recording)) << text; }

    std::filesystem::path m_folder;
    std::string m_recording;
};

TEST_F(RecordingNotes, AreReadAsTheyWereWritten)
{
    EXPECT_TRUE(readNotes(m_recording, "s1")->empty());  // No file, no notes.
    const EventNotes notes{{3, ""}, {17, "<b>look</b> \xe2\x80\xae here"}, {18'000'000'000'000'000'000U, "last"}};
    ASSERT_TRUE(writeNotes(m_recording, "s1", notes).ok());
    EXPECT_EQ(*readNotes(m_recording, "s1"), notes);
    ASSERT_TRUE(writeNotes(m_recording, "s1", {{4, "other"}}).ok());
    EXPECT_EQ(readNotes(m_recording, "s1")->size(), 1U);
    EXPECT_FALSE(readNotes(m_recording, "s2").ok());  // Another session's.
    ASSERT_TRUE(writeNotes(m_recording, "s1", {}).ok());
    EXPECT_FALSE(std::filesystem::exists(notesPath(m_recording)));
    EXPECT_TRUE(std::filesystem::is_empty(m_folder));  // Nothing is left behind.
}

TEST_F(RecordingNotes, LongOnesAreCutAtACharacter)
{
    std::string text(kLongestNote - 1, 'a');
    text += "\xc3\xa4 and more";
    ASSERT_TRUE(writeNotes(m_recording, "s", {{1, text}}).ok());
    EXPECT_EQ(readNotes(m_recording, "s")->at(1), std::string(kLongestNote - 1, 'a'));
}

TEST_F(RecordingNotes, WhatIsNoFileOfNotesIsRefused)
{
    for (const char* text : {"", "[]", "{", R"({"notes": []})", R"({"session": 1, "notes": []})",
                             R"({"session": "s", "notes": [{"event": -1, "note": ""}]})",
                             R"({"session": "s", "notes": [{"event": 1, "note": 2}]})",
                             R"({"session": "s", "notes": [7]})", R"({"session": "s", "notes": {}})"}) {
        put(text);
        EXPECT_FALSE(readNotes(m_recording, "s").ok()) << text;
    }
    put(R"({"session": "s", "notes": []})");
    EXPECT_TRUE(readNotes(m_recording, "s").ok());
    EXPECT_FALSE(writeNotes((m_folder / "no" / "folder").string(), "s", {{1, ""}}).ok());
}

}  // namespace
}  // namespace belljar
