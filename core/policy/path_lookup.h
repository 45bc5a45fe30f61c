// Looking up paths in a policy's sorted tables: which mount governs a path, and whether anything stands below it.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/model/policy.h"

namespace belljar {

/// errno values as Linux numbers them, whatever system this runs on: verdicts speak about the sandbox.
namespace linux_errno {
inline constexpr int kNotPermitted = 1;
inline constexpr int kNoEntry = 2;
inline constexpr int kAccess = 13;
inline constexpr int kBusy = 16;
inline constexpr int kExists = 17;
inline constexpr int kNotDirectory = 20;
inline constexpr int kReadOnly = 30;
inline constexpr int kNoSuchCall = 38;
inline constexpr int kAddressNotAvailable = 99;
inline constexpr int kNetworkUnreachable = 101;
inline constexpr int kConnectionRefused = 111;
}  // namespace linux_errno

/// The rule that stands exactly at `path`, or nullptr.
[[nodiscard]] const PathRule* ruleAt(const Policy& policy, std::string_view path);

/// The rule at `path` or at its nearest ancestor that has one, or nullptr.
[[nodiscard]] const PathRule* governingRule(const Policy& policy, std::string_view path);

/// The link that stands exactly at `path`, or nullptr.
[[nodiscard]] const LinkRule* linkAt(const Policy& policy, std::string_view path);

/// True when the sandbox has a mount or a link strictly below `path`: the folder then exists on the way to it.
[[nodiscard]] bool hasVisibleBelow(const Policy& policy, std::string_view path);

/// True for a folder that the sandbox has only because something below it is granted, and for "/".
[[nodiscard]] bool isBareAncestor(const Policy& policy, std::string_view path);

/// Puts paths and links into the order that the look-ups need.
void sortTables(Policy& policy);

/// What the private /dev holds.
enum class DeviceEntry : std::uint8_t { absent, node, link, folder };
/// `path` at or below "/dev". Terminals below /dev/pts count as nodes.
[[nodiscard]] DeviceEntry deviceEntry(std::string_view path);

/// The target of a link in the private /dev; empty for other entries.
[[nodiscard]] std::string_view deviceLinkTarget(std::string_view path);

}  // namespace belljar
