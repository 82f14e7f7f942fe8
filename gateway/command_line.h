#pragma once

// The command line: `sallyport run | check | learn | version`.

namespace gateway {

// Exit codes, the same for every command.
enum ExitCode : int {
    kSuccess = 0,
    kBadPolicy = 1,  // Complaints about the policy file, or recording, are on standard error.
    kBadUsage = 2,
    kCannotRun = 3,  // The policy is fine; a port, a file or the system is not.
};

// Runs what `argv` asks for and returns the process's exit code.
[[nodiscard]] int run_command_line(int argc, const char* const* argv);

}  // namespace gateway
