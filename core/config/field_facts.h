// The words in which the configuration is described: what one line of field_description.h can say about a field.
//
// A struct of the model is described by a specialisation of Description with a tuple of Fields. Everything else visits
// these tuples: the reader, the writer, the JSON Schema and the list of fields for forms and help.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace belljar {

/// One value of an enumeration.
struct Word {
    std::string_view text;
    std::string_view since = "0.6";  ///< First published schema that lists it; "" for none.
    std::string_view meaning = {};   ///< For another spelling of a word: that word, which is what reading yields.
};

/// What the text of a string must be like. As `minimum` and `atLeastOne`, this is for schema and forms: readers hear it
/// from the rules in config_rules.h, in MXC's words and order.
enum class TextRule : std::uint8_t {
    any,
    command,  ///< Not empty, no NUL.
    path,     ///< Not blank, no NUL, no '"'.
};

/// Whose field it is.
enum class FieldOrigin : std::uint8_t {
    mxc,
    belljar,  ///< Belljar's own; MXC ignores it.
    moved,    ///< MXC knows it only to refuse it; neither schema nor forms list it.
};

/// What a field demands beside its type. Schema versions are "0.6" ... "0.9" and compare as text.
struct FieldRules {
    std::string_view alias = {};          ///< Another key that is read as this one.
    std::string_view aliasSchema = {};    ///< The one published schema that lists the alias.
    std::string_view since = "0.6";       ///< First published schema that has it.
    bool gated = false;                   ///< Refused in profiles that declare an older version, even as null.
    std::string_view requiredUntil = {};  ///< Published schemas before this one demand it; the reader does not.
    std::string_view section = {};  ///< For a section of one containment: the values of `containment` it goes with.
    bool atLeastOne = false;        ///< A list that is given may not be empty.
    FieldOrigin origin = FieldOrigin::mxc;
    TextRule text = TextRule::any;     ///< For strings and the elements of lists of strings.
    std::span<const Word> words = {};  ///< For enumerations: all values.
    std::uint64_t minimum = 0;         ///< For integers.
    std::uint64_t maximum = 0;         ///< For integers; 0: what the type holds.
    std::string_view systems = {};     ///< Operating systems that act on it; "" for all.
};

/// Everything that is known about a field.
struct FieldFacts : FieldRules {
    std::string_view key;
    std::string_view title;
    std::string_view help;  ///< One or two sentences.
};

template <class Struct, class Member>
struct Field {
    using MemberType = Member;
    FieldFacts facts;
    Member Struct::*member;
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(Member Struct::*member, std::string_view key, std::string_view title,
                                      std::string_view help, const FieldRules& rules = {})
{
    return {{rules, key, title, help}, member};
}

/// What most structs do: unknown keys are errors.
struct StrictDescription {
    static constexpr std::nullptr_t kOthers = nullptr;       ///< Or the member that keeps unknown keys.
    static constexpr std::string_view kClosedSince = "0.8";  ///< First published schema that refuses unknown keys.
    static constexpr std::string_view kOneOfUntil = {};  ///< Published schemas before this one want one member only.
};

/// Specialised for each struct: `static constexpr auto kFields`, in MXC's order because MXC also reads an array
/// of all fields; `kOthers`; `kName`, what MXC's messages call it.
template <class Struct>
struct Description;

template <class T>
concept Described = requires
{
    Description<T>::kFields;
};

template <Described T>
inline constexpr std::size_t kFieldCount = std::tuple_size_v<std::remove_cvref_t<decltype(Description<T>::kFields)>>;

/// True for structs that keep unknown keys instead of refusing them.
template <Described T>
inline constexpr bool kTolerant = !std::is_null_pointer_v<std::remove_cvref_t<decltype(Description<T>::kOthers)>>;

/// Calls `visit` with every field of T in the order of the description.
template <Described T, class Visit>
constexpr void forEachField(Visit&& visit)
{
    std::apply([&](const auto&... fields) { (visit(fields), ...); }, Description<T>::kFields);
}

/// How many values an array in the place of the object has.
template <Described T>
constexpr std::size_t positionalCount()
{
    std::size_t count = 0;
    forEachField<T>([&](const auto& f) { count += f.facts.origin != FieldOrigin::belljar; });
    return count;
}

}  // namespace belljar
