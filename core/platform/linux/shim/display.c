/* Sockets of the sandbox whose servers are outside. They stand inside, in file systems of the sandbox's own, so that
 * nothing of them stands on the host or outlives the sandbox. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/platform/linux/shim/shim.h"

enum { kQueue = 128 };

void offerDisplay(const char* path)
{
    const char* name = strrchr(path, '/');
    char folder[sizeof(((struct sockaddr_un*)0)->sun_path)];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (name == NULL || strlen(path) >= sizeof folder) {
        errno = EINVAL;
        fail("display");
    }
    /* By its bare name: the server is told the address, and must not take it for one of the host's. */
    memcpy(folder, path, (size_t)(name - path));
    folder[name - path] = '\0';
    strncpy(address.sun_path, name + 1, sizeof address.sun_path - 1);
    int made[kDisplaySockets];
    made[kSocketDisplay] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    made[kSocketClient] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made[kSocketDisplay] < 0 || made[kSocketClient] < 0 || chdir(folder) != 0) fail("display");
    if (bind(made[kSocketDisplay], (const struct sockaddr*)&address, sizeof address) != 0 ||
        listen(made[kSocketDisplay], kQueue) != 0)
        fail("socket of the display");
    made[kSocketObject] = open(name + 1, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (made[kSocketObject] < 0 ||
        connect(made[kSocketClient], (const struct sockaddr*)&address, sizeof address) != 0 || chdir("/") != 0)
        fail("socket of the display");
    hand(kShimDisplay, 0, made, kDisplaySockets);
    for (int i = 0; i < kDisplaySockets; ++i) close(made[i]);
}

void offerFolder(const char* path)
{
    const int folder = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) fail("folder for sockets");
    hand(kShimFolder, 0, &folder, 1);
    close(folder);
}
