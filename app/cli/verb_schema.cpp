// belljar schema: the JSON Schema of profiles.
#include "app/cli/option_parser.h"
#include "app/cli/output.h"
#include "app/cli/verb.h"
#include "core/config/config_io.h"

namespace belljar::cli {

int schemaVerb(const Arguments& arguments)
{
    std::optional<std::string> version;
    bool json = false;
    OptionParser parser("schema [--version VERSION]", "Prints the JSON Schema of profiles.");
    parser.option("--version", version, "VERSION", "0.6, 0.7, 0.8 (default) or 0.9");
    parser.flag("--json", json, "The schema is JSON anyway; errors become JSON too");
    if (const std::optional<int> code = parser.parse(arguments, kUsage)) return *code;

    const Result<std::string> schema = configSchema(version.value_or("0.8"));
    if (!schema) {
        reportError(schema.error(), json);
        return kUsage;
    }
    printOut(*schema);
    if (!schema->ends_with('\n')) printOut("\n");
    return kOk;
}

}  // namespace belljar::cli
