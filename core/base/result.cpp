#include "core/base/result.h"

namespace belljar {

std::string_view errorCodeName(ErrorCode code)
{
    switch (code) {
        case ErrorCode::malformedRequest: return "malformed_request";
        case ErrorCode::unsupportedContainment: return "unsupported_containment";
        case ErrorCode::unsupportedPhase: return "unsupported_phase";
        case ErrorCode::backendUnavailable: return "backend_unavailable";
        case ErrorCode::malformedId: return "malformed_id";
        case ErrorCode::staleId: return "stale_id";
        case ErrorCode::notProvisioned: return "not_provisioned";
        case ErrorCode::notStarted: return "not_started";
        case ErrorCode::alreadyStarted: return "already_started";
        case ErrorCode::alreadyStopped: return "already_stopped";
        case ErrorCode::policyValidation: return "policy_validation";
        case ErrorCode::backendError: return "backend_error";
    }
    return "backend_error";
}

std::string describe(const Error& error)
{
    std::string text;
    if (!error.where.empty()) text += error.where + ": ";
    text += error.message;
    if (!error.native.empty()) text += " (" + error.native + ")";
    if (!error.hint.empty()) text += ". " + error.hint;
    return text;
}

}  // namespace belljar
