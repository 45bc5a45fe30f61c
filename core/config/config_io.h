// The only reader and writer of profiles: MXC configuration JSON ↔ SandboxConfig.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/config/config_rules.h"
#include "core/config/json_text.h"
#include "core/model/finding.h"
#include "core/model/sandbox_config.h"

namespace belljar {

/// A configuration together with the text it came from.
struct LoadedConfig {
    SandboxConfig config;
    JsonText text;
    /// Where `pointer` (or, if it is absent, its nearest existing parent) stands; line 0 for an empty text.
    [[nodiscard]] SourcePlace place(const std::string& pointer) const;
};

enum class ProblemKind : std::uint8_t {
    encoding,  ///< The bytes are no UTF-8.
    json,      ///< The text is no JSON.
    field,     ///< A key, type or value that no schema knows.
    rule,      ///< A row of the rules (config_rules.h).
};

/// Why a configuration is refused. Messages are those of MXC's reader, so that its users recognise them.
struct ConfigProblem {
    Finding finding;  ///< Where a person should look, and what to write instead.
    ProblemKind kind = ProblemKind::field;
    std::size_t lastByte = 0;          ///< How far MXC's reader has read when it says so; unused for rules.
    const ConfigRule* rule = nullptr;  ///< For rules.
    bool inParent = false;             ///< MXC names the object, not the member at the place.
};

/// A configuration and everything that is wrong with it.
struct ConfigReading {
    LoadedConfig loaded;                  ///< As far as it could be read; to be used only when there is no problem.
    std::vector<ConfigProblem> problems;  ///< In the order in which MXC's executor meets them; at most about 100.
};

/// Reads strictly and reports every problem: unknown keys, wrong types, values out of range, rules that are broken.
/// `options` says which rules hold (by default those that hold for every profile on every system).
ConfigReading examineConfig(std::string text, std::string name = {}, const RuleOptions& options = {});

/// The rules that a configuration breaks which reads well by itself, under other options.
std::vector<ConfigProblem> brokenRules(const LoadedConfig& loaded, const RuleOptions& options);

/// The same as examineConfig() for readers that stop at the first problem: `where` of the error is "name:line:column
/// (pointer)", the hint says what would be right.
Result<LoadedConfig> readConfig(std::string text, std::string name = {});

/// Writes every set field in the order of the description, two spaces a level, with a final newline.
[[nodiscard]] std::string writeConfig(const SandboxConfig& config);

/// The JSON Schema (draft-07) of configurations of `version` ("0.6" ... "0.9"), which says of every value what the
/// schema that MXC publishes for it says; tests/core/config/schema_agreement.py lists the few differences. An error for
/// other versions.
Result<std::string> configSchema(std::string_view version);

/// One change of a text: replace `length` bytes at `offset`.
struct TextEdit {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string replacement;
};

/// The smallest edit that gives the value at `pointer` the JSON text `json`, making missing parents; "-" as the last
/// element of an array appends. Everything else, also comments-by-key and indentation, stays byte for byte. The edited
/// text is well-formed JSON, but whether it is a valid configuration is readConfig's to say.
Result<TextEdit> editSet(const JsonText& text, std::string_view pointer, std::string_view json);

/// The edit that removes the member or element at `pointer` with its comma.
Result<TextEdit> editRemove(const JsonText& text, std::string_view pointer);

[[nodiscard]] std::string applyEdit(std::string text, const TextEdit& edit);

/// The smallest edits that make the changes one after the other, each of the text that the earlier ones leave.
Result<std::vector<TextEdit>> editsFor(std::string text, std::span<const ProfileChange> changes);

/// One field as forms, help and completion need it; derived from the description.
struct FieldInfo {
    std::string pointer;  ///< With "*" for array elements: "/network/egress/allow/*/to/*/cidr".
    std::string key;
    std::string title;
    std::string help;
    std::string type;                 ///< string | integer | boolean | array | object | any
    std::vector<std::string> values;  ///< For enums.
    std::string since;                ///< "0.6", "0.8"
    std::uint64_t minimum = 0;
    std::uint64_t maximum = 0;  ///< 0: no limit.
    std::string systems;        ///< Which operating systems act on it, e.g. "linux windows macos"; empty: all.
    std::string alias;          ///< Another key that is read as this one; "": none.
    bool required = false;      ///< The object around it cannot do without it.
    bool ofObjects = false;     ///< A list whose elements have fields of their own.

    /// Holds a value of its own, so that a form has a control for it: neither an object nor a list of objects.
    [[nodiscard]] bool isLeaf() const { return type != "object" && !ofObjects; }
};

/// All fields, parents before children, in the order of the description.
[[nodiscard]] const std::vector<FieldInfo>& configFields();

/// A pointer into a profile as fields are listed: "*" for positions in lists, the first spelling of each key.
[[nodiscard]] std::string fieldPattern(std::string_view pointer);

}  // namespace belljar
