// Makes profiles of the schemas 0.6 and 0.7 of every kind, for tests of the migration.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "core/model/sandbox_config.h"

namespace belljar {

/// The same seed makes the same profile. File lists name some of `paths`.
class LegacyMaker {
public:
    LegacyMaker(std::uint32_t seed, std::vector<std::string> paths) : m_random(seed), m_paths(std::move(paths)) {}

    SandboxConfig make()
    {
        SandboxConfig config;
        static const char* const kVersions[] = {"", "0.6.0-alpha", "0.6.1", "0.7.0-alpha", "0.7.2"};
        if (const std::string version = kVersions[below(5)]; !version.empty()) config.version = version;
        if (chance(2)) config.containment = chance(2) ? "bubblewrap" : "process";
        config.process.emplace().commandLine = "true";
        FilesystemConfig& files = config.filesystem.emplace();
        for (auto* list : {&files.readwritePaths, &files.readonlyPaths, &files.deniedPaths}) {
            for (std::size_t left = below(3); left > 0; --left)
                (*list ? **list : list->emplace()).push_back(m_paths[below(m_paths.size())]);
        }
        if (!chance(5)) network(config.network.emplace());
        return config;
    }

private:
    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(m_random); }
    bool chance(std::size_t oneIn) { return below(oneIn) == 0; }

    std::vector<std::string> hosts()
    {
        static const char* const kHosts[] = {"10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "198.51.100.0/24",
                                             "::1",        "127.0.0.1", "0.0.0.0/0",     "fe80::/10"};
        std::vector<std::string> made;
        for (std::size_t left = below(4); left > 0; --left) made.push_back(kHosts[below(std::size(kHosts))]);
        if (chance(12)) made.push_back("name.example");
        return made;
    }

    void network(NetworkConfig& network)
    {
        static const char* const kModes[] = {"capabilities", "firewall", "both"};
        if (!chance(4)) network.defaultPolicy = chance(2) ? "allow" : "block";
        if (!chance(3)) network.enforcementMode = kModes[below(3)];
        if (chance(2)) network.allowedHosts = hosts();
        if (chance(2)) network.blockedHosts = hosts();
        if (chance(4)) network.allowLocalNetwork = chance(2);
        if (chance(8)) network.proxy.emplace().localhost = static_cast<std::uint16_t>(8080 + below(9));
    }

    std::mt19937 m_random;
    std::vector<std::string> m_paths;
};

}  // namespace belljar
