#include "core/engine/systems_preview.h"

#include <algorithm>
#include <array>

#include <spdlog/fmt/fmt.h>

namespace belljar {
namespace {

struct ContainmentRow {
    std::string_view id;
    std::string_view system;
    std::string_view section;  ///< The field that only this one reads; "": none.
};

constexpr std::array kContainments{
    ContainmentRow{"bubblewrap", "linux", ""},
    ContainmentRow{"lxc", "linux", "/lxc"},
    ContainmentRow{"microvm", "linux", ""},
    ContainmentRow{"seatbelt", "macos", "/seatbelt"},
    ContainmentRow{"processcontainer", "windows", "/processContainer"},
    ContainmentRow{"windows_sandbox", "windows", "/experimental/windows_sandbox"},
    ContainmentRow{"wslc", "windows", "/experimental/wslc"},
    ContainmentRow{"isolation_session", "windows", "/experimental/isolation_session"},
};

bool isWithin(const std::string& pointer, std::string_view ancestor)
{
    return pointer.starts_with(ancestor) && (pointer.size() == ancestor.size() || pointer[ancestor.size()] == '/');
}

PreviewCell capabilityCell(const Backend& backend, const std::string& pointer)
{
    const Capability* best = nullptr;
    for (const Capability& capability : backend.info().capabilities)
        if (isWithin(pointer, capability.feature) && (!best || capability.feature.size() > best->feature.size()))
            best = &capability;
    if (best == nullptr) return {PreviewState::noEffect, "it is not this containment's concern"};
    switch (best->enforcement) {
        case Enforcement::enforced: return {PreviewState::enforced, best->how};
        case Enforcement::partly: return {PreviewState::partly, best->how};
        case Enforcement::notYet: return {PreviewState::notYet, best->how};
        case Enforcement::impossible: return {PreviewState::refused, best->how};
    }
    return {};
}

/// What MXC's rules say of a field when the profile names this containment.
PreviewCell ruleCell(const ContainmentRow& containment, const FieldInfo& field,
                     const std::vector<ConfigProblem>& problems)
{
    for (const ConfigProblem& problem : problems)
        if (isWithin(problem.finding.place.pointer, field.pointer) ||
            (!problem.finding.place.pointer.empty() && isWithin(field.pointer, problem.finding.place.pointer)))
            return {PreviewState::refused, problem.finding.message};
    const bool acts = field.systems.empty() || field.systems.find(containment.system) != std::string::npos;
    if (!acts) return {PreviewState::noEffect, fmt::format("acts on {} only", field.systems)};
    for (const ContainmentRow& other : kContainments)
        if (!other.section.empty() && other.id != containment.id && isWithin(field.pointer, other.section))
            return {PreviewState::noEffect, fmt::format("a setting of {}", other.id)};
    if (isWithin(field.pointer, "/experimental/belljar"))
        return {PreviewState::noEffect, "Belljar's own; MXC ignores it"};
    return {PreviewState::accepted, "MXC takes it; this Belljar does not have the containment yet"};
}

/// Fields that say something about what a program may do, and are set.
std::vector<const FieldInfo*> setFields(const LoadedConfig& profile)
{
    constexpr std::array kAbout{"/$schema",     "/_comment",    "/version",
                                "/containment", "/containerId", "/experimental/belljar/extends"};
    std::vector<const FieldInfo*> fields;
    for (const FieldInfo& field : configFields()) {
        const bool about = std::find(kAbout.begin(), kAbout.end(), field.pointer) != kAbout.end();
        if (about || field.type == "object" || field.pointer.find('*') != std::string::npos) continue;
        if (profile.text.find(field.pointer) != JsonText::kNone) fields.push_back(&field);
    }
    return fields;
}

}  // namespace

SystemsPreview previewSystems(const LoadedConfig& profile, const BackendList& backends)
{
    SystemsPreview preview;
    const std::vector<const FieldInfo*> fields = setFields(profile);
    for (const FieldInfo* field : fields) preview.rows.push_back({field->pointer, field->title, {}});
    for (const ContainmentRow& containment : kContainments) {
        const std::string id(containment.id);
        const Backend* backend = findBackend(backends, id);
        preview.columns.push_back({id, std::string(containment.system), backend != nullptr});
        LoadedConfig other = profile;
        other.config.containment = id;
        const std::vector<ConfigProblem> problems = brokenRules(other, {});
        for (std::size_t i = 0; i < fields.size(); ++i) {
            PreviewCell cell = ruleCell(containment, *fields[i], problems);
            if (backend != nullptr && cell.state != PreviewState::refused)
                cell = capabilityCell(*backend, fields[i]->pointer);
            preview.rows[i].cells.push_back(std::move(cell));
        }
    }
    return preview;
}

std::string_view previewStateName(PreviewState state)
{
    switch (state) {
        case PreviewState::enforced: return "enforced";
        case PreviewState::partly: return "partly";
        case PreviewState::notYet: return "not yet";
        case PreviewState::accepted: return "accepted";
        case PreviewState::noEffect: return "no effect";
        case PreviewState::refused: return "refused";
    }
    return "accepted";
}

}  // namespace belljar
