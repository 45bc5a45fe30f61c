#include "core/config/schema_version.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "core/config/sentences.h"

namespace belljar {
namespace {

constexpr std::uint64_t kOldestMinor = 6;
constexpr std::uint64_t kNewestMinor = 9;

std::optional<std::uint64_t> number(std::string_view digits)
{
    std::uint64_t value = 0;
    if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (problem != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

/// Dot-separated identifiers of letters, digits and hyphens; numeric ones without leading zeros where `strictNumbers`.
bool areIdentifiers(std::string_view text, bool strictNumbers)
{
    while (true) {
        const std::size_t dot = text.find('.');
        const std::string_view part = text.substr(0, dot);
        if (part.empty()) return false;
        for (const char c : part) {
            const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-') return false;
        }
        const bool numeric = part.find_first_not_of("0123456789") == std::string_view::npos;
        if (strictNumbers && numeric && part.size() > 1 && part.front() == '0') return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

struct MajorMinor {
    std::uint64_t major = 0;
    std::uint64_t minor = 0;
};

std::optional<MajorMinor> semVer(std::string_view text)
{
    if (const std::size_t plus = text.find('+'); plus != std::string_view::npos) {
        if (!areIdentifiers(text.substr(plus + 1), false)) return std::nullopt;
        text = text.substr(0, plus);
    }
    if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
        if (!areIdentifiers(text.substr(dash + 1), true)) return std::nullopt;
        text = text.substr(0, dash);
    }
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto major = number(text.substr(0, first));
    const auto minor = number(text.substr(first + 1, second - first - 1));
    if (!major || !minor || !number(text.substr(second + 1))) return std::nullopt;
    return MajorMinor{*major, *minor};
}

}  // namespace

Result<SchemaVersion> SchemaVersion::parse(std::string_view text)
{
    SchemaVersion result;
    if (text.empty()) return result;
    const auto refuse = [&](std::string message, std::string hint, const char* which) {
        return Error{ErrorCode::malformedRequest, std::move(message), which, {}, std::move(hint)};
    };
    static constexpr const char* kHint = "Belljar reads schema versions 0.6 to 0.9.";
    const std::optional<MajorMinor> version = semVer(text);
    const std::string named = shortened(text, 300);
    if (!version)
        return refuse(
            fmt::format("Invalid schema version '{}': must be semver (e.g., 'X.Y.Z' or 'X.Y.Z-alpha')", named),
            "Write for example \"0.8.0-alpha\".", "");
    if (version->major == 0 && version->minor < kOldestMinor)
        return refuse(fmt::format("Config schema version '{}' is older than supported (supported: >=0.6, <=0.9). "
                                  "Update your config.",
                                  named),
                      kHint, kOlderVersion);
    if (version->major > 0 || version->minor > kNewestMinor)
        return refuse(fmt::format("Config schema version '{}' is newer than supported (supported: >=0.6, <=0.9). "
                                  "Upgrade wxc-exec.",
                                  named),
                      kHint, "");
    result.m_text = text;
    result.m_majorMinor = fmt::format("{}.{}", version->major, version->minor);
    return result;
}

bool SchemaVersion::atLeast(std::string_view version) const
{
    return m_majorMinor >= version;
}

}  // namespace belljar
