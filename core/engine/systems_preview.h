// The same profile on every containment of every system: what is enforced, what is only accepted, what has no effect
// and what is refused, and why.
//
// For containments that this Belljar has, from their own capabilities; for the others from the rules that MXC's
// executor has for them, which say what is refused and not how strongly the rest is held.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/config_io.h"
#include "core/engine/backend.h"

namespace belljar {

enum class PreviewState : std::uint8_t { enforced, partly, notYet, accepted, noEffect, refused };

struct PreviewColumn {
    std::string id;       ///< The value of `containment`.
    std::string system;   ///< "linux", "windows", "macos"
    bool isOurs = false;  ///< This Belljar can run it somewhere.
};

struct PreviewCell {
    PreviewState state = PreviewState::accepted;
    std::string why;
};

struct PreviewRow {
    std::string pointer;  ///< Of a field that the profile sets.
    std::string title;
    std::vector<PreviewCell> cells;  ///< One for each column.
};

struct SystemsPreview {
    std::vector<PreviewColumn> columns;
    std::vector<PreviewRow> rows;
};

[[nodiscard]] SystemsPreview previewSystems(const LoadedConfig& profile, const BackendList& backends);

/// "enforced", "partly", "not yet", "accepted", "no effect", "refused"
[[nodiscard]] std::string_view previewStateName(PreviewState state);

}  // namespace belljar
