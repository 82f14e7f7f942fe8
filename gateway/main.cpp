#include "gateway/command_line.h"

int main(int argc, char** argv) {
    return gateway::run_command_line(argc, argv);
}
