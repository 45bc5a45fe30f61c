// Where the tests find MXC's published schemas and the executor's verdicts, which are not part of the repository.
#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace belljar {

/// `relative` below $BELLJAR_SHARED, or else below the folder `shared` beside the source tree.
inline std::string sharedPath(const std::string& relative)
{
    if (const char* shared = std::getenv("BELLJAR_SHARED")) return std::string(shared) + "/" + relative;
    const char* source = std::getenv("BELLJAR_SOURCE");
    return std::string(source ? source : ".") + "/../shared/" + relative;
}

/// The whole file; "" when it cannot be read.
inline std::string fileText(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return file ? text.str() : std::string();
}

}  // namespace belljar
