// For tests of the desktop app whose sessions are real sandboxes.
#pragma once

#include <QString>

#include <memory>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "ui/models/shown_text.h"

namespace belljar::test {

/// Why no sandbox can be started here; empty when one can.
inline QString whyNoSandbox()
{
    const std::unique_ptr<HostFacts> facts = inspectHost(true);
    const BackendList backends = allBackends();
    const Backend* bubblewrap = findBackend(backends, "bubblewrap");
    if (bubblewrap == nullptr) return QStringLiteral("this build has no bubblewrap backend");
    const Availability availability = bubblewrap->probe(facts->system());
    return availability.available ? QString() : shown(availability.reason);
}

}  // namespace belljar::test
