#include "core/platform/linux/display/bus_log.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace belljar::linux_platform {
namespace {

using Calls = std::vector<std::string>;

/// "SERVICE MEMBER PATH", with "!" before what was refused.
Calls callsIn(const std::string& log, std::size_t piece = 5)
{
    Calls calls;
    BusLog reader([&](const BusCall& call) {
        calls.push_back((call.refused ? "!" : "") + call.service + " " + call.member + " " + call.path);
    });
    for (std::size_t at = 0; at < log.size(); at += piece) reader.read(std::string_view(log).substr(at, piece));
    reader.decide();
    return calls;
}

/// As the proxy wrote it.
constexpr const char* kReal =
    "C1: -> org.freedesktop.DBus call org.freedesktop.DBus.Hello at /org/freedesktop/DBus\n"
    "C2: -> org.freedesktop.DBus fake AddMatch for org.test.Open\n"
    "C3: -> org.freedesktop.DBus fake GetNameOwner for org.test.Open\n"
    "B1: <- org.freedesktop.DBus return from C1\n"
    "B2: <- org.freedesktop.DBus signal org.freedesktop.DBus.NameAcquired at /org/freedesktop/DBus\n"
    "*SKIPPED*\n"
    "C6: -> org.test.Hidden call org.test.Say.Hello at /\n"
    "*HIDDEN* (ping)\n"
    "B7: <- (no sender) return from C6\n"
    "*REWRITTEN*\n"
    "C7: -> org.test.Part call org.test.Say.Hello at /bad\n"
    "*DENIED* (ping)\n"
    "C8: -> :1.7 call org.test.Say.Hello at /good\n"
    "B8: <- :1.7 call org.test.Back.Call at /\n"
    "C9: -> :1.7 return from B8\n"
    "C10: -> :1.7 return error org.test.Error from B9\n"
    "C11: -> all signal org.test.Sig.Signal at /\n"
    "C12: -> org.freedesktop.DBus call org.freedesktop.DBus.RequestName at /\n"
    "Filtering message due to arg0 org.x.y, policy: 0 (required 3)\n"
    "*HIDDEN* (ping)\n"
    "C13: -> org.test.Open call org.test.Say.Last at /\n";

TEST(BusLog, CallsAndWhatBecameOfThem)
{
    for (const std::size_t piece : {1UL, 7UL, 100000UL})
        EXPECT_EQ(callsIn(kReal, piece),
                  (Calls{"org.freedesktop.DBus org.freedesktop.DBus.Hello /org/freedesktop/DBus",
                         "!org.test.Hidden org.test.Say.Hello /", "!org.test.Part org.test.Say.Hello /bad",
                         ":1.7 org.test.Say.Hello /good", "!org.freedesktop.DBus org.freedesktop.DBus.RequestName /",
                         "org.test.Open org.test.Say.Last /"}));
}

TEST(BusLog, ACallIsToldWhenItIsDecided)
{
    int told = 0;
    BusLog reader([&](const BusCall&) { ++told; });
    reader.read("C1: -> org.test.Open call org.test.Say.Hello at /\n");
    EXPECT_TRUE(reader.isUndecided());
    EXPECT_EQ(told, 0);
    reader.read("B1: <- :1.0 return from C1\n");
    EXPECT_FALSE(reader.isUndecided());
    EXPECT_EQ(told, 1);
}

TEST(BusLog, NamesThatNoBusTakesAreNotRepeated)
{
    const std::string begin = "C5: -> org.test.Open call ";
    for (const std::string& rest : {std::string("org.test.\x1b[31m at /"), std::string("org.test.A at /a b"),
                                    std::string("org.test.A at relative"), std::string("org.test.A"), std::string(),
                                    std::string("a.b at /") + std::string(2000, 'x'), std::string(300000, 'y'),
                                    std::string("org.test.Name-with-minus at /")})
        EXPECT_EQ(callsIn(begin + rest + "\n*HIDDEN* (ping)\n", 4096), (Calls{"!  "})) << rest.substr(0, 80);
    EXPECT_EQ(callsIn("C5: -> two words call a.b at /\n"), (Calls{"!  "}));
    EXPECT_EQ(callsIn("C5: -> (no dest) call a.b at /\n"), (Calls{"!  "}));
    EXPECT_TRUE(callsIn("C: \n C5\n\nC5: <- x\n5: -> a call b.c at /\nwhatever\n").empty());
}

TEST(BusLog, ARefusalInAnotherNameChangesNoCallBefore)
{
    // The second program's names hold lines of their own.
    EXPECT_EQ(callsIn("C5: -> org.test.Open call org.test.Say.Hello at /\n"
                      "C6: -> x call y\n*DENIED* (ping)\nC7: -> org.test.Fake call a.b at /\n*HIDDEN* (ping)\n"),
              (Calls{"org.test.Open org.test.Say.Hello /", "!  ", "!org.test.Fake a.b /"}));
}

TEST(BusLog, AnyBytesAreTakenInAnyPieces)
{
    std::mt19937 random(7);  // NOLINT: the same each time
    const std::string real = kReal;
    for (int round = 0; round < 300; ++round) {
        std::string log = real;
        for (int i = 0; i < 40; ++i) log[random() % log.size()] = static_cast<char>(random());
        EXPECT_EQ(callsIn(log, 1 + random() % 20), callsIn(log, log.size()));
    }
}

}  // namespace
}  // namespace belljar::linux_platform
