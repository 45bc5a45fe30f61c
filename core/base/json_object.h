// JSON that programs read of us, made piece by piece: objects on one line. core/config has the writer of profiles.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace belljar {

/// A JSON object in the making; keys are literals of ours and are not escaped.
class JsonObject {
public:
    JsonObject& text(std::string_view key, std::string_view value);
    JsonObject& number(std::string_view key, std::int64_t value);
    JsonObject& number(std::string_view key, std::uint64_t value);
    JsonObject& number(std::string_view key, int value) { return number(key, static_cast<std::int64_t>(value)); }
    JsonObject& number(std::string_view key, std::uint32_t value)
    {
        return number(key, static_cast<std::uint64_t>(value));
    }
    JsonObject& flag(std::string_view key, bool value);
    JsonObject& raw(std::string_view key, std::string_view json);  ///< `json` must be valid.
    [[nodiscard]] std::string str() const;                         ///< On one line, without a newline.

private:
    std::string m_members;
};

[[nodiscard]] std::string jsonArray(const std::vector<std::string>& elements);  ///< Elements are JSON.
[[nodiscard]] std::string jsonTexts(const std::vector<std::string>& texts);     ///< Elements are texts.

}  // namespace belljar
