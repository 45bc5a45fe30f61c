// What the watched process in the guest does. Each operation has a name of its own in the tree and is told on the
// console as "DID kind object errno", to be held against the events.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/core/platform/guest/guest.h"
#include "tests/core/platform/guest/ring_work.h"

namespace guest {
namespace {

void told(const char* kind, const std::string& object, long result)
{
    std::printf("DID %s %s %d\n", kind, object.c_str(), result < 0 ? errno : 0);
}

void toldRing(const char* kind, const std::string& object, int result)
{
    std::printf("RING %s %s %d\n", kind, object.c_str(), result < 0 ? -result : 0);
}

void make(const char* path)
{
    ::close(::open(path, O_CREAT | O_WRONLY, 0755));
}

sockaddr_un unixAddress(const char* path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    return address;
}

void onFiles()
{
    told("create", "/work/made", ::open("/work/made", O_CREAT | O_WRONLY, 0644));
    told("open", "/work/made", ::open("/work/made", O_RDONLY));
    ::symlink("/work/made", "/work/alias");
    told("open", "/work/made", ::open("/work/alias", O_RDONLY));
    told("open", "/work/absent", ::open("/work/absent", O_RDONLY));
    told("openwrite", "/work/made", ::open("/work/made", O_RDWR));
    ::mkdir("/work/folder", 0755);
    ::chdir("/work/folder");
    told("create", "/work/folder/relative", ::open("relative", O_CREAT | O_WRONLY, 0644));
    const int folder = ::open("/work", O_PATH | O_DIRECTORY);
    told("mkdir", "/work/sub", ::mkdirat(folder, "sub", 0755));
    told("mkdir", "/work/sub", ::mkdir("../sub", 0755));
    told("rename", "/work/made", ::rename("../made", "/work/sub/moved"));
    told("link", "/work/sub/moved", ::link("/work/sub/moved", "/work/second"));
    told("symlink", "/work/pointer", ::symlink("anything", "/work/pointer"));
    told("chmod", "/work/second", ::chmod("/work/second", 0600));
    told("truncate", "/work/second", ::truncate("/work/second", 7));
    told("unlink", "/work/second", ::unlink("/work/second"));
    told("unlink", "/work/absent", ::unlink("/work/absent"));
    told("unlink", "/work/sub/moved", ::unlink("/work/sub/moved"));
    told("rmdir", "/work/sub", ::rmdir("/work/sub"));
    struct stat info {};
    told("stat", "/work/folder", ::stat("/work/folder", &info));
    told("open", "/work/absent/deeper", ::syscall(SYS_openat, folder, "absent/deeper", O_RDONLY));
}

void onPrograms()
{
    const auto start = [](const char* path) {
        const pid_t child = ::fork();
        if (child == 0) {
            char* words[] = {const_cast<char*>(path), const_cast<char*>("nothing"), nullptr};
            ::execv(path, words);
            ::_exit(errno);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        errno = WEXITSTATUS(status);
        told("exec", path, errno == 0 ? 0 : -1);
    };
    start("/init");
    start("/work/no-program");
    start("/work/forbidden-program");
}

void onNetwork()
{
    const sockaddr_un absent = unixAddress("/work/no-socket");
    const auto* unixName = reinterpret_cast<const sockaddr*>(&absent);
    told("connect", "unix:/work/no-socket", ::connect(::socket(AF_UNIX, SOCK_STREAM, 0), unixName, sizeof absent));
    const sockaddr_un own = unixAddress("/work/socket");
    told("bind", "unix:/work/socket",
         ::bind(::socket(AF_UNIX, SOCK_STREAM, 0), reinterpret_cast<const sockaddr*>(&own), sizeof own));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(9);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* name = reinterpret_cast<const sockaddr*>(&address);
    told("connect", "127.0.0.1:9", ::connect(::socket(AF_INET, SOCK_STREAM, 0), name, sizeof address));
    told("send", "127.0.0.1:9", ::sendto(::socket(AF_INET, SOCK_DGRAM, 0), "x", 1, 0, name, sizeof address));
}

void onForbidden()
{
    told("open", "/work/forbidden", ::open("/work/forbidden", O_RDONLY));
    told("openwrite", "/work/forbidden", ::open("/work/forbidden", O_WRONLY));
    told("open", "/work/free", ::open("/work/free", O_RDONLY));
}

/// The pointers of an operation are numbers.
std::uint64_t number(const void* pointer)
{
    return reinterpret_cast<std::uint64_t>(pointer);
}

void onRing()
{
    RingWork ring;
    if (!ring.works()) {
        std::printf("NORING\n");
        return;
    }
    const auto operation = [](std::uint8_t code, const char* path) {
        io_uring_sqe made{};
        made.opcode = code;
        made.fd = AT_FDCWD;
        made.addr = number(path);
        return made;
    };
    make("/work/ring-file");
    io_uring_sqe open = operation(IORING_OP_OPENAT, "/work/ring-file");
    toldRing("open", "/work/ring-file", ring.run(open));
    open.addr = number("/work/ring-new");
    open.open_flags = O_CREAT | O_RDWR;
    open.len = 0600;
    toldRing("create", "/work/ring-new", ring.run(open));
    toldRing("open", "/work/forbidden", ring.run(operation(IORING_OP_OPENAT, "/work/forbidden")));
    io_uring_sqe folder = operation(IORING_OP_MKDIRAT, "/work/ring-folder");
    folder.len = 0700;
    toldRing("mkdir", "/work/ring-folder", ring.run(folder));
    io_uring_sqe rename = operation(IORING_OP_RENAMEAT, "/work/ring-new");
    rename.len = static_cast<std::uint32_t>(AT_FDCWD);
    rename.addr2 = number("/work/ring-renamed");
    toldRing("rename", "/work/ring-new", ring.run(rename));
    toldRing("unlink", "/work/ring-renamed", ring.run(operation(IORING_OP_UNLINKAT, "/work/ring-renamed")));
    struct statx info {};
    io_uring_sqe look = operation(IORING_OP_STATX, "/work/ring-file");
    look.addr2 = number(&info);
    look.len = STATX_BASIC_STATS;
    toldRing("stat", "/work/ring-file", ring.run(look));
    const sockaddr_un absent = unixAddress("/work/ring-socket");
    io_uring_sqe connect{};
    connect.opcode = IORING_OP_CONNECT;
    connect.fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    connect.addr = number(&absent);
    connect.off = sizeof absent;
    toldRing("connect", "unix:/work/ring-socket", ring.run(connect));
}

}  // namespace

int doOperations()
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    onFiles();
    onPrograms();
    onNetwork();
    onForbidden();
    onRing();
    return 0;
}

}  // namespace guest
