#include "tests/sandbox/runner.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

namespace belljar::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string variable(const char* name)
{
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

const std::string& stateFolder()
{
    static const TempFolder folder;
    return folder.path();
}

/// The ends of the child's streams that the test holds, and those that the child gets.
struct Streams {
    int childIn = -1, childOut = -1, childErr = -1;
    int in = -1, out = -1, err = -1;
};

int openTerminal(Streams& streams)
{
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) return -1;
    char name[64];
    if (::ptsname_r(master, name, sizeof name) != 0) return -1;
    streams.childIn = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    streams.childOut = ::fcntl(streams.childIn, F_DUPFD_CLOEXEC, 3);
    streams.childErr = ::fcntl(streams.childIn, F_DUPFD_CLOEXEC, 3);
    streams.out = master;
    return 0;
}

Streams makeStreams(const RunOptions& options)
{
    Streams streams;
    if (options.terminal && openTerminal(streams) == 0) return streams;
    const auto pipeInto = [](int& readEnd, int& writeEnd) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) return;
        readEnd = ends[0];
        writeEnd = ends[1];
    };
    if (options.inputFile.empty()) pipeInto(streams.childIn, streams.in);
    else streams.childIn = ::open(options.inputFile.c_str(), O_RDONLY | O_CLOEXEC);
    pipeInto(streams.out, streams.childOut);
    pipeInto(streams.err, streams.childErr);
    return streams;
}

[[noreturn]] void becomeProgram(const std::vector<std::string>& argv, const RunOptions& options, const Streams& streams)
{
    ::setsid();
    ::signal(SIGPIPE, SIG_DFL);
    if (options.terminal) ::ioctl(streams.childIn, TIOCSCTTY, 0);
    ::dup2(streams.childIn, 0);
    ::dup2(streams.childOut, 1);
    ::dup2(streams.childErr, 2);
    // What Belljar remembers from run to run is the test's own; a test that is about it names a folder.
    ::setenv("XDG_STATE_HOME", stateFolder().c_str(), 1);
    for (const auto& [key, value] : options.env) ::setenv(key.c_str(), value.c_str(), 1);
    if (!options.cwd.empty() && ::chdir(options.cwd.c_str()) != 0) ::_exit(125);
    if (options.inChild) options.inChild();
    std::vector<char*> words;
    for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

void closeAll(std::initializer_list<int*> fds)
{
    for (int* fd : fds) {
        if (*fd >= 0) ::close(*fd);
        *fd = -1;
    }
}

/// Reads into `text`; closes `fd` at its end.
void take(int& fd, std::string& text)
{
    std::array<char, 65536> part{};
    const ssize_t length = ::read(fd, part.data(), part.size());
    if (length > 0) text.append(part.data(), static_cast<std::size_t>(length));
    else closeAll({&fd});
}

/// Feeds and reads until the program has closed its streams or patience is over.
void talk(Streams& streams, const RunOptions& options, RunResult& result, Clock::time_point end)
{
    std::size_t fed = 0;
    if (streams.in >= 0) ::fcntl(streams.in, F_SETFL, O_NONBLOCK);
    while (streams.out >= 0 || streams.err >= 0) {
        if (streams.in >= 0 && fed == options.input.size()) closeAll({&streams.in});
        std::array<pollfd, 3> waits{{{streams.out, POLLIN, 0}, {streams.err, POLLIN, 0}, {streams.in, POLLOUT, 0}}};
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0) {
            result.late = true;
            return;
        }
        if (::poll(waits.data(), waits.size(), static_cast<int>(left)) <= 0) continue;
        if (waits[0].revents != 0) take(streams.out, result.out);
        if (waits[1].revents != 0) take(streams.err, result.err);
        if (waits[2].revents == 0) continue;
        const ssize_t written = ::write(streams.in, options.input.data() + fed, options.input.size() - fed);
        if (written > 0) fed += static_cast<std::size_t>(written);
        else closeAll({&streams.in});
    }
}

constexpr std::string_view kOfTests = "belljar-test";  ///< Other tests run at the same time.

/// Entries of a folder with a prefix, one a line.
std::string listNames(const std::string& folder, const std::string& prefix)
{
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(prefix) && !name.starts_with(kOfTests)) names.push_back(entry.path().string());
    }
    std::sort(names.begin(), names.end());
    std::string text;
    for (const std::string& name : names) text += name + "\n";
    return text;
}

}  // namespace

std::string binFolder()
{
    const std::string given = variable("BELLJAR_BIN");
    if (!given.empty()) return given;
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored).parent_path().string();
}

std::string sourceFolder()
{
    return variable("BELLJAR_SOURCE");
}

TempFolder::TempFolder()
{
    std::string base = variable("TMPDIR");
    if (base.empty() || base == "/tmp" || base.starts_with("/tmp/")) base = "/var/tmp";
    std::string pattern = base + "/belljar-test-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    m_path = fs::canonical(pattern).string();
}

TempFolder::~TempFolder()
{
    std::error_code ignored;
    for (fs::recursive_directory_iterator at(m_path, ignored), end; at != end; at.increment(ignored)) {
        if (at->is_directory(ignored) && !at->is_symlink(ignored))
            fs::permissions(at->path(), fs::perms::owner_all, ignored);
    }
    fs::remove_all(m_path, ignored);
}

std::string TempFolder::folder(const std::string& name) const
{
    fs::create_directories(m_path + "/" + name);
    return m_path + "/" + name;
}

std::string TempFolder::file(const std::string& name, const std::string& content, unsigned mode) const
{
    const std::string path = m_path + "/" + name;
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary) << content;
    ::chmod(path.c_str(), static_cast<mode_t>(mode));
    return path;
}

std::string readAll(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

bool exists(const std::string& path)
{
    struct stat info {};
    return ::lstat(path.c_str(), &info) == 0;
}

RunResult runProgram(const std::vector<std::string>& argv, const RunOptions& options)
{
    RunResult result;
    stateFolder();  // in this process, which removes it
    const Clock::time_point start = Clock::now();
    ::signal(SIGPIPE, SIG_IGN);  // a program that ends before it has read its input is no end of the tests
    Streams streams = makeStreams(options);
    const pid_t child = ::fork();
    if (child == 0) becomeProgram(argv, options, streams);
    closeAll({&streams.childIn, &streams.childOut, &streams.childErr});
    if (options.afterStart) options.afterStart(child);
    talk(streams, options, result, start + options.patience);
    int status = 0;
    while (!result.late && ::waitpid(child, &status, WNOHANG) == 0) {
        if (Clock::now() > start + options.patience) result.late = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (result.late) {
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
    }
    closeAll({&streams.in, &streams.out, &streams.err});
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return result;
}

std::string quote(const std::string& text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

std::string Profile::json() const
{
    const auto list = [](const std::vector<std::string>& items) {
        std::string text;
        for (const std::string& item : items) text += (text.empty() ? "" : ", ") + quote(item);
        return "[" + text + "]";
    };
    std::string text = "{\n  \"version\": \"0.8.0\",\n  \"process\": {\"env\": " + list(env);
    if (!cwd.empty()) text += ", \"cwd\": " + quote(cwd);
    if (timeoutMs != 0) text += ", \"timeout\": " + std::to_string(timeoutMs);
    text += "},\n  \"filesystem\": {\n    \"readonlyPaths\": " + list(readOnly) +
            ",\n    \"readwritePaths\": " + list(readWrite) + ",\n    \"deniedPaths\": " + list(denied) + "\n  }";
    std::string own = limits.empty() ? std::string() : "\"limits\": {" + limits + "}";
    if (!own.empty() && !rules.empty()) own += ", ";
    own += rules;
    if (!own.empty()) text += ",\n  \"experimental\": {\"belljar\": {" + own + "}}";
    return text + "\n}\n";
}

std::vector<std::string> belljarRun(const TempFolder& folder, const std::string& profileJson,
                                    const std::vector<std::string>& options, const std::vector<std::string>& command)
{
    std::vector<std::string> words{binFolder() + "/belljar", "run", folder.file("profile.json", profileJson)};
    words.insert(words.end(), options.begin(), options.end());
    words.emplace_back("--");
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

std::vector<pid_t> processesWith(const std::string& mark)
{
    std::vector<pid_t> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
        const pid_t pid = std::atoi(entry.path().filename().c_str());
        if (pid <= 0 || pid == ::getpid()) continue;
        if (readAll(entry.path().string() + "/cmdline").find(mark) != std::string::npos) found.push_back(pid);
    }
    return found;
}

bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience)
{
    const Clock::time_point end = Clock::now() + patience;
    while (!condition()) {
        if (Clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

std::string hostTraces()
{
    std::string traces = readAll("/proc/self/mounts");
    for (const char* folder : {"/tmp", "/var/tmp", "/dev/shm", "/run"})
        for (const char* prefix : {"belljar", ".belljar", "bwrap", ".bwrap"}) traces += listNames(folder, prefix);
    return traces;
}

std::string controlGroupsOf(pid_t belljar)
{
    const std::string prefix = "belljar-" + std::to_string(belljar) + "-";
    std::string found;
    std::error_code ignored;
    for (fs::recursive_directory_iterator at("/sys/fs/cgroup", fs::directory_options::skip_permission_denied, ignored),
         end;
         at != end; at.increment(ignored)) {
        if (at->path().filename().string().starts_with(prefix)) found += at->path().string() + "\n";
    }
    return found;
}

}  // namespace belljar::test
