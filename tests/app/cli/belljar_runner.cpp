#include "tests/app/cli/belljar_runner.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

namespace belljar {
namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

fs::path freshName(const std::string& kind)
{
    static std::atomic<unsigned> counter{0};
    static const unsigned seed = std::random_device()();
    return fs::temp_directory_path() / ("belljar-test-cli-" + std::to_string(::getpid()) + "-" + std::to_string(seed) + "-" +
                                        std::to_string(++counter) + kind);
}

}  // namespace

Running::Running(const std::vector<std::string>& argv, const fs::path& folder, const std::string& input,
                 bool ignoreHangUp)
    : m_out(freshName(".out")), m_err(freshName(".err"))
{
    const fs::path in = freshName(".in");
    std::ofstream(in, std::ios::binary) << input;
    std::vector<char*> words;
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));  // NOLINT: execv's signature
    words.push_back(nullptr);
    const int descriptors[]{::open(in.c_str(), O_RDONLY | O_CLOEXEC),
                            ::open(m_out.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600),
                            ::open(m_err.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600)};
    m_pid = ::fork();
    if (m_pid == 0) {
        for (int stream = 0; stream < 3; ++stream) ::dup2(descriptors[stream], stream);
        if (ignoreHangUp) ::signal(SIGHUP, SIG_IGN);
        if (::chdir(folder.c_str()) != 0) ::_exit(99);
        ::execv(words[0], words.data());
        ::_exit(98);
    }
    for (const int descriptor : descriptors) ::close(descriptor);
    fs::remove(in);
}

Running::~Running()
{
    if (m_pid > 0) wait();
    fs::remove(m_out);
    fs::remove(m_err);
}

void Running::signal(int number) const
{
    ::kill(m_pid, number);
}

Ran Running::wait()
{
    int status = 0;
    ::waitpid(m_pid, &status, 0);
    m_pid = -1;
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), contentOf(m_out), contentOf(m_err)};
}

std::string Running::outputSoFar() const
{
    return contentOf(m_out);
}

bool Running::waitForOutput(const std::string& text) const
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (outputSoFar().find(text) == std::string::npos) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return true;
}

std::string belljarProgram(const std::string& name)
{
    const char* folder = std::getenv("BELLJAR_BIN");
    return (fs::path(folder != nullptr ? folder : ".") / name).string();
}

TestFolder::TestFolder() : m_path(freshName(".d"))
{
    fs::create_directory(m_path);
    // Its real name: the sandbox knows no other.
    m_path = fs::canonical(m_path);
}

TestFolder::~TestFolder()
{
    fs::remove_all(m_path);
}

std::string TestFolder::write(const std::string& name, const std::string& text) const
{
    std::ofstream(file(name), std::ios::binary) << text;
    return file(name);
}

std::string TestFolder::read(const std::string& name) const
{
    return contentOf(file(name));
}

Ran TestFolder::belljar(std::vector<std::string> arguments, const std::string& input) const
{
    arguments.insert(arguments.begin(), belljarProgram());
    return Running(arguments, m_path, input).wait();
}

}  // namespace belljar
