#include "gateway/redis/subscriber.h"

#include <utility>

#include "gateway/io/completion.h"
#include "gateway/redis/locate.h"
#include "session/redis/command.h"

namespace gateway::redis {
namespace {

using session::redis::format;

constexpr policy::Duration kPause{200};    // Before it connects again.
constexpr policy::Duration kBeat{500};     // Between two pings.
constexpr policy::Duration kSilence{900};  // After which the server is taken for gone.

}  // namespace

Subscriber::Subscriber(boost::asio::io_context& loop, const Dialling& dialling, std::string channel,
                       Calls calls)
    : loop_(loop),
      dialling_(dialling),
      channel_(std::move(channel)),
      calls_(std::move(calls)),
      locate_(locator(loop, dialling)),
      pause_(loop),
      beat_(loop) {}

void Subscriber::start() {
    session::spawn(run());
}

void Subscriber::stop() {
    is_stopped_ = true;
    pause_.cancel();
    beat_.cancel();
    if (wire_) wire_->close("is not used any more");
}

Task<void> Subscriber::run() {
    while (!is_stopped_) {
        const auto wire = std::make_shared<Wire>(loop_, dialling_.tls.get());
        wire_ = wire;
        const auto subscribed = co_await subscribe(wire);
        if (subscribed && !is_stopped_) {
            calls_.changed(true);
            session::spawn(ping(wire));
            co_await listen(wire);
            calls_.changed(false);
        }
        wire->close("is not used any more");
        wire_ = nullptr;
        if (!is_stopped_) co_await pause(kPause, pause_);
    }
}

Task<policy::Result<void>> Subscriber::subscribe(std::shared_ptr<Wire> wire) {
    const auto address = co_await locate_();
    if (!address) co_return tl::unexpected(address.error());
    wire->limit(dialling_.settings.timeout);
    const auto opened = co_await wire->open(*address);
    if (!opened) co_return opened;
    std::vector<std::string> commands{format({"SUBSCRIBE", channel_})};
    co_return co_await greet(*wire, dialling_.settings, role_of(dialling_.settings),
                             std::move(commands));
}

Task<void> Subscriber::listen(std::shared_ptr<Wire> wire) {
    for (;;) {
        wire->limit(kSilence);
        const auto message = co_await wire->read();
        if (!message || message->is_error()) co_return;
        hear(*message);
    }
}

void Subscriber::hear(const Reply& message) {
    const bool is_message = message.is_list_of(3) && message.items[0].text == "message";
    if (!is_message) return;
    if (const auto notice = session::read_notice(message.items[2].text)) calls_.heard(*notice);
}

Task<void> Subscriber::ping(std::shared_ptr<Wire> wire) {
    const auto question = format({"PING"});
    while (!is_stopped_ && wire == wire_) {
        const auto written = co_await wire->write(question);
        if (!written) co_return;
        co_await pause(kBeat, beat_);
    }
}

Task<void> Subscriber::pause(policy::Duration duration, SteadyTimer& timer) {
    timer.expires_after(duration);
    co_await completion([&](auto done) { timer.async_wait(done); });
}

}  // namespace gateway::redis
