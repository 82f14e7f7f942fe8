#pragma once

// `sallyport learn`: leads a person through a login at a backend, or reads a recording of one, and
// writes a policy with a rule for it. Start here.

#include <string>

namespace gateway::learn {

struct Options {
    std::string backend;  // `http://host:port`; where the live form forwards to.
    std::string listen = "127.0.0.1:8080";
    std::string host;                // The public host; empty: not known yet.
    std::string record;              // Where the recording goes; empty: nowhere.
    std::string output;              // Where the policy goes; empty: standard output.
    std::string from;                // A recording to read instead of the live form.
    std::string insecure_plaintext;  // Why addresses that are not on loopback are allowed.
};

enum class End {
    Learned,         // A policy with a login was written.
    NothingLearned,  // The recording is not accepted, or shows no login that can be told.
    WrongOptions,
    CannotRun,  // A file, a port or the backend is not as it must be.
};

// Speaks to the person on standard error.
[[nodiscard]] End learn(const Options& options);

}  // namespace gateway::learn
