// What the policy tests share: a profile under construction on a made-up host, resolved in one call.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/policy/decide.h"
#include "core/policy/path_lookup.h"
#include "core/policy/resolve.h"
#include "tests/core/policy/fake_host_facts.h"

namespace belljar {

class PolicyTest : public testing::Test {
protected:
    using Paths = std::vector<std::string>;

    void readWrite(Paths paths) { filesystem().readwritePaths = std::move(paths); }
    void readOnly(Paths paths) { filesystem().readonlyPaths = std::move(paths); }
    void deny(Paths paths) { filesystem().deniedPaths = std::move(paths); }
    NetworkConfig& network() { return config.network ? *config.network : config.network.emplace(); }
    ProcessConfig& process() { return config.process ? *config.process : config.process.emplace(); }

    Resolution& resolve()
    {
        request.config = &config;
        request.place = [](const std::string& pointer) { return SourcePlace{pointer, 7, 3}; };
        resolution = resolvePolicy(request, host);
        return resolution;
    }

    /// Resolves and expects a policy.
    const Policy& policy()
    {
        resolve();
        EXPECT_TRUE(resolution.policy.has_value()) << messages();
        static const Policy kNone;
        return resolution.policy ? *resolution.policy : kNone;
    }

    [[nodiscard]] const Finding* finding(const std::string& id) const
    {
        const auto& all = resolution.findings;
        const auto found = std::find_if(all.begin(), all.end(), [&](const Finding& f) { return f.id == id; });
        return found == all.end() ? nullptr : &*found;
    }

    [[nodiscard]] std::size_t count(const std::string& id) const
    {
        const auto& all = resolution.findings;
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [&](const Finding& f) { return f.id == id; }));
    }

    /// Resolves and expects this error, which leaves no policy.
    const Finding& refused(const std::string& id)
    {
        resolve();
        EXPECT_FALSE(resolution.policy.has_value());
        const Finding* found = finding(id);
        EXPECT_NE(found, nullptr) << "no " << id << "\n" << messages();
        static const Finding kNone;
        EXPECT_TRUE(!found || found->severity == Severity::error) << id;
        return found ? *found : kNone;
    }

    [[nodiscard]] std::string messages() const
    {
        std::string text;
        for (const Finding& f : resolution.findings) text += f.id + ": " + f.message + "\n";
        return text;
    }

    static Verdict ask(const Policy& policy, AccessKind kind, const std::string& path)
    {
        return decide(policy, {kind, path, {}, 0});
    }

    FakeHostFacts host = FakeHostFacts::linuxHost();
    SandboxConfig config;
    ResolveRequest request;
    Resolution resolution;

private:
    FilesystemConfig& filesystem() { return config.filesystem ? *config.filesystem : config.filesystem.emplace(); }
};

}  // namespace belljar
