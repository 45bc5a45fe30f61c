/* proc_cwd PATH MARK: climbs from the working folder and from every open descriptor of every visible process through
 * /proc/PID/cwd and /proc/PID/fd. Escape: PATH reached that way holds MARK. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>

#include "tests/probes/probe.h"

static const char* const kClimb = "../../../../../../../../../../../..";

static int tryProcess(int pid, void* context)
{
    char** argv = context;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/cwd/%s%s", pid, kClimb, argv[1]);
    if (fileHolds(path, argv[2]) == 1) return pid;
    char folder[64];
    snprintf(folder, sizeof folder, "/proc/%d/fd", pid);
    DIR* descriptors = opendir(folder);
    if (descriptors == NULL) return 0;
    int found = 0;
    const struct dirent* entry = NULL;
    while (!found && (entry = readdir(descriptors)) != NULL) {
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%.20s/%s%s", folder, entry->d_name, kClimb, argv[1]);
        found = fileHolds(path, argv[2]) == 1;
    }
    closedir(descriptors);
    return found ? pid : 0;
}

PROBE(proc_cwd)
{
    if (argc != 3) return couldNot("usage: proc_cwd PATH MARK");
    const int pid = forEachProcess(tryProcess, argv);
    if (pid != 0) return escaped("climbed to %s from process %d", argv[1], pid);
    return stopped("%s", argv[1]);
}
