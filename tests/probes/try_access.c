/* try_access KIND OBJECT: tries one access, undoes what worked, prints its errno (0: it worked). No probe by itself:
 * with it, what `belljar explain` says of a denial is held against the kernel. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/probes/probe.h"

static int closeOrFail(int fd)
{
    if (fd < 0) return errno;
    close(fd);
    return 0;
}

static int listFolder(const char* path)
{
    DIR* folder = opendir(path);
    if (folder == NULL) return errno;
    closedir(folder);
    return 0;
}

static int writeObject(const char* path)
{
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return utimensat(AT_FDCWD, path, NULL, 0) == 0 ? 0 : errno;
    return closeOrFail(open(path, O_WRONLY | O_APPEND | O_CLOEXEC));
}

static int createObject(const char* path)
{
    const int error = closeOrFail(open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (error == 0) unlink(path);
    return error;
}

static int removeObject(const char* path)
{
    char other[4096];
    snprintf(other, sizeof other, "%s~", path);
    if (rename(path, other) != 0) return errno;
    return rename(other, path) == 0 ? 0 : errno;
}

static int executeObject(const char* path)
{
    struct stat info;
    if (stat(path, &info) != 0) return errno;
    return access(path, X_OK) == 0 ? 0 : errno;
}

static int unixSocket(const char* path, int binds)
{
    const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) return ENAMETOOLONG;
    memcpy(address.sun_path, path, strlen(path));
    int error = 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; ++i) {
        const int fd = socket(AF_UNIX, types[i] | SOCK_CLOEXEC, 0);
        const struct sockaddr* peer = (const struct sockaddr*)&address;
        error = (binds ? bind : connect)(fd, peer, sizeof address) == 0 ? 0 : errno;
        close(fd);
        if (error == 0 && binds) unlink(path);
        if (error != EPROTOTYPE) break;
    }
    return error;
}

/* "host:port" or "[v6]:port", numbers only, by a datagram socket: that tells whether there is a way without using it.
 */
static int inetSocket(char* text, int binds)
{
    char* colon = strrchr(text, ':');
    if (colon == NULL) return EINVAL;
    *colon = '\0';
    const in_port_t port = htons((in_port_t)atoi(colon + 1));
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = port};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = port};
    const struct sockaddr* address = (const struct sockaddr*)&four;
    socklen_t length = sizeof four;
    if (*text == '[') {
        text[strlen(text) - 1] = '\0';
        if (inet_pton(AF_INET6, text + 1, &six.sin6_addr) != 1) return EINVAL;
        address = (const struct sockaddr*)&six;
        length = sizeof six;
    } else if (inet_pton(AF_INET, text, &four.sin_addr) != 1) {
        return EINVAL;
    }
    const int fd = socket(address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const int error = (binds ? bind : connect)(fd, address, length) == 0 ? 0 : errno;
    close(fd);
    return error;
}

static int attempt(const char* kind, char* object)
{
    const int binds = strcmp(kind, "listen") == 0;
    struct stat info;
    if (strcmp(kind, "stat") == 0) return stat(object, &info) == 0 ? 0 : errno;
    if (strcmp(kind, "list") == 0) return listFolder(object);
    if (strcmp(kind, "read") == 0) return closeOrFail(open(object, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (strcmp(kind, "write") == 0) return writeObject(object);
    if (strcmp(kind, "create") == 0) return createObject(object);
    if (strcmp(kind, "remove") == 0) return removeObject(object);
    if (strcmp(kind, "exec") == 0) return executeObject(object);
    if (!binds && strcmp(kind, "connect") != 0) return EINVAL;
    return strncmp(object, "unix:", 5) == 0 ? unixSocket(object + 5, binds) : inetSocket(object, binds);
}

PROBE(try_access)
{
    if (argc != 3) return couldNot("usage: try_access KIND OBJECT");
    printf("%d\n", attempt(argv[1], argv[2]));
    return 0;
}
