#include "policy/http/json_scanner.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

#include "policy/http/media_type.h"

namespace policy {

namespace {

using Json = nlohmann::json;
using State = FormField::State;
using Container = JsonSearch::Container;

// Hears what nlohmann's reader sees, and tells each search. To return false ends the reading.
class Listener {
public:
    Listener(std::vector<JsonSearch>& searches, JsonAuthor author)
        : searches_(searches), author_(author) {}

    bool null() { return see({of_client() ? State::Malformed : State::Absent, {}}); }
    bool boolean(bool value) { return see(text(value ? "true" : "false")); }
    bool string(std::string& value) { return see(text(std::move(value))); }
    bool binary(Json::binary_t& /*not in JSON*/) { return false; }

    bool number_unsigned(std::uint64_t value) {
        return number(std::to_string(value), value <= kMostExact);
    }
    bool number_integer(std::int64_t value) {  // Only what has a minus sign.
        if (value == 0) return number("-0", false);
        return number(std::to_string(value), value >= -std::int64_t{kMostExact});
    }
    bool number_float(double /*rounded*/, const std::string& spelled) {
        return number(spelled, false);
    }

    bool start_object(std::size_t /*unknown*/) { return open(Container::Object); }
    bool start_array(std::size_t /*unknown*/) { return open(Container::Array); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(const std::string& name) {
        for (auto& search : searches_) search.enter(levels_.size(), name);
        return true;
    }

    template <class Exception>
    bool parse_error(std::size_t /*at*/, const std::string& /*token*/, const Exception& /*why*/) {
        return false;
    }

private:
    static constexpr auto kMostExact = std::uint64_t{1} << 53;  // Of whole numbers in a double.

    struct Level {
        Container container;
        std::size_t next = 0;  // Index, in an array.
    };

    [[nodiscard]] bool of_client() const { return author_ == JsonAuthor::Client; }

    static FormField text(std::string value) {
        if (value.size() > FormScanner::kMaxValue) return {State::TooLong, {}};
        if (value.find('\0') != std::string::npos) return {State::Malformed, {}};
        return {State::Present, std::move(value)};
    }

    bool number(std::string spelled, bool has_one_reading) {
        if (of_client() && !has_one_reading) return see({State::Malformed, {}});
        return see(text(std::move(spelled)));
    }

    bool see(const FormField& scalar) {
        enter_element();
        for (auto& search : searches_) search.see(levels_.size(), scalar);
        return true;
    }

    bool open(Container container) {
        enter_element();
        for (auto& search : searches_) search.see(levels_.size(), container);
        levels_.push_back({container});
        return levels_.size() <= JsonScanner::kMaxDepth;
    }

    bool close() {
        levels_.pop_back();
        return true;
    }

    void enter_element() {
        if (!levels_.empty() && levels_.back().container == Container::Array)
            key(std::to_string(levels_.back().next++));
    }

    std::vector<JsonSearch>& searches_;
    JsonAuthor author_;
    std::vector<Level> levels_;
};

// nlohmann's reader skips a BOM, and takes a NUL for the end.
bool is_plain(std::string_view body) {
    return !body.starts_with("\xef\xbb\xbf") && body.find('\0') == std::string_view::npos;
}

}  // namespace

JsonScanner::JsonScanner(std::vector<std::string> wanted, JsonAuthor author)
    : wanted_(std::move(wanted)), found_(wanted_.size()), author_(author) {}

void JsonScanner::feed(std::string_view bytes) {
    body_ += bytes.substr(0, kMaxBody + 1 - body_.size());
}

void JsonScanner::finish() {
    if (finished_) return;
    finished_ = true;
    const auto body = std::exchange(body_, {});
    const auto state = body.size() > kMaxBody ? State::TooLong : State::Malformed;
    std::fill(found_.begin(), found_.end(), JsonFinding{{state, {}}, {}});
    if (body.size() > kMaxBody || !is_plain(body)) return;

    std::vector<JsonSearch> searches;
    for (const auto& pointer : wanted_) searches.emplace_back(pointer, author_);
    Listener listener(searches, author_);
    sound_ = Json::sax_parse(body, &listener);
    if (!sound_) return;
    std::transform(searches.begin(), searches.end(), found_.begin(),
                   [](JsonSearch& search) { return std::move(search).finding(); });
}

const FormField& JsonScanner::field(std::string_view pointer) const {
    return finding(pointer).field;
}

const std::vector<std::string>& JsonScanner::texts(std::string_view pointer) const {
    return finding(pointer).texts;
}

const JsonFinding& JsonScanner::finding(std::string_view pointer) const {
    const auto found = std::find(wanted_.begin(), wanted_.end(), pointer);
    assert(found != wanted_.end());
    return found_[static_cast<std::size_t>(found - wanted_.begin())];
}

bool is_json(std::string_view content_type) {
    const auto type = parse_media_type(content_type);
    if (!type || !type->is_utf8()) return false;
    return type->name == "application/json" || type->name.ends_with("+json");
}

}  // namespace policy
