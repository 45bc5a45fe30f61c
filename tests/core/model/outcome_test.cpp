#include "core/model/outcome.h"

#include <gtest/gtest.h>

namespace belljar {
namespace {

Outcome of(Ending ending)
{
    Outcome outcome;
    outcome.ending = std::move(ending);
    outcome.duration = std::chrono::milliseconds(1500);
    return outcome;
}

Error execError(const char* native)
{
    return {ErrorCode::backendError, "no", "exec", native, {}};
}

TEST(ExitStatus, IsWhatAShellUserExpects)
{
    EXPECT_EQ(exitStatus(of(Exited{7})), 7);
    EXPECT_EQ(exitStatus(of(Signaled{11})), 139);
    EXPECT_EQ(exitStatus(of(TimedOut{})), 124);
    EXPECT_EQ(exitStatus(of(Killed{"by the user"})), 137);
    EXPECT_EQ(exitStatus(of(LimitReached{"memoryMb", "640 MB"})), 137);
    EXPECT_EQ(exitStatus(of(SetupFailed{{ErrorCode::backendUnavailable, "no", {}, {}, {}}})), 125);
    EXPECT_EQ(exitStatus(of(SetupFailed{execError("ENOENT: No such file or directory")})), 127);
    EXPECT_EQ(exitStatus(of(SetupFailed{execError("EACCES: Permission denied")})), 126);
}

TEST(DescribeOutcome, IsOneSentence)
{
    EXPECT_EQ(describe(of(Exited{0})), "exited with code 0 after 1.50 s");
    EXPECT_EQ(describe(of(Signaled{9})), "ended by signal 9 after 1.50 s");
    EXPECT_EQ(describe(of(TimedOut{std::chrono::milliseconds(200)})), "stopped by its time limit of 200 ms");
    EXPECT_EQ(describe(of(LimitReached{"cpuSeconds", {}})), "stopped: limit cpuSeconds reached after 1.50 s");
    EXPECT_EQ(describe(of(LimitReached{"memoryMb", "640 MB"})),
              "ended because it used more than 640 MB (the limit memoryMb; raise it with "
              "experimental.belljar.limits.memoryMb) after 1.50 s");
    Outcome noted = of(Exited{1});
    noted.note = "memory was short";
    EXPECT_EQ(describe(noted), "exited with code 1 after 1.50 s; memory was short");
    EXPECT_EQ(describe(of(SetupFailed{execError("ENOENT")})), "did not start: exec: no (ENOENT)");
}

TEST(EndingName, IsAStableWord)
{
    EXPECT_EQ(endingName(Exited{}), "exited");
    EXPECT_EQ(endingName(TimedOut{}), "timed_out");
    EXPECT_EQ(endingName(SetupFailed{}), "setup_failed");
}

}  // namespace
}  // namespace belljar
