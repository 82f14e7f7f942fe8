// What every store must do, done by the store that the policy file names.

#include "tests/session/store_contract.h"
#include "tests/stores/gateway.h"

namespace contract {
namespace {

struct NamedStoreUnderTest {
    template <class T>
    T run(session::Task<T> task) {
        return gateway.run(std::move(task));
    }
    stores::Gateway gateway{stores::policy_of_this_test()};
    session::Store& store = gateway.store();
};

INSTANTIATE_TYPED_TEST_SUITE_P(Named, StoreContract, NamedStoreUnderTest);

}  // namespace
}  // namespace contract
