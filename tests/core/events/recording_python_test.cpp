// The format's description is enough to read it: read_recording.py was written by it alone.
#ifdef __linux__
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/core/events/recording_fixture.h"

namespace belljar {
namespace {

std::string hex(const std::string& text)
{
    std::string out;
    for (const char c : text) {
        out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4U];
        out += "0123456789abcdef"[static_cast<unsigned char>(c) & 15U];
    }
    return out;
}

TEST_F(RecordingTest, AReaderMadeFromTheDescriptionSeesTheSameEvents)
{
    const char* source = std::getenv("BELLJAR_SOURCE");
    if (source == nullptr) GTEST_SKIP() << "BELLJAR_SOURCE does not say where read_recording.py is";
    std::vector<Event> events = someEvents(3000, 14, 30);
    for (std::size_t i = 1500; i < events.size(); ++i) events[i].sequence += 10;
    writeRecording(path("r"), events, 700);
    const std::string command =
        "python3 -B '" + std::string(source) + "/tests/core/events/read_recording.py' '" + path("r") + "' 2>&1";
    std::FILE* pipe = popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    std::string output;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
    ASSERT_EQ(pclose(pipe), 0) << output;
    std::size_t begin = 0;
    for (const Event& event : events) {
        const std::size_t end = output.find('\n', begin);
        ASSERT_NE(end, std::string::npos);
        const auto json = nlohmann::json::parse(output.substr(begin, end - begin));
        begin = end + 1;
        ASSERT_EQ(json.at("sequence"), event.sequence);
        EXPECT_EQ(json.at("timeNs"), event.timeNs);
        EXPECT_EQ(json.at("pid"), event.pid);
        EXPECT_EQ(json.at("parentPid"), event.parentPid);
        EXPECT_EQ(json.at("insidePid"), event.insidePid);
        EXPECT_EQ(json.at("processStart"), event.processStart);
        EXPECT_EQ(json.at("kind"), static_cast<int>(event.kind));
        EXPECT_EQ(json.at("errno"), event.result);
        EXPECT_EQ(json.at("trust"), static_cast<int>(event.trust));
        EXPECT_EQ(json.at("verdict"), static_cast<int>(event.verdict));
        EXPECT_EQ(json.at("rule"), event.rule);
        EXPECT_EQ(json.at("origin"), static_cast<int>(event.origin));
        EXPECT_EQ(json.at("mechanism"), static_cast<int>(event.mechanism));
        EXPECT_EQ(json.at("absent"), event.absentOnHost ? 1 : 0);
        for (const auto& [key, text] :
             {std::pair{"process", event.processName}, {"object", event.object}, {"detail", event.detail}})
            EXPECT_EQ(json.at(key).get<std::string>(), hex(text)) << key;
    }
    EXPECT_EQ(begin, output.size());
}

}  // namespace
}  // namespace belljar
#endif
