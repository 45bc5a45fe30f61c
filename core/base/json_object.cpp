#include "core/base/json_object.h"

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"

namespace belljar {

JsonObject& JsonObject::raw(std::string_view key, std::string_view json)
{
    if (!m_members.empty()) m_members += ',';
    m_members += fmt::format("\"{}\":{}", key, json);
    return *this;
}

JsonObject& JsonObject::text(std::string_view key, std::string_view value)
{
    return raw(key, jsonQuote(value));
}
JsonObject& JsonObject::number(std::string_view key, std::int64_t value)
{
    return raw(key, fmt::format("{}", value));
}
JsonObject& JsonObject::number(std::string_view key, std::uint64_t value)
{
    return raw(key, fmt::format("{}", value));
}
JsonObject& JsonObject::flag(std::string_view key, bool value)
{
    return raw(key, value ? "true" : "false");
}
std::string JsonObject::str() const
{
    return "{" + m_members + "}";
}

std::string jsonArray(const std::vector<std::string>& elements)
{
    std::string json;
    for (const std::string& element : elements) json += (json.empty() ? "" : ",") + element;
    return "[" + json + "]";
}

std::string jsonTexts(const std::vector<std::string>& texts)
{
    std::vector<std::string> quoted;
    quoted.reserve(texts.size());
    for (const std::string& text : texts) quoted.push_back(jsonQuote(text));
    return jsonArray(quoted);
}

}  // namespace belljar
