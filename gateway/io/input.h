#pragma once

// Input: what was read from a peer and not yet used, in one slab; two when a head fills the first.
// Bytes are used from the front; views into it stay valid while bytes are only added.

#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "gateway/io/slab.h"

namespace gateway {

class Input {
public:
    explicit Input(SlabPool& pool) : pool_(pool) {}
    ~Input() {
        forget_head();
        pool_.give_back(std::move(slab_));
    }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    [[nodiscard]] std::string_view unread() const {
        return slab_ ? std::string_view(slab_->bytes.data() + begin_, end_ - begin_)
                     : std::string_view{};
    }

    // Where the next bytes can be read to; empty when the slab is full.
    [[nodiscard]] std::span<char> space() {
        if (!slab_) slab_ = pool_.take();
        return {slab_->bytes.data() + end_, Slab::kBytes - end_};
    }

    void added(std::size_t bytes) { end_ += bytes; }
    void use(std::size_t bytes) { begin_ += bytes; }

    // Makes everything behind `keep` free again, once nobody holds a view into it: bytes before
    // `keep` (a head, say) stay where they are.
    void compact(std::size_t keep) {
        if (begin_ == keep) return;
        const auto rest = unread();
        std::memmove(slab_->bytes.data() + keep, rest.data(), rest.size());
        begin_ = keep;
        end_ = keep + rest.size();
    }

    // Like compact(), but what is unread moves to a slab of its own when too little room is left
    // behind `keep`: a body must not come in crumbs because its head is large. Returns what to
    // keep from then on.
    [[nodiscard]] std::size_t make_room(std::size_t keep) {
        if (Slab::kBytes - keep >= kLeastRoom) {
            compact(keep);
            return keep;
        }
        auto next = pool_.take();
        const auto rest = unread();
        std::memcpy(next->bytes.data(), rest.data(), rest.size());
        begin_ = 0;
        end_ = rest.size();
        head_ = std::exchange(slab_, std::move(next));
        return 0;
    }

    // Nobody holds a view into what make_room() kept.
    void forget_head() { pool_.give_back(std::move(head_)); }

    [[nodiscard]] std::size_t position() const { return begin_; }

    // Gives the slab back when nothing is unread.
    void rest() {
        if (begin_ != end_) return;
        begin_ = end_ = 0;
        pool_.give_back(std::move(slab_));
    }

private:
    static constexpr std::size_t kLeastRoom = std::size_t{8} * 1024;

    SlabPool& pool_;
    std::unique_ptr<Slab> head_;  // Full of what make_room() kept.
    std::unique_ptr<Slab> slab_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace gateway
