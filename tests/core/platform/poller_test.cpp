// Who is woken, and who is not while the gate is shut.
#include "core/platform/linux/network/poller.h"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace belljar::linux_platform {
namespace {

/// Counts its turns; its descriptor stays ready.
class Bell final : public Pollable {
public:
    Bell() : m_bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    void ring() const
    {
        const std::uint64_t one = 1;
        ASSERT_EQ(::write(m_bell.get(), &one, sizeof one), static_cast<ssize_t>(sizeof one));
    }
    void onReady(std::uint32_t /*events*/) override { ++turns; }
    [[nodiscard]] int descriptor() const { return m_bell.get(); }

    std::uint32_t wanted = 0;
    int turns = 0;

private:
    UniqueFd m_bell;
};

bool serveOnce(Poller& poller)
{
    poller.wait(0);
    return poller.serve();
}

TEST(PollerTest, AShutGateKeepsWakeUpsBack)
{
    Poller poller;
    Bell behind;
    Bell other;
    poller.wantBehindGate(behind.descriptor(), EPOLLIN, behind.wanted, behind);
    poller.want(other.descriptor(), EPOLLIN, other.wanted, other);
    EXPECT_FALSE(serveOnce(poller));
    poller.setGate(false);
    behind.ring();
    EXPECT_FALSE(serveOnce(poller));
    EXPECT_EQ(behind.turns, 0);
    other.ring();
    EXPECT_TRUE(serveOnce(poller));
    EXPECT_EQ(other.turns, 1);
    EXPECT_EQ(behind.turns, 0);
    poller.setGate(true);
    EXPECT_TRUE(serveOnce(poller));
    EXPECT_EQ(behind.turns, 1);
}

TEST(PollerTest, WhoWantsNothingBehindTheGateHasNoTurn)
{
    Poller poller;
    Bell behind;
    poller.wantBehindGate(behind.descriptor(), EPOLLIN, behind.wanted, behind);
    behind.ring();
    EXPECT_TRUE(serveOnce(poller));
    poller.wantBehindGate(behind.descriptor(), 0, behind.wanted, behind);
    EXPECT_FALSE(serveOnce(poller));
    EXPECT_EQ(behind.turns, 1);
}

}  // namespace
}  // namespace belljar::linux_platform
