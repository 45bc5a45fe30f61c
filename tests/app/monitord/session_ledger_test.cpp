#include "app/monitord/session_ledger.h"

#include <gtest/gtest.h>

namespace belljar::monitord {
namespace {

using linux_platform::MonitorRefusal;

TEST(SessionLedger, GivesEachSlotOnce)
{
    SessionLedger ledger({3, 2});
    EXPECT_TRUE(ledger.idle());
    EXPECT_EQ(ledger.admit(1).slot, 0U);
    EXPECT_EQ(ledger.admit(1).slot, 1U);
    EXPECT_EQ(ledger.admit(1).refusal, MonitorRefusal::tooManyOfUser);
    EXPECT_EQ(ledger.admit(2).slot, 2U);
    EXPECT_EQ(ledger.admit(2).refusal, MonitorRefusal::tooMany);
    ledger.ended(1, {});
    EXPECT_EQ(ledger.running(), 2U);
    const SessionLedger::Admission again = ledger.admit(2);
    EXPECT_EQ(again.refusal, MonitorRefusal::none);
    EXPECT_EQ(again.slot, 1U);
}

TEST(SessionLedger, IgnoresEndsOfWhatDoesNotRun)
{
    SessionLedger ledger({2, 2});
    ledger.ended(0, {1, 2, 3});
    ledger.ended(99, {1, 2, 3});
    EXPECT_TRUE(ledger.leftBehind().empty());
    EXPECT_EQ(ledger.running(), 0U);
}

TEST(SessionLedger, CountsMapsThatAreHeldAfterTheEnd)
{
    SessionLedger ledger({3, 2});
    ledger.ended(ledger.admit(1).slot, {1, 2, 3});
    ledger.ended(ledger.admit(1).slot, {4, 5, 6});
    EXPECT_TRUE(ledger.idle());
    EXPECT_EQ(ledger.admit(1).refusal, MonitorRefusal::tooManyOfUser);
    EXPECT_EQ(ledger.admit(2).refusal, MonitorRefusal::none);
    EXPECT_EQ(ledger.admit(3).refusal, MonitorRefusal::tooMany) << "their memory counts for all users together";
    ASSERT_EQ(ledger.leftBehind().size(), 2U);
    const bool held[] = {false, true};
    ledger.forget(held);
    ASSERT_EQ(ledger.leftBehind().size(), 1U);
    EXPECT_EQ(ledger.leftBehind().front(), (MapNumbers{4, 5, 6}));
    EXPECT_EQ(ledger.admit(1).refusal, MonitorRefusal::none);
}

TEST(SessionLedger, CountsSparesAsSessionsOfNobody)
{
    SessionLedger ledger({3, 2});
    const std::optional<unsigned> first = ledger.reserve();
    const std::optional<unsigned> second = ledger.reserve();
    ASSERT_TRUE(first && second);
    EXPECT_NE(*first, *second);
    EXPECT_TRUE(ledger.idle());
    EXPECT_NE(ledger.admit(1).slot, *first);
    EXPECT_FALSE(ledger.reserve()) << "that would be one too many";
    EXPECT_EQ(ledger.admit(2).refusal, MonitorRefusal::tooMany) << "who does not take a spare";
    EXPECT_EQ(ledger.admit(1, first).slot, *first);
    EXPECT_EQ(ledger.admit(1, second).refusal, MonitorRefusal::tooManyOfUser) << "a spare is no way around the limit";
    EXPECT_EQ(ledger.admit(2, second).refusal, MonitorRefusal::none);
    EXPECT_EQ(ledger.running(), 3U);
    ledger.ended(*first, {1, 2, 3});
    EXPECT_FALSE(ledger.reserve()) << "its maps are held";
}

TEST(SessionLedger, ForgetsNothingWithoutAnAnswer)
{
    SessionLedger ledger({3, 2});
    ledger.ended(ledger.admit(1).slot, {1, 2, 3});
    ledger.forget({});
    EXPECT_EQ(ledger.leftBehind().size(), 1U);
}

}  // namespace
}  // namespace belljar::monitord
