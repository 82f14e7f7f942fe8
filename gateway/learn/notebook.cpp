#include "gateway/learn/notebook.h"

#include <algorithm>

#include "policy/learn/fields.h"
#include "policy/learn/find_login.h"
#include "policy/learn/recording_text.h"

namespace gateway::learn {

using policy::learn::Exchange;
using policy::learn::Step;

namespace {

constexpr std::size_t kMostBytes = std::size_t{64} * 1024 * 1024;

std::string counted(std::size_t count, const char* noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace

void Notebook::add(Exchange exchange) {
    const auto bytes = exchange.request.body.text.size() + exchange.response.body.text.size();
    if (recording_.exchanges.size() == policy::learn::kMostExchanges ||
        bytes_ + bytes > kMostBytes) {
        ++left_out_;
        return;
    }
    bytes_ += bytes;
    recording_.exchanges.push_back(std::move(exchange));
}

std::string Notebook::summary(Step step) const {
    std::size_t requests = 0;
    std::size_t posts = 0;
    for (const auto& exchange : recording_.exchanges) {
        if (exchange.step != step) continue;
        ++requests;
        if (exchange.request.method == "POST") ++posts;
    }
    return counted(requests, "request") + ", " + counted(posts, "POST");
}

bool Notebook::is_useful(Step step) const {
    const auto& all = recording_.exchanges;
    const bool wants_login = step == Step::Fail || step == Step::Login;
    return std::any_of(all.begin(), all.end(), [&](const Exchange& exchange) {
        if (exchange.step != step) return false;
        return !wants_login ||
               !policy::learn::places_of_user(exchange.request, recording_.user).empty();
    });
}

policy::learn::Recording Notebook::take() {
    std::stable_sort(
        recording_.exchanges.begin(), recording_.exchanges.end(),
        [](const Exchange& left, const Exchange& right) { return left.step < right.step; });
    return std::move(recording_);
}

}  // namespace gateway::learn
