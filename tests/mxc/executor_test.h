// For tests that ask MXC's real executor.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {

/// Skips with the reason where the executor cannot be had.
class ExecutorTest : public testing::Test {
protected:
    /// Once for all tests; beside the programs under test, so that it is found again by whoever runs a copy of them.
    static void SetUpTestSuite()
    {
        RunOptions options;
        options.patience = std::chrono::seconds(150);
        const std::string folder = binFolder() + "/mxc-sdk-0.8.0";
        const RunResult installed = runProgram({"sh", sourceFolder() + "/tests/mxc/install.sh", folder}, options);
        if (installed.status == 0) executor() = folder + "/lxc-exec";
        else missing() = installed.out + installed.err;
    }

    void SetUp() override
    {
        if (executor().empty()) GTEST_SKIP() << "the MXC executor is not here: " << missing();
    }

    static std::string& executor()
    {
        static std::string path;
        return path;
    }
    static std::string& missing()
    {
        static std::string why;
        return why;
    }

    /// Its verdict on a configuration, without a run.
    [[nodiscard]] RunResult ask(const std::string& text) const
    {
        return runProgram({executor(), "--dry-run", m_folder.file("asked.json", text)});
    }

    TempFolder m_folder;
};

}  // namespace belljar::test
