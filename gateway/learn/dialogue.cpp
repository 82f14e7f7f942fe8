#include "gateway/learn/dialogue.h"

#include <array>
#include <chrono>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "policy/base/text.h"

namespace gateway::learn {

namespace asio = boost::asio;
using policy::learn::Step;

namespace {

struct Task {
    Step step;
    std::string_view todo;
    std::string_view useless;  // When the step shows nothing.
};

constexpr std::array<Task, 5> kTasks{{
    {Step::Visit, "Open the start page and the page with the login form. Do not log in yet.",
     "Nothing came from the browser."},
    {Step::Fail, "Log in with that user name and a WRONG password.",
     "No request carried the user name: not in a form, not in JSON, not as Basic credentials."},
    {Step::Login, "Log in properly.",
     "No request carried the user name: not in a form, not in JSON, not as Basic credentials."},
    {Step::Page, "Look at a page or two.", "Nothing came from the browser."},
    {Step::Logout, "Log out. If there is no logout, go on without it.",
     "Nothing came from the browser."},
}};

std::string introduction(const std::string& url) {
    return "Go to " + url +
           " with a browser that holds no cookies of this address (a private\n"
           "window). What you do there is recorded, step by step. Passwords are not kept, and\n"
           "neither are ids: `redacted` and c1, c2, ... stand in their place.\n"
           "Ctrl-C ends it; what was seen until then is looked at all the same.\n\n";
}

asio::awaitable<bool> ask_name(Console& console, Notebook& notebook) {
    for (;;) {
        Console::say("The user name you will log in with: ");
        const auto line = co_await console.read_line();
        if (!line) co_return false;
        const std::string name(policy::trim(*line));
        if (!name.empty() && policy::is_valid_utf8(name)) {
            notebook.set_user(name);
            co_return true;
        }
    }
}

std::string instruction(const Task& task) {
    const auto number = static_cast<std::size_t>(task.step) + 1;
    return "\n" + std::to_string(number) + " " + std::string(policy::learn::name(task.step)) +
           ": " + std::string(task.todo) + "\n   Then press Enter. ";
}

// Waits for answers that are on their way, but not for those that may never end.
asio::awaitable<void> settle(const Notebook& notebook) {
    constexpr auto kPause = std::chrono::milliseconds(10);
    asio::steady_timer pause(co_await asio::this_coro::executor);
    for (int turns = 300; turns > 0 && notebook.has_pending(); --turns) {
        pause.expires_after(kPause);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

// False at the end of input.
asio::awaitable<bool> lead_through(const Task& task, Console& console, Notebook& notebook) {
    notebook.turn_to(task.step);
    Console::say(instruction(task));
    for (;;) {
        const auto line = co_await console.read_line();
        if (!line) co_return false;
        co_await settle(notebook);
        Console::say("   " + notebook.summary(task.step) + "\n");
        if (notebook.is_useful(task.step) || policy::trim(*line) == "s") co_return true;
        Console::say("   " + std::string(task.useless) +
                     "\n   Do it again and press Enter, or type s and Enter to go on without it. ");
    }
}

}  // namespace

asio::awaitable<bool> lead_through(Console& console, Notebook& notebook, std::string url) {
    Console::say(introduction(url));
    if (!co_await ask_name(console, notebook)) co_return false;
    for (const auto& task : kTasks) {
        if (!co_await lead_through(task, console, notebook)) break;
    }
    co_return true;
}

}  // namespace gateway::learn
