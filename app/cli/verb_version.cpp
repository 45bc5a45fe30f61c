// belljar version.
#include "app/cli/option_parser.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"

namespace belljar::cli {

int versionVerb(const Arguments& arguments)
{
    bool json = false;
    OptionParser parser("version [--json]", "Prints the version.");
    parser.flag("--json", json, "Print one JSON document");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;
    printOut(json ? JsonObject().text("version", BELLJAR_VERSION).raw("schemas", R"(["0.6","0.7","0.8"])").str() + "\n"
                  : std::string("belljar " BELLJAR_VERSION "\n"));
    return kOk;
}

}  // namespace belljar::cli
