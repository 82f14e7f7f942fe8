// What a million sessions cost in the memory store: bytes, a lookup, and how long a sweep keeps a
// worker waiting. Prints a table; README.md tells how to run it.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <malloc.h>

#include "session/lifecycle.h"
#include "session/memory_store.h"
#include "session/random.h"

namespace {

using Clock = std::chrono::steady_clock;
using session::Locator;
using session::MemoryStore;

constexpr policy::Instant kStart{std::chrono::hours(24 * 365 * 50)};

template <class T>
T run(session::Task<T> task) {
    std::optional<T> result;
    session::spawn([](session::Task<T> waited, std::optional<T>& into) -> session::Task<void> {
        into = co_await std::move(waited);
    }(std::move(task), result));
    return std::move(*result);
}

std::size_t heap_bytes() {
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

std::size_t resident_kib() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
    }
    return 0;
}

session::Record user(std::size_t number, const session::SharedRights& rights) {
    session::Session value;
    value.ids.since = value.created = value.cookie_issued = kStart;
    const auto address = policy::IpAddress::v4({10, static_cast<std::uint8_t>(number >> 16),
                                                static_cast<std::uint8_t>(number >> 8),
                                                static_cast<std::uint8_t>(number)});
    value.environment = {{address, {}}, {address, {}}};
    value.authentication =
        session::Authentication{policy::UserName("user" + std::to_string(number)), rights, kStart};
    // Spread over half an hour, as people come.
    const auto seen = kStart + std::chrono::milliseconds(number % 1'800'000);
    const auto expires = session::absolute_end(value, {});
    return {std::make_shared<const session::Session>(std::move(value)), expires,
            std::chrono::minutes(30), seen};
}

Locator new_key(session::Random& random, const session::Sha256& sha) {
    return Locator::of(session::FamilyId::generate(random).value(), sha);
}

struct Pauses {
    std::vector<double> microseconds;
    double at(double share) {
        std::sort(microseconds.begin(), microseconds.end());
        return microseconds[static_cast<std::size_t>(share *
                                                     static_cast<double>(microseconds.size() - 1))];
    }
};

// What a worker waits for single lookups, one after the other, until `stop`.
Pauses look_up(MemoryStore& store, const std::vector<Locator>& keys,
               const std::atomic<bool>& stop) {
    Pauses pauses;
    std::mt19937_64 dice(2);
    while (!stop) {
        const auto key = keys[dice() % keys.size()];
        const auto begin = Clock::now();
        (void)run(store.load(key));
        pauses.microseconds.push_back(
            std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    }
    return pauses;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 1'000'000;
    session::SystemRandom random;
    const session::Sha256 sha;
    std::vector<Locator> keys;
    keys.reserve(count);
    for (std::size_t i = 0; i < count; ++i) keys.push_back(new_key(random, sha));

    MemoryStore store({count, count, count, count, {}});
    const session::SharedRights rights({policy::LoginName("form"), {"staff"}});
    const auto heap_before = heap_bytes(), resident_before = resident_kib();
    for (std::size_t i = 0; i < count; ++i) {
        if (!run(store.create(keys[i], user(i, rights), kStart))) return 1;
    }
    const auto per_session = [count](std::size_t bytes) { return bytes / count; };
    std::printf("sessions                    %zu\n", store.size());
    std::printf("heap bytes per session      %zu\n", per_session(heap_bytes() - heap_before));
    std::printf("resident bytes per session  %zu\n",
                per_session((resident_kib() - resident_before) * 1024));

    // In an order that has nothing to do with that in memory; a request has its key at hand.
    std::shuffle(keys.begin(), keys.end(), std::mt19937_64(1));
    std::size_t found = 0;
    const auto begin = Clock::now();
    for (const auto& key : keys) found += run(store.load(key)).has_value() ? 1 : 0;
    const auto spent = std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
    std::printf("lookup                      %.0f ns (%zu found)\n",
                spent / static_cast<double>(count), found);

    // What two threads on this machine cost each other without a lock between them.
    std::atomic<bool> stop{false};
    auto busy = std::thread([&] {
        const auto end = Clock::now() + std::chrono::seconds(2);
        while (Clock::now() < end) {
        }
        stop = true;
    });
    auto busy_pauses = look_up(store, keys, stop);
    busy.join();
    stop = false;
    double longest_sweep = 0;
    std::size_t ended = 0;
    auto sweeper = std::thread([&] {
        // As many as there are in half an hour, of which a part expires with each.
        for (int i = 0; i < 64; ++i) {
            const auto from = Clock::now();
            ended +=
                store.sweep(kStart + std::chrono::minutes(30) + std::chrono::seconds(i)).size();
            longest_sweep =
                std::max(longest_sweep,
                         std::chrono::duration<double, std::milli>(Clock::now() - from).count());
        }
        stop = true;
    });
    auto beside = look_up(store, keys, stop);
    sweeper.join();
    std::printf("swept                       %zu ended, longest call %.1f ms\n", ended,
                longest_sweep);
    std::printf("beside a busy thread, us    p50 %.2f  p99 %.2f  p99.99 %.2f  max %.1f\n",
                busy_pauses.at(0.5), busy_pauses.at(0.99), busy_pauses.at(0.9999),
                busy_pauses.at(1));
    std::printf("beside the sweeper, us      p50 %.2f  p99 %.2f  p99.99 %.2f  max %.1f\n",
                beside.at(0.5), beside.at(0.99), beside.at(0.9999), beside.at(1));
    return 0;
}
