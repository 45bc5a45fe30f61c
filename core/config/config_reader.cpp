// readConfig: one walk over the JSON tree along the description. Nothing here knows a single field by name.
#include <algorithm>
#include <charconv>

#include <spdlog/fmt/fmt.h>

#include "core/config/config_io.h"
#include "core/config/config_rules.h"
#include "core/config/field_description.h"
#include "core/config/field_kinds.h"
#include "core/config/schema_version.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

using NodeId = JsonText::NodeId;

/// What a person should have written: "a string", "an array of strings", "a whole number".
template <class T>
std::string expectation()
{
    if constexpr (IsOptional<T>::value) return expectation<typename IsOptional<T>::Inner>();
    else if constexpr (IsList<T>::value) return fmt::format("an array of {}s", kindName<typename IsList<T>::Element>());
    else if constexpr (Number<T>) return "a whole number";
    else return withArticle(kindName<T>());
}

/// All reading functions return false after setting the error.
class ConfigReader {
public:
    explicit ConfigReader(const JsonText& text) : m_text(text) {}

    Result<void> read(SandboxConfig& config);

private:
    struct GatedField {
        NodeId node = JsonText::kNone;
        FieldFacts facts;
    };

    bool fail(const SourcePlace& place, std::string message, std::string hint = {});
    bool failKey(NodeId id, std::string message, std::string hint = {});
    bool wrongType(NodeId id, std::string_view expected);
    bool checkVersion(SchemaVersion& version);
    bool checkGates(const SchemaVersion& version);
    bool checkRules(const SandboxConfig& config);
    bool checkText(NodeId id, const FieldFacts& facts, const std::string& value);
    bool checkWord(NodeId id, const FieldFacts& facts, std::string& value);
    bool unknownKey(NodeId id, const std::string& key, const std::vector<std::string_view>& known);

    bool readValue(NodeId id, const FieldFacts& facts, std::string& out);
    bool readValue(NodeId id, const FieldFacts& facts, bool& out);
    bool readValue(NodeId id, const FieldFacts& facts, AnyJson& out);
    template <Number T>
    bool readValue(NodeId id, const FieldFacts& facts, T& out);
    template <class T>
    bool readValue(NodeId id, const FieldFacts& facts, std::optional<T>& out);
    template <class T>
    bool readValue(NodeId id, const FieldFacts& facts, std::vector<T>& out);
    template <Described T>
    bool readValue(NodeId id, const FieldFacts& facts, T& out);
    template <Described T>
    bool readMember(NodeId id, std::array<NodeId, kFieldCount<T>>& seen, T& out);
    template <Described T>
    bool readOther(NodeId id, std::string key, T& out);

    const JsonText& m_text;
    std::vector<GatedField> m_gated;
    std::optional<Error> m_error;
};

bool ConfigReader::fail(const SourcePlace& place, std::string message, std::string hint)
{
    m_error = Error{ErrorCode::malformedRequest, std::move(message), m_text.where(place), {}, std::move(hint)};
    return false;
}

/// For errors about a member's key: the place is that of the key.
bool ConfigReader::failKey(NodeId id, std::string message, std::string hint)
{
    SourcePlace place = m_text.placeOfOffset(m_text.node(id).keyBegin);
    place.pointer = m_text.pointer(id);
    return fail(place, std::move(message), std::move(hint));
}

bool ConfigReader::wrongType(NodeId id, std::string_view expected)
{
    const std::string_view found = jsonTypeName(m_text.node(id).type);
    return fail(m_text.place(id), fmt::format("expected {}, got {}", expected, withArticle(found)));
}

bool ConfigReader::checkText(NodeId id, const FieldFacts& facts, const std::string& value)
{
    const std::string name = facts.text == TextRule::path ? "a path" : fmt::format("`{}`", facts.key);
    if (facts.text == TextRule::any) return true;
    if (value.find('\0') != std::string::npos) return fail(m_text.place(id), name + " may not contain a NUL character");
    if (facts.text == TextRule::command)
        return !value.empty() || fail(m_text.place(id), name + " may not be empty", "Leave it out, or name a command.");
    if (value.find_first_not_of(" \t\r\n\v\f") == std::string::npos)
        return fail(m_text.place(id), name + " may not be blank", "Remove the entry, or name a file or folder.");
    if (value.find('"') != std::string::npos)
        return fail(m_text.place(id), name + " may not contain the character '\"'");
    return true;
}

bool ConfigReader::checkWord(NodeId id, const FieldFacts& facts, std::string& value)
{
    std::vector<std::string_view> known;
    for (const Word& word : facts.words) {
        if (word.text == value) {
            if (!word.meaning.empty()) value = word.meaning;
            return true;
        }
        if (word.meaning.empty()) known.push_back(word.text);
    }
    const std::string_view near = nearest(value, known);
    return fail(m_text.place(id), fmt::format("unknown value `{}`, expected {}", shortened(value, 60), oneOf(known)),
                near.empty() ? std::string() : fmt::format("Did you mean `{}`?", near));
}

bool ConfigReader::readValue(NodeId id, const FieldFacts& facts, std::string& out)
{
    if (m_text.node(id).type != JsonType::string) return wrongType(id, expectation<std::string>());
    out = m_text.string(id);
    return checkText(id, facts, out) && (facts.words.empty() || checkWord(id, facts, out));
}

bool ConfigReader::readValue(NodeId id, const FieldFacts&, bool& out)
{
    if (m_text.node(id).type != JsonType::boolean) return wrongType(id, expectation<bool>());
    out = m_text.raw(id) == "true";
    return true;
}

bool ConfigReader::readValue(NodeId id, const FieldFacts&, AnyJson& out)
{
    out.text = m_text.raw(id);
    return true;
}

template <Number T>
bool ConfigReader::readValue(NodeId id, const FieldFacts& facts, T& out)
{
    if (m_text.node(id).type != JsonType::number) return wrongType(id, expectation<T>());
    const std::string_view digits = m_text.raw(id);
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = digits.find_first_of(".eE") == std::string_view::npos;
    const bool fits = whole && problem == std::errc{} && value >= facts.minimum && value <= largest<T>(facts);
    if (!fits)
        return fail(m_text.place(id), fmt::format("expected {} from {} to {}, got {}", expectation<T>(), facts.minimum,
                                                  largest<T>(facts), shortened(digits, 40)));
    out = static_cast<T>(value);
    return true;
}

template <class T>
bool ConfigReader::readValue(NodeId id, const FieldFacts& facts, std::optional<T>& out)
{
    if constexpr (!std::same_as<T, AnyJson>)
        if (m_text.node(id).type == JsonType::null) return true;  // The same as absent.
    return readValue(id, facts, out.emplace());
}

template <class T>
bool ConfigReader::readValue(NodeId id, const FieldFacts& facts, std::vector<T>& out)
{
    if (m_text.node(id).type != JsonType::array) return wrongType(id, expectation<std::vector<T>>());
    for (NodeId child = m_text.node(id).firstChild; child != JsonText::kNone; child = m_text.node(child).nextSibling)
        if (!readValue(child, facts, out.emplace_back())) return false;
    if (facts.atLeastOne && out.empty())
        return fail(m_text.place(id), fmt::format("`{}` is given but empty", facts.key),
                    "Leave it out to match everything, or name at least one.");
    return true;
}

template <Described T>
bool ConfigReader::readOther(NodeId id, std::string key, T& out)
{
    for (const RefusedKey& refused : Description<T>::kRefused) {
        if (refused.key != key) continue;
        return m_text.node(id).type == JsonType::null || failKey(id, fmt::format("`{}` {}", key, refused.reason));
    }
    if constexpr (kTolerant<T>) {
        (out.*Description<T>::kOthers).push_back({std::move(key), {std::string(m_text.raw(id))}});
        return true;
    } else {
        std::vector<std::string_view> known;
        forEachField<T>([&](const auto& f) { known.push_back(f.facts.key); });
        return unknownKey(id, key, known);
    }
}

template <Described T>
bool ConfigReader::readMember(NodeId id, std::array<NodeId, kFieldCount<T>>& seen, T& out)
{
    std::string key = m_text.key(id);
    std::size_t index = 0;
    bool known = false;
    bool good = true;
    const auto tryField = [&](const auto& f) {
        NodeId& first = seen[index++];
        if (known || (key != f.facts.key && (f.facts.alias.empty() || key != f.facts.alias))) return;
        known = true;
        if (first != JsonText::kNone) {
            const std::uint32_t line = m_text.placeOfOffset(m_text.node(first).keyBegin).line;
            good = failKey(id, duplicateSentence(f.facts.key, line), kDuplicateHint);
            return;
        }
        first = id;
        if (f.facts.gated) m_gated.push_back({id, f.facts});
        good = readValue(id, f.facts, out.*f.member);
    };
    forEachField<T>(tryField);
    return known ? good : readOther(id, std::move(key), out);
}

template <Described T>
bool ConfigReader::readValue(NodeId id, const FieldFacts&, T& out)
{
    if (m_text.node(id).type != JsonType::object) return wrongType(id, expectation<T>());
    std::array<NodeId, kFieldCount<T>> seen;
    seen.fill(JsonText::kNone);
    for (NodeId child = m_text.node(id).firstChild; child != JsonText::kNone; child = m_text.node(child).nextSibling)
        if (!readMember(child, seen, out)) return false;
    std::size_t index = 0;
    std::string_view missing;
    forEachField<T>([&]<class F>(const F& f) {
        const bool given = seen[index++] != JsonText::kNone;
        const bool needed = !IsOptional<typename F::MemberType>::value;
        if (needed && !given && missing.empty()) missing = f.facts.key;
    });
    return missing.empty() || fail(m_text.place(id), fmt::format("`{}` is missing", missing));
}

/// Where in the configuration a field called `key` exists, for a key that stands in the wrong place.
std::string elsewhere(const std::string& key)
{
    for (const FieldInfo& info : configFields()) {
        if (info.key != key) continue;
        const std::string parent = info.pointer.substr(0, info.pointer.rfind('/'));
        return parent.empty() ? fmt::format("`{}` belongs at the top level.", key)
                              : fmt::format("`{}` belongs in {}.", key, parent);
    }
    return {};
}

bool ConfigReader::unknownKey(NodeId id, const std::string& key, const std::vector<std::string_view>& known)
{
    const std::string_view near = nearest(key, known);
    std::string hint = elsewhere(key);
    if (hint.empty() && !near.empty()) hint = fmt::format("Did you mean `{}`?", near);
    if (hint.empty()) hint = fmt::format("Expected {}.", oneOf(known));
    return failKey(id, fmt::format("unknown key `{}`", shortened(key, 60)), std::move(hint));
}

/// Before anything else: what the other keys mean depends on the version.
bool ConfigReader::checkVersion(SchemaVersion& version)
{
    const NodeId id = m_text.member(m_text.root(), "version");
    if (id == JsonText::kNone || m_text.node(id).type != JsonType::string) return true;
    Result<SchemaVersion> declared = SchemaVersion::parse(m_text.string(id));
    if (!declared) return fail(m_text.place(id), declared.error().message, declared.error().hint);
    version = *declared;
    return true;
}

bool ConfigReader::checkGates(const SchemaVersion& version)
{
    for (const GatedField& gated : m_gated) {
        if (version.atLeast(gated.facts.since)) continue;
        const std::string declared = version.isLegacy() ? "declares none" : "declares " + version.text();
        return failKey(gated.node,
                       fmt::format("`{}` needs schema version {} or later, the profile {}", gated.facts.key,
                                   gated.facts.since, declared),
                       fmt::format("Set \"version\" to \"{}.0-alpha\".", gated.facts.since));
    }
    return true;
}

bool ConfigReader::checkRules(const SandboxConfig& config)
{
    for (const ConfigRule& rule : configRules()) {
        const std::optional<RuleViolation> violation = rule.check(config);
        if (!violation) continue;
        return fail(nearestPlace(m_text, violation->pointer),
                    violation->message.empty() ? std::string(rule.sentence) : violation->message, violation->hint);
    }
    return true;
}

Result<void> ConfigReader::read(SandboxConfig& config)
{
    SchemaVersion version;
    const FieldFacts whole{{}, "", "Configuration", ""};
    if (!checkVersion(version) || !readValue(m_text.root(), whole, config) || !checkGates(version) ||
        !checkRules(config))
        return *m_error;
    return {};
}

}  // namespace

SourcePlace nearestPlace(const JsonText& text, std::string pointer)
{
    while (true) {
        const NodeId id = text.find(pointer);
        if (id != JsonText::kNone || pointer.empty()) return text.place(id);
        pointer.erase(std::min(pointer.rfind('/'), pointer.size()));
    }
}

SourcePlace LoadedConfig::place(const std::string& pointer) const
{
    return nearestPlace(text, pointer);
}

Result<LoadedConfig> readConfig(std::string text, std::string name)
{
    JsonLimits limits;
    limits.allowDuplicateKeys = true;  // The walk finds them itself, because aliases count and comments do not.
    Result<JsonText> parsed = JsonText::parse(std::move(text), std::move(name), limits);
    if (!parsed) return std::move(parsed).error();
    LoadedConfig loaded;
    loaded.text = std::move(parsed).value();
    if (Result<void> read = ConfigReader(loaded.text).read(loaded.config); !read) return std::move(read).error();
    return loaded;
}

}  // namespace belljar
