#include "core/platform/linux/display/confined_child.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace belljar::linux_platform {

void ConfinedChild::must(bool done, const char* step) const
{
    if (done) return;
    ::dprintf(m_messages, "%s: %s", step, std::strerror(errno));
    ::_exit(125);
}

void ConfinedChild::writeFile(const char* path, const std::string& text) const
{
    const int file = ::open(path, O_WRONLY | O_CLOEXEC);
    must(file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()), path);
    ::close(file);
}

void ConfinedChild::enterNamespaces(bool ownNetwork) const
{
    const uid_t uid = ::geteuid();
    const gid_t gid = ::getegid();
    must(::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | (ownNetwork ? CLONE_NEWNET : 0)) == 0,
         "this system does not let it have namespaces of its own");
    writeFile("/proc/self/setgroups", "deny");
    writeFile("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1");
    writeFile("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1");
    // After the namespaces, for a change of credentials takes it back. Who is gone by now cannot end us.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (::getppid() == 1) ::_exit(125);
}

void ConfinedChild::hideFiles(const char* kept) const
{
    must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "private mounts");
    const int folder = kept != nullptr ? ::open(kept, O_PATH | O_CLOEXEC | O_DIRECTORY) : -1;
    for (const char* path : {"/home", "/root", "/run", "/mnt", "/media", "/srv", "/var/lib/xkb", "/tmp"}) {
        const bool hidden = ::mount("tmpfs", path, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0700,size=16m") == 0;
        must(hidden || errno == ENOENT, path);
    }
    if (folder < 0) return;
    const std::string name = "/proc/self/fd/" + std::to_string(folder);
    must(::mkdir(kept, 0700) == 0 && ::mount(name.c_str(), kept, nullptr, MS_BIND, nullptr) == 0, kept);
}

void ConfinedChild::become(const std::string& program, std::vector<std::string> words, unsigned long memory) const
{
    const rlimit most{memory, memory};
    ::setrlimit(RLIMIT_DATA, &most);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    must(::chdir("/") == 0, "/");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    must(false, program.c_str());
    ::_exit(125);
}

}  // namespace belljar::linux_platform
