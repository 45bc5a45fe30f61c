/* cpu_burn SECONDS: uses that much processor time. Escape: it is still alive then. */
#include <stdlib.h>
#include <time.h>

#include "tests/probes/probe.h"

PROBE(cpu_burn)
{
    if (argc != 2) return couldNot("usage: cpu_burn SECONDS");
    const double wanted = atof(argv[1]);
    while ((double)clock() / CLOCKS_PER_SEC < wanted) {}
    return escaped("used %s s of processor time", argv[1]);
}
