// examineConfig: one walk over the JSON tree along the description, then the rules. Nothing here knows a single field
// by name, except the version.
#include <algorithm>
#include <charconv>
#include <cstdlib>

#include <spdlog/fmt/fmt.h>

#include "core/config/config_io.h"
#include "core/config/config_rules.h"
#include "core/config/field_description.h"
#include "core/config/field_kinds.h"
#include "core/config/mxc_words.h"
#include "core/config/schema_version.h"
#include "core/config/sentences.h"

namespace belljar {
namespace {

using NodeId = JsonText::NodeId;

constexpr std::size_t kMaxProblems = 100;

/// How MXC's reader calls the type in its messages.
template <class T>
std::string mxcTypeName(const FieldFacts& facts)
{
    if constexpr (IsOptional<T>::value) return mxcTypeName<typename IsOptional<T>::Inner>(facts);
    else if constexpr (IsList<T>::value) return "a sequence";
    else if constexpr (Described<T>) return std::string(Description<T>::kName);
    else if constexpr (std::same_as<T, bool>) return "a boolean";
    else if constexpr (Number<T>) return fmt::format("u{}", sizeof(T) * 8);
    else return "a string";
}

/// What a person should have written: "a string", "an array of strings", "a whole number from 1 to 65535".
template <class T>
std::string expectation(const FieldFacts& facts)
{
    if constexpr (IsOptional<T>::value) return expectation<typename IsOptional<T>::Inner>(facts);
    else if constexpr (IsList<T>::value) return fmt::format("an array of {}s", kindName<typename IsList<T>::Element>());
    else if constexpr (Number<T>) return fmt::format("a whole number from {} to {}", facts.minimum, largest<T>(facts));
    else return withArticle(kindName<T>());
}

/// Walks the tree once and collects every problem. Reading functions never stop at a problem; they leave the value out.
class ConfigReader {
public:
    explicit ConfigReader(const JsonText& text) : m_text(text) {}

    void read(SandboxConfig& config);
    [[nodiscard]] std::vector<ConfigProblem>& problems() { return m_problems; }
    /// Fields that were given, also as null, and need a newer schema version than the oldest.
    [[nodiscard]] std::vector<GatedField>& gated() { return m_gated; }

private:
    bool isFull() const { return m_problems.size() >= kMaxProblems; }
    void report(NodeId id, std::string message, std::string fix, ProblemKind kind = ProblemKind::field);
    void reportKey(NodeId id, std::string message, std::string fix);
    template <class T>
    void wrongType(NodeId id, const FieldFacts& facts);
    std::string foundText(NodeId id) const;
    void readWord(NodeId id, const FieldFacts& facts, std::string& out);
    void readWordMember(NodeId id, const FieldFacts& facts, std::string& out);
    bool knownWord(NodeId place, const FieldFacts& facts, std::string& value);
    void unknownKey(NodeId id, const std::string& key, const std::vector<std::string_view>& known,
                    const std::vector<std::string_view>& canonical);

    void readValue(NodeId id, const FieldFacts& facts, std::string& out);
    void readValue(NodeId id, const FieldFacts& facts, bool& out);
    void readValue(NodeId id, const FieldFacts& facts, AnyJson& out);
    template <Number T>
    void readValue(NodeId id, const FieldFacts& facts, T& out);
    template <class T>
    void readValue(NodeId id, const FieldFacts& facts, std::optional<T>& out);
    template <class T>
    void readValue(NodeId id, const FieldFacts& facts, std::vector<T>& out);
    template <Described T>
    void readValue(NodeId id, const FieldFacts& facts, T& out);
    template <Described T>
    void readArray(NodeId id, T& out);
    template <Described T>
    void readMember(NodeId id, std::array<NodeId, kFieldCount<T>>& seen, T& out);
    template <Described T>
    void readOther(NodeId id, std::string key, T& out);
    void brokenOff(NodeId id, const FieldFacts& facts);

    const JsonText& m_text;
    std::vector<GatedField> m_gated;
    std::vector<ConfigProblem> m_problems;
};

void ConfigReader::report(NodeId id, std::string message, std::string fix, ProblemKind kind)
{
    if (isFull()) return;
    const JsonText::Node& node = m_text.node(id);
    const bool container = node.type == JsonType::array || node.type == JsonType::object;
    m_problems.push_back({{Severity::error, kind == ProblemKind::json ? "json" : "field", std::move(message),
                           m_text.place(id), std::move(fix)},
                          kind,
                          container ? node.begin : node.end - 1});
}

/// About a member's key, where the place is then.
void ConfigReader::reportKey(NodeId id, std::string message, std::string fix)
{
    if (isFull()) return;
    SourcePlace place = m_text.placeOfOffset(m_text.node(id).keyBegin);
    place.pointer = m_text.pointer(id);
    m_problems.push_back({{Severity::error, "field", std::move(message), std::move(place), std::move(fix)},
                          ProblemKind::field,
                          m_text.node(id).keyEnd - 1});
}

std::string ConfigReader::foundText(NodeId id) const
{
    switch (m_text.node(id).type) {
        case JsonType::null: return "null";
        case JsonType::boolean: return fmt::format("boolean `{}`", m_text.raw(id));
        case JsonType::number: return numberText(m_text.raw(id));
        case JsonType::string: return "string " + quotedText(m_text.string(id));
        case JsonType::array: return "sequence";
        case JsonType::object: return "map";
    }
    return {};
}

template <class T>
void ConfigReader::wrongType(NodeId id, const FieldFacts& facts)
{
    report(id, fmt::format("invalid type: {}, expected {}", foundText(id), mxcTypeName<T>(facts)),
           fmt::format("Write {}.", expectation<T>(facts)));
}

void ConfigReader::readValue(NodeId id, const FieldFacts& facts, std::string& out)
{
    if (!facts.words.empty()) return readWord(id, facts, out);
    if (m_text.node(id).type != JsonType::string) return wrongType<std::string>(id, facts);
    out = m_text.string(id);
}

/// `value` becomes the word it stands for; a problem at `place` when there is none.
bool ConfigReader::knownWord(NodeId place, const FieldFacts& facts, std::string& value)
{
    std::vector<std::string_view> all;
    std::vector<std::string_view> own;
    for (const Word& word : facts.words) {
        if (word.text == value) {
            if (!word.meaning.empty()) value = word.meaning;
            return true;
        }
        all.push_back(word.text);
        if (word.meaning.empty()) own.push_back(word.text);
    }
    const std::string_view near = nearest(value, own);
    report(place, fmt::format("unknown variant `{}`, expected {}", shortened(value, kLongestQuotation), oneOf(all)),
           near.empty() ? fmt::format("Write {}.", oneOf(own)) : fmt::format("Did you mean `{}`?", near));
    return false;
}

/// MXC takes a word also as {"word": null}.
void ConfigReader::readWord(NodeId id, const FieldFacts& facts, std::string& out)
{
    const JsonText::Node& node = m_text.node(id);
    if (node.type == JsonType::string) {
        out = m_text.string(id);
        knownWord(id, facts, out);
        return;
    }
    if (node.type == JsonType::object && (node.firstChild != JsonText::kNone || node.isOpen))
        return readWordMember(node.firstChild, facts, out);
    report(id, "expected value", fmt::format("Write {}.", expectation<std::string>(facts)), ProblemKind::json);
}

void ConfigReader::readWordMember(NodeId id, const FieldFacts& facts, std::string& out)
{
    if (id == JsonText::kNone) return;
    out = m_text.key(id);
    if (!knownWord(m_text.node(id).parent, facts, out) || m_text.node(id).isOpen) return;
    const std::string fix = fmt::format("Write \"{}\" alone.", out);
    if (m_text.node(id).type != JsonType::null)
        return report(id, fmt::format("invalid type: {}, expected unit", foundText(id)), fix);
    if (const NodeId more = m_text.node(id).nextSibling; more != JsonText::kNone)
        report(more, "expected value", fix, ProblemKind::json);
}

void ConfigReader::readValue(NodeId id, const FieldFacts& facts, bool& out)
{
    if (m_text.node(id).type != JsonType::boolean) return wrongType<bool>(id, facts);
    out = m_text.raw(id) == "true";
}

void ConfigReader::readValue(NodeId id, const FieldFacts&, AnyJson& out)
{
    out.text = m_text.raw(id);
}

template <Number T>
void ConfigReader::readValue(NodeId id, const FieldFacts& facts, T& out)
{
    if (m_text.node(id).type != JsonType::number) return wrongType<T>(id, facts);
    const std::string_view digits = m_text.raw(id);
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, problem] = std::from_chars(digits.data(), end, value);
    const std::uint64_t most = largest<T>(facts);
    if (problem == std::errc{} && stop == end && value <= most) {
        out = static_cast<T>(value);
        return;
    }
    const std::string found = numberText(digits);
    if (!found.starts_with("integer")) return wrongType<T>(id, facts);
    report(id, fmt::format("invalid value: {}, expected {}", found, mxcTypeName<T>(facts)),
           fmt::format("Write {}.", expectation<T>(facts)));
}

template <class T>
void ConfigReader::readValue(NodeId id, const FieldFacts& facts, std::optional<T>& out)
{
    if constexpr (!std::same_as<T, AnyJson>)
        if (m_text.node(id).type == JsonType::null) return;  // The same as absent.
    readValue(id, facts, out.emplace());
}

template <class T>
void ConfigReader::readValue(NodeId id, const FieldFacts& facts, std::vector<T>& out)
{
    if (m_text.node(id).type != JsonType::array) return wrongType<std::vector<T>>(id, facts);
    for (NodeId child = m_text.node(id).firstChild; child != JsonText::kNone && !isFull();
         child = m_text.node(child).nextSibling)
        readValue(child, facts, out.emplace_back());
}

/// A value that the text broke off at. For a word MXC looks at its first byte only.
void ConfigReader::brokenOff(NodeId id, const FieldFacts& facts)
{
    const std::size_t begin = m_text.node(id).begin;
    if (facts.words.empty() || begin >= m_text.text().size()) return;
    const char first = m_text.text()[begin];
    if (std::string_view("\"{n").find(first) != std::string_view::npos) return;
    report(id, "expected value", fmt::format("Write {}.", expectation<std::string>(facts)), ProblemKind::json);
    m_problems.back().lastByte = begin;
}

template <Described T>
void ConfigReader::readOther(NodeId id, std::string key, T& out)
{
    if constexpr (kTolerant<T>) {
        if (m_text.node(id).isOpen) return;
        (out.*Description<T>::kOthers).push_back({std::move(key), {std::string(m_text.raw(id))}});
    } else {
        std::vector<std::string_view> all;
        std::vector<std::string_view> own;
        forEachField<T>([&](const auto& f) {
            if (!f.facts.alias.empty()) all.push_back(f.facts.alias);
            all.push_back(f.facts.key);
            own.push_back(f.facts.key);
        });
        unknownKey(id, key, all, own);
    }
}

template <Described T>
void ConfigReader::readMember(NodeId id, std::array<NodeId, kFieldCount<T>>& seen, T& out)
{
    std::string key = m_text.key(id);
    std::size_t index = 0;
    bool known = false;
    const auto tryField = [&](const auto& f) {
        NodeId& first = seen[index++];
        if (known || (key != f.facts.key && (f.facts.alias.empty() || key != f.facts.alias))) return;
        known = true;
        if (first != JsonText::kNone) {
            const std::uint32_t line = m_text.placeOfOffset(m_text.node(first).keyBegin).line;
            reportKey(id, fmt::format("duplicate field `{}`", f.facts.key), duplicateHint(line));
            if (!m_problems.empty()) m_problems.back().inParent = true;
            return;
        }
        first = id;
        const JsonText::Node& node = m_text.node(id);
        if (node.isOpen && node.type == JsonType::null) return brokenOff(id, f.facts);
        if (f.facts.gated) m_gated.push_back({m_text.pointer(id), f.facts.since, node.type == JsonType::null});
        readValue(id, f.facts, out.*f.member);
    };
    forEachField<T>(tryField);
    if (!known) readOther(id, std::move(key), out);
}

template <Described T>
void ConfigReader::readValue(NodeId id, const FieldFacts& facts, T& out)
{
    const JsonText::Node& node = m_text.node(id);
    if (node.type == JsonType::array) return readArray(id, out);
    if (node.type != JsonType::object) return wrongType<T>(id, facts);
    std::array<NodeId, kFieldCount<T>> seen;
    seen.fill(JsonText::kNone);
    for (NodeId child = node.firstChild; child != JsonText::kNone && !isFull(); child = m_text.node(child).nextSibling)
        readMember(child, seen, out);
    if (node.isOpen) return;
    std::size_t index = 0;
    forEachField<T>([&]<class F>(const F& f) {
        const bool given = seen[index++] != JsonText::kNone;
        if (given || IsOptional<typename F::MemberType>::value || isFull()) return;
        m_problems.push_back({{Severity::error, "field", fmt::format("missing field `{}`", f.facts.key),
                               m_text.place(id), fmt::format("Add `{}`.", f.facts.key)},
                              ProblemKind::field,
                              node.end - 1});
    });
}

/// MXC also reads an array of all fields in its order.
template <Described T>
void ConfigReader::readArray(NodeId id, T& out)
{
    const JsonText::Node& node = m_text.node(id);
    NodeId child = node.firstChild;
    std::size_t given = 0;
    forEachField<T>([&](const auto& f) {
        if (f.facts.origin == FieldOrigin::belljar || child == JsonText::kNone) return;
        if (f.facts.gated)
            m_gated.push_back({m_text.pointer(child), f.facts.since, m_text.node(child).type == JsonType::null});
        readValue(child, f.facts, out.*f.member);
        child = m_text.node(child).nextSibling;
        ++given;
    });
    static constexpr const char* kFix = "Write an object with named members.";
    const std::size_t all = positionalCount<T>();
    if (child != JsonText::kNone) {
        report(child, "trailing characters", kFix, ProblemKind::json);
        m_problems.back().lastByte = m_text.node(child).begin;
        return;
    }
    if (given == all || node.isOpen || isFull()) return;
    const bool root = std::same_as<T, SandboxConfig>;
    const std::string count = root ? std::string() : fmt::format(" with {} element{}", all, all == 1 ? "" : "s");
    m_problems.push_back(
        {{Severity::error, "field",
          fmt::format("invalid length {}, expected {}{}", given, Description<T>::kName, count), m_text.place(id), kFix},
         ProblemKind::field,
         node.end - 1});
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

void ConfigReader::unknownKey(NodeId id, const std::string& key, const std::vector<std::string_view>& known,
                              const std::vector<std::string_view>& canonical)
{
    if (isSecretKey(key))
        return reportKey(id, "invalid secret value", fmt::format("Remove it; expected {}.", oneOf(canonical)));
    const std::string_view near = nearest(key, canonical);
    std::string fix = elsewhere(key);
    if (fix.empty() && !near.empty()) fix = fmt::format("Did you mean `{}`?", near);
    if (fix.empty()) fix = "Remove it.";
    reportKey(id, fmt::format("unknown field `{}`, expected {}", shortened(key, kLongestQuotation), oneOf(known)),
              std::move(fix));
}

void ConfigReader::read(SandboxConfig& config)
{
    const FieldFacts whole{{}, "", "Configuration", ""};
    if (m_text.root() != JsonText::kNone) readValue(m_text.root(), whole, config);
}

ConfigProblem fromJson(const JsonText& text, const JsonProblem& problem)
{
    return {{Severity::error, problem.encoding ? "encoding" : "json", problem.message,
             text.placeOfOffset(problem.offset), problem.hint},
            problem.encoding ? ProblemKind::encoding : ProblemKind::json,
            problem.offset};
}

std::vector<ConfigProblem> broken(const LoadedConfig& loaded, std::vector<GatedField> gated, const RuleOptions& options)
{
    RuleContext context{loaded.config, {}, std::move(gated), options};
    if (const Result<SchemaVersion> version = SchemaVersion::parse(loaded.config.version.value_or("")))
        context.version = *version;
    std::vector<ConfigProblem> problems;
    for (RuleViolation& violation : checkRules(context)) {
        if (violation.hint.empty()) violation.hint = fmt::format("The rule: {}.", violation.rule->sentence);
        problems.push_back({{Severity::error, std::string(violation.rule->id), std::move(violation.message),
                             nearestPlace(loaded.text, violation.pointer), std::move(violation.hint)},
                            ProblemKind::rule,
                            0,
                            violation.rule});
    }
    return problems;
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

ConfigReading examineConfig(std::string text, std::string name, const RuleOptions& options)
{
    JsonLimits limits;
    limits.allowDuplicateKeys = true;  // The walk finds them itself, because aliases count and comments do not.
    PartialJson parsed = JsonText::parsePartly(std::move(text), std::move(name), limits);
    ConfigReading reading;
    reading.loaded.text = std::move(parsed.text);
    ConfigReader reader(reading.loaded.text);
    reader.read(reading.loaded.config);
    reading.problems = std::move(reader.problems());
    // What the walk found stands before the place where the text breaks off.
    if (parsed.problem) reading.problems.push_back(fromJson(reading.loaded.text, *parsed.problem));
    if (reading.problems.empty()) reading.problems = broken(reading.loaded, std::move(reader.gated()), options);
    return reading;
}

std::vector<ConfigProblem> brokenRules(const LoadedConfig& loaded, const RuleOptions& options)
{
    return broken(loaded, {}, options);
}

Result<LoadedConfig> readConfig(std::string text, std::string name)
{
    ConfigReading reading = examineConfig(std::move(text), std::move(name));
    if (reading.problems.empty()) return std::move(reading.loaded);
    Finding& first = reading.problems.front().finding;
    return Error{ErrorCode::malformedRequest,
                 std::move(first.message),
                 reading.loaded.text.where(first.place),
                 {},
                 std::move(first.fix)};
}

}  // namespace belljar
