// The schema version that a profile declares: strict SemVer of which only major and minor matter.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace belljar {

/// What Error::where says of a version that is older than Belljar reads.
inline constexpr const char* kOlderVersion = "older";

class SchemaVersion {
public:
    /// An absent version: the oldest rules.
    SchemaVersion() = default;

    /// "" is an absent version. Errors, in MXC's words: not SemVer; older or newer than
    /// Belljar reads.
    static Result<SchemaVersion> parse(std::string_view text);

    [[nodiscard]] bool isLegacy() const { return m_text.empty(); }
    /// As written.
    [[nodiscard]] const std::string& text() const { return m_text; }
    /// `version` is "major.minor". An absent version is older than all.
    [[nodiscard]] bool atLeast(std::string_view version) const;

private:
    std::string m_text;
    std::string m_majorMinor;
};

}  // namespace belljar
