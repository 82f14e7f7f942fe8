#pragma once

// Input: what was read from a peer and not yet used, in one slab. Bytes are used from the front;
// views into it stay valid while bytes are only added.

#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "gateway/io/slab.h"

namespace gateway {

class Input {
public:
    explicit Input(SlabPool& pool) : pool_(pool) {}
    ~Input() { pool_.give_back(std::move(slab_)); }
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

    [[nodiscard]] std::size_t position() const { return begin_; }

    // Gives the slab back when nothing is unread.
    void rest() {
        if (begin_ != end_) return;
        begin_ = end_ = 0;
        pool_.give_back(std::move(slab_));
    }

private:
    SlabPool& pool_;
    std::unique_ptr<Slab> slab_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace gateway
