#include "core/config/mxc_sentence.h"

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

constexpr std::size_t kLongestKey = 4096;  ///< Bytes of a hostile key that a message repeats.

/// "/network/egress/allow/0/to" as "network.egress.allow[0].to".
std::string mxcPath(const JsonText& text, const std::string& pointer)
{
    const Result<std::vector<std::string>> elements = pointerElements(pointer);
    std::string path;
    std::string walked;
    bool first = true;
    if (!elements) return path;
    for (const std::string& element : *elements) {
        const JsonText::NodeId parent = text.find(walked);
        const bool inArray = parent != JsonText::kNone && text.node(parent).type == JsonType::array;
        if (inArray) path += "[" + element + "]";
        else path += (first ? "" : ".") + shortened(element, kLongestKey);
        first = false;
        walked += "/" + pointerElement(element);
    }
    return path;
}

/// Where the reader stood: at the end of the text, behind its last byte.
std::string mxcPlace(const JsonText& text, std::size_t lastByte)
{
    const SourcePlace place = text.placeOfOffset(lastByte);
    const std::uint32_t column = lastByte >= text.text().size() ? place.column - 1 : place.column;
    return fmt::format(" at line {} column {}", place.line, column);
}

}  // namespace

std::string mxcSentence(const JsonText& text, const ConfigProblem& problem)
{
    const Finding& finding = problem.finding;
    std::string sentence;
    switch (problem.kind) {
        case ProblemKind::encoding:
        case ProblemKind::rule: sentence = finding.message; break;
        case ProblemKind::json:
            sentence = "Invalid JSON syntax: " + finding.message + mxcPlace(text, problem.lastByte);
            break;
        case ProblemKind::field: {
            std::string pointer = finding.place.pointer;
            if (problem.inParent) pointer.erase(pointer.rfind('/'));
            sentence = pointer.empty() ? "Invalid configuration: "
                                       : "Invalid configuration at `" + mxcPath(text, pointer) + "`: ";
            sentence += finding.message + mxcPlace(text, problem.lastByte);
            break;
        }
    }
    return visible(sentence, EscapeStyle::mxc);
}

}  // namespace belljar
