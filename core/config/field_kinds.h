// How the type of a member is called in JSON: shared by the reader's sentences, the schema and the list of fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/field_facts.h"
#include "core/model/containment_config.h"

namespace belljar {

template <class T>
struct IsOptional : std::false_type {
    using Inner = T;
};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {
    using Inner = T;
};

template <class T>
struct IsList : std::false_type {
    using Element = void;
};
template <class T>
struct IsList<std::vector<T>> : std::true_type {
    using Element = T;
};

template <class T>
concept Number = std::unsigned_integral<T> && !std::same_as<T, bool>;

/// JSON Schema's name of the type; "any" for AnyJson.
template <class T>
constexpr std::string_view kindName()
{
    if constexpr (IsOptional<T>::value) return kindName<typename IsOptional<T>::Inner>();
    else if constexpr (IsList<T>::value) return "array";
    else if constexpr (Described<T>) return "object";
    else if constexpr (std::same_as<T, bool>) return "boolean";
    else if constexpr (std::same_as<T, std::string>) return "string";
    else if constexpr (std::same_as<T, AnyJson>) return "any";
    else {
        static_assert(Number<T>, "a member type that the configuration cannot hold");
        return "integer";
    }
}

/// The largest value that a field of integer type T accepts.
template <Number T>
constexpr std::uint64_t largest(const FieldFacts& facts)
{
    return facts.maximum != 0 ? facts.maximum : static_cast<std::uint64_t>(static_cast<T>(-1));
}

}  // namespace belljar
