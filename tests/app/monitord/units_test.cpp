// What systemd thinks of the units, without a running systemd.
#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {
namespace {

constexpr const char* kAnalyze = "/usr/bin/systemd-analyze";

class HelperUnits : public testing::Test {
protected:
    void SetUp() override
    {
        if (!exists(kAnalyze)) GTEST_SKIP() << "systemd-analyze is not installed";
        std::string service = readAll(sourceFolder() + "/installer/belljar-monitord.service.in");
        const std::string mark = "@monitord_program@";
        const std::size_t at = service.find(mark);
        ASSERT_NE(at, std::string::npos);
        service.replace(at, mark.size(), "/bin/true");
        m_service = m_folder.file("belljar-monitord.service", service);
        m_socket =
            m_folder.file("belljar-monitord.socket", readAll(sourceFolder() + "/installer/belljar-monitord.socket"));
    }

    TempFolder m_folder;
    std::string m_service;
    std::string m_socket;
};

TEST_F(HelperUnits, AreUnderstood)
{
    const RunResult result = runProgram({kAnalyze, "verify", "--man=no", m_service, m_socket});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err.find("belljar-monitord"), std::string::npos) << result.err;
    // It would have said so if it did not understand a line.
    const std::string wrong = m_folder.file("wrong.service", readAll(m_service) + "NoSuchSetting=yes\n");
    EXPECT_NE(runProgram({kAnalyze, "verify", "--man=no", wrong}).err.find("NoSuchSetting"), std::string::npos);
}

TEST_F(HelperUnits, LeaveLittleOpen)
{
    // In tenths: 10 is what systemd calls "safe" up to 2.0; without the hardening a service has 96.
    const RunResult result =
        runProgram({kAnalyze, "security", "--no-pager", "--offline=yes", "--threshold=10", m_service});
    EXPECT_EQ(result.status, 0) << result.out << result.err;
    EXPECT_NE(readAll(m_service).find("\nCapabilityBoundingSet=CAP_BPF CAP_PERFMON\n"), std::string::npos);
    EXPECT_NE(readAll(m_socket).find("\nListenSequentialPacket=/run/belljar/monitord.sock\n"), std::string::npos);
}

}  // namespace
}  // namespace belljar::test
