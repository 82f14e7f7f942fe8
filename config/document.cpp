#include "config/document.h"

#include <set>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "config/source_text.h"

namespace config {

namespace {

constexpr std::size_t kDeepest = 16;

// yaml-cpp 0.7 reads a quoted text that is never closed up to the end of the file and says
// nothing. This line is a comment to YAML unless a quotation mark is open in front of it.
constexpr std::string_view kEndOfPolicy = "#<end of the policy>";

Mark mark_of(const YAML::Mark& mark) {
    return {mark.line + 1, mark.column + 1};
}

Node node_at(Node::Kind kind, const YAML::Mark& mark) {
    Node node;
    node.kind = kind;
    node.mark = mark_of(mark);
    return node;
}

class TreeBuilder final : public YAML::EventHandler {
public:
    explicit TreeBuilder(Report& report) : report_(report) {}

    // Nothing when an open quote swallowed the end of the text.
    [[nodiscard]] std::optional<Node> take() {
        if (is_swallowed_) return std::nullopt;
        return std::move(root_);
    }

    // What the library cannot read behind an open quote is not worth telling.
    void stopped(const YAML::Exception& error) {
        if (is_swallowed_) return;
        report_.add(mark_of(error.mark), "this is not valid YAML: " + error.msg);
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ == 2) {
            report_.add(mark_of(mark), "a second document begins here; a policy has one");
        }
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        accept(node_at(Node::Kind::Nothing, mark));
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        report_.add(mark_of(mark), "an alias (`*`) stands here; write the value itself");
        accept(node_at(Node::Kind::Refused, mark));
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        auto node = node_at(Node::Kind::Text, mark);
        node.text = value;
        node.is_quoted = tag == "!";
        if (value.find(kEndOfPolicy) != std::string::npos) swallowed(node.mark);
        accept(std::move(node));
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Node::Kind::List, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Node::Kind::Map, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        Node node;
        bool awaits_value = false;  // Maps only: the key has been read.
        std::optional<Node> key;    // Nothing when the key was refused: its value is dropped.
        std::set<std::string> keys;
    };

    void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
              YAML::anchor_t anchor) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (frames_.size() == kDeepest) {
            report_.add(mark_of(mark), "the nesting is deeper than any policy needs");
        }
        frames_.push_back({node_at(kind, mark), false, std::nullopt, {}});
    }

    void close() {
        Node node = std::move(frames_.back().node);
        frames_.pop_back();
        accept(std::move(node));
    }

    void accept(Node node) {
        if (documents_ > 1) return;
        if (frames_.empty()) {
            root_ = std::move(node);
        } else if (frames_.back().node.kind == Node::Kind::List) {
            frames_.back().node.children.push_back(std::move(node));
        } else if (frames_.back().awaits_value) {
            accept_value(frames_.back(), std::move(node));
        } else {
            accept_key(frames_.back(), std::move(node));
        }
    }

    void accept_key(Frame& frame, Node key) {
        frame.awaits_value = true;
        frame.key.reset();
        if (key.kind != Node::Kind::Text) {
            if (key.kind != Node::Kind::Refused)
                report_.add(key.mark, "a key must be a plain word");
        } else if (!frame.keys.insert(key.text).second) {
            report_.add(key.mark, "the key " + in_quotes(key.text) + " stands here a second time");
        } else {
            frame.key = std::move(key);
        }
    }

    static void accept_value(Frame& frame, Node value) {
        frame.awaits_value = false;
        if (!frame.key) return;
        value.key = std::move(frame.key->text);
        value.key_mark = frame.key->mark;
        frame.node.children.push_back(std::move(value));
    }

    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor == 0) return;
        report_.add(mark_of(mark), "an anchor (`&`) stands here; a policy has none");
    }

    // yaml-cpp gives `?` to what has no tag and `!` to what is quoted.
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        report_.add(mark_of(mark), "a tag (`!`) stands here; a policy has none");
    }

    void swallowed(Mark mark) {
        is_swallowed_ = true;
        report_.add(mark, "a quotation mark opens here and is never closed");
    }

    Report& report_;
    std::vector<Frame> frames_;
    Node root_;
    int documents_ = 0;
    bool is_swallowed_ = false;
};

}  // namespace

std::optional<Node> parse_document(const std::string& text, Report& report) {
    if (!check_source_text(text, report)) return std::nullopt;
    std::istringstream input(text + "\n" + std::string(kEndOfPolicy) + "\n");
    TreeBuilder builder(report);
    try {
        YAML::Parser parser(input);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        builder.stopped(error);
        return std::nullopt;
    }
    return builder.take();
}

}  // namespace config
