// editSet and editRemove: the smallest change of the text that makes the wanted change of the value.
#include <algorithm>
#include <charconv>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/config/config_io.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

using NodeId = JsonText::NodeId;

Error refused(std::string message, std::string hint = {})
{
    return Error{ErrorCode::malformedRequest, std::move(message), {}, {}, std::move(hint)};
}

/// How a container of the text is laid out, and so how new members of it are.
struct Layout {
    bool multiLine = true;
    std::string newLine = "\n";
    std::string indent;       ///< Of the container's members.
    std::string unit = "  ";  ///< One level more.
    std::string colon = ": ";
    std::string comma = ", ";  ///< Between members on one line.

    [[nodiscard]] Layout inner() const
    {
        Layout result = *this;
        result.indent += unit;
        return result;
    }
    /// `members` between brackets, as the value of a member of a container with this layout.
    [[nodiscard]] std::string wrapped(const std::string& member, char opening, char closing) const
    {
        if (!multiLine) return opening + member + closing;
        return opening + newLine + indent + unit + member + newLine + indent + closing;
    }
};

class Editor {
public:
    explicit Editor(const JsonText& text) : m_json(text), m_text(text.text()) {}

    Result<TextEdit> set(std::string_view pointer, std::string_view value);
    Result<TextEdit> remove(std::string_view pointer);

private:
    [[nodiscard]] NodeId child(NodeId parent, const std::string& step) const;
    [[nodiscard]] std::size_t childCount(NodeId parent) const;
    [[nodiscard]] std::size_t childBegin(NodeId id) const;
    [[nodiscard]] std::string lineIndent(std::size_t offset) const;
    [[nodiscard]] std::string unit() const;
    [[nodiscard]] Layout layoutOf(NodeId container) const;
    void learnSpacing(NodeId container, Layout& layout) const;
    [[nodiscard]] std::string newValue(const std::vector<std::string>& steps, std::size_t from, std::string_view value,
                                       const Layout& layout) const;
    Result<TextEdit> insert(NodeId container, const std::vector<std::string>& steps, std::size_t at,
                            std::string_view value) const;
    [[nodiscard]] TextEdit replace(NodeId id, const std::vector<std::string>& steps, std::size_t from,
                                   std::string_view value) const;

    const JsonText& m_json;
    const std::string& m_text;
};

NodeId Editor::child(NodeId parent, const std::string& step) const
{
    if (m_json.node(parent).type == JsonType::object) return m_json.member(parent, step);
    std::size_t index = 0;
    if (!isArrayIndex(step)) return JsonText::kNone;
    if (std::from_chars(step.data(), step.data() + step.size(), index).ec != std::errc{}) return JsonText::kNone;
    return m_json.element(parent, index);
}

std::size_t Editor::childCount(NodeId parent) const
{
    std::size_t count = 0;
    for (NodeId id = m_json.node(parent).firstChild; id != JsonText::kNone; id = m_json.node(id).nextSibling) ++count;
    return count;
}

/// Where a member or element starts: at its key, if it has one.
std::size_t Editor::childBegin(NodeId id) const
{
    const JsonText::Node& node = m_json.node(id);
    return node.keyEnd != 0 ? node.keyBegin : node.begin;
}

/// The white space at the start of the line in which `offset` stands.
std::string Editor::lineIndent(std::size_t offset) const
{
    const std::size_t lineStart = offset == 0 ? 0 : m_text.rfind('\n', offset - 1) + 1;  // npos + 1 is 0.
    const std::size_t end = m_text.find_first_not_of(" \t", lineStart);
    return m_text.substr(lineStart, std::min(end, m_text.size()) - lineStart);
}

/// One level of indentation: what the root's first member has more than the root.
std::string Editor::unit() const
{
    const NodeId first = m_json.node(m_json.root()).firstChild;
    if (first == JsonText::kNone) return "  ";
    const std::string outer = lineIndent(m_json.node(m_json.root()).begin);
    const std::string inner = lineIndent(childBegin(first));
    const bool deeper = inner.size() > outer.size() && inner.compare(0, outer.size(), outer) == 0;
    return deeper ? inner.substr(outer.size()) : "  ";
}

/// Takes over what stands around the colons and commas that are there; `container` has members.
void Editor::learnSpacing(NodeId container, Layout& layout) const
{
    NodeId object = container;
    while (object != JsonText::kNone && m_json.node(object).type != JsonType::object)
        object = m_json.node(object).parent;
    if (object != JsonText::kNone) {
        const JsonText::Node& member = m_json.node(m_json.node(object).firstChild);
        const std::string between = m_text.substr(member.keyEnd, member.begin - member.keyEnd);
        if (between.find('\n') == std::string::npos) layout.colon = between;
    }
    const JsonText::Node& first = m_json.node(m_json.node(container).firstChild);
    if (first.nextSibling != JsonText::kNone) {
        const std::string between = m_text.substr(first.end, childBegin(first.nextSibling) - first.end);
        if (between.find('\n') == std::string::npos) layout.comma = between;
    } else if (layout.colon == ":") {
        layout.comma = ",";
    }
}

Layout Editor::layoutOf(NodeId container) const
{
    Layout layout;
    layout.unit = unit();
    if (const std::size_t end = m_text.find('\n'); end != std::string::npos && end > 0 && m_text[end - 1] == '\r')
        layout.newLine = "\r\n";
    layout.indent = lineIndent(m_json.node(container).begin) + layout.unit;
    // An empty container says nothing about itself; the nearest one around it that has members decides.
    NodeId speaker = container;
    while (speaker != JsonText::kNone && m_json.node(speaker).firstChild == JsonText::kNone)
        speaker = m_json.node(speaker).parent;
    if (speaker == JsonText::kNone) return layout;
    learnSpacing(speaker, layout);
    const std::size_t open = m_json.node(speaker).begin;
    const std::size_t first = childBegin(m_json.node(speaker).firstChild);
    layout.multiLine = m_text.substr(open, first - open).find('\n') != std::string::npos;
    if (speaker == container) layout.indent = lineIndent(first);
    return layout;
}

/// The JSON of a value that stands at steps[from] ... with its missing parents around it. `layout` is that of the
/// container it goes into.
std::string Editor::newValue(const std::vector<std::string>& steps, std::size_t from, std::string_view value,
                             const Layout& layout) const
{
    if (from < steps.size()) {
        const bool array = steps[from] == "-" || steps[from] == "0";
        std::string member = newValue(steps, from + 1, value, layout.inner());
        if (!array) member = jsonQuote(steps[from]) + layout.colon + member;
        return layout.wrapped(member, array ? '[' : '{', array ? ']' : '}');
    }
    std::string result;
    for (const char c : value) {  // A line break in JSON is never part of a string.
        if (c == '\r') continue;
        if (c == '\n') result += layout.newLine + layout.indent;
        else result += c;
    }
    return result;
}

TextEdit Editor::replace(NodeId id, const std::vector<std::string>& steps, std::size_t from,
                         std::string_view value) const
{
    const JsonText::Node& node = m_json.node(id);
    Layout layout;
    if (node.parent != JsonText::kNone) layout = layoutOf(node.parent);
    return {node.begin, node.end - node.begin, newValue(steps, from, value, layout)};
}

Result<TextEdit> Editor::insert(NodeId container, const std::vector<std::string>& steps, std::size_t at,
                                std::string_view value) const
{
    const JsonText::Node& node = m_json.node(container);
    const bool array = node.type == JsonType::array;
    if (array && steps[at] != "-" && steps[at] != std::to_string(childCount(container)))
        return refused(
            fmt::format("the array at `{}` has no element {}", m_json.pointer(container), shortened(steps[at], 40)),
            "Use - as the last element to append.");
    const Layout layout = layoutOf(container);
    std::string member = newValue(steps, at + 1, value, layout);
    if (!array) member = jsonQuote(steps[at]) + layout.colon + member;
    NodeId last = node.firstChild;
    if (last == JsonText::kNone) {
        Layout around = layout;
        around.indent.erase(around.indent.size() - std::min(around.indent.size(), layout.unit.size()));
        return TextEdit{node.begin, node.end - node.begin,
                        around.wrapped(member, array ? '[' : '{', array ? ']' : '}')};
    }
    while (m_json.node(last).nextSibling != JsonText::kNone) last = m_json.node(last).nextSibling;
    const std::string separator = layout.multiLine ? "," + layout.newLine + layout.indent : layout.comma;
    return TextEdit{m_json.node(last).end, 0, separator + member};
}

Result<TextEdit> Editor::set(std::string_view pointer, std::string_view value)
{
    Result<std::vector<std::string>> parsed = pointerElements(pointer);
    if (!parsed) return std::move(parsed).error();
    const std::vector<std::string>& steps = *parsed;
    if (m_json.root() == JsonText::kNone) return TextEdit{0, m_text.size(), newValue(steps, 0, value, Layout{}) + "\n"};
    NodeId here = m_json.root();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const JsonType type = m_json.node(here).type;
        if (type == JsonType::null) return replace(here, steps, i, value);  // null is absent: make the parent.
        if (type != JsonType::object && type != JsonType::array)
            return refused(fmt::format("`{}` is {}, so it has no `{}`", m_json.pointer(here),
                                       withArticle(jsonTypeName(type)), shortened(steps[i], 60)));
        const NodeId next = child(here, steps[i]);
        if (next == JsonText::kNone) return insert(here, steps, i, value);
        here = next;
    }
    return replace(here, steps, steps.size(), value);
}

Result<TextEdit> Editor::remove(std::string_view pointer)
{
    const NodeId id = m_json.find(pointer);
    if (id == JsonText::kNone) return refused(fmt::format("there is nothing at `{}`", shortened(pointer, 120)));
    const JsonText::Node& node = m_json.node(id);
    if (node.parent == JsonText::kNone) return refused("the whole profile cannot be removed");
    const JsonText::Node& parent = m_json.node(node.parent);
    if (node.nextSibling != JsonText::kNone) {
        const std::size_t begin = childBegin(id);
        return TextEdit{begin, childBegin(node.nextSibling) - begin, {}};
    }
    if (parent.firstChild == id) return TextEdit{parent.begin + 1, parent.end - parent.begin - 2, {}};
    NodeId previous = parent.firstChild;
    while (m_json.node(previous).nextSibling != id) previous = m_json.node(previous).nextSibling;
    return TextEdit{m_json.node(previous).end, node.end - m_json.node(previous).end, {}};
}

Result<TextEdit> editFor(const JsonText& text, const ProfileChange& change)
{
    if (!change.json) return editRemove(text, change.pointer);
    if (!change.pointer.ends_with("/-")) return editSet(text, change.pointer, *change.json);
    const std::string list = change.pointer.substr(0, change.pointer.size() - 2);
    const NodeId node = text.find(list);
    const bool exists = node != JsonText::kNone && text.node(node).type == JsonType::array;
    return exists ? editSet(text, change.pointer, *change.json) : editSet(text, list, "[" + *change.json + "]");
}

}  // namespace

Result<TextEdit> editSet(const JsonText& text, std::string_view pointer, std::string_view json)
{
    const Result<JsonText> value = JsonText::parse(std::string(json));
    if (!value) return refused("the new value is not valid: " + value.error().message, value.error().hint);
    return Editor(text).set(pointer, value->raw(value->root()));
}

Result<TextEdit> editRemove(const JsonText& text, std::string_view pointer)
{
    if (text.root() == JsonText::kNone) return refused("there is nothing to remove");
    return Editor(text).remove(pointer);
}

std::string applyEdit(std::string text, const TextEdit& edit)
{
    text.replace(edit.offset, edit.length, edit.replacement);
    return text;
}

Result<std::vector<TextEdit>> editsFor(std::string text, std::span<const ProfileChange> changes)
{
    std::vector<TextEdit> edits;
    for (const ProfileChange& change : changes) {
        const Result<JsonText> parsed = JsonText::parse(text);
        if (!parsed) return parsed.error();
        Result<TextEdit> edit = editFor(*parsed, change);
        if (!edit) return std::move(edit).error();
        text = applyEdit(std::move(text), *edit);
        edits.push_back(std::move(*edit));
    }
    return edits;
}

}  // namespace belljar
