// One event in words: what happened, who did it, why it was allowed or denied, and how that is enforced.
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/model/access.h"
#include "core/model/event.h"
#include "core/model/policy.h"

namespace belljar {

/// All texts are ready to be shown as plain text; long objects are complete here (up to kLongestText bytes).
struct EventExplanation {
    static constexpr std::size_t kLongestText = 16'384;

    QString what;
    QString object;
    QString detail;
    QString who;
    QString verdict;          ///< "Denied", "Allowed", "Absent" or "No rule applies".
    QString rule;             ///< The text of the deciding rule; empty when none applies.
    QString origin;           ///< Who wrote it and where: "profile, line 12 (/filesystem/deniedPaths/0)".
    SourcePlace place;        ///< Line 0: the rule stands nowhere in the profile.
    QString mechanism;        ///< How the containment makes it so; empty when unknown.
    QString note;             ///< How sure the result is; what an absent object means.
    QString raw;              ///< The event as JSON, escaped.
    bool hasSecrets = false;  ///< Something in it looks like one: masked, unless it was to be revealed.
};

/// The question that an event's verdict answers, as the evaluator answers it now.
struct DecidedAccess {
    Access access;
    Verdict verdict;
};

/// nullopt: no rule applies, or no question has the recorded answer under `policy`: nothing is better than a guess.
[[nodiscard]] std::optional<DecidedAccess> decidedAccess(const Event& event, const Policy& policy);

class EventExplainer {
    Q_DECLARE_TR_FUNCTIONS(belljar::EventExplainer)

public:
    /// `policy` is what the session ran under, for the mechanism; nullptr when unknown. `chain`: the process and its
    /// parents, ready to be shown. What looks like a secret is masked unless `reveals`.
    [[nodiscard]] static EventExplanation explain(const Event& event, const std::vector<Rule>& rules,
                                                  const Policy* policy, const QStringList& chain = {},
                                                  bool reveals = false);

private:
    [[nodiscard]] static QString mechanismOf(const Event& event, const Policy* policy);
    [[nodiscard]] static QString originOf(const Rule& rule);
    [[nodiscard]] static QString noteOf(const Event& event);
};

/// Splits "1.2.3.4:80", "[::1]:80" or "name:80"; port 0 when there is none.
[[nodiscard]] std::pair<std::string, std::uint16_t> splitAddress(const std::string& address);

}  // namespace belljar
