// What the fuzzers' main() share: `NAME [--seconds N] [--seed N]`, and rounds until the time is up or one finds
// something.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace belljar {

struct FuzzOptions {
    double seconds = 10;
    std::uint64_t seed = std::random_device{}();
};

/// Ends the program when they cannot be read.
inline FuzzOptions fuzzOptions(const char* name, int argc, char** argv)
{
    FuzzOptions options;
    for (int i = 1; i < argc; i += 2) {
        const std::string word = argv[i];
        const bool known = i + 1 < argc && (word == "--seconds" || word == "--seed");
        if (!known) {
            std::cerr << "usage: " << name << " [--seconds N] [--seed N]\n";
            std::exit(2);
        }
        if (word == "--seconds") options.seconds = std::strtod(argv[i + 1], nullptr);
        else options.seed = std::strtoull(argv[i + 1], nullptr, 10);
    }
    return options;
}

/// Calls fuzzer.round() until the time is up. When one is false, something is wrong (the round itself has said what),
/// and the program ends with 1. `inputs` says what a round makes.
template <class Fuzzer>
void fuzz(const char* name, const char* inputs, const FuzzOptions& options, Fuzzer& fuzzer)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(options.seconds);
    long rounds = 0;
    do {
        if (!fuzzer.round()) {
            std::cout << name << ": seed " << options.seed << ", round " << rounds << "\n";
            std::exit(1);
        }
        ++rounds;
    } while (std::chrono::steady_clock::now() < end);
    std::cout << name << ": " << rounds << " " << inputs << ", seed " << options.seed << ", nothing wrong\n";
}

/// The whole main() of a fuzzer that needs nothing but a seed.
template <class Fuzzer>
int fuzzMain(const char* name, const char* inputs, int argc, char** argv)
{
    const FuzzOptions options = fuzzOptions(name, argc, argv);
    Fuzzer fuzzer(options.seed);
    fuzz(name, inputs, options, fuzzer);
    return 0;
}

}  // namespace belljar
