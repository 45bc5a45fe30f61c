// The scene of every probe test: a profile, something that it must keep from the probe, and the two ways to run.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/sandbox/runner.h"

namespace belljar::test {

/// Exit codes of a probe, as in probe.h.
enum ProbeCode { kProbeStopped = 0, kProbeEscaped = 1, kProbeCouldNot = 2, kProbeSkipped = 77 };

/// A denial that must be reported when watching: kind, a part of the object, a part of the rule's text.
struct Denial {
    std::string kind;
    std::string object;
    std::string rule;
};

/// The rule of everything that the system-call filter refuses.
inline const std::string kClosedRule = "closed";

/// One access, in the words of `belljar explain` and of the probe try_access.
struct Attempt {
    std::string kind;
    std::string object;
    auto operator<=>(const Attempt&) const = default;
};

class ProbeTest : public testing::Test {
protected:
    ProbeTest();

    /// The probe outside of any sandbox must escape: so it can tell. `options` as for the sandboxed runs.
    void expectEscapesOutside(const std::vector<std::string>& probe, const RunOptions& options = {});
    /// Inside it must be stopped, not watched and watched; when watched, each denial must be an event with its rule.
    void expectStopped(const std::vector<std::string>& probe, const std::vector<Denial>& denials = {},
                       const RunOptions& options = {});
    /// Both.
    void expectOnlyOutside(const std::vector<std::string>& probe, const std::vector<Denial>& denials = {},
                           const RunOptions& options = {})
    {
        expectEscapesOutside(probe, options);
        expectStopped(probe, denials, options);
    }

    /// For each denial that was seen: the explanation names its rule, and what it proposes to change, changed, gives
    /// the same access another outcome; where it says that nothing helps, the rule is none of the profile's.
    void expectExplained(const std::vector<SeenEvent>& events, const RunOptions& options);

    [[nodiscard]] std::string probeProgram() const { return binFolder() + "/belljar-probe"; }
    [[nodiscard]] std::vector<std::string> probeCommand(const std::vector<std::string>& probe) const;
    RunResult runInside(const std::vector<std::string>& probe, const std::vector<std::string>& belljarOptions,
                        const RunOptions& options = {});

    /// False when the attempt is allowed, so that it is not what was denied.
    bool expectExplained(const Attempt& attempt, const SeenEvent& event, const RunOptions& options);
    /// Its errno in a sandbox with that profile; 0 is success.
    int outcomeOf(const Attempt& attempt, const Profile& profile, const std::vector<std::string>& network,
                  const RunOptions& options);

    TempFolder m_folder;
    unsigned m_turnedOver = 0;    ///< Denials that had another outcome after changing what their explanation names.
    const std::string m_mark;     ///< The secret. Random, so that it is found nowhere else.
    std::string m_readOnly;       ///< Granted, read-only; holds "plain".
    std::string m_writable;       ///< Granted, read-write.
    std::string m_denied;         ///< A denied folder, two levels below m_writable; holds "secret".
    std::string m_secret;         ///< m_denied/secret
    std::string m_deniedFile;     ///< A denied file in m_writable, with the secret.
    std::string m_outside;        ///< A folder that nothing grants; holds "secret".
    std::string m_outsideSecret;  ///< m_outside/secret
    Profile m_profile;
};

}  // namespace belljar::test
