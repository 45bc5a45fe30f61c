// writeConfig: the description read backwards.
#include "core/config/config_io.h"
#include "core/config/field_description.h"
#include "core/config/field_kinds.h"
#include "core/config/json_writer.h"

namespace belljar {
namespace {

void writeValue(JsonWriter& out, const std::string& value)
{
    out.string(value);
}
void writeValue(JsonWriter& out, bool value)
{
    out.boolean(value);
}
void writeValue(JsonWriter& out, const AnyJson& value)
{
    out.raw(value.text);
}
template <Number T>
void writeValue(JsonWriter& out, T value)
{
    out.number(value);
}

template <Described T>
void writeValue(JsonWriter& out, const T& value);

template <class T>
void writeValue(JsonWriter& out, const std::vector<T>& values)
{
    out.openArray();
    for (const T& value : values) writeValue(out, value);
    out.close();
}

template <class T>
void writeMember(JsonWriter& out, const FieldFacts& facts, const T& value)
{
    if constexpr (IsOptional<T>::value) {
        if (value) writeMember(out, facts, *value);
    } else {
        out.key(facts.key);
        writeValue(out, value);
    }
}

template <Described T>
void writeValue(JsonWriter& out, const T& value)
{
    out.openObject();
    forEachField<T>([&](const auto& f) { writeMember(out, f.facts, value.*f.member); });
    if constexpr (kTolerant<T>) {
        for (const OtherMember& other : value.*Description<T>::kOthers) {
            out.key(other.key);
            writeValue(out, other.value);
        }
    }
    out.close();
}

}  // namespace

std::string writeConfig(const SandboxConfig& config)
{
    JsonWriter out;
    writeValue(out, config);
    return std::move(out).take();
}

}  // namespace belljar
