// Against the examples of FIPS 180-4, and lengths around a block.
#include "core/platform/sha256.h"

#include <gtest/gtest.h>

namespace belljar {
namespace {

TEST(Sha256, KnowsTheStandardsExamples)
{
    EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesAreOneText)
{
    for (const std::size_t length : {55U, 56U, 63U, 64U, 65U, 127U}) {
        const std::string text(length, 'x');
        Sha256 pieces;
        for (const char c : text) pieces.add(std::string_view(&c, 1));
        EXPECT_EQ(pieces.finish(), sha256(text)) << length;
        EXPECT_NE(sha256(text), sha256(text + "x")) << length;
    }
}

}  // namespace
}  // namespace belljar
