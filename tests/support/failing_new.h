#pragma once

// Memory that runs out at a chosen point, for the threads that ask for it; gateway_test only.

namespace support {

// Allocations of the calling thread count from here on.
void let_this_thread_run_out_of_memory();

// The `nth` allocation from here on fails, once.
void fail_allocation(int nth);

// True when it has come to that; no allocation fails from here on.
bool stop_failing();

}  // namespace support
