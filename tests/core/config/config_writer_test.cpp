#include <set>

#include <gtest/gtest.h>

#include "core/base/result.h"
#include "core/config/config_io.h"

namespace belljar {
namespace {

TEST(ConfigWriter, WritesSetFieldsInOrderWithTwoSpaces)
{
    SandboxConfig config;
    config.filesystem.emplace().readonlyPaths = {"/usr", "/a \"b\"\n"};
    config.filesystem->deniedPaths.emplace();
    config.version = "0.8.0-alpha";
    config.process.emplace().timeout = 0;
    config.experimental.emplace().belljar.emplace().limits.emplace().memoryMb = 64;
    config.experimental->others.push_back({"x y", {"[1, 2]"}});
    EXPECT_EQ(writeConfig(config), R"({
  "version": "0.8.0-alpha",
  "process": {
    "timeout": 0
  },
  "filesystem": {
    "readonlyPaths": [
      "/usr",
      "/a \"b\"\n"
    ],
    "deniedPaths": []
  },
  "experimental": {
    "belljar": {
      "limits": {
        "memoryMb": 64
      }
    },
    "x y": [1, 2]
  }
}
)");
    EXPECT_EQ(writeConfig({}), "{}\n");
}

/// Profiles that together set every field of the description.
constexpr const char* kProfiles[] = {
    R"({"$schema": "s", "_comment": [null, {"a": 1}], "version": "0.8.0-alpha", "containerId": "c", "containment": "process",
        "process": {"commandLine": "a\u0001b", "cwd": "/", "env": ["A=ü", ""], "timeout": 1},
        "lifecycle": {"destroyOnExit": false, "preservePolicy": true},
        "filesystem": {"readwritePaths": ["/rw"], "readonlyPaths": [], "deniedPaths": ["/d\\\u202e"]},
        "network": {"egress": {"default": "deny", "allow": [{"to": [{"cidr": "::1", "except": []}], "ports": [{}]}],
          "deny": [{"ports": [{"protocol": "tcp", "port": 1, "endPort": 65535}]}]},
          "ingress": {"default": "deny", "hostLoopback": "allow"}},
        "ui": {"disable": true, "clipboard": "all", "injection": false}, "fallback": {"allowDaclMutation": true},
        "experimental": {"telemetry": {"enabled": false, "x": 1}, "test": {"message": ""}, "other": {"b": [1]},
          "belljar": {"limits": {"memoryMb": 1, "processes": 2, "cpuSeconds": 3, "tmpMb": 4},
              "network": {"hosts": [{"name": "*.a.org", "ports": [{"port": 1, "endPort": 2}]}], "cooperativeProxy": true, "kernelForwarding": true,
                "publish": [{"port": 1, "hostPort": 2, "address": "::1", "protocol": "udp"}]},
          "extends": ["base.json"], "programs": [{"path": "/bin/sh", "sha256": "00"}],
          "display": "wayland", "dbus": {"session": {"talk": ["a.b"], "call": ["a.b=c.d"], "own": ["e.f"]},
            "system": {"talk": ["a.b"], "call": ["a.b=c.d"], "own": ["e.f"]}},
          "syscalls": {"deny": ["mkdir"], "nestedSandboxes": true}}}})",
    R"({"network": {"defaultPolicy": "allow", "enforcementMode": "both", "allowedHosts": ["a"], "blockedHosts": ["b"],
        "allowLocalNetwork": true, "proxy": {"localhost": 8080, "url": "http://a:1"}}})",
    R"({"network": {"proxy": {"builtinTestServer": true}}})",
    R"({"containment": "lxc", "lxc": {"distribution": "d", "release": "r"}})",
    R"({"version": "0.9.0", "runtimeConfig": {"networkProxy": "http://localhost:1"}, "containment": "processcontainer",
        "network": {"ingress": {"default": "allow"}},
        "processContainer": {"leastPrivilege": true, "capabilities": ["c"], "learningMode": false,
          "captureDenials": {"mode": "allow", "outputPath": "/o", "retainEtl": true},
          "ui": {"isolation": "atoms", "desktopSystemControl": true, "systemSettings": "x", "ime": false},
          "network": {"allowedProxyPeer": "p"}}})",
    R"({"containment": "seatbelt", "seatbelt": {"profileOverride": "p", "guiAccess": true, "launchMethod": "open",
        "nestedPty": false, "keychainAccess": true, "extraMachLookups": ["m"]}})",
    R"({"containment": "wslc", "experimental": {"wslc": {"targetOs": "t", "image": "i", "imageTarPath": "p", "storagePath": "s",
        "cpuCount": 1, "memoryMb": 18446744073709551615, "gpu": true, "provision": {"image": "i", "imageTarPath": "t"},
        "portMappings": [{"windowsPort": 1, "containerPort": 2, "protocol": "tcp", "y": 0}]}}})",
    R"({"containment": "windows_sandbox", "experimental": {"windows_sandbox": {"daemonPipeName": "d", "idleTimeout": 1,
        "idleTimeoutMs": 2}}})",
    R"({"version": "0.9.0", "phase": "provision", "sandboxId": "iso:x", "correlationVector": "v.1",
        "containment": "isolation_session", "experimental": {"isolation_session": {"provision": {"appId": "a"}}}})"};

TEST(ConfigWriter, WhatIsWrittenReadsAsTheSame)
{
    std::set<std::string> unseen;
    for (const FieldInfo& field : configFields()) unseen.insert(field.pointer);
    for (const char* text : kProfiles) {
        const Result<LoadedConfig> first = readConfig(text);
        ASSERT_TRUE(first) << describe(first.error());
        const std::string written = writeConfig(first->config);
        const Result<LoadedConfig> second = readConfig(written);
        ASSERT_TRUE(second) << describe(second.error()) << written;
        EXPECT_EQ(first->config, second->config) << written;
        EXPECT_EQ(writeConfig(second->config), written);
        EXPECT_FALSE(first->config == SandboxConfig{});
        for (auto field = unseen.begin(); field != unseen.end();) {
            std::string pointer = *field;
            for (std::size_t star; (star = pointer.find('*')) != std::string::npos;) pointer[star] = '0';
            field = second->text.find(pointer) != JsonText::kNone ? unseen.erase(field) : std::next(field);
        }
    }
    // Everything was set once, so no field is lost on the way; the first allow rule has no ports' members, the first
    // deny rule no destinations.
    for (const std::string& pointer : unseen)
        EXPECT_TRUE(pointer.find("/allow/*/ports/*/") != std::string::npos ||
                    pointer.find("/deny/*/to") != std::string::npos)
            << pointer << " is in no test profile";
}

TEST(ConfigFields, ListEachFieldOnceParentsFirst)
{
    std::set<std::string> seen{""};
    for (const FieldInfo& field : configFields()) {
        EXPECT_TRUE(seen.insert(field.pointer).second) << field.pointer;
        std::string parent = field.pointer.substr(0, field.pointer.rfind('/'));
        if (parent.size() > 2 && parent.substr(parent.size() - 2) == "/*") parent.erase(parent.size() - 2);
        EXPECT_TRUE(seen.count(parent)) << field.pointer;
        EXPECT_FALSE(field.title.empty() || field.help.empty() || field.type.empty()) << field.pointer;
        EXPECT_EQ(field.help.back(), '.') << field.pointer;
    }
    const auto find = [](const std::string& pointer) {
        for (const FieldInfo& field : configFields())
            if (field.pointer == pointer) return field;
        return FieldInfo{};
    };
    EXPECT_EQ(find("/network/egress/allow/*/to/*/cidr").type, "string");
    EXPECT_EQ(find("/network/egress/allow/*/ports/*/port").maximum, 65535U);
    EXPECT_EQ(find("/network/egress/allow/*/ports/*/port").minimum, 1U);
    EXPECT_EQ(find("/network/egress").since, "0.8");
    EXPECT_EQ(find("/filesystem/deniedPaths").type, "array");
    EXPECT_EQ(find("/_comment").type, "any");
    EXPECT_EQ(find("/ui/clipboard").values, (std::vector<std::string>{"none", "read", "write", "all"}));
    EXPECT_EQ(find("/experimental/belljar/limits/memoryMb").systems, "linux");
}

}  // namespace
}  // namespace belljar
