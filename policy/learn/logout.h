#pragma once

// How somebody logs out, and how the backend shows that it has dropped a session by itself.

#include "policy/learn/find_login.h"

namespace policy::learn {

// Sets `logout` and `logout_answers` of `login`, and says why.
void find_logout(const Recording& recording, const LoginPair& pair, LearnedLogin& login);

// Sets `lost` of `login` when the recording shows how strangers are answered where users were not.
void find_lost(const Recording& recording, LearnedLogin& login);

}  // namespace policy::learn
