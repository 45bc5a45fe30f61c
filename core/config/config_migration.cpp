#include "core/config/config_migration.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "core/base/visible.h"
#include "core/config/config_io.h"
#include "core/config/field_description.h"
#include "core/config/network_migration.h"
#include "core/config/schema_version.h"

namespace belljar {
namespace {

constexpr std::string_view kTarget = "0.8";
constexpr std::string_view kTargetVersion = "0.8.0-alpha";
constexpr std::string_view kSchemaFile = "mxc-config.schema.";

class Migrator {
public:
    Migrator(LoadedConfig& loaded, Migration& migration) : m_loaded(loaded), m_migration(migration) {}

    /// What to change; the findings say why and whether it is possible.
    std::vector<MigrationStep> plan()
    {
        const SandboxConfig& config = m_loaded.config;
        NetworkMigration network = migrateNetwork(config);
        for (Finding& finding : network.findings) {
            finding.place = m_loaded.place(finding.place.pointer);
            m_migration.findings.push_back(std::move(finding));
        }
        m_steps = std::move(network.steps);
        renameAliases();
        replaceContainment();
        replaceSchemaAddress(config);
        setVersion(config);
        return std::move(m_steps);
    }

private:
    void note(const std::string& pointer, std::string message)
    {
        m_migration.findings.push_back({Severity::note, "migrated", std::move(message), m_loaded.place(pointer), {}});
    }

    void renameAliases()
    {
        forEachField<SandboxConfig>([&](const auto& f) {
            if (f.facts.alias.empty()) return;
            const std::string pointer = fmt::format("/{}", f.facts.alias);
            if (m_loaded.text.find(pointer) == JsonText::kNone) return;
            note(pointer, fmt::format("`{}` becomes `{}`", f.facts.alias, f.facts.key));
            m_steps.push_back({MigrationStep::Kind::rename, pointer, std::string(f.facts.key)});
        });
    }

    void replaceContainment()
    {
        const JsonText::NodeId node = m_loaded.text.find("/containment");
        if (node == JsonText::kNone || m_loaded.text.node(node).type != JsonType::string) return;
        const std::string written = m_loaded.text.string(node);
        const std::string& meaning = *m_loaded.config.containment;
        if (written == meaning) return;
        note("/containment", fmt::format("`{}` becomes `{}`", written, meaning));
        m_steps.push_back({MigrationStep::Kind::set, "/containment", jsonQuote(meaning)});
    }

    /// An editor that follows `$schema` would otherwise hold the new text against the old schema.
    void replaceSchemaAddress(const SandboxConfig& config)
    {
        if (!config.schema) return;
        std::string address = *config.schema;
        const std::size_t at = address.rfind(kSchemaFile);
        if (at == std::string::npos) return;
        for (const char* older : {"0.6.0-alpha", "0.7.0-alpha", "0.6.0-dev", "0.7.0-dev"}) {
            if (address.substr(at + kSchemaFile.size()) != fmt::format("{}.json", older)) continue;
            address.replace(at + kSchemaFile.size(), std::string::npos, fmt::format("{}.json", kTargetVersion));
            note("/$schema", "the address becomes that of the new schema");
            m_steps.push_back({MigrationStep::Kind::set, "/$schema", jsonQuote(address)});
            return;
        }
    }

    void setVersion(const SandboxConfig& config)
    {
        const std::string declared = config.version.value_or("");
        note("/version", fmt::format("the version becomes {}{}", kTargetVersion,
                                     declared.empty() ? std::string(": none was declared") : ", it was " + declared));
        m_steps.push_back({MigrationStep::Kind::setFirst, "/version", jsonQuote(kTargetVersion)});
    }

    LoadedConfig& m_loaded;
    Migration& m_migration;
    std::vector<MigrationStep> m_steps;
};

Result<TextEdit> editRename(const JsonText& text, const MigrationStep& step)
{
    const JsonText::NodeId id = text.find(step.pointer);
    if (id == JsonText::kNone)
        return Error{ErrorCode::malformedRequest, "there is nothing to rename", step.pointer, {}, {}};
    const JsonText::Node& node = text.node(id);
    return TextEdit{node.keyBegin, node.keyEnd - node.keyBegin, jsonQuote(step.value)};
}

/// Like editSet, but a member of the root that is not there yet becomes the first one instead of the last.
Result<TextEdit> editSetFirst(const JsonText& text, const MigrationStep& step)
{
    const JsonText::NodeId root = text.root();
    const JsonText::NodeId first = root == JsonText::kNone ? JsonText::kNone : text.node(root).firstChild;
    if (first == JsonText::kNone || text.find(step.pointer) != JsonText::kNone)
        return editSet(text, step.pointer, step.value);
    const std::size_t begin = text.node(root).begin + 1;
    const std::string lead = text.text().substr(begin, text.node(first).keyBegin - begin);
    const bool dense = lead.empty() && text.text()[text.node(first).keyEnd] == ':' &&
                       text.node(first).begin == text.node(first).keyEnd + 1;
    return TextEdit{text.node(first).keyBegin, 0,
                    fmt::format("{}:{}{},{}", jsonQuote(step.pointer.substr(1)), dense ? "" : " ", step.value,
                                lead.empty() && !dense ? " " : lead)};
}

Result<TextEdit> editOf(const JsonText& text, const MigrationStep& step)
{
    switch (step.kind) {
        case MigrationStep::Kind::set: return editSet(text, step.pointer, step.value);
        case MigrationStep::Kind::setFirst: return editSetFirst(text, step);
        case MigrationStep::Kind::rename: return editRename(text, step);
        case MigrationStep::Kind::remove: break;
    }
    return editRemove(text, step.pointer);
}

Result<std::string> applied(JsonText text, const std::vector<MigrationStep>& steps, const std::string& name)
{
    for (const MigrationStep& step : steps) {
        if (step.kind == MigrationStep::Kind::remove && text.find(step.pointer) == JsonText::kNone) continue;
        const Result<TextEdit> edit = editOf(text, step);
        if (!edit) return edit.error();
        Result<JsonText> edited = JsonText::parse(applyEdit(text.text(), *edit), name);
        if (!edited) return std::move(edited).error();
        text = std::move(edited).value();
    }
    return text.text();
}

}  // namespace

bool Migration::possible() const
{
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding& finding) { return finding.severity == Severity::error; });
}

Result<Migration> migrateConfig(std::string text, const std::string& name)
{
    Result<LoadedConfig> loaded = readConfig(std::move(text), name);
    if (!loaded) return std::move(loaded).error();
    Migration migration;
    migration.text = loaded->text.text();
    const Result<SchemaVersion> version = SchemaVersion::parse(loaded->config.version.value_or(""));
    if (!version) return version.error();
    if (version->atLeast(kTarget)) return migration;
    const std::vector<MigrationStep> steps = Migrator(*loaded, migration).plan();
    if (!migration.possible()) return migration;
    Result<std::string> migrated = applied(loaded->text, steps, name);
    if (!migrated) return std::move(migrated).error();
    // What 0.8 refuses beyond what the steps know of is for the user to change, too.
    if (const Result<LoadedConfig> check = readConfig(*migrated); !check) {
        migration.findings.push_back({Severity::error, "not-migratable",
                                      fmt::format("schema {} refuses the result: {}", kTarget, check.error().message),
                                      loaded->place(""), check.error().hint});
        return migration;
    }
    migration.text = std::move(migrated).value();
    migration.changed = true;
    return migration;
}

}  // namespace belljar
