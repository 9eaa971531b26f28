/* Runs OBSERVED and appends its cost to OBSERVATIONS: CPU time in microseconds and peak memory in KiB. It is small,
 * because the kernel's peak of a process includes that of the process that forked it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
    (void)argc;
    const char *observed = getenv("OBSERVED"), *observations = getenv("OBSERVATIONS");
    if (!observed || !observations)
        return 127;
    pid_t child = fork();
    if (child == 0) {
        execv(observed, argv);
        _exit(127);
    }
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return 126;
    long long cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL +
                    usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    FILE *file = fopen(observations, "a");
    if (!file)
        return 126;
    fprintf(file, "%lld %ld\n", cpu, usage.ru_maxrss);
    fclose(file);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
