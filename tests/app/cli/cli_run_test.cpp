// `belljar run` and `belljar plan` with real sandboxes: exit codes, streams, events, recordings, signals.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "core/events/recording.h"
#include "tests/app/cli/belljar_runner.h"

namespace belljar {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CliRunTest : public BelljarTest {
protected:
    void SetUp() override
    {
        const Ran probe = m_folder.belljar({"probe", "--json"});
        if (probe.code != 0) GTEST_SKIP() << "no containment here: " << probe.out;
    }

    [[nodiscard]] std::vector<json> lines(const std::string& text) const
    {
        std::vector<json> documents;
        for (std::size_t begin = 0; begin < text.size();) {
            const std::size_t end = std::min(text.find('\n', begin), text.size());
            const std::string line = text.substr(begin, end - begin);
            EXPECT_TRUE(json::accept(line)) << line;
            documents.push_back(json::parse(line, nullptr, false));
            begin = end + 1;
        }
        return documents;
    }
};

TEST_F(CliRunTest, ExitCodesAreTheProgramsOrOfAShell)
{
    EXPECT_EQ(belljar({"run", "--", "true"}).code, 0);
    EXPECT_EQ(belljar({"run", "--", "sh", "-c", "exit 3"}).code, 3);
    EXPECT_EQ(belljar({"run", "--", "sh", "-c", "exit 255"}).code, 255);
    EXPECT_EQ(belljar({"run", "--", "sh", "-c", "kill -TERM $$"}).code, 128 + SIGTERM);
    EXPECT_EQ(belljar({"run", "--", "sh", "-c", "kill -KILL $$"}).code, 128 + SIGKILL);
    const Ran late = belljar({"run", "--timeout", "200", "--", "sleep", "30"});
    EXPECT_EQ(late.code, 124);
    EXPECT_THAT(late.err, HasSubstr("stopped by its time limit of"));
    const Ran missing = belljar({"run", "--", "no-such-command-anywhere"});
    EXPECT_EQ(missing.code, 127);
    EXPECT_THAT(missing.err, AllOf(HasSubstr("no-such-command-anywhere"), HasSubstr("fix: ")));
    m_folder.write("plain.txt", "no program");
    const Ran plain = belljar({"run", "--ro", ".", "--", m_folder.file("plain.txt")});
    EXPECT_EQ(plain.code, 126);
    EXPECT_THAT(plain.err, HasSubstr("cannot be executed"));
}

TEST_F(CliRunTest, BelljarsOwnFailuresAre125)
{
    m_folder.write("broken.json", "{");
    m_folder.write("empty.json", "{}");
    const std::vector<std::vector<std::string>> cases{
        {"run"},
        {"run", "--"},
        {"run", "empty.json"},
        {"run", "broken.json", "--", "true"},
        {"run", "none.json", "--", "true"},
        {"run", "a", "b"},
        {"run", "--ro", "/no/such/path", "--", "true"},
        {"run", "--cwd", "/root/nowhere", "--", "true"},
        {"run", "--timeout", "x", "--", "true"},
        {"run", "--events", "xml", "--", "true"},
        {"run", "--record", "no/folder/r", "--", "true"},
        {"run", "--events-to", "no/folder/r", "--", "true"},
        {"run", "--set", "/containment=nonsense", "--", "true"},
    };
    for (const auto& arguments : cases) {
        const Ran ran = belljar(arguments);
        EXPECT_EQ(ran.code, 125) << testing::PrintToString(arguments);
        EXPECT_THAT(ran.err, HasSubstr("belljar: ")) << testing::PrintToString(arguments);
        EXPECT_THAT(ran.out, IsEmpty()) << testing::PrintToString(arguments);
        std::vector<std::string> structured = arguments;
        structured.insert(structured.begin() + 1, "--json");
        EXPECT_TRUE(lines(belljar(structured).err).back().contains("error")) << testing::PrintToString(arguments);
    }
}

TEST_F(CliRunTest, StreamsAreTheProgramsOwn)
{
    const Ran ran = belljar({"run", "--", "sh", "-c", "cat; echo err >&2"}, std::string("in\0put", 6));
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out, std::string("in\0put", 6));
    EXPECT_EQ(ran.err, "err\n") << "without being asked Belljar says nothing into a file";
}

TEST_F(CliRunTest, AProfileBringsItsCommandAndACommandReplacesIt)
{
    m_folder.write("p.json", R"({"version":"0.8.0","process":{"commandLine":"echo from the profile","env":["X=1"]}})");
    EXPECT_EQ(belljar({"run", "p.json"}).out, "from the profile\n");
    EXPECT_EQ(belljar({"run", "p.json", "--env", "X=2", "--", "sh", "-c", "echo $X"}).out, "2\n");
    EXPECT_EQ(belljar({"run", "p.json", "--set", "/process/commandLine=echo set"}).out, "set\n");
    EXPECT_EQ(belljar({"run", "-", "--", "echo", "--rw"}, "{}").out, "--rw\n");
}

TEST_F(CliRunTest, GrantsAreRelativeToTheCurrentFolder)
{
    std::filesystem::create_directory(m_folder.path() / "sub");
    m_folder.write("sub/secret", "s");
    m_folder.write("readable", "r");
    const Ran ran = belljar({"run", "--rw", ".", "--deny", "sub/secret", "--cwd", ".", "--", "sh", "-c",
                             "cat readable; echo new > written; cat sub/secret"});
    EXPECT_EQ(ran.out, "r");
    EXPECT_NE(ran.code, 0);
    EXPECT_EQ(m_folder.read("written"), "new\n");
    const Ran readOnly = belljar({"run", "--ro", ".", "--cwd", ".", "--", "sh", "-c", "echo x > other"});
    EXPECT_NE(readOnly.code, 0);
    EXPECT_FALSE(std::filesystem::exists(m_folder.path() / "other"));
}

TEST_F(CliRunTest, EventsGoWhereTheyAreAskedFor)
{
    const std::vector<std::string> command{"--", "sh", "-c", "echo x > /etc/belljar-test"};
    const auto with = [&](std::vector<std::string> options) {
        options.insert(options.begin(), "run");
        options.insert(options.end(), command.begin(), command.end());
        return belljar(options);
    };
    const Ran pretty = with({"--events", "pretty"});
    EXPECT_THAT(pretty.err, AllOf(HasSubstr("run program"), HasSubstr("/etc/belljar-test"), HasSubstr("denied"),
                                  HasSubstr("belljar: 1 of ")));
    EXPECT_THAT(pretty.out, IsEmpty());
    const Ran quiet = with({"--events", "none"});
    EXPECT_THAT(quiet.err, Not(HasSubstr("belljar:")));
    const Ran toFile = with({"--events", "jsonl", "--events-to", "events.jsonl"});
    EXPECT_THAT(toFile.err, Not(HasSubstr("{")));
    const std::vector<json> events = lines(m_folder.read("events.jsonl"));
    ASSERT_GT(events.size(), 3U);
    EXPECT_EQ(events.back().at("outcome").at("ending"), "exited");
    int denied = 0;
    for (std::size_t i = 0; i + 1 < events.size(); ++i) {
        EXPECT_EQ(events[i].at("sequence"), i + 1);
        denied += events[i].at("object") == "/etc/belljar-test" && events[i].at("verdict") == "denied" ? 1 : 0;
    }
    EXPECT_EQ(denied, 1);
}

TEST_F(CliRunTest, JsonIsOneDocumentAtTheEnd)
{
    const Ran ran =
        belljar({"run", "--json", "--", "sh", "-c", "echo x 2>/dev/null >/etc/belljar-test; echo out; exit 4"});
    EXPECT_EQ(ran.code, 4);
    EXPECT_EQ(ran.out, "out\n");
    const json document = lines(ran.err).back();
    EXPECT_EQ(document.at("exitCode"), 4);
    EXPECT_EQ(document.at("outcome").at("code"), 4);
    EXPECT_EQ(document.at("denied"), 1);
    EXPECT_EQ(document.at("denials").at(0).at("first").at("object"), "/etc/belljar-test");
    EXPECT_GT(document.at("events"), 3);
}

TEST_F(CliRunTest, ARecordingHoldsTheRun)
{
    m_folder.write("p.json", R"({"version":"0.8.0","process":{"commandLine":"exit 5"}})");
    EXPECT_EQ(belljar({"run", "p.json", "--record", "r"}).code, 5);
    const auto recording = readRecording(m_folder.file("r"));
    ASSERT_TRUE(recording.ok()) << describe(recording.error());
    EXPECT_EQ(recording->damage, "");
    EXPECT_EQ(recording->header.profileText, m_folder.read("p.json"));
    EXPECT_EQ(recording->header.backend, "bubblewrap");
    EXPECT_GT(recording->events.size(), 2U);
    ASSERT_TRUE(recording->outcome.has_value());
    EXPECT_EQ(std::get<Exited>(recording->outcome->ending).code, 5);
    const Ran again = belljar({"run", "p.json", "--record", "r"});
    EXPECT_EQ(again.code, 125);
    EXPECT_THAT(again.err, HasSubstr("exists already"));
    EXPECT_EQ(belljar({"events", "r"}).code, 0);
}

TEST_F(CliRunTest, SignalsEndTheSandboxAndTheExitCodeSaysSo)
{
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        Running running({belljarProgram(), "run", "--", "sh", "-c", "echo ready; sleep 60; echo late"}, m_folder.path(),
                        "");
        ASSERT_TRUE(running.waitForOutput("ready\n"));
        running.signal(number);
        const Ran ran = running.wait();
        EXPECT_EQ(ran.code, 128 + number);
        EXPECT_EQ(ran.out, "ready\n");
    }
}

TEST_F(CliRunTest, AChangedTerminalSizeIsPassedOn)
{
    // Twice, and what stops Belljar still does afterwards.
    Running running({belljarProgram(), "run", "--", "sh", "-c",
                     "trap 'echo resized' WINCH; echo ready; while :; do sleep 0.05; done"},
                    m_folder.path(), "");
    ASSERT_TRUE(running.waitForOutput("ready\n"));
    running.signal(SIGWINCH);
    ASSERT_TRUE(running.waitForOutput("resized\n"));
    running.signal(SIGWINCH);
    ASSERT_TRUE(running.waitForOutput("resized\nresized\n"));
    running.signal(SIGTERM);
    EXPECT_EQ(running.wait().code, 128 + SIGTERM);
}

TEST_F(CliRunTest, CtrlZFreezesTheProgramToo)
{
    Running running({belljarProgram(), "run", "--", "sh", "-c", "while :; do echo x; sleep 0.01; done"},
                    m_folder.path(), "");
    ASSERT_TRUE(running.waitForOutput("x\n"));
    running.signal(SIGTSTP);
    const std::string state = "/proc/" + std::to_string(running.pid()) + "/stat";
    const auto stopped = [&] {
        std::ifstream file(state);
        std::string word;
        file >> word >> word >> word;
        return word == "T";
    };
    for (int i = 0; i < 1000 && !stopped(); ++i) ::usleep(10'000);
    ASSERT_TRUE(stopped());
    const std::string before = running.outputSoFar();
    ::usleep(300'000);
    EXPECT_EQ(running.outputSoFar(), before);
    running.signal(SIGCONT);
    EXPECT_TRUE(running.waitForOutput(before + "x\nx\n"));
    running.signal(SIGTERM);
    EXPECT_EQ(running.wait().code, 128 + SIGTERM);
}

TEST_F(CliRunTest, AnIgnoredHangUpStaysIgnored)
{
    Running running({belljarProgram(), "run", "--", "sh", "-c", "echo ready; sleep 1; echo done"}, m_folder.path(), "",
                    true);
    ASSERT_TRUE(running.waitForOutput("ready\n"));
    running.signal(SIGHUP);
    const Ran ran = running.wait();
    EXPECT_EQ(ran.code, 0);
    EXPECT_EQ(ran.out, "ready\ndone\n");
}

TEST_F(CliRunTest, WhatWasRecordedSurvivesAKill)
{
    Running running({belljarProgram(), "run", "--record", "r", "--events", "jsonl", "--events-to", "shown", "--", "sh",
                     "-c", "cat /etc/hostname; echo ready; sleep 60"},
                    m_folder.path(), "");
    ASSERT_TRUE(running.waitForOutput("ready\n"));
    for (int i = 0; i < 1000 && m_folder.read("shown").find("/etc/hostname") == std::string::npos; ++i)
        ::usleep(10'000);
    running.signal(SIGKILL);
    EXPECT_EQ(running.wait().code, 1000 + SIGKILL);
    const std::string shown = m_folder.read("shown");
    const std::vector<json> events = lines(shown.substr(0, shown.rfind('\n') + 1));
    ASSERT_GT(events.size(), 2U);
    const auto recording = readRecording(m_folder.file("r"));
    ASSERT_TRUE(recording.ok()) << describe(recording.error());
    EXPECT_GE(recording->events.size(), events.size()) << "an event was shown and is not in the recording";
    EXPECT_EQ(recording->damage, "");
    EXPECT_FALSE(recording->outcome.has_value());
}

TEST_F(CliRunTest, PlanShowsTheCommandWithoutRunning)
{
    const Ran ran = belljar({"plan", "--rw", ".", "--timeout", "10s", "--", "touch", m_folder.file("made")});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out,
                AllOf(HasSubstr("bwrap"), HasSubstr("--unshare-user"), HasSubstr("--die-with-parent"),
                      HasSubstr("--bind " + m_folder.path().string()), HasSubstr("touch"), HasSubstr("10000 ms")));
    EXPECT_FALSE(std::filesystem::exists(m_folder.file("made")));
    const json plan = json::parse(belljar({"plan", "--json", "--", "true"}).out);
    EXPECT_EQ(plan.at("containment"), "bubblewrap");
    EXPECT_EQ(plan.at("shim").at("argv").at(0), "true");
    const auto watchOf = [this](const std::vector<std::string>& options) {
        std::vector<std::string> arguments{"plan", "--json"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        arguments.insert(arguments.end(), {"--", "true"});
        return json::parse(belljar(arguments).out).at("shim").at("filter").at("watch").get<std::string>();
    };
    EXPECT_EQ(watchOf({}), "standard");
    EXPECT_EQ(watchOf({"--trace", "full"}), "full");
    EXPECT_EQ(watchOf({"--monitor", "off"}), "none");
    EXPECT_EQ(belljar({"plan", "--monitor", "ebpf", "--", "true"}).code, 2);
    EXPECT_EQ(belljar({"plan"}).code, 1);
    EXPECT_EQ(belljar({"plan", "--ro", "/no/such/path", "--", "true"}).code, 1);
    EXPECT_TRUE(json::parse(belljar({"plan", "--json"}).out).contains("error"));
}

TEST_F(CliRunTest, ExpectationsAreAskedOfEvents)
{
    m_folder.write("secret.txt", "x");
    const auto run = [&](const std::vector<std::string>& expected, const std::string& script) {
        std::vector<std::string> words{"run", "--deny", "secret.txt", "--rw", ".", "--trace", "full", "--record", "r"};
        words.insert(words.end(), expected.begin(), expected.end());
        words.insert(words.end(), {"--", "sh", "-c", script});
        std::filesystem::remove(m_folder.file("r"));
        return belljar(words);
    };
    const std::string denied = "verdict=denied path:*/secret.txt";
    // Whatever the program says of it, and however it ends.
    const std::string tries = "cat secret.txt 2>/dev/null; exit 0";
    EXPECT_EQ(run({"--expect", denied}, tries).code, 0);
    EXPECT_EQ(run({"--expect", denied, "--expect-none", "path:*/never"}, tries).code, 0);
    const Ran seen = run({"--expect-none", denied}, tries);
    EXPECT_EQ(seen.code, 123);
    EXPECT_THAT(seen.err, AllOf(HasSubstr("not expected, and seen"), HasSubstr("0 of 1 expectations are met")));
    EXPECT_EQ(belljar({"events", "r", "--expect", denied}).code, 0);
    EXPECT_EQ(belljar({"events", "r", "--expect-none", denied}).code, 1);
    const json document = json::parse(belljar({"events", "r", "--expect", denied, "--json"}).out);
    EXPECT_EQ(document.at("expectations").at(0).at("met"), true);
    EXPECT_EQ(belljar({"events", "r", "--expect", denied, "--denied"}).code, 2) << "nothing is shown beside it";

    const Ran missing = run({"--expect", denied}, "echo permission denied: secret.txt >&2; exit 7");
    EXPECT_EQ(missing.code, 123);
    EXPECT_THAT(missing.err, HasSubstr("expected, and not seen: "));
    EXPECT_EQ(belljar({"run", "--expect-none", "path:*/hostname", "--", "cat", "/etc/hostname"}).code, 123) << "a read";
    const Ran blind = belljar({"run", "--monitor", "off", "--expect-none", denied, "--", "true"});
    EXPECT_EQ(blind.code, 125);
    EXPECT_THAT(blind.err, HasSubstr("Nothing is seen"));
    const Ran wrong = run({"--expect", "verdict=maybe"}, tries);
    EXPECT_EQ(wrong.code, 125);
    EXPECT_THAT(wrong.err, HasSubstr("--expect, column"));

    EXPECT_EQ(run({"--expect-none", denied}, "exit 7").code, 7) << "as expected: the program's own";
    // What a cut recording does not hold may have happened.
    std::filesystem::resize_file(m_folder.file("r"), std::filesystem::file_size(m_folder.file("r")) - 40);
    EXPECT_EQ(belljar({"events", "r", "--expect-none", "path:*/never"}).code, 1);
}

}  // namespace
}  // namespace belljar
