// What the older network fields of schema 0.6 and 0.7 become in 0.8. Private to config_migration.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/finding.h"
#include "core/model/sandbox_config.h"

namespace belljar {

/// One change of the text.
struct MigrationStep {
    enum class Kind : std::uint8_t {
        set,       ///< `value` is JSON.
        setFirst,  ///< As set; a new member of the root comes first.
        rename,    ///< The member at `pointer` gets the key `value`.
        remove,    ///< What is not there is fine.
    };
    Kind kind = Kind::set;
    std::string pointer;
    std::string value;
};

struct NetworkMigration {
    std::vector<MigrationStep> steps;
    std::vector<Finding> findings;  ///< Places have pointers only.
};

/// Pure; with an error among the findings the steps are worth nothing.
[[nodiscard]] NetworkMigration migrateNetwork(const SandboxConfig& config);

}  // namespace belljar
