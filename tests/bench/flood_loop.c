/* Opens a file again and again at a steady rate: `flood_loop FILE PER_SECOND SECONDS`. Prints how many opens it did. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { kSlicesPerSecond = 500 };

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char** argv)
{
    if (argc != 4) return 2;
    const long perSlice = atol(argv[2]) / kSlicesPerSecond;
    const long slices = atol(argv[3]) * kSlicesPerSecond;
    const long long slice = 1000000000LL / kSlicesPerSecond;
    const long long start = now();
    long done = 0;
    for (long i = 0; i < slices; ++i) {
        for (long j = 0; j < perSlice; ++j) {
            const int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
            if (fd < 0) return 1;
            close(fd);
            ++done;
        }
        const long long wait = start + (i + 1) * slice - now();
        /* Late slices are caught up with, so that the rate holds over the whole time. */
        if (wait > 0) nanosleep(&(struct timespec){.tv_nsec = wait}, NULL);
    }
    printf("%ld %.3f\n", done, (double)(now() - start) / 1e9);
    return 0;
}
