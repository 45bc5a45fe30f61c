// JSON text with a place for everything: the tree knows the bytes it came from.
//
// Built by the strict reader (no comments, no trailing commas, no duplicate keys, valid UTF-8, bounded nesting) and
// used for errors with line and column, for rules that point at their line, and for edits that touch nothing else.
// No function recurses, so nesting cannot exhaust the stack.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/policy.h"

namespace belljar {

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

/// The name a person would use: "number", "array" ...
[[nodiscard]] std::string_view jsonTypeName(JsonType type);

struct JsonLimits {
    std::size_t maxDepth = 127;         ///< Deepest nesting accepted (MXC's reader refuses at 128).
    std::size_t maxValues = 4'000'000;  ///< Most values accepted: each takes 32 bytes beside the text.
    bool allowDuplicateKeys = false;    ///< For readers that look for duplicates themselves; look-ups find the first.
};

/// Why a text is no JSON.
struct JsonProblem {
    std::size_t offset = 0;  ///< Of the byte that cannot stand there; the text's size when it ended too early.
    std::string message;     ///< In the words of MXC's reader, without the place.
    std::string hint;
    bool encoding = false;  ///< The bytes are no text at all.
};

struct PartialJson;

class JsonText {
public:
    using NodeId = std::uint32_t;
    static constexpr NodeId kNone = 0xffffffffU;

    struct Node {
        std::uint32_t begin = 0;     ///< Byte offset of the value's first character.
        std::uint32_t end = 0;       ///< One past its last.
        std::uint32_t keyBegin = 0;  ///< Of members of objects: the key's opening quote; of elements of arrays: which.
        std::uint32_t keyEnd = 0;    ///< One past the closing quote; 0 when this is no member.
        NodeId firstChild = kNone;
        NodeId nextSibling = kNone;
        NodeId parent = kNone;
        JsonType type = JsonType::null;
        bool isOpen = false;  ///< Its end was not reached because of a problem; null: a key without a value.
        bool flat = false;  ///< An array or object without arrays or objects in it: its children's ids are consecutive.
    };

    /// Takes the whole text. Errors name line, column and byte offset in `where`; one pass, memory proportional to the
    /// number of values. Texts of 4 GiB and more are refused. `name` is the file name used in error places.
    static Result<JsonText> parse(std::string text, std::string name = {}, const JsonLimits& limits = {});
    /// The same, with what stood before the problem: for readers that report every mistake.
    static PartialJson parsePartly(std::string text, std::string name = {}, const JsonLimits& limits = {});

    [[nodiscard]] const std::string& text() const { return m_text; }
    [[nodiscard]] const std::string& name() const { return m_name; }
    [[nodiscard]] NodeId root() const { return m_nodes.empty() ? kNone : 0; }
    [[nodiscard]] const Node& node(NodeId id) const { return m_nodes[id]; }
    /// The value's text as written.
    [[nodiscard]] std::string_view raw(NodeId id) const;
    /// The decoded key of an object member; "" for others.
    [[nodiscard]] std::string key(NodeId id) const;
    /// The decoded value of a string node.
    [[nodiscard]] std::string string(NodeId id) const;
    /// The member called `key` of an object node, or kNone.
    [[nodiscard]] NodeId member(NodeId object, std::string_view key) const;
    /// The element at `index` of an array node, or kNone.
    [[nodiscard]] NodeId element(NodeId array, std::size_t index) const;
    /// RFC 6901 look-up; kNone when there is no such value.
    [[nodiscard]] NodeId find(std::string_view pointer) const;
    /// RFC 6901 pointer of a node; "" for the root.
    [[nodiscard]] std::string pointer(NodeId id) const;
    /// Line and column (from 1, column in bytes) of a byte offset.
    [[nodiscard]] SourcePlace placeOfOffset(std::size_t offset) const;
    /// Pointer, line and column of a node's value.
    [[nodiscard]] SourcePlace place(NodeId id) const;
    /// "name:line:column (pointer)" for Error::where.
    [[nodiscard]] std::string where(const SourcePlace& place) const;

private:
    friend class JsonScanner;
    static constexpr std::size_t kLineBlock = 4096;

    /// What is known at the start of a block of kLineBlock bytes, so that a place is found without reading from the
    /// top.
    struct LineMark {
        std::uint32_t line = 1;
        std::uint32_t lineStart = 0;
    };

    std::string m_text;
    std::string m_name;
    std::vector<Node> m_nodes;
    std::vector<LineMark> m_lineMarks;
};

struct PartialJson {
    JsonText text;  ///< Without a root when the problem is in the encoding.
    std::optional<JsonProblem> problem;
};

/// The elements of an RFC 6901 pointer, decoded; an error when it is neither empty nor starts with '/'.
[[nodiscard]] Result<std::vector<std::string>> pointerElements(std::string_view pointer);

/// `element` as it is written inside a pointer ("~" and "/" escaped).
[[nodiscard]] std::string pointerElement(std::string_view element);

/// A position in an array: decimal digits without leading zeros.
[[nodiscard]] bool isArrayIndex(std::string_view element);

}  // namespace belljar
