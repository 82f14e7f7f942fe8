#include "policy/learn/recording_text.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include "policy/base/text.h"
#include "policy/learn/json.h"

namespace policy::learn {
namespace {

constexpr std::size_t kMostComplaints = 20;

// Reads one line; the first thing that is wrong ends up in `wrong`.
class LineReader {
public:
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

    void complain(std::string sentence) {
        if (wrong_.empty()) wrong_ = std::move(sentence);
    }

    void only_keys(const Json& json, std::string_view what,
                   std::initializer_list<std::string_view> known) {
        for (const auto& child : json.children) {
            if (std::find(known.begin(), known.end(), child.key) == known.end())
                complain(std::string(what) + " has the unknown key " + json_string(child.key));
        }
    }

    const Json* member(const Json& json, std::string_view key, Json::Kind kind) {
        const auto* found = json.find(key);
        if (found && found->kind == kind) return found;
        complain("`" + std::string(key) + "` " + (found ? "must be " : "is missing; it must be ") +
                 std::string(word_for(kind)));
        return nullptr;
    }

    std::string text(const Json& json, std::string_view key) {
        const auto* found = member(json, key, Json::Kind::Text);
        return found ? found->text : std::string();
    }

    std::string text_or_nothing(const Json& json, std::string_view key) {
        return json.find(key) ? text(json, key) : std::string();
    }

    bool flag(const Json& json, std::string_view key) {
        if (!json.find(key)) return false;
        const auto* found = member(json, key, Json::Kind::Boolean);
        return found && found->text == "true";
    }

private:
    static std::string_view word_for(Json::Kind kind) {
        switch (kind) {
            case Json::Kind::Text:
                return "a text";
            case Json::Kind::Number:
                return "a number";
            case Json::Kind::List:
                return "a list";
            case Json::Kind::Object:
                return "an object";
            case Json::Kind::Boolean:
                return "true or false";
            case Json::Kind::Null:
                break;
        }
        return "null";
    }

    std::string wrong_;
};

std::vector<NameValue> read_headers(LineReader& line, const Json& message) {
    std::vector<NameValue> headers;
    const auto* list = line.member(message, "headers", Json::Kind::List);
    if (!list) return headers;
    for (const auto& pair : list->children) {
        const bool is_pair = pair.kind == Json::Kind::List && pair.children.size() == 2 &&
                             pair.children[0].kind == Json::Kind::Text &&
                             pair.children[1].kind == Json::Kind::Text;
        if (is_pair && is_token(pair.children[0].text)) {
            headers.push_back({pair.children[0].text, pair.children[1].text});
        } else {
            line.complain("each of `headers` must be a pair of texts, as in [\"Name\", \"value\"]");
        }
    }
    return headers;
}

Body read_body(LineReader& line, const Json& message) {
    Body body;
    body.text = line.text_or_nothing(message, "body");
    body.truncated = line.flag(message, "body_truncated");
    body.omitted = line.flag(message, "body_omitted");
    if (body.text.size() > kLongestBody) line.complain("`body` is longer than 256 KiB");
    if (body.omitted && !body.text.empty()) line.complain("`body` is there and omitted");
    return body;
}

RecordedRequest read_request(LineReader& line, const Json& json) {
    line.only_keys(json, "`request`",
                   {"method", "target", "headers", "body", "body_truncated", "body_omitted"});
    RecordedRequest request;
    request.method = line.text(json, "method");
    request.target = line.text(json, "target");
    request.headers = read_headers(line, json);
    request.body = read_body(line, json);
    if (!is_token(request.method)) line.complain("`method` must be a word, as in `POST`");
    if (!request.target.starts_with('/')) line.complain("`target` must begin with `/`");
    return request;
}

RecordedResponse read_response(LineReader& line, const Json& json) {
    line.only_keys(json, "`response`",
                   {"status", "headers", "body", "body_truncated", "body_omitted"});
    RecordedResponse response;
    const auto* status = line.member(json, "status", Json::Kind::Number);
    const auto code = status ? parse_decimal(status->text).value_or(0) : 0;
    if (code < 100 || code > 599) line.complain("`status` must be a number from 100 to 599");
    response.status = static_cast<int>(std::min<std::uint64_t>(code, 599));
    response.headers = read_headers(line, json);
    response.body = read_body(line, json);
    return response;
}

void read_step(LineReader& line, const Json& json, Exchange& exchange) {
    const auto word = line.text(json, "step");
    const auto found = std::find(kStepNames.begin(), kStepNames.end(), word);
    if (found == kStepNames.end())
        return line.complain("`step` must be visit, fail, login, page or logout");
    exchange.step = static_cast<Step>(found - kStepNames.begin());
}

Exchange read_exchange(LineReader& line, const Json& json) {
    Exchange exchange;
    line.only_keys(json, "the line", {"step", "request", "response"});
    read_step(line, json, exchange);
    if (const auto* request = line.member(json, "request", Json::Kind::Object))
        exchange.request = read_request(line, *request);
    if (const auto* response = line.member(json, "response", Json::Kind::Object))
        exchange.response = read_response(line, *response);
    return exchange;
}

void read_header(LineReader& line, const Json& json, Recording& recording) {
    if (json.find("step")) return line.complain("the header is missing in front of this exchange");
    const auto* version = json.find("sallyport_recording");
    if (!version) return line.complain("is not the header of a recording");
    if (version->text != "1" || version->kind != Json::Kind::Number)
        return line.complain("is of another version; this Sallyport reads version 1");
    line.only_keys(json, "the header", {"sallyport_recording", "user", "host"});
    recording.user = line.text(json, "user");
    recording.host = line.text_or_nothing(json, "host");
    if (recording.user.empty()) line.complain("`user` must be the name that logs in");
}

void read_line(LineReader& line, std::string_view text, bool is_first, Recording& recording) {
    const auto json = parse_json(text);
    if (!json) return line.complain(json.error());
    if (json->kind != Json::Kind::Object) return line.complain("must be a JSON object");
    if (is_first) return read_header(line, *json, recording);
    if (json->find("sallyport_recording"))
        return line.complain("a second header: one file holds one recording of one user");
    if (recording.exchanges.size() == kMostExchanges)
        return line.complain("there are more than 5000 exchanges");
    auto exchange = read_exchange(line, *json);
    const bool is_backwards =
        !recording.exchanges.empty() && exchange.step < recording.exchanges.back().step;
    if (is_backwards)
        line.complain("the steps are out of order: `" + std::string(name(exchange.step)) +
                      "` comes earlier");
    recording.exchanges.push_back(std::move(exchange));
}

void append_message(std::string& to, const std::vector<NameValue>& headers, const Body& body) {
    to += ",\"headers\":[";
    for (std::size_t i = 0; i < headers.size(); ++i) {
        if (i > 0) to += ',';
        to += "[" + json_string(headers[i].name) + "," + json_string(headers[i].value) + "]";
    }
    to += "]";
    if (!body.text.empty()) to += ",\"body\":" + json_string(body.text);
    if (body.truncated) to += ",\"body_truncated\":true";
    if (body.omitted) to += ",\"body_omitted\":true";
    to += "}";
}

}  // namespace

tl::expected<Recording, std::vector<RecordingComplaint>> read_recording(std::string_view text) {
    Recording recording;
    std::vector<RecordingComplaint> complaints;
    int number = 0;
    while (!text.empty() && complaints.size() < kMostComplaints) {
        LineReader line;
        const auto end = text.find('\n');
        read_line(line, text.substr(0, end), ++number == 1, recording);
        if (!line.wrong().empty()) complaints.push_back({number, line.wrong()});
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    if (number == 0) complaints.push_back({1, "the recording is empty"});
    if (!complaints.empty()) return tl::unexpected(std::move(complaints));
    return recording;
}

std::string write_recording(const Recording& recording) {
    std::string text = "{\"sallyport_recording\":1,\"user\":" + json_string(recording.user) +
                       ",\"host\":" + json_string(recording.host) + "}\n";
    for (const auto& [step, request, response] : recording.exchanges) {
        text += "{\"step\":" + json_string(name(step)) + ",\"request\":{\"method\":";
        text += json_string(request.method) + ",\"target\":" + json_string(request.target);
        append_message(text, request.headers, request.body);
        text += ",\"response\":{\"status\":" + std::to_string(response.status);
        append_message(text, response.headers, response.body);
        text += "}\n";
    }
    return text;
}

}  // namespace policy::learn
