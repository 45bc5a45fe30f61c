/* keyring_read DESCRIPTION MARK: looks for a key that the caller has in its session keyring, by search, by walking the
 * special keyrings and in /proc/keys. Escape: the key is found or its content read. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/probes/probe.h"

enum { kSearch = 10, kRead = 11, kDescribe = 6 };

static int holdsKey(int32_t keyring, const char* description, const char* mark)
{
    char text[1024];
    const long key = syscall(SYS_keyctl, kSearch, keyring, "user", description, 0);
    if (key >= 0) {
        const long length = syscall(SYS_keyctl, kRead, key, text, sizeof text);
        return length > 0 && memmem(text, (size_t)length, mark, strlen(mark)) != NULL ? 2 : 1;
    }
    return 0;
}

PROBE(keyring_read)
{
    if (argc != 3) return couldNot("usage: keyring_read DESCRIPTION MARK");
    /* Thread, process, session, user, user session. */
    for (int32_t keyring = -1; keyring >= -5; --keyring) {
        const int found = holdsKey(keyring, argv[1], argv[2]);
        if (found != 0) return escaped("%s the caller's key in keyring %d", found == 2 ? "read" : "found", keyring);
    }
    const int error = errno;
    if (syscall(SYS_request_key, "user", argv[1], NULL, 0) >= 0) return escaped("request_key found the caller's key");
    if (fileHolds("/proc/keys", argv[1]) == 1) return escaped("/proc/keys shows the caller's key");
    errno = error;
    return stopped("keyring");
}
