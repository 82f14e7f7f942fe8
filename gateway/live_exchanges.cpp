#include "gateway/live_exchanges.h"

#include <utility>

namespace gateway {

LiveExchanges::Entry::Entry(LiveExchanges& all, const session::Locator& at, Cut cut)
    : all_(all), at_(at), cut_(std::move(cut)), next_(all.first_) {
    if (next_) next_->previous_ = this;
    all.first_ = this;
}

LiveExchanges::Entry::~Entry() {
    if (previous_) previous_->next_ = next_;
    if (next_) next_->previous_ = previous_;
    if (all_.first_ == this) all_.first_ = next_;
}

void LiveExchanges::ended(const session::SessionKey& key, policy::Reason reason) {
    bool is_any = false;
    for (auto* each = first_; each; each = each->next_) {
        if (each->at_.key != key) continue;
        each->doom_ = reason;
        is_any = true;
    }
    if (is_any && !grace_.is_armed()) wheel_.arm(grace_, kGrace);
}

// To cut one may end another: the list is begun anew after each.
void LiveExchanges::cut_doomed() {
    for (auto* each = first_; each;) {
        const auto doom = std::exchange(each->doom_, policy::Reason::None);
        if (doom == policy::Reason::None) {
            each = each->next_;
            continue;
        }
        const auto cut = std::exchange(each->cut_, {});
        if (cut) cut(doom);
        each = first_;
    }
}

std::vector<session::Locator> LiveExchanges::sessions() const {
    std::vector<session::Locator> found;
    for (const auto* each = first_; each; each = each->next_) found.push_back(each->at_);
    return found;
}

}  // namespace gateway
