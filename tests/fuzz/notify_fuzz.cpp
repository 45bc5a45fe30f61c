// Random hostile system calls against the decoder of notifications: notify_fuzz [--seconds N] [--seed N].
//
// The target of all reading is this process itself: a block of memory full of paths, addresses, lists and noise, with a
// hole behind it. Calls, their arguments and the memory are random, the tree of files changes meanwhile. Beside "does
// not crash" it holds: what comes out is bounded, and whatever is derived is an errno.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "core/platform/linux/notify_decode.h"
#include "tests/fuzz/fuzz_loop.h"

namespace {

using namespace belljar;
using namespace belljar::linux_platform;

constexpr std::size_t kBlock = 64U << 10U;
constexpr std::size_t kLargestText = 300U << 10U;  // names and lists as JSON, each byte written as up to six

class Fuzzer {
public:
    Fuzzer(std::uint64_t seed, std::string folder)
        : m_random(seed),
          m_folder(std::move(folder)),
          m_root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)),
          m_tree(m_root.get())
    {
        m_block =
            static_cast<char*>(::mmap(nullptr, 2 * kBlock, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        ::munmap(m_block + kBlock, kBlock);
    }

    /// False after printing what is wrong.
    bool round()
    {
        scribble();
        const CallRow& row = callTable()[below(callTable().size())];
        seccomp_data call{};
        call.nr = row.number;
        for (auto& argument : call.args) argument = anything();
        for (const std::optional<ArgumentTest>& when : {row.when, row.when2})
            if (when) call.args[when->argument] = (call.args[when->argument] & ~when->mask) | when->value;
        const CallRow* found = rowOf(call);
        if (found == nullptr) return wrong(row, "has no row");
        const auto now = std::chrono::steady_clock::now();
        const auto tid =
            static_cast<std::int32_t>(below(50) == 0 ? below(100000) : static_cast<std::size_t>(::getpid()));
        ProcessEntry* process = m_processes.find(tid, now);
        if (process == nullptr) return true;
        m_tree.begin(tid, now);
        CallScene scene{tid, *process, m_processes, m_tree, m_root.get(), now};
        const std::optional<DecodedCall> decoded = decodeCall(*found, call, scene);
        if (below(100) == 0) changeTree();
        if (!decoded) return true;
        if (decoded->object.size() + decoded->detail.size() > kLargestText) return wrong(row, "has no bounds");
        const bool exit = decoded->kind == EventKind::processExit;
        if (!exit && decoded->trust == ResultTrust::derived && (decoded->result < 0 || decoded->result > 4095))
            return wrong(row, "ends with no errno");
        if (decoded->trust == ResultTrust::unknown && !exit && decoded->result != kResultUnknown)
            return wrong(row, "knows what it does not know");
        return true;
    }

private:
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }

    static bool wrong(const CallRow& row, const char* what)
    {
        std::cerr << "notify_fuzz: " << row.name << " " << what << "\n";
        return false;
    }

    char* somewhere() { return m_block + (below(3) == 0 ? kBlock - 1 - below(64) : below(kBlock)); }

    std::uint64_t anything()
    {
        switch (below(8)) {
            case 0: return 0;
            case 1: return below(64);
            case 2: return static_cast<std::uint64_t>(static_cast<std::int64_t>(-static_cast<int>(below(200))));
            case 3: return m_random();
            case 4: return std::uint64_t{1} << below(64U);
            case 5: return static_cast<std::uint32_t>(AT_FDCWD);
            default: return reinterpret_cast<std::uint64_t>(somewhere());  // NOLINT
        }
    }

    void put(const void* bytes, std::size_t length)
    {
        char* at = somewhere();
        std::memcpy(at, bytes, std::min(length, static_cast<std::size_t>(m_block + kBlock - at)));
    }

    std::string path()
    {
        static constexpr std::array kParts{"a",           "b",     "..",       ".",       "",    "link", "self",
                                           "fd",          "0",     "proc",     "dev",     "tmp", "root", "cwd",
                                           "thread-self", "stdin", "\xff\xfe", "x y\n\"", "exe", "1"};
        std::string text = below(2) == 0 ? m_folder : below(2) == 0 ? "/" : "";
        for (std::size_t i = below(8); i > 0; --i) text += std::string("/") + kParts[below(kParts.size())];
        if (below(40) == 0) text += "/" + std::string(below(6000), 'n');
        return text;
    }

    /// Writes one thing that a call may point at.
    void scribble()
    {
        const std::string text = path();
        put(text.c_str(), text.size() + (below(10) == 0 ? 0U : 1U));
        if (below(4) == 0) {
            std::array<std::uint64_t, 80> list{};
            for (auto& pointer : list)
                pointer = below(20) == 0 ? anything() : reinterpret_cast<std::uint64_t>(somewhere());  // NOLINT
            if (below(2) == 0) list[below(list.size())] = 0;
            put(list.data(), sizeof list);
        }
        if (below(4) == 0) {
            sockaddr_storage address{};
            address.ss_family = static_cast<sa_family_t>(below(3) == 0   ? below(40)
                                                         : below(2) == 0 ? AF_UNIX
                                                                         : AF_INET6);
            std::memcpy(reinterpret_cast<char*>(&address) + 2, text.data(), std::min<std::size_t>(text.size(), 100));
            put(&address, sizeof address);
        }
        if (below(8) == 0) {
            const open_how how{m_random(), m_random(), below(2) == 0 ? 0 : m_random()};
            put(&how, sizeof how);
        }
        if (below(8) == 0) {
            msghdr header{};
            header.msg_name = somewhere();
            header.msg_namelen = static_cast<socklen_t>(below(300));
            put(&header, sizeof header);
        }
        if (below(200) == 0)
            for (std::size_t i = 0; i < kBlock; ++i) m_block[i] = static_cast<char>(m_random());
    }

    void changeTree()
    {
        const std::string a = m_folder + "/a";
        const std::string b = m_folder + "/b";
        std::error_code ignored;
        switch (below(5)) {
            case 0: ::mkdir(a.c_str(), 0700); break;
            case 1: ::rename(a.c_str(), b.c_str()); break;
            case 2: ::unlink((m_folder + "/link").c_str()); break;
            case 3: std::filesystem::create_symlink(below(2) == 0 ? "a" : "link", m_folder + "/link", ignored); break;
            default: std::filesystem::remove_all(b, ignored); break;
        }
    }

    std::mt19937_64 m_random;
    const std::string m_folder;
    UniqueFd m_root;
    char* m_block = nullptr;
    ProcessTable m_processes;
    TreeView m_tree;
};

}  // namespace

int main(int argc, char** argv)
{
    const belljar::FuzzOptions options = belljar::fuzzOptions("notify_fuzz", argc, argv);
    std::string folder = std::filesystem::temp_directory_path().string() + "/belljar-test-fuzz-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) return 2;
    {
        Fuzzer fuzzer(options.seed, folder);
        belljar::fuzz("notify_fuzz", "calls", options, fuzzer);
    }
    std::filesystem::remove_all(folder);
    return 0;
}
