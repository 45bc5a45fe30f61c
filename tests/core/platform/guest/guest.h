// The guest of kernel_guest_test: one program that is the guest's process 1, the sandbox's process 1 and the sandboxee.
#pragma once

#include <atomic>
#include <cstdint>

namespace guest {

/// The sandboxee: does what is to be seen.
int doOperations();

/// The sandboxee of a session: tries what each line of its input names, and tells the errno.
int answerQuestions();

/// Sessions with and without a guard, and what changes of their policy refuse.
void changeSessions();

/// Shared by the one who changes a rule and the one who runs into it.
struct RulePage {
    std::atomic<std::uint32_t> wanted{0};  ///< Odd: refused.
    std::atomic<std::int64_t> seenNs{0};   ///< When the spinning open first went the new way; 0: not yet.
    std::atomic<bool> over{false};
};

/// Opens the file over and over, and says when the result changes.
void spinOnOpen(RulePage& page);

}  // namespace guest
