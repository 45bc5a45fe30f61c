// Build-time only: writes the seccomp programs of everyday plans as constants, so that no run has to build them (3 ms).
// usage: belljar-filter-generator FILE
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "core/platform/linux/syscall_filter.h"

namespace {

using belljar::FilterWatch;
using belljar::SyscallFilterPlan;

SyscallFilterPlan everyday(FilterWatch watch, bool hostNetwork, bool opensEchoes)
{
    SyscallFilterPlan plan{true, watch, hostNetwork};
    plan.opensEchoes = opensEchoes;
    return plan;
}

const std::array kPlans{everyday(FilterWatch::none, false, false),    everyday(FilterWatch::none, true, false),
                        everyday(FilterWatch::none, false, true),     everyday(FilterWatch::standard, false, false),
                        everyday(FilterWatch::standard, true, false), everyday(FilterWatch::standard, false, true),
                        everyday(FilterWatch::full, false, false),    everyday(FilterWatch::full, true, false),
                        everyday(FilterWatch::full, false, true)};

const char* word(FilterWatch watch)
{
    return watch == FilterWatch::none       ? "FilterWatch::none"
           : watch == FilterWatch::standard ? "FilterWatch::standard"
                                            : "FilterWatch::full";
}

const char* word(bool value)
{
    return value ? "true" : "false";
}

/// One instruction (struct sock_filter) is eight bytes, written as one number of the target's byte order.
bool writeProgram(std::FILE* file, const SyscallFilterPlan& plan, std::size_t index)
{
    const belljar::Result<std::string> program = belljar::linux_platform::buildSyscallFilter(plan);
    if (!program) {
        std::fprintf(stderr, "belljar-filter-generator: %s\n", program.error().message.c_str());
        return false;
    }
    std::fprintf(file, "constexpr std::uint64_t kProgram%zu[] = {", index);
    for (std::size_t at = 0; at < program->size(); at += sizeof(std::uint64_t)) {
        std::uint64_t instruction = 0;
        std::memcpy(&instruction, program->data() + at, sizeof instruction);
        std::fprintf(file, "%s0x%016llxU,", at % 40 == 0 ? "\n    " : " ",
                     static_cast<unsigned long long>(instruction));
    }
    std::fprintf(file, "\n};\n");
    return true;
}

}  // namespace

int main(int argc, char** argv)
{
    std::FILE* file = argc == 2 ? std::fopen(argv[1], "w") : nullptr;
    if (file == nullptr) return 2;
    std::fprintf(file, "// Written by belljar-filter-generator from the call table.\n");
    bool fine = true;
    for (std::size_t i = 0; i < kPlans.size(); ++i) fine = writeProgram(file, kPlans[i], i) && fine;
    std::fprintf(file, "const std::array kReadyFilters{\n");
    for (std::size_t i = 0; i < kPlans.size(); ++i) {
        std::fprintf(file, "    ReadyFilter{{%s, %s, %s, {}, false, false, %s}, kProgram%zu},\n",
                     word(kPlans[i].closeDangerous), word(kPlans[i].watch), word(kPlans[i].hostNetwork),
                     word(kPlans[i].opensEchoes), i);
    }
    std::fprintf(file, "};\n");
    return std::fclose(file) == 0 && fine ? 0 : 1;
}
