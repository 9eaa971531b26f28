/* The least that a process can do before it says where it is: the floor of every start. */
#include <unistd.h>

int main(void) {
    static const char line[] = "1|6|unix|/nowhere|grpc|\n";
    if (write(1, line, sizeof line - 1) < 0)
        return 1;
    pause();
    return 0;
}
