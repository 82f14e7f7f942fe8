#pragma once

// The conversation with the person at the terminal: what to do next, what was seen meanwhile.

#include "gateway/learn/console.h"
#include "gateway/learn/notebook.h"

namespace gateway::learn {

// Leads through all steps; `url` is where the browser goes. Ends early when the input does. A step
// that shows nothing useful can be done again or passed over. True when a user name was given.
[[nodiscard]] boost::asio::awaitable<bool> lead_through(Console& console, Notebook& notebook,
                                                        std::string url);

}  // namespace gateway::learn
