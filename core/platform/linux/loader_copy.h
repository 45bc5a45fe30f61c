// A copy of an ELF loader (ld.so) that the kernel takes as the loader of a program, but does not start by itself.
//
// `ld.so PROGRAM` runs a program that the list of programs does not have, because the kernel only sees ld.so. It must
// stay executable, since the kernel asks for that when it loads it for others. What tells the two apart is the program
// header PT_INTERP: of a program that is started the kernel obeys it, of a loader it never reads it. So the copy names
// /dev/null as its own loader, which is no file that can be executed: EACCES.
#pragma once

#include <string>

#include "core/base/result.h"

namespace belljar::linux_platform {

/// `loader` is the content of an ELF file of this machine's word size; an error for others and for those without a
/// program header that can be spared.
[[nodiscard]] Result<std::string> loaderCopy(std::string loader);

}  // namespace belljar::linux_platform
