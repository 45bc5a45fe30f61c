// The program under MXC's name for it, lxc-exec: verdicts, codes and words for good and bad requests, without a run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/cli/belljar_runner.h"

namespace belljar {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

/// The same program under the name of MXC's executor.
class MxcExecutorTest : public BelljarTest {
protected:
    Ran executor(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.begin(), belljarProgram("lxc-exec"));
        return Running(arguments, m_folder.path(), "").wait();
    }
    std::string config(const std::string& text) { return m_folder.write("c.json", text); }
};

TEST_F(MxcExecutorTest, RefusesAtEachStageWithItsCodeAndWords)
{
    Ran ran = executor({"--dry-run", config("{\"process\": {\"env\": true}}")});
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.err,
              "Request error\nConfiguration parse error: Invalid configuration at `process.env`: invalid type: boolean "
              "`true`, expected a sequence at line 1 column 24\n");
    ran = executor({"--dry-run", config(R"({"process": {"commandLine": "true"}, "containment": "microvm"})")});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, StartsWith("error: MicroVM is an experimental feature. Use --experimental flag.\n"));
    ran = executor({"--dry-run", config(R"({"version": "0.8.0", "process": {"commandLine": "true"},
                                            "network": {"defaultPolicy": "allow"}})")});
    EXPECT_EQ(ran.code, 255);
    EXPECT_THAT(ran.out, HasSubstr("Dry run completed. Result: validation failed\n"));
    EXPECT_THAT(ran.err, HasSubstr("\n{\"error\":{\"code\":\"backend_error\",\"message\":\"Bubblewrap: "));
    ran = executor({"--dry-run", "missing\n.json"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_THAT(ran.err, HasSubstr("Configuration file not found: missing\\n.json"));
}

TEST_F(MxcExecutorTest, PassesADryRunAndSaysWhatItRead)
{
    const Ran ran = executor({"--dry-run", config(R"({"process": {"commandLine": "true", "timeout": 5, "cwd": "/x"},
        "containerId": "c", "containment": "wslc", "filesystem": {"readonlyPaths": ["/no such"]}})")});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("WARNING: filesystem path '/no such' (in 'readonlyPaths') does not exist"));
    EXPECT_THAT(ran.out, HasSubstr("Script code length: 4\nWorking directory: /x\nScript timeout: 5\n"
                                   "Container name: c\nNote: containment Wslc unsupported on lxc-exec"));
    EXPECT_THAT(ran.out, HasSubstr("Dry run completed. Result: validation passed\n"));
    EXPECT_EQ(executor({"--dry-run", "--config-base64", "eyJwcm9jZXNzIjp7ImNvbW1hbmRMaW5lIjoieCJ9fQ=="}).code, 0);
    EXPECT_EQ(executor({"--dry-run", "--config-base64", "eyJwcm9jZXNzIjp7ImNvbW1hbmRMaW5lIjoieCJ9fQ"}).code, 1);
    EXPECT_EQ(belljar({"mxc", "--dry-run", config(R"({"process": {"commandLine": "true"}})")}).code, 0);
}

TEST_F(MxcExecutorTest, RefusesWrongCommandLinesAsTheRealOne)
{
    struct Wrong {
        std::vector<std::string> arguments;
        int code;
        const char* says;
    };
    const Wrong all[] = {
        {{}, 1, "Error: No config provided."},
        {{"--bogus"}, 2, "error: unexpected argument '--bogus' found\n\n  tip: to pass '--bogus' as a value"},
        {{"--dry"}, 2, "tip: a similar argument exists: '--dry-run'\n\nUsage: lxc-exec --dry-run [CONFIG_PATH]"},
        {{"a", "b"}, 2, "error: unexpected argument 'b' found\n\nUsage: lxc-exec [OPTIONS] [CONFIG_PATH]"},
        {{"--config"}, 2, "a value is required for '--config <CONFIG>' but none was supplied"},
        {{"--config=a", "--config", "b"}, 2, "'--config <CONFIG>' cannot be used multiple times"},
        {{"--dry-run=true"}, 2, "unexpected value 'true' for '--dry-run' found; no more were expected"},
        {{"--force"}, 2, "the following required arguments were not provided:\n  --setup-hyperlight"},
        {{"--delete"}, 1, "Error: --containername is required with --delete"},
        {{"--delete", "--containername", "x"}, 1, "not available"},
        {{"\xff"}, 2, "error: invalid UTF-8 was detected"},
        {{"--", "--dry-run"}, 1, "Configuration file not found: --dry-run"},
    };
    for (const Wrong& wrong : all) {
        const Ran ran = executor(wrong.arguments);
        EXPECT_EQ(ran.code, wrong.code) << wrong.says;
        EXPECT_THAT(ran.err, HasSubstr(wrong.says));
    }
    EXPECT_THAT(executor({"--help"}).out, HasSubstr("--config-base64 <CONFIG_BASE64>"));
}

}  // namespace
}  // namespace belljar
