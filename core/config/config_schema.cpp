// configSchema and configFields: the description as a JSON Schema and as a flat list.
#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/config/config_io.h"
#include "core/config/field_description.h"
#include "core/config/field_kinds.h"
#include "core/config/json_writer.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

constexpr std::string_view kSchemaVersions[] = {"0.6", "0.7", "0.8", "0.9"};

/// Published schemas from here on say that null is the same as absent, and bound all numbers.
constexpr std::string_view kNullIsAbsentSince = "0.8";
/// The published schema that ties the section of a containment to the value of `containment`; elsewhere the reader's
/// rule alone says it.
constexpr std::string_view kSectionRuleSchema = "0.7";
constexpr std::uint64_t kLargestPort = 65535;

class SchemaWriter {
public:
    explicit SchemaWriter(std::string_view version) : m_version(version) {}

    std::string write()
    {
        m_out.openObject();
        member("$schema", "http://json-schema.org/draft-07/schema#");
        member("title", fmt::format("Belljar profile (MXC configuration {})", m_version));
        object<SandboxConfig>(false);
        if (m_version == kSectionRuleSchema) sectionRules();
        m_out.close();
        return std::move(m_out).take();
    }

private:
    void member(std::string_view key, std::string_view value)
    {
        m_out.key(key);
        m_out.string(value);
    }

    void texts(std::string_view key, const std::vector<std::string_view>& values, bool nullable = false)
    {
        m_out.key(key);
        m_out.openArray();
        for (const std::string_view value : values) m_out.string(value);
        if (nullable) m_out.raw("null");
        m_out.close();
    }

    void typeName(std::string_view name, bool nullable)
    {
        if (nullable) texts("type", {name, "null"});
        else member("type", name);
    }

    void number(std::string_view key, std::uint64_t value)
    {
        m_out.key(key);
        m_out.number(value);
    }

    /// Keywords of a value of type T inside an object that is already open.
    template <class T>
    void value(const FieldFacts& facts, bool nullable = false)
    {
        if constexpr (IsOptional<T>::value) {
            value<typename IsOptional<T>::Inner>(facts, m_version >= kNullIsAbsentSince);
        } else if constexpr (Described<T>) {
            object<T>(nullable);
        } else if constexpr (IsList<T>::value) {
            list<T>(facts, nullable);
        } else if constexpr (!std::same_as<T, AnyJson>) {
            typeName(kindName<T>(), nullable);
            if constexpr (Number<T>) range(facts.minimum, largest<T>(facts));
            if constexpr (std::same_as<T, std::string>) text(facts, nullable);
        }
    }

    void range(std::uint64_t minimum, std::uint64_t maximum)
    {
        number("minimum", minimum);
        if (maximum <= kLargestPort || m_version >= kNullIsAbsentSince) number("maximum", maximum);
    }

    template <class T>
    void list(const FieldFacts& facts, bool nullable)
    {
        typeName("array", nullable);
        if (facts.atLeastOne) number("minItems", 1);
        m_out.key("items");
        m_out.openObject();
        value<typename IsList<T>::Element>(facts);
        m_out.close();
    }

    void text(const FieldFacts& facts, bool nullable)
    {
        if (facts.text == TextRule::command && m_version < facts.requiredUntil) number("minLength", 1);
        if (facts.words.empty()) return;
        std::vector<std::string_view> words;
        for (const Word& word : facts.words)
            if (!word.since.empty() && word.since <= m_version) words.push_back(word.text);
        texts("enum", words, nullable);
    }

    template <class T>
    [[nodiscard]] bool isRequired(const FieldFacts& facts) const
    {
        return m_version < facts.requiredUntil || !IsOptional<T>::value;
    }

    /// Calls `visit` with the fields of T that this version has.
    template <Described T, class Visit>
    void forEachPublished(const Visit& visit) const
    {
        forEachField<T>([&](const auto& f) {
            if (f.facts.since <= m_version && f.facts.origin != FieldOrigin::moved) visit(f);
        });
    }

    template <Described T>
    void object(bool nullable)
    {
        typeName("object", nullable);
        if (m_version < Description<T>::kOneOfUntil) return alternatives<T>();
        if constexpr (!kTolerant<T>)
            if (m_version >= Description<T>::kClosedSince) closed();
        m_out.key("properties");
        m_out.openObject();
        std::vector<std::string_view> required;
        forEachPublished<T>([&]<class S, class M>(const Field<S, M>& f) {
            if (isRequired<M>(f.facts)) required.push_back(f.facts.key);
            property<M>(f.facts.key, f.facts);
            if (f.facts.aliasSchema == m_version) property<M>(f.facts.alias, f.facts);
        });
        forEachField<T>([&](const auto& f) {
            if (f.facts.origin != FieldOrigin::moved) return;
            refusedProperty(f.facts.key, f.facts.help);
            refusedProperty(f.facts.alias, f.facts.help);
        });
        m_out.close();
        if (!required.empty()) texts("required", required);
    }

    /// Exactly one of the fields. A switch among them can only be on: off is to leave it out.
    template <Described T>
    void alternatives()
    {
        m_out.key("oneOf");
        m_out.openArray();
        forEachPublished<T>([&]<class S, class M>(const Field<S, M>& f) {
            m_out.openObject();
            closed();
            m_out.key("properties");
            m_out.openObject();
            property<M>(f.facts.key, f.facts, std::same_as<M, std::optional<bool>>);
            m_out.close();
            texts("required", {f.facts.key});
            m_out.close();
        });
        m_out.close();
    }

    void closed()
    {
        m_out.key("additionalProperties");
        m_out.boolean(false);
    }

    template <class M>
    void property(std::string_view key, const FieldFacts& facts, bool onlyTrue = false)
    {
        m_out.key(key);
        m_out.openObject();
        member("title", facts.title);
        member("description", facts.help);
        value<M>(facts);
        if (onlyTrue) {
            m_out.key("const");
            m_out.boolean(true);
        }
        m_out.close();
    }

    /// So that an editor says why instead of taking it for an unknown key of an open block.
    void refusedProperty(std::string_view key, std::string_view why)
    {
        m_out.key(key);
        m_out.openObject();
        member("description", why);
        typeName("null", false);
        m_out.close();
    }

    /// Each section of a containment needs `containment` to name it.
    void sectionRules()
    {
        m_out.key("allOf");
        m_out.openArray();
        forEachPublished<SandboxConfig>([&](const auto& f) {
            if (f.facts.section.empty()) return;
            sectionRule(f.facts.key, f.facts.section);
            if (f.facts.aliasSchema == m_version) sectionRule(f.facts.alias, f.facts.section);
        });
        m_out.close();
    }

    void sectionRule(std::string_view key, std::string_view containments)
    {
        std::vector<std::string_view> words;
        for (std::size_t end = 0; !containments.empty();
             containments.remove_prefix(std::min(end + 1, containments.size())))
            words.push_back(containments.substr(0, end = std::min(containments.find(' '), containments.size())));
        m_out.openObject();
        m_out.key("if");
        m_out.openObject();
        texts("required", {key});
        m_out.close();
        m_out.key("then");
        m_out.openObject();
        texts("required", {"containment"});
        m_out.key("properties");
        m_out.openObject();
        m_out.key("containment");
        m_out.openObject();
        texts("enum", words);
        for (int level = 0; level < 4; ++level) m_out.close();
    }

    std::string_view m_version;
    JsonWriter m_out;
};

template <class T>
void listFields(std::vector<FieldInfo>& out, const std::string& pointer)
{
    if constexpr (IsOptional<T>::value) {
        listFields<typename IsOptional<T>::Inner>(out, pointer);
    } else if constexpr (IsList<T>::value) {
        listFields<typename IsList<T>::Element>(out, pointer + "/*");
    } else if constexpr (Described<T>) {
        forEachField<T>([&]<class S, class M>(const Field<S, M>& f) {
            if (f.facts.origin == FieldOrigin::moved) return;
            FieldInfo& info = out.emplace_back();
            info.pointer = pointer + "/" + pointerElement(f.facts.key);
            info.key = f.facts.key;
            info.title = f.facts.title;
            info.help = f.facts.help;
            info.type = kindName<M>();
            for (const Word& word : f.facts.words)
                if (word.meaning.empty()) info.values.emplace_back(word.text);
            info.since = f.facts.since;
            info.minimum = f.facts.minimum;
            using Inner = typename IsOptional<M>::Inner;
            if constexpr (Number<Inner>) info.maximum = largest<Inner>(f.facts);
            info.systems = f.facts.systems;
            info.alias = f.facts.alias;
            info.required = !IsOptional<M>::value;
            if constexpr (IsList<Inner>::value) info.ofObjects = Described<typename IsList<Inner>::Element>;
            listFields<M>(out, std::string(info.pointer));  // A copy: `info` moves when the list grows.
        });
    }
}

}  // namespace

Result<std::string> configSchema(std::string_view version)
{
    if (std::find(std::begin(kSchemaVersions), std::end(kSchemaVersions), version) == std::end(kSchemaVersions))
        return Error{ErrorCode::malformedRequest,
                     fmt::format("there is no schema `{}`", shortened(version, 40)),
                     {},
                     {},
                     fmt::format("Schemas: {}.", fmt::join(kSchemaVersions, ", "))};
    return SchemaWriter(version).write();
}

const std::vector<FieldInfo>& configFields()
{
    static const std::vector<FieldInfo> fields = [] {
        std::vector<FieldInfo> list;
        listFields<SandboxConfig>(list, "");
        return list;
    }();
    return fields;
}

}  // namespace belljar
