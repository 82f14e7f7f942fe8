#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/support/failing_new.h"

namespace {

std::atomic<int> left{0};  // Allocations until one fails; 0: none will.
std::atomic<bool> failed{false};
thread_local bool counts = false;

void* allocate(std::size_t size) {
    if (counts && left.load() > 0 && left.fetch_sub(1) == 1) {
        failed = true;
        throw std::bad_alloc();
    }
    if (void* memory = std::malloc(size ? size : 1)) return memory;
    throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
    return allocate(size);
}
void* operator new[](std::size_t size) {
    return allocate(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return std::malloc(size ? size : 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return std::malloc(size ? size : 1);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace support {

void let_this_thread_run_out_of_memory() {
    counts = true;
}

void fail_allocation(int nth) {
    failed = false;
    left = nth;
}

bool stop_failing() {
    left = 0;
    return failed;
}

}  // namespace support
