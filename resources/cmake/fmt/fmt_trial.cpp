// Uses what a program may use of fmt; links only when fmt_once.cpp has all of it.
#include <fmt/format.h>

#include <string>

int main(int argc, char** argv)
{
    std::string text = fmt::format("{} {:.3f} {:g} {:>10} {:#x} {:L}", argc, 1.5 * argc, 2.5F, argv[0], 255, 1234567);
    fmt::format_to(std::back_inserter(text), "{}", true);
    try {
        text += fmt::format(fmt::runtime(text), argc, 1.5);
    } catch (const fmt::format_error& error) {
        text += error.what();
    }
    return text.empty() ? 1 : 0;
}
