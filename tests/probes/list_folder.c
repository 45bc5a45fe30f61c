/* list_folder PATH NAME: lists a folder that the policy keeps from the sandbox. Escape: NAME is seen in it. */
#include "tests/probes/probe.h"

PROBE(list_folder)
{
    if (argc != 3) return couldNot("usage: list_folder PATH NAME");
    if (folderHas(argv[1], argv[2]) == 1) return escaped("saw %s in %s", argv[2], argv[1]);
    return stopped("%s", argv[1]);
}
