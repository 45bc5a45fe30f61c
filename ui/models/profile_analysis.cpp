#include "ui/models/profile_analysis.h"

#include <QFileInfo>

#include <algorithm>

#include "core/base/path_text.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

namespace belljar {

namespace {

Error noPolicy()
{
    return {ErrorCode::policyValidation,
            "There is no policy to ask: the profile has errors.",
            {},
            {},
            "Mend the errors in the list of problems first."};
}

bool isError(const Finding& finding)
{
    return finding.severity == Severity::error;
}

Finding asFinding(const Error& error, std::string id)
{
    Finding finding;
    finding.severity = Severity::error;
    finding.id = std::move(id);
    finding.message = error.message;
    finding.place = placeInWhere(error.where);
    finding.fix = error.hint;
    return finding;
}

}  // namespace

ProfileAnalysis::ProfileAnalysis(ProfileDocument& document, const HostFacts& facts, const BackendList& backends,
                                 QObject* parent)
    : QObject(parent), m_document(document), m_facts(facts), m_backends(backends)
{
    connect(&document, &ProfileDocument::parsed, this, &ProfileAnalysis::refresh);
    refresh();
}

RunRequest ProfileAnalysis::requestFor(const std::string& text) const
{
    RunRequest request;
    request.profileText = text;
    request.profileName = engineText(m_document.name());
    const QString file = m_document.filePath();
    request.placeholders = placeholderValues(
        m_facts.system(), file.isEmpty() ? std::string() : engineText(QFileInfo(file).absolutePath()));
    request.needsCommand = false;
    request.lint = true;
    return request;
}

void ProfileAnalysis::refresh()
{
    if (m_document.error()) {
        m_findings = {asFinding(*m_document.error(), "invalid-profile")};
    } else {
        m_preparation = prepare(requestFor(m_document.text()), m_facts, m_backends);
        m_findings = m_preparation.findings;
        // Lint errors do not refuse a run: what does is told beside them.
        const auto& error = m_preparation.error;
        const bool told = error && std::any_of(m_findings.begin(), m_findings.end(), [&](const Finding& finding) {
                              return isError(finding) && finding.message == error->message;
                          });
        if (error && !told) m_findings.push_back(asFinding(*error, "cannot-run"));
    }
    emit changed();
}

Result<std::vector<Answer>> ProfileAnalysis::askPath(const std::string& typed) const
{
    if (!m_preparation.policy) return noPolicy();
    const RunRequest request = requestFor({});
    Result<ExpandedPath> expanded = expandPath(typed, *request.placeholders);
    if (!expanded) return expanded.error();
    if (!isAbsolutePath(expanded->path))
        return Error{
            ErrorCode::malformedRequest, "This is no absolute path.", typed, {}, "Begin it with /, ~ or ${CWD}."};
    return answersAbout(normalizedPath(expanded->path), *m_preparation.policy, m_facts);
}

Result<Answer> ProfileAnalysis::askAddress(const std::string& typed) const
{
    if (!m_preparation.policy) return noPolicy();
    Result<Access> access = addressAccess(AccessKind::connect, typed, *m_preparation.policy, m_facts);
    if (!access) return std::move(access).error();
    return answered(*m_preparation.policy, std::move(*access));
}

SourcePlace ProfileAnalysis::placeOf(const Answer& answer) const
{
    if (!m_preparation.policy || answer.verdict.rule >= m_preparation.policy->rules.size()) return {};
    const SourcePlace& place = m_preparation.policy->rules[answer.verdict.rule].place;
    return place.file.empty() ? place : SourcePlace{};
}

}  // namespace belljar
