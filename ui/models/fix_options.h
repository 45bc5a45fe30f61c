// What would allow a denied event, from the narrowest change of the profile to the widest, each with what else it
// opens.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <optional>
#include <vector>

#include "core/model/event.h"
#include "core/model/host_facts.h"
#include "core/model/network_change.h"
#include "core/model/path_change.h"
#include "core/policy/remedy.h"
#include "ui/models/profile_document.h"

namespace belljar {

/// All texts are ready to be shown.
struct FixOption {
    QString title;                     ///< "Allow reading /etc/hosts".
    QString opens;                     ///< What else that opens, on this machine as it is now.
    QString secret;                    ///< Not empty: what is kept secret there. Never chosen without a further step.
    std::vector<ProfileChange> steps;  ///< One undoable change.
    bool needsSameProfile = false;     ///< A step names a place in the profile as it was for the run.
    std::optional<PathChange> path;    ///< The same for the running session.
    std::optional<NetworkChange> network;
};

struct Fixes {
    std::vector<FixOption> options;  ///< Narrowest first.
    QString why;                     ///< When there are none: why no profile changes it. May be empty.
};

class FixFinder {
    Q_DECLARE_TR_FUNCTIONS(belljar::FixFinder)

public:
    static constexpr std::size_t kMostCounted = 5000;  ///< Entries of folders that are counted.

    /// `policy` is what the session ran under; `event` one of its events. Looks at the machine.
    [[nodiscard]] static Fixes find(const Event& event, const Policy& policy, const HostFacts& facts);

private:
    static void addPaths(const Remedy& remedy, const HostFacts& facts, Fixes& fixes);
    static void addNetwork(const Remedy& remedy, Fixes& fixes);
    [[nodiscard]] static FixOption pathOption(const Remedy& remedy, const std::string& path, const HostFacts& facts);
    [[nodiscard]] static QString opensText(const std::string& path, const HostFacts& facts);
    [[nodiscard]] static QString secretText(const std::string& path, const HostFacts& facts);
};

}  // namespace belljar
