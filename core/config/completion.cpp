#include "core/config/completion.h"

#include <algorithm>
#include <array>

#include "core/base/visible.h"
#include "core/config/schema_version.h"
#include "core/config/text_cursor.h"

namespace belljar {
namespace {

constexpr std::array kVersions{"0.8.0-alpha", "0.9.0-alpha", "0.7.0-alpha", "0.6.0-alpha"};

/// The schema that the text says it is of; the newest where it says nothing that can be read.
SchemaVersion versionOf(std::string_view text)
{
    const PartialJson parsed = JsonText::parsePartly(std::string(text));
    const JsonText::NodeId node =
        parsed.text.root() == JsonText::kNone ? JsonText::kNone : parsed.text.find("/version");
    if (node != JsonText::kNone && parsed.text.node(node).type == JsonType::string)
        if (Result<SchemaVersion> version = SchemaVersion::parse(parsed.text.string(node))) return *version;
    return *SchemaVersion::parse("0.9.0-alpha");
}

bool isOffered(const FieldInfo& field, const SchemaVersion& version)
{
    return field.since.empty() || version.atLeast(field.since);
}

/// The pattern of the object around a field.
std::string parentOf(const FieldInfo& field)
{
    return field.pointer.substr(0, field.pointer.rfind('/'));
}

std::string emptyValue(const FieldInfo& field)
{
    if (field.type == "object") return "{}";
    if (field.type == "array") return "[]";
    if (field.type == "boolean") return "false";
    if (field.type == "integer") return std::to_string(field.minimum);
    return "\"\"";
}

void addKeys(const TextCursor& cursor, const SchemaVersion& version, std::vector<Completion>& items)
{
    const std::string around = fieldPattern(cursor.pointer);
    for (const FieldInfo& field : configFields()) {
        if (parentOf(field) != around || !isOffered(field, version)) continue;
        if (cursor.keys.contains(field.key) || (!field.alias.empty() && cursor.keys.contains(field.alias))) continue;
        const std::string value = cursor.hasColon ? std::string() : ": " + emptyValue(field);
        items.push_back({field.key, jsonQuote(field.key) + value, field.title, field.help});
    }
}

void addValues(const TextCursor& cursor, std::vector<Completion>& items)
{
    const FieldInfo* field = fieldAt(cursor.pointer);
    if (field == nullptr) return;
    const auto add = [&](std::string_view word, bool quoted) {
        items.push_back({std::string(word), quoted ? jsonQuote(word) : std::string(word), field->title, field->help});
    };
    for (const std::string& word : field->values) add(word, true);
    if (field->type == "boolean")
        for (const char* word : {"true", "false"}) add(word, false);
    if (field->pointer == "/version")
        for (const char* version : kVersions) add(version, true);
}

}  // namespace

std::string fieldPattern(std::string_view pointer)
{
    std::string pattern;
    for (std::size_t begin = 1; begin <= pointer.size();) {
        const std::size_t end = std::min(pointer.find('/', begin), pointer.size());
        const std::string step(pointer.substr(begin, end - begin));
        pattern += "/" + (isArrayIndex(step) ? std::string("*") : step);
        begin = end + 1;
    }
    for (const FieldInfo& field : configFields()) {
        if (field.alias.empty()) continue;
        const std::string other = parentOf(field) + "/" + field.alias;
        if (pattern == other || pattern.starts_with(other + "/")) pattern.replace(0, other.size(), field.pointer);
    }
    return pattern;
}

const FieldInfo* fieldAt(std::string_view pointer)
{
    const std::string pattern = fieldPattern(pointer);
    const std::vector<FieldInfo>& fields = configFields();
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const FieldInfo& field) { return field.pointer == pattern; });
    return found == fields.end() ? nullptr : &*found;
}

Completions completionsAt(std::string_view text, std::size_t offset)
{
    const TextCursor cursor = cursorAt(text, offset);
    Completions result{cursor.begin, cursor.end, {}};
    if (cursor.at == TextCursor::At::key) addKeys(cursor, versionOf(text), result.items);
    else if (cursor.at == TextCursor::At::value) addValues(cursor, result.items);
    // What has been typed up to the cursor, not what stands behind it.
    const std::size_t typed = cursor.begin < cursor.end && text[cursor.begin] == '"' ? 1 : 0;
    const std::size_t length = std::min(offset, cursor.end) - std::min(offset, cursor.begin);
    const std::string prefix = cursor.token.substr(0, length > typed ? length - typed : 0);
    std::stable_sort(result.items.begin(), result.items.end(), [&](const Completion& a, const Completion& b) {
        return a.label.starts_with(prefix) && !b.label.starts_with(prefix);
    });
    return result;
}

std::optional<Hover> hoverAt(std::string_view text, std::size_t offset)
{
    const TextCursor cursor = cursorAt(text, offset);
    if (cursor.at == TextCursor::At::nothing || cursor.begin == cursor.end) return std::nullopt;
    const bool isKey = cursor.at == TextCursor::At::key;
    const FieldInfo* field = fieldAt(isKey ? cursor.pointer + "/" + pointerElement(cursor.token) : cursor.pointer);
    // An element of a list of texts is explained by its list.
    if (field == nullptr && !isKey && cursor.pointer.rfind('/') != std::string::npos)
        field = fieldAt(std::string_view(cursor.pointer).substr(0, cursor.pointer.rfind('/')));
    if (field == nullptr) return std::nullopt;
    return Hover{cursor.begin, cursor.end, *field};
}

}  // namespace belljar
