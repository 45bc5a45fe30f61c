/* shared_memory KEY: attaches to a System V shared memory segment of the host. Escape: it is there. */
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "tests/probes/probe.h"

PROBE(shared_memory)
{
    if (argc != 2) return couldNot("usage: shared_memory KEY");
    if (shmget((key_t)atoi(argv[1]), 0, 0) >= 0) return escaped("segment %s of the host", argv[1]);
    return stopped("shared memory of the host");
}
