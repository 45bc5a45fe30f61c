// What a Belljar function returns when it can fail: a value or an Error, never an exception across a module border.
//
// g++ 12 has no std::expected, so this is ours; its surface is the part of std::expected that the project uses.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace belljar {

/// The closed set of error codes; the wire names (`errorCodeName`) are those of the MXC error envelope.
enum class ErrorCode {
    malformedRequest,
    unsupportedContainment,
    unsupportedPhase,
    backendUnavailable,
    malformedId,
    staleId,
    notProvisioned,
    notStarted,
    alreadyStarted,
    alreadyStopped,
    policyValidation,
    backendError,
};

/// The MXC wire name of a code, e.g. "policy_validation".
[[nodiscard]] std::string_view errorCodeName(ErrorCode code);

/// What *we* failed at. How the sandboxee ended is an `Outcome`, a different type.
struct Error {
    ErrorCode code = ErrorCode::backendError;
    std::string message;  ///< One sentence for a person; may quote hostile text, so show it through visible().
    std::string where;    ///< The place: "profile.json:7:3 (/filesystem/readonlyPaths/0)", a path, or empty.
    std::string native;   ///< The operating system's own words, e.g. "ENOENT (2)"; may be empty.
    std::string hint;     ///< How to fix it; may be empty.
};

/// "where: message (native). hint" on one line, for terminals and logs; not escaped.
[[nodiscard]] std::string describe(const Error& error);

/// A value or an Error. Reading the wrong half is a programming error (std::bad_variant_access).
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

    [[nodiscard]] bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T& value() & { return std::get<0>(m_state); }
    [[nodiscard]] const T& value() const& { return std::get<0>(m_state); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(m_state)); }
    [[nodiscard]] const Error& error() const& { return std::get<1>(m_state); }
    [[nodiscard]] Error&& error() && { return std::get<1>(std::move(m_state)); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}  // NOLINT: implicit by design

    [[nodiscard]] bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const& { return *m_error; }
    [[nodiscard]] Error&& error() && { return std::move(*m_error); }

private:
    std::optional<Error> m_error;
};

}  // namespace belljar
