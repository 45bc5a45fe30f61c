#include "core/platform/linux/loader_copy.h"

#include <elf.h>
#include <link.h>

#include <cstring>
#include <string_view>

namespace belljar::linux_platform {
namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

constexpr std::string_view kNoLoader{"/dev/null", sizeof "/dev/null"};  ///< With its NUL, which the kernel wants.

Error unsuitable(const char* why)
{
    return {ErrorCode::backendError,
            std::string("the programs' loader cannot be kept from being run by itself: ") + why,
            {},
            {},
            "list only programs without a loader (linked statically), or remove the list"};
}

/// Nobody needs these at run time: notes are for people, and of stacks only the program's own header counts.
bool canBeSpared(const Segment& segment)
{
    return segment.p_type == PT_NOTE || segment.p_type == PT_GNU_STACK || segment.p_type == PT_NULL;
}

}  // namespace

Result<std::string> loaderCopy(std::string loader)
{
    Header header{};
    if (loader.size() < sizeof header) return unsuitable("it is no ELF file");
    std::memcpy(&header, loader.data(), sizeof header);
    constexpr unsigned char kWordSize = sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32;
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != kWordSize ||
        header.e_phentsize != sizeof(Segment))
        return unsuitable("it is no ELF file of this machine's word size");
    if (header.e_phoff > loader.size() || header.e_phnum > (loader.size() - header.e_phoff) / sizeof(Segment))
        return unsuitable("it is damaged");
    for (unsigned i = header.e_phnum; i-- > 0;) {
        char* const at = loader.data() + header.e_phoff + i * sizeof(Segment);
        Segment segment{};
        std::memcpy(&segment, at, sizeof segment);
        if (!canBeSpared(segment)) continue;
        segment = {};
        segment.p_type = PT_INTERP;
        segment.p_offset = loader.size();
        segment.p_filesz = kNoLoader.size();
        segment.p_memsz = kNoLoader.size();
        segment.p_flags = PF_R;
        segment.p_align = 1;
        std::memcpy(at, &segment, sizeof segment);
        loader.append(kNoLoader);
        return loader;
    }
    return unsuitable("it has no program header that can be spared");
}

}  // namespace belljar::linux_platform
