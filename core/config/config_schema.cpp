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

constexpr std::string_view kSchemaVersions[] = {"0.6", "0.7", "0.8"};

class SchemaWriter {
public:
    explicit SchemaWriter(std::string_view version) : m_version(version) {}

    std::string write()
    {
        m_out.openObject();
        member("$schema", "http://json-schema.org/draft-07/schema#");
        member("title", fmt::format("Belljar profile (MXC one-shot configuration {})", m_version));
        object<SandboxConfig>();
        m_out.close();
        return std::move(m_out).take();
    }

private:
    void member(std::string_view key, std::string_view value)
    {
        m_out.key(key);
        m_out.string(value);
    }

    void typeName(std::string_view name, bool nullable)
    {
        m_out.key("type");
        if (!nullable) return m_out.string(name);
        m_out.openArray();
        m_out.string(name);
        m_out.string("null");
        m_out.close();
    }

    /// Keywords of a value of type T inside an object that is already open.
    template <class T>
    void value(const FieldFacts& facts, bool nullable = false)
    {
        if constexpr (IsOptional<T>::value) {
            value<typename IsOptional<T>::Inner>(facts, true);
        } else if constexpr (Described<T>) {
            object<T>(nullable);
        } else if constexpr (IsList<T>::value) {
            list<T>(facts, nullable);
        } else if constexpr (!std::same_as<T, AnyJson>) {
            typeName(kindName<T>(), nullable);
            if constexpr (Number<T>) {
                m_out.key("minimum");
                m_out.number(facts.minimum);
                m_out.key("maximum");
                m_out.number(largest<T>(facts));
            }
            if constexpr (std::same_as<T, std::string>) text(facts, nullable);
        }
    }

    template <class T>
    void list(const FieldFacts& facts, bool nullable)
    {
        typeName("array", nullable);
        if (facts.atLeastOne) {
            m_out.key("minItems");
            m_out.number(1);
        }
        m_out.key("items");
        m_out.openObject();
        value<typename IsList<T>::Element>(facts);
        m_out.close();
    }

    void text(const FieldFacts& facts, bool nullable)
    {
        if (facts.text != TextRule::any) {
            m_out.key("minLength");
            m_out.number(1);
        }
        if (facts.words.empty()) return;
        m_out.key("enum");
        m_out.openArray();
        for (const Word& word : facts.words)
            if (!word.since.empty() && word.since <= m_version) m_out.string(word.text);
        if (nullable) m_out.raw("null");
        m_out.close();
    }

    template <class T>
    static constexpr bool isRequired(const FieldFacts& facts)
    {
        return facts.requiredBySchema || !IsOptional<T>::value;
    }

    template <Described T>
    void object(bool nullable = false)
    {
        typeName("object", nullable);
        m_out.key("additionalProperties");
        m_out.boolean(kTolerant<T>);
        bool anyRequired = false;
        m_out.key("properties");
        m_out.openObject();
        forEachField<T>([&]<class S, class M>(const Field<S, M>& f) {
            if (f.facts.since > m_version) return;
            anyRequired = anyRequired || isRequired<M>(f.facts);
            m_out.key(f.facts.key);
            property<M>(f.facts);
            if (f.facts.alias.empty()) return;
            m_out.key(f.facts.alias);
            property<M>(f.facts);
        });
        m_out.close();
        if (!anyRequired) return;
        m_out.key("required");
        m_out.openArray();
        forEachField<T>([&]<class S, class M>(const Field<S, M>& f) {
            if (f.facts.since <= m_version && isRequired<M>(f.facts)) m_out.string(f.facts.key);
        });
        m_out.close();
    }

    template <class M>
    void property(const FieldFacts& facts)
    {
        m_out.openObject();
        member("title", facts.title);
        member("description", facts.help);
        value<M>(facts);
        m_out.close();
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
            if constexpr (Number<typename IsOptional<M>::Inner>)
                info.maximum = largest<typename IsOptional<M>::Inner>(f.facts);
            info.systems = f.facts.systems;
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
