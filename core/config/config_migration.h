// Migration: a profile of schema 0.6 or 0.7 (or without a version) rewritten as schema 0.8 with the same effective
// access.
//
// Only what depends on the version changes: the version, the older network fields, other spellings of keys and words,
// and the schema's address. Everything else stays byte for byte. The older fields mean here what MXC's schema 0.7 says
// of them: allowedHosts counts when the rest is blocked, blockedHosts when the rest is allowed, both only with the
// enforcement modes firewall and both. For containments other than bubblewrap the network section stays: there 0.8
// still reads the older fields as before.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/finding.h"

namespace belljar {

struct Migration {
    /// The migrated profile; the text as it was when nothing has to change or something cannot be migrated.
    std::string text;
    bool changed = false;
    /// At places of the text as it was. Notes say what was rewritten, warnings what behaves otherwise all the same,
    /// errors what cannot be migrated and what to do: with one of these nothing is rewritten.
    std::vector<Finding> findings;

    [[nodiscard]] bool possible() const;
};

/// Errors: the text is no valid profile.
Result<Migration> migrateConfig(std::string text, const std::string& name = {});

}  // namespace belljar
