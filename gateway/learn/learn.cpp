#include "gateway/learn/learn.h"

#include <csignal>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>

#include "gateway/learn/addresses.h"
#include "gateway/learn/console.h"
#include "gateway/learn/dialogue.h"
#include "gateway/learn/files.h"
#include "gateway/learn/proxy.h"
#include "policy/learn/analyse.h"
#include "policy/learn/policy_text.h"
#include "policy/learn/recording_text.h"
#include "policy/learn/redact.h"
#include "policy/learn/self_check.h"

namespace gateway::learn {

namespace asio = boost::asio;
using policy::learn::Recording;

namespace {

void complain(const std::string& sentence) {
    std::cerr << "sallyport learn: " << sentence << '\n';
}

// Created before anything is asked of the person, so that it does not fail at the end.
class Outputs {
public:
    [[nodiscard]] bool open(const Options& options) {
        return open(options.record, record_) && open(options.output, output_);
    }

    [[nodiscard]] bool write_recording(const Recording& recording) const {
        return !record_ || record_->write(policy::learn::write_recording(recording));
    }

    [[nodiscard]] bool write_policy(const std::string& text) const {
        if (output_) return output_->write(text);
        std::cout << text << std::flush;
        return std::cout.good();
    }

private:
    static bool open(const std::string& name, std::optional<NewFile>& into) {
        if (name.empty()) return true;
        auto created = NewFile::create(name);
        if (!created) {
            complain(name + " " + created.error());
            return false;
        }
        into.emplace(std::move(*created));
        return true;
    }

    std::optional<NewFile> record_;
    std::optional<NewFile> output_;
};

policy::learn::PolicyPlaces places_for(const Options& options, const Recording& recording) {
    policy::learn::PolicyPlaces places;
    if (!options.backend.empty()) places.backend = options.backend;
    if (places.backend.ends_with('/')) places.backend.pop_back();
    places.host = options.host.empty() ? recording.host : options.host;
    places.insecure_plaintext = options.insecure_plaintext;
    return places;
}

End show(const Recording& recording, const Options& options, const Outputs& outputs) {
    const auto learned = policy::learn::analyse(recording);
    const bool tells = learned.login && learned.login->tells_success();
    const auto doubts =
        tells ? policy::learn::self_check(*learned.login, recording) : policy::learn::Remarks();
    for (const auto& doubt : doubts) complain("look at this: " + doubt);
    for (const auto& sentence : learned.missing) complain(sentence);
    const auto text = policy::learn::policy_text(learned, places_for(options, recording), doubts);
    if (!outputs.write_policy(text)) {
        complain("the policy could not be written");
        return End::CannotRun;
    }
    return tells ? End::Learned : End::NothingLearned;
}

std::string url_of(const asio::ip::tcp::endpoint& endpoint) {
    const auto address = endpoint.address().to_string();
    const auto host = endpoint.address().is_v6() ? "[" + address + "]" : address;
    return "http://" + host + ":" + std::to_string(endpoint.port()) + "/";
}

asio::awaitable<void> lead(asio::io_context& io, Console& console, Notebook& notebook,
                           std::string url, bool& has_name) {
    has_name = co_await lead_through(console, notebook, std::move(url));
    io.stop();
}

struct Ends {
    asio::ip::tcp::endpoint listen;
    asio::ip::tcp::endpoint backend;
};

// Nothing when it could not begin.
std::optional<Recording> record_live(const Options& options, const Ends& ends) {
    Notebook notebook(options.host);
    asio::io_context io(1);
    Proxy proxy(io, ends.backend, {backend_authority(options.backend), options.host}, notebook);
    const auto where = proxy.start(ends.listen);
    if (!where) {
        complain(options.listen + ": " + where.error());
        return std::nullopt;
    }
    Console console(io);
    asio::signal_set signals(io, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& error, int) {
        if (error) return;
        Console::say("\nStopped.\n");
        console.close();
    });
    bool has_name = false;
    asio::co_spawn(io, lead(io, console, notebook, url_of(*where), has_name), asio::detached);
    io.run();
    if (notebook.left_out() > 0)
        complain(std::to_string(notebook.left_out()) + " requests were too many to be recorded");
    return notebook.take();
}

std::optional<Ends> ends_of(const Options& options) {
    const auto reach = options.insecure_plaintext.empty() ? Reach::LoopbackOnly : Reach::Anywhere;
    const auto listen = listen_address(options.listen, reach);
    const auto backend = backend_address(options.backend, reach);
    if (!listen) complain(listen.error());
    if (!backend) complain(backend.error());
    if (!listen || !backend) return std::nullopt;
    return Ends{*listen, *backend};
}

End learn_live(const Options& options) {
    const auto ends = ends_of(options);
    if (!ends) return End::WrongOptions;
    Outputs outputs;
    if (!outputs.open(options)) return End::CannotRun;
    auto recorded = record_live(options, *ends);
    if (!recorded) return End::CannotRun;
    if (recorded->user.empty()) {
        complain("no user name was given, so nothing was recorded");
        return End::NothingLearned;
    }
    const auto recording = policy::learn::redact(std::move(*recorded));
    if (!outputs.write_recording(recording)) {
        complain(options.record + " could not be written");
        return End::CannotRun;
    }
    if (!options.record.empty())
        complain("the recording is in " + options.record +
                 ", without passwords and ids; read it before you pass it on");
    return show(recording, options, outputs);
}

End learn_from_file(const Options& options) {
    const auto text = read_file(options.from);
    if (!text) {
        complain(options.from + " " + text.error());
        return End::CannotRun;
    }
    auto recording = policy::learn::read_recording(*text);
    if (!recording) {
        for (const auto& [line, sentence] : recording.error())
            std::cerr << options.from << ':' << line << ": " << sentence << '\n';
        return End::NothingLearned;
    }
    Outputs outputs;
    if (!outputs.open(options)) return End::CannotRun;
    return show(policy::learn::redact(std::move(*recording)), options, outputs);
}

}  // namespace

End learn(const Options& options) {
    return options.from.empty() ? learn_live(options) : learn_from_file(options);
}

}  // namespace gateway::learn
