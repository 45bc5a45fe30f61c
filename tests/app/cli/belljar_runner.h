// Starts the real command line and takes down everything it says.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace belljar {

/// How a program ended and what it wrote.
struct Ran {
    int code = -1;  ///< Exit code, 1000 + n for signal n.
    std::string out;
    std::string err;
};

/// A started program; waits for it when destroyed.
class Running {
public:
    Running(const std::vector<std::string>& argv, const std::filesystem::path& folder, const std::string& input,
            bool ignoreHangUp = false);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    void signal(int number) const;
    Ran wait();
    [[nodiscard]] pid_t pid() const { return m_pid; }
    /// What was written to standard output so far.
    [[nodiscard]] std::string outputSoFar() const;
    /// Waits at most 20 s until standard output holds `text`.
    [[nodiscard]] bool waitForOutput(const std::string& text) const;

private:
    std::filesystem::path m_out;
    std::filesystem::path m_err;
    pid_t m_pid = -1;
};

/// The program under test, from BELLJAR_BIN.
std::string belljarProgram(const std::string& name = "belljar");

/// A folder of its own for each test, and short ways to start belljar in it.
class TestFolder {
public:
    TestFolder();
    ~TestFolder();
    TestFolder(const TestFolder&) = delete;
    TestFolder& operator=(const TestFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
    [[nodiscard]] std::string file(const std::string& name) const { return (m_path / name).string(); }
    std::string write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string read(const std::string& name) const;
    Ran belljar(std::vector<std::string> arguments, const std::string& input = {}) const;

private:
    std::filesystem::path m_path;
};

/// What tests of the command line start from.
class BelljarTest : public testing::Test {
protected:
    [[nodiscard]] Ran belljar(std::vector<std::string> arguments, const std::string& input = {}) const
    {
        return m_folder.belljar(std::move(arguments), input);
    }

    TestFolder m_folder;
};

}  // namespace belljar
