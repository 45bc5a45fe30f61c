/* watch_load WHAT COUNT FOLDER: does one kind of call COUNT times and prints nanoseconds for one. Static, for any
 * sandbox. open: opens and closes COUNT files f0, f1 ... of FOLDER for reading; write: the same for writing; stat:
 * looks at them; connect: a datagram socket to the loopback; exec: starts this program, which ends at once; plain: a
 * call nobody watches; make: makes the files. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char g_path[4096];
static char* g_number;
static int g_socket;
static long g_files;
static char g_self[4096];
static char* g_nothing[] = {g_self, NULL};

static const char* fileName(long i)
{
    snprintf(g_number, 24, "/f%ld", i % g_files);
    return g_path;
}

static int openOne(long i, int flags)
{
    const int fd = open(fileName(i), flags, 0644);
    return fd < 0 ? -1 : close(fd);
}

static int startOne(void)
{
    pid_t child = 0;
    int status = -1;
    if (posix_spawn(&child, g_self, NULL, NULL, g_nothing, environ) != 0) return -1;
    return waitpid(child, &status, 0) == child && status == 0 ? 0 : -1;
}

static int callOne(const char* what, long i)
{
    struct stat info;
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    switch (what[0]) {
        case 'o': return openOne(i, O_RDONLY);
        case 'w': return openOne(i, O_WRONLY);
        case 'm': return openOne(i, O_WRONLY | O_CREAT);
        case 's': return stat(fileName(i), &info);
        case 'c': return connect(g_socket, (struct sockaddr*)&peer, sizeof peer);
        case 'e': return startOne();
        case 'p': return syscall(SYS_getppid) >= 0 ? 0 : -1;
        default: return -1;
    }
}

int main(int argc, char** argv)
{
    if (argc == 1) return 0;
    if (argc < 4 || strlen(argv[3]) > sizeof g_path - 32) return 2;
    const long count = atol(argv[2]);
    g_files = argc > 4 ? atol(argv[4]) : count;
    if (g_files <= 0) return 2;
    strcpy(g_path, argv[3]);
    g_number = g_path + strlen(g_path);
    const ssize_t length = readlink("/proc/self/exe", g_self, sizeof g_self - 1);
    if (length <= 0) return 2;
    g_self[length] = '\0';
    g_socket = socket(AF_INET, SOCK_DGRAM, 0);
    struct timespec start;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long i = 0; i < count; ++i) {
        if (callOne(argv[1], i) != 0) {
            perror(argv[1]);
            return 1;
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double nanoseconds = (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
    printf("%.1f\n", nanoseconds / (double)count);
    return 0;
}
