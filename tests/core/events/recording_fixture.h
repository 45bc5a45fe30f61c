// What the tests of recordings share: a folder of their own, events of any content, files as bytes.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/events/recording.h"
#include "core/events/recording_format.h"

namespace belljar {

/// A folder of its own that goes away with the test.
class RecordingTest : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    [[nodiscard]] std::string path(const std::string& name) const { return (m_folder / name).string(); }
    static std::string contentOf(const std::string& file);
    static void put(const std::string& file, std::string_view bytes);

    std::filesystem::path m_folder;
};

/// Three rules, and texts of all kinds.
RecordingHeader someHeader();

/// Random bytes of any value, at most `longest`.
std::string hostileText(std::mt19937& random, std::size_t longest);

/// Every member of every event is random; sequences count up from 1.
std::vector<Event> someEvents(std::size_t count, unsigned seed, std::size_t longest = 60);

bool same(const Event& a, const Event& b);
/// The events of `part` are the first ones of `whole`.
void expectPrefix(std::span<const Event> part, std::span<const Event> whole, const std::string& context);

/// Writes a recording in batches of `batch`; unless `finish` is false it gets Exited{3} and Losses{5, -, 7}.
void writeRecording(const std::string& file, std::span<const Event> events, std::size_t batch, bool finish = true);

/// A frame with a right checksum, as only somebody who means it makes.
std::string forgedFrame(recording::FrameKind kind, std::string_view payload);

}  // namespace belljar
