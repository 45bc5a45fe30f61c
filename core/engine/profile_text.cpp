#include "core/engine/profile_text.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/config/config_io.h"
#include "core/engine/preparation.h"
#include "core/engine/profile_layers.h"
#include "core/policy/network_words.h"

namespace belljar {
namespace {

std::size_t replacementCharacters(std::string_view text)
{
    constexpr std::string_view kReplacement = "\xef\xbf\xbd";
    std::size_t count = 0;
    for (auto at = text.find(kReplacement); at != std::string_view::npos; at = text.find(kReplacement, at + 1)) ++count;
    return count;
}

/// A profile's text while edits are made to it, one after the other.
class ProfileEditor {
public:
    ProfileEditor(JsonText json, std::string name) : m_json(std::move(json)), m_name(std::move(name)) {}

    static Result<ProfileEditor> open(std::string text, const std::string& name)
    {
        Result<JsonText> json = JsonText::parse(std::move(text), name);
        if (!json) return std::move(json).error();
        return ProfileEditor(std::move(json).value(), name);
    }

    Result<void> set(std::string_view pointer, std::string_view json) { return apply(editSet(m_json, pointer, json)); }

    Result<void> remove(std::string_view pointer)
    {
        if (m_json.find(pointer) == JsonText::kNone) return {};
        return apply(editRemove(m_json, pointer));
    }

    /// Something other than null stands there.
    [[nodiscard]] bool has(const std::string& pointer) const
    {
        const JsonText::NodeId node = m_json.find(pointer);
        return node != JsonText::kNone && m_json.node(node).type != JsonType::null;
    }

    /// Adds an element to an array, which is made when it is missing or null.
    Result<void> appendValue(const std::string& array, const std::string& json)
    {
        return has(array) ? set(array + "/-", json) : set(array, "[" + json + "]");
    }

    /// Adds a text to an array of strings, which is made when it is missing or null; twice is once.
    Result<void> append(const std::string& array, const std::string& text)
    {
        Result<std::string> json = jsonString(text);
        if (!json) return std::move(json).error();
        const std::vector<std::string> present = strings(array);
        if (std::find(present.begin(), present.end(), text) != present.end()) return {};
        return appendValue(array, *json);
    }

    /// The elements of an array of strings, those that are no strings as "".
    [[nodiscard]] std::vector<std::string> strings(std::string_view array) const
    {
        std::vector<std::string> texts;
        const JsonText::NodeId node = m_json.find(array);
        if (node == JsonText::kNone || m_json.node(node).type != JsonType::array) return texts;
        for (auto child = m_json.node(node).firstChild; child != JsonText::kNone;
             child = m_json.node(child).nextSibling)
            texts.push_back(m_json.node(child).type == JsonType::string ? m_json.string(child) : std::string());
        return texts;
    }

    [[nodiscard]] const std::string& text() const { return m_json.text(); }

private:
    Result<void> apply(Result<TextEdit> edit)
    {
        if (!edit) return std::move(edit).error();
        Result<JsonText> edited = JsonText::parse(applyEdit(m_json.text(), *edit), m_name);
        if (!edited) return std::move(edited).error();
        m_json = std::move(edited).value();
        return {};
    }

    JsonText m_json;
    std::string m_name;
};

Error atOption(Error error, const std::string& option)
{
    error.where = error.where.empty() ? option : option + ", " + error.where;
    return error;
}

std::string joinedCommand(const std::vector<std::string>& argv)
{
    std::string line;
    for (const std::string& argument : argv) line += (line.empty() ? "" : " ") + shellQuote(argument);
    return line;
}

Result<void> exportPath(ProfileEditor& editor, const ExtraPath& extra, const RunRequest& request)
{
    struct Target {
        const char* array;
        const char* option;
    };
    const Target target = extra.access == PathAccess::denied      ? Target{"/filesystem/deniedPaths", "--deny"}
                          : extra.access == PathAccess::readWrite ? Target{"/filesystem/readwritePaths", "--rw"}
                                                                  : Target{"/filesystem/readonlyPaths", "--ro"};
    Result<void> done = editor.append(target.array, expandedOption(extra.path, request.placeholders));
    if (!done) return atOption(std::move(done).error(), fmt::format("{} {}", target.option, extra.path));
    return {};
}

/// An entry with the same name is replaced in its place, as the later one would win.
Result<void> exportEnvironment(ProfileEditor& editor, const std::string& entry)
{
    const std::string array = "/process/env";
    const std::string key = entry.substr(0, entry.find('=') + 1);
    const std::vector<std::string> present = editor.strings(array);
    const auto same = std::find_if(present.rbegin(), present.rend(),
                                   [&](const std::string& other) { return !key.empty() && other.starts_with(key); });
    Result<void> done;
    if (same == present.rend()) {
        done = editor.append(array, entry);
    } else if (Result<std::string> json = jsonString(entry); json) {
        done = editor.set(fmt::format("{}/{}", array, std::distance(same, present.rend()) - 1), *json);
    } else {
        done = std::move(json).error();
    }
    if (!done) return atOption(std::move(done).error(), "--env " + entry);
    return {};
}

Result<void> exportText(ProfileEditor& editor, const std::string& pointer, const std::string& text, const char* option)
{
    Result<std::string> json = jsonString(text);
    Result<void> done = json ? editor.set(pointer, *json) : Result<void>(std::move(json).error());
    if (!done) return atOption(std::move(done).error(), option);
    return {};
}

Result<void> exportNetwork(ProfileEditor& editor, NetworkMode mode, bool withRules)
{
    // As a whole: an option replaces everything that the profile says about the network.
    const char* network = mode == NetworkMode::host ? R"({ "defaultPolicy": "allow", "allowLocalNetwork": true })"
                          : withRules               ? R"({ "egress": { "default": "deny" } })"
                                                    : R"({ "defaultPolicy": "block" })";
    if (Result<void> done = editor.set("/network", network); !done) return atOption(std::move(done).error(), "--net");
    if (Result<void> done = editor.remove("/experimental/belljar/network"); !done) return done;
    return editor.remove("/runtimeConfig/networkProxy");
}

/// Rules by address and port are of schema 0.8, and cannot stand beside the older fields.
Result<void> exportNetworkRule(ProfileEditor& editor, const ExtraNetwork& extra)
{
    const std::string option = fmt::format("{} {}", extra.allow ? "--allow-net" : "--deny-net", extra.spec.text);
    const NetworkEntry entry = networkEntry(extra.spec, extra.allow);
    if (!extra.spec.networks.empty()) {
        for (const char* key :
             {"defaultPolicy", "enforcementMode", "allowedHosts", "blockedHosts", "allowLocalNetwork", "proxy"})
            if (editor.has(fmt::format("/network/{}", key)))
                return Error{ErrorCode::policyValidation,
                             "rules by address cannot be written beside the older network fields of the profile",
                             option,
                             {},
                             "Migrate the profile first: belljar migrate"};
        const bool versioned = editor.has("/version");
        if (!versioned)
            if (Result<void> done = editor.set("/version", R"("0.8.0-alpha")"); !done) return done;
    }
    Result<void> done = editor.appendValue(entry.list, entry.element);
    if (!done) return atOption(std::move(done).error(), option);
    return {};
}

Result<void> exportProcess(ProfileEditor& editor, const RunRequest& request)
{
    if (request.timeout) {
        if (Result<void> done = editor.set("/process/timeout", std::to_string(request.timeout->count())); !done)
            return atOption(std::move(done).error(), "--timeout");
    }
    if (request.cwd) {
        if (Result<void> done =
                exportText(editor, "/process/cwd", expandedOption(*request.cwd, request.placeholders), "--cwd");
            !done)
            return done;
    }
    for (const std::string& entry : request.env)
        if (Result<void> done = exportEnvironment(editor, entry); !done) return done;
    if (request.argv.empty()) return {};
    return exportText(editor, "/process/commandLine", joinedCommand(request.argv), "the command");
}

/// The text with what its placeholders stand for, in one pass: there can be very many.
Result<std::string> withPlainPaths(const LoadedConfig& config, const PlaceholderValues& values, const std::string& text)
{
    const ExpandedConfig expanded = expandPlaceholders(config.config, values);
    for (const Finding& finding : expanded.findings)
        if (finding.severity == Severity::error)
            return Error{ErrorCode::policyValidation,
                         finding.message,
                         config.text.where(config.place(finding.place.pointer)),
                         {},
                         finding.fix};
    std::map<std::size_t, std::pair<std::size_t, std::string>> strings;  // Begin -> end and what comes there.
    for (const PathReplacement& replaced : expanded.replacements) {
        const JsonText::NodeId id = config.text.find(replaced.pointer);
        if (id == JsonText::kNone) continue;
        Result<std::string> json = jsonString(replaced.resolved);
        if (!json) return atOption(std::move(json).error(), config.text.where(config.text.place(id)));
        strings[config.text.node(id).begin] = {config.text.node(id).end, std::move(json).value()};
    }
    std::string plain;
    std::size_t at = 0;
    for (const auto& [begin, piece] : strings) {
        plain.append(text, at, begin - at).append(piece.second);
        at = piece.first;
    }
    return plain.append(text, at);
}

/// Written anew: base profiles have no place in the text.
Result<std::string> flattened(const LoadedConfig& config, const RunRequest& request)
{
    ExpandedConfig expanded;
    if (request.placeholders) expanded = expandPlaceholders(config.config, *request.placeholders);
    std::vector<Finding> findings = std::move(expanded.findings);
    LayeredProfile layered = readLayers(config, std::move(expanded), request);
    std::move(layered.findings.begin(), layered.findings.end(), std::back_inserter(findings));
    for (const Finding& finding : findings)
        if (finding.severity == Severity::error)
            return Error{
                ErrorCode::policyValidation,
                finding.message,
                fmt::format("{}{}{}", finding.place.file, finding.place.file.empty() ? "" : " ", finding.place.pointer),
                {},
                finding.fix};
    if (!layered.flat) return Error{ErrorCode::policyValidation, "the layers give no profile", {}, {}, {}};
    return layered.flat->text.text();
}

}  // namespace

Result<std::string> jsonString(std::string_view text)
{
    std::string json = jsonQuote(text);
    if (replacementCharacters(json) == replacementCharacters(text)) return json;
    return Error{ErrorCode::malformedRequest,
                 "this is not UTF-8, and JSON can hold nothing else",
                 {},
                 {},
                 "Use a name without such bytes, or give it as an option of `belljar run` only."};
}

std::string expandedOption(const std::string& path, const std::optional<PlaceholderValues>& values)
{
    if (!values || !path.starts_with('~')) return path;
    const Result<ExpandedPath> expanded = expandPath(path, *values);
    return expanded ? expanded->path : path;
}

std::string nameWithSettings(const std::string& name, const Settings& settings)
{
    if (settings.empty()) return name;
    return name.empty() ? "(--set)" : name + " (with --set)";
}

Result<std::string> withSettings(std::string text, const std::string& name, const Settings& settings)
{
    if (settings.empty()) return text;
    Result<ProfileEditor> editor = ProfileEditor::open(std::move(text), name);
    if (!editor) return std::move(editor).error();
    for (const auto& [pointer, value] : settings) {
        const std::string option = fmt::format("--set {}={}", pointer, value);
        if (!pointer.starts_with('/'))
            return Error{ErrorCode::malformedRequest,
                         "a setting names its field by a JSON pointer",
                         option,
                         {},
                         "Begin with a slash, for example --set /process/timeout=5000."};
        Result<std::string> json = JsonText::parse(value).ok() ? Result<std::string>(value) : jsonString(value);
        Result<void> done = json ? editor->set(pointer, *json) : Result<void>(std::move(json).error());
        if (!done) return atOption(std::move(done).error(), option);
    }
    return editor->text();
}

Result<std::string> exportProfile(const RunRequest& request)
{
    Result<std::string> text = withSettings(request.profileText, request.profileName, request.settings);
    if (!text) return text;
    Result<ProfileEditor> editor = ProfileEditor::open(std::move(text).value(), request.profileName);
    if (!editor) return std::move(editor).error();
    for (const ExtraPath& extra : request.extraPaths)
        if (Result<void> done = exportPath(*editor, extra, request); !done) return std::move(done).error();
    if (request.network) {
        const bool withRules = !request.extraNetwork.empty();
        if (Result<void> done = exportNetwork(*editor, *request.network, withRules); !done)
            return std::move(done).error();
    }
    for (const ExtraNetwork& extra : request.extraNetwork)
        if (Result<void> done = exportNetworkRule(*editor, extra); !done) return std::move(done).error();
    if (Result<void> done = exportProcess(*editor, request); !done) return std::move(done).error();
    std::string exported = editor->text();
    if (!exported.ends_with('\n')) exported += '\n';
    const std::string name = nameWithSettings(request.profileName, request.settings);
    const Result<LoadedConfig> check = readConfig(exported, name);
    if (!check) return check.error();
    if (isLayered(check->config)) return flattened(*check, request);
    return request.placeholders ? withPlainPaths(*check, *request.placeholders, exported) : exported;
}

}  // namespace belljar
