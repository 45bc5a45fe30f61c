#ifdef __linux__
#include "tests/core/events/recording_kill.h"

#include <random>

#include "tests/core/events/recording_fixture.h"

namespace belljar {
namespace {

TEST_F(RecordingTest, KilledAtAnyMomentItHasAllThatWasShown)
{
    std::mt19937 random(11);
    std::uint64_t recovered = 0;
    for (std::uint32_t round = 0; round < 20; ++round) {
        const KillResult result =
            killWhileRecording(path(std::to_string(round)), static_cast<std::uint32_t>(random() % 40'000), round);
        ASSERT_EQ(result.wrong, "") << "round " << round;
        EXPECT_GE(result.recovered, result.shown);
        // How long a batch takes is the bench's question; here, that no more than the last batch is missing.
        EXPECT_LE(result.made - result.recovered, 20'000U);
        recovered += result.recovered;
    }
    EXPECT_GT(recovered, 1000U) << "nothing was recorded at all";
}

}  // namespace
}  // namespace belljar
#endif
