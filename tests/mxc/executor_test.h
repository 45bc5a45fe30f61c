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

    /// Its verdict on a configuration, without a run. It looks for the tools of filtered networks even then, so there
    /// are stand-ins for those that a machine, or an ordinary user's PATH, does not have.
    [[nodiscard]] RunResult ask(const std::string& text) const
    {
        for (const char* tool : {"slirp4netns", "iptables", "iptables-restore", "ip6tables", "ip6tables-restore"})
            m_folder.file(std::string("tools/") + tool, "#!/bin/sh\necho 'stand-in v1.8.9 (nf_tables)'\n", 0755);
        RunOptions options;
        options.env.emplace_back("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:" + (m_folder / "tools"));
        return runProgram({executor(), "--dry-run", m_folder.file("asked.json", text)}, options);
    }

    TempFolder m_folder;
};

}  // namespace belljar::test
