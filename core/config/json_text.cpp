#include "core/config/json_text.h"

#include <algorithm>
#include <charconv>

#include <spdlog/fmt/fmt.h>

#include "core/base/utf8.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

std::uint32_t hexValue(std::string_view digits)
{
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

/// The value of a string literal without its quotes; the grammar has been checked already.
std::string decodeString(std::string_view body)
{
    std::string out;
    out.reserve(body.size());
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] != '\\') {
            out += body[i];
            continue;
        }
        switch (const char escape = body[++i]) {
            case 'b': out += '\b'; break;
            case 'f': out += '\f'; break;
            case 'n': out += '\n'; break;
            case 'r': out += '\r'; break;
            case 't': out += '\t'; break;
            case 'u': {
                std::uint32_t code = hexValue(body.substr(i + 1, 4));
                i += 4;
                if (code >= 0xd800 && code <= 0xdbff) {
                    code = 0x10000 + ((code - 0xd800) << 10U) + (hexValue(body.substr(i + 3, 4)) - 0xdc00);
                    i += 6;
                }
                appendUtf8(out, code);
                break;
            }
            default: out += escape;
        }
    }
    return out;
}

}  // namespace

std::string_view jsonTypeName(JsonType type)
{
    switch (type) {
        case JsonType::null: return "null";
        case JsonType::boolean: return "boolean";
        case JsonType::number: return "number";
        case JsonType::string: return "string";
        case JsonType::array: return "array";
        case JsonType::object: return "object";
    }
    return "value";
}

std::string_view JsonText::raw(NodeId id) const
{
    const Node& n = m_nodes[id];
    return std::string_view(m_text).substr(n.begin, n.end - n.begin);
}

std::string JsonText::key(NodeId id) const
{
    const Node& n = m_nodes[id];
    if (n.keyEnd == 0) return {};
    return decodeString(std::string_view(m_text).substr(n.keyBegin + 1, n.keyEnd - n.keyBegin - 2));
}

std::string JsonText::string(NodeId id) const
{
    const Node& n = m_nodes[id];
    if (n.type != JsonType::string) return {};
    return decodeString(std::string_view(m_text).substr(n.begin + 1, n.end - n.begin - 2));
}

JsonText::NodeId JsonText::member(NodeId object, std::string_view key) const
{
    if (object == kNone || m_nodes[object].type != JsonType::object) return kNone;
    for (NodeId id = m_nodes[object].firstChild; id != kNone; id = m_nodes[id].nextSibling) {
        const Node& n = m_nodes[id];
        const std::string_view written = std::string_view(m_text).substr(n.keyBegin + 1, n.keyEnd - n.keyBegin - 2);
        if (written == key && key.find('\\') == std::string_view::npos) return id;
        if (written.find('\\') != std::string_view::npos && decodeString(written) == key) return id;
    }
    return kNone;
}

JsonText::NodeId JsonText::element(NodeId array, std::size_t index) const
{
    if (array == kNone || m_nodes[array].type != JsonType::array) return kNone;
    NodeId id = m_nodes[array].firstChild;
    if (id != kNone && m_nodes[array].flat) {
        const std::size_t candidate = id + index;
        return candidate < m_nodes.size() && m_nodes[candidate].parent == array ? static_cast<NodeId>(candidate)
                                                                                : kNone;
    }
    // Ids stand in the order of the text, so what lies in the array is a range of them, element after element.
    std::size_t low = id;
    std::size_t high = id == kNone ? 0 : m_nodes.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        NodeId at = static_cast<NodeId>(middle);
        while (at > array && m_nodes[at].parent != array) at = m_nodes[at].parent;
        if (at <= array || m_nodes[at].keyBegin > index) high = at <= array ? middle : at;
        else if (m_nodes[at].keyBegin < index) low = middle + 1;
        else return at;
    }
    return kNone;
}

JsonText::NodeId JsonText::find(std::string_view pointer) const
{
    const Result<std::vector<std::string>> elements = pointerElements(pointer);
    if (!elements) return kNone;
    NodeId id = root();
    for (const std::string& step : *elements) {
        if (id == kNone) return kNone;
        if (m_nodes[id].type == JsonType::object) {
            id = member(id, step);
        } else {
            std::size_t index = 0;
            if (!isArrayIndex(step)) return kNone;
            if (std::from_chars(step.data(), step.data() + step.size(), index).ec != std::errc{}) return kNone;
            id = element(id, index);
        }
    }
    return id;
}

std::string JsonText::pointer(NodeId id) const
{
    std::vector<std::string> parts;
    for (; id != kNone && m_nodes[id].parent != kNone; id = m_nodes[id].parent) {
        const NodeId parent = m_nodes[id].parent;
        if (m_nodes[parent].type == JsonType::object) {
            parts.push_back(pointerElement(key(id)));
            continue;
        }
        parts.push_back(std::to_string(m_nodes[id].keyBegin));
    }
    std::string result;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) result += "/" + *part;
    return result;
}

SourcePlace JsonText::placeOfOffset(std::size_t offset) const
{
    offset = std::min(offset, m_text.size());
    if (m_lineMarks.empty()) return {};
    const std::size_t block = offset / kLineBlock;
    LineMark mark = m_lineMarks[block];
    for (std::size_t i = block * kLineBlock; i < offset; ++i) {
        if (m_text[i] != '\n') continue;
        ++mark.line;
        mark.lineStart = static_cast<std::uint32_t>(i + 1);
    }
    return {{}, mark.line, static_cast<std::uint32_t>(offset - mark.lineStart + 1)};
}

SourcePlace JsonText::place(NodeId id) const
{
    if (id == kNone) return {};
    SourcePlace result = placeOfOffset(m_nodes[id].begin);
    result.pointer = pointer(id);
    return result;
}

std::string JsonText::where(const SourcePlace& place) const
{
    std::string result = m_name;
    if (place.line != 0) {
        if (!result.empty()) result += ':';
        result += fmt::format("{}:{}", place.line, place.column);
    }
    if (!place.pointer.empty()) result += fmt::format(" ({})", shortened(place.pointer, 300));
    return result;
}

Result<std::vector<std::string>> pointerElements(std::string_view pointer)
{
    std::vector<std::string> result;
    if (pointer.empty()) return result;
    if (pointer.front() != '/')
        return Error{ErrorCode::malformedRequest,
                     fmt::format("`{}` is not a JSON pointer", shortened(pointer, 80)),
                     {},
                     {},
                     "A pointer starts with '/', e.g. /process/timeout."};
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/') {
            result.emplace_back();
        } else if (pointer[i] == '~' && i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1')) {
            result.back() += pointer[++i] == '0' ? '~' : '/';
        } else {
            result.back() += pointer[i];
        }
    }
    return result;
}

std::string pointerElement(std::string_view element)
{
    std::string result;
    for (const char c : element) {
        if (c == '~') result += "~0";
        else if (c == '/') result += "~1";
        else result += c;
    }
    return result;
}

bool isArrayIndex(std::string_view element)
{
    if (element.empty() || element.find_first_not_of("0123456789") != std::string_view::npos) return false;
    return element == "0" || element.front() != '0';
}

}  // namespace belljar
