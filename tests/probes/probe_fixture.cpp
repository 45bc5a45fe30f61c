#include "tests/probes/probe_fixture.h"

#include <algorithm>
#include <random>

namespace belljar::test {
namespace {

std::string randomMark()
{
    std::random_device random;
    std::string mark = "mark-";
    for (int i = 0; i < 16; ++i) mark += "0123456789abcdef"[random() % 16U];
    return mark;
}

bool matches(const SeenEvent& event, const Denial& denial)
{
    return event.kind == denial.kind && event.verdict == "denied" && event.hasRule &&
           event.object.find(denial.object) != std::string::npos &&
           event.ruleText.find(denial.rule) != std::string::npos;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

}  // namespace

ProbeTest::ProbeTest() : m_mark(randomMark())
{
    m_readOnly = m_folder.folder("read-only");
    m_folder.file("read-only/plain", "plain\n");
    m_writable = m_folder.folder("writable");
    m_denied = m_folder.folder("writable/around/denied");
    m_secret = m_folder.file("writable/around/denied/secret", m_mark + "\n");
    m_deniedFile = m_folder.file("writable/denied-file", m_mark + "\n");
    m_outside = m_folder.folder("outside");
    m_outsideSecret = m_folder.file("outside/secret", m_mark + "\n");
    m_profile.readOnly = {m_readOnly, probeProgram()};
    m_profile.readWrite = {m_writable};
    m_profile.denied = {m_denied, m_deniedFile};
}

std::vector<std::string> ProbeTest::probeCommand(const std::vector<std::string>& probe) const
{
    std::vector<std::string> command{probeProgram()};
    command.insert(command.end(), probe.begin(), probe.end());
    return command;
}

RunResult ProbeTest::runInside(const std::vector<std::string>& probe, const std::vector<std::string>& belljarOptions,
                               const RunOptions& options)
{
    return runProgram(belljarRun(m_folder, m_profile.json(), belljarOptions, probeCommand(probe)), options);
}

void ProbeTest::expectEscapesOutside(const std::vector<std::string>& probe, const RunOptions& options)
{
    const RunResult control = runProgram(probeCommand(probe), options);
    EXPECT_EQ(control.status, kProbeEscaped) << "control, outside: " << joined(probe) << "\n"
                                             << control.out << control.err;
}

void ProbeTest::expectStopped(const std::vector<std::string>& probe, const std::vector<Denial>& denials,
                              const RunOptions& options)
{
    const RunResult plain = runInside(probe, {"--events", "none"}, options);
    EXPECT_EQ(plain.status, kProbeStopped) << "not watched: " << joined(probe) << "\n" << plain.out << plain.err;
    const char* chosen = std::getenv("BELLJAR_MONITOR");
    const std::string monitor = chosen == nullptr ? "notify" : chosen;
    const std::string seen = m_folder / "events.jsonl";
    const RunResult watched =
        runInside(probe, {"--events", "jsonl", "--events-to", seen, "--trace", "full", "--monitor", monitor}, options);
    EXPECT_EQ(watched.status, kProbeStopped) << "watched: " << joined(probe) << "\n" << watched.out << watched.err;
    const std::string lines = readAll(seen);
    const std::vector<SeenEvent> events = parseEvents(lines);
    EXPECT_FALSE(events.empty());
    expectExplained(events, options);
    for (const Denial& denial : denials) {
        EXPECT_TRUE(std::any_of(events.begin(), events.end(), [&](const SeenEvent& e) { return matches(e, denial); }))
            << joined(probe) << ": no denial " << denial.kind << " of " << denial.object << " by \"" << denial.rule
            << "\" among\n"
            << lines;
    }
}

}  // namespace belljar::test
