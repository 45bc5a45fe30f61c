// config_speed MEGABYTES: reads a valid profile of about that size and prints MB/s.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "core/config/config_io.h"

int main(int argc, char** argv)
{
    const std::size_t wanted = static_cast<std::size_t>(argc > 1 ? std::atof(argv[1]) * 1e6 : 4e6);
    std::string text = "{\"version\": \"0.8.0\", \"process\": {\"commandLine\": \"true\", \"env\": [\"A=b\"";
    for (std::size_t i = 0; text.size() < wanted; ++i)
        text += ",\n  \"VARIABLE_" + std::to_string(i) + "=/some/path/to/some/where\"";
    text += "]}}";
    const auto start = std::chrono::steady_clock::now();
    const auto loaded = belljar::readConfig(text, "bench.json");
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    if (!loaded) {
        std::fprintf(stderr, "%s\n", describe(loaded.error()).c_str());
        return 1;
    }
    std::printf("%.1f\n", static_cast<double>(text.size()) / 1e6 / took.count());
    return 0;
}
