// main() of every GoogleTest program: a program in which every test was skipped reports "skipped" (77) to ctest.
#include <gtest/gtest.h>

int main(int argc, char** argv)
{
    testing::InitGoogleTest(&argc, argv);
    const int status = RUN_ALL_TESTS();
    const testing::UnitTest& tests = *testing::UnitTest::GetInstance();
    const bool onlySkipped = tests.test_to_run_count() > 0 && tests.skipped_test_count() == tests.test_to_run_count();
    return status == 0 && onlySkipped ? 77 : status;
}
