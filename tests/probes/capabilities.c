/* capabilities: reads what the kernel says of this process. Escape: any capability in any set, or new privileges
 * allowed, or no system-call filter. */
#include <stdio.h>
#include <string.h>

#include "tests/probes/probe.h"

PROBE(capabilities)
{
    (void)argv;
    if (argc != 1) return couldNot("usage: capabilities");
    FILE* status = fopen("/proc/self/status", "r");
    if (status == NULL) return couldNot("/proc/self/status");
    char line[256];
    int seen = 0;
    while (fgets(line, sizeof line, status) != NULL) {
        unsigned long long value = 0;
        char name[32];
        if (sscanf(line, "%31[A-Za-z_]: %llx", name, &value) != 2) continue;
        const int isSet = strncmp(name, "Cap", 3) == 0;
        const int isSwitch = strcmp(name, "NoNewPrivs") == 0 || strcmp(name, "Seccomp") == 0;
        seen += isSet || isSwitch;
        if (isSet && value != 0) return escaped("%s is %llx", name, value);
        if (isSwitch && value == 0) return escaped("%s is off", name);
    }
    fclose(status);
    return seen >= 7 ? stopped("capabilities") : couldNot("only %d lines were found", seen);
}
