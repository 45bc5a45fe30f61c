#include "app/cli/query_option.h"

#include <cstdlib>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "core/base/visible.h"

namespace belljar::cli {

bool parseQueryOption(const std::string& option, const std::string& text, Query& query, bool json)
{
    const char* home = std::getenv("HOME");
    auto parsed = parseQuery(text, home == nullptr ? "" : home);
    const QueryError* error = std::get_if<QueryError>(&parsed);
    if (error == nullptr) {
        query = std::move(std::get<Query>(parsed));
        return true;
    }
    const std::string where = fmt::format("{}, column {}", option, queryColumn(text, error->offset));
    if (json) {
        reportError({ErrorCode::malformedRequest, error->message, where, {}, error->hint}, json);
        return false;
    }
    printErr(fmt::format("belljar: {}: {}\n{}\n", where, visible(error->message), queryCaret(text, *error)));
    if (!error->hint.empty()) printErr("  fix: " + error->hint + "\n");
    return false;
}

}  // namespace belljar::cli
