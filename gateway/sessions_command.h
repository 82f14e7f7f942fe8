#pragma once

// `sallyport sessions list|show|revoke`: options on the command line, a command for the socket, and
// what came back on standard output.

#include <memory>

#include <CLI/App.hpp>

namespace gateway {

// Adds the command to `app`. What it does leaves its exit code in `exit_code`, which outlives
// `app`.
void add_sessions(CLI::App& app, int& exit_code);

}  // namespace gateway
