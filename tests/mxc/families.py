"""Inputs of our own for MXC executors: good configurations, and values that are interesting in one place or another.

make_cases.py turns them into cases with verdicts, the differential fuzzer (tests/fuzz) mixes them further.
They leave experimental.belljar alone: MXC takes anything there, Belljar reads its own settings from it.
"""

COMMAND = {"commandLine": "true"}

VERSIONS = ["0.6.0", "0.7.0", "0.8.0", "0.9.0", "0.6.0-alpha", "0.7.3", "0.8.0-rc.1", "0.8.1+build.5", "0.9.99", "", "0.5.9",
            "0.10.0", "1.0.0", "0.8", "8", "v0.8.0", "0.8.0.0", "00.8.0", "0.08.0", "0.8.0-", "0.8.0-01", "0.8.0-a..b", " 0.8.0",
            "0.8.0 ", "0.8.x", "0.8.0-alpha+", "4294967296.0.0", "18446744073709551616.0.0", "0.8.0\n", "０.8.0", "latest"]

CONTAINMENTS = ["process", "bubblewrap", "lxc", "processcontainer", "appcontainer", "windows_sandbox", "wslc", "seatbelt",
                "macos_sandbox", "isolation_session", "vm", "microvm", "hyperlight", "Process", "bwrap", "docker", "",
                "process ", "none"]

SECTIONS = {"lxc": {"distribution": "debian", "release": "bookworm"}, "processContainer": {"leastPrivilege": True},
            "appContainer": {"leastPrivilege": False}, "seatbelt": {"nestedPty": True}, "ui": {"disable": True},
            "lifecycle": {"destroyOnExit": True}, "fallback": {}, "runtimeConfig": {}, "experimental": {},
            "filesystem": {}, "network": {}, "processContainer2": {}, "wslc": {}, "telemetry": {"enabled": False}}

EXPERIMENTAL = [{}, {"wslc": {"image": "alpine:latest"}}, {"wslc": {"cpuCount": 0}}, {"wslc": {"cpuCount": -1}},
                {"wslc": {"portMappings": [{"windowsPort": 8080, "containerPort": 80}]}}, {"wslc": 5},
                {"wslc": {"bogus": 1}}, {"bogus": {"x": [1]}}, {"windows_sandbox": {}}, {"isolation_session": {}},
                {"telemetry": {"enabled": True}}, {"telemetry": {"enabled": "yes"}}, {"seatbelt": {"keychainAccess": True}},
                {"stranger": {"limits": {"memoryMb": 64}}}, {"hyperlight": {}}, {"microvm": {"x": 1}}, None, [], 0]

CIDRS = ["10.0.0.0/8", "192.0.2.0/24", "192.0.2.1/24", "192.0.2.7", "0.0.0.0/0", "203.0.113.4/32", "2001:db8::/32", "2001:db8::1",
         "::1/128", "::/0", "::/96", "::ffff:0:0/96", "::ffff:192.0.2.1", "::ffff:0:0/95", "fe80::/10", "fe80::1%eth0",
         "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/", "/8", "", " 10.0.0.0/8", "10.0.0.0/8 ",
         "10.0.0/8", "10.0.0.0.0/8", "256.0.0.0/8", "010.0.0.0/8", "0x0a.0.0.0/8", "[2001:db8::]/32", "2001:db8:::/32",
         "2001:db8::/129", "example.org", "localhost", "*", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0", "1.2.3.4:80",
         "2001:DB8::/32", "2001:db8:0:0:0:0:0:0/32", "2001:db8::1/64", "::1.2.3.4", "１０.0.0.0/8", "10.0.0.0/8\u0000"]

EXCEPTS = [[], ["10.1.0.0/16"], ["10.0.0.0/8"], ["11.0.0.0/8"], ["10.1.0.0/16", "10.1.2.0/24"], ["10.1.2.3"], ["10.1.2.3/16"],
           ["2001:db8::/48"], ["bogus"], [None], [""], ["10.0.0.1", "10.128.0.1", "10.64.0.1", "10.32.0.1"], None, "10.1.0.0/16",
           [f"10.{n}.77.{n}" for n in range(0, 250, 17)], ["0.0.0.0/0"]]

PORTS = [{}, {"port": 443}, {"protocol": "tcp"}, {"protocol": "tcp", "port": 1, "endPort": 65535}, {"protocol": "udp", "port": 53},
         {"protocol": "any", "port": 53}, {"protocol": "icmp"}, {"protocol": "icmp", "port": 8}, {"port": 0}, {"port": 65536},
         {"port": -1}, {"port": 1.5}, {"port": "443"}, {"port": 80, "endPort": 79}, {"endPort": 80}, {"protocol": "sctp"},
         {"protocol": "TCP", "port": 1}, {"protocol": None, "port": None, "endPort": None}, {"port": 443, "bogus": 1}, None, [],
         {"protocol": "tcp", "endPort": 9}, {"protocol": "icmp", "endPort": 9}, {"port": 80, "endPort": 80}, {"port": 1e2}]

EGRESS = [{}, {"default": "deny"}, {"default": "allow"}, {"default": "Deny"}, {"default": None}, {"allow": []}, {"deny": []},
          {"allow": [{}]}, {"deny": [{}]}, {"allow": [{"to": []}]}, {"allow": [{"ports": []}]}, {"allow": None},
          {"allow": [{"to": [{}]}]}, {"allow": [{"to": [{"cidr": None}]}]}, {"allow": {}}, {"allow": [[]]}, {"bogus": 1},
          {"default": "allow", "deny": [{"to": [{"cidr": "10.0.0.0/8"}]}]}, {"default": "block"},
          {"default": "deny", "allow": [{"to": [{"cidr": "192.0.2.0/24"}], "ports": [{"protocol": "tcp", "port": 443}]}]},
          {"default": "allow", "allow": [{"to": [{"cidr": "192.0.2.0/24"}]}]}]

INGRESS = [{}, {"default": "deny"}, {"default": "allow"}, {"hostLoopback": "deny"}, {"hostLoopback": "allow"},
           {"default": "deny", "hostLoopback": "deny"}, {"default": "allow", "hostLoopback": "allow"}, {"default": "x"},
           {"allow": []}, {"hostLoopback": True}, None, [], {"default": None}]

PROXY_URLS = ["http://127.0.0.1:8080", "http://localhost:3128", "http://localhost", "https://localhost:8443", "http://[::1]:8080",
              "http://proxy.example.org:8080", "http://192.0.2.1:3128", "http://user:secret@127.0.0.1:8080", "http://127.0.0.1:0",
              "http://127.0.0.1:65536", "http://127.0.0.1:80", "http://127.0.0.1:", "socks5://127.0.0.1:1080", "127.0.0.1:8080",
              "http://", "http:///x", "", " http://127.0.0.1:8080", "http://127.0.0.1:8080/path", "http://127.0.0.1:8080/",
              "http://127.0.0.1:8080?x=1", "http://127.0.0.1:8080#f", "HTTP://LOCALHOST:8080", "http://127.1:8080", "ftp://localhost:21",
              "http://10.0.2.2:8080", "http://0.0.0.0:8080", "http://user@localhost:8080", "http://localhost:8080\n", "http://a b:80",
              "http://xn--bcher-kva:8080", "http://bücher:8080", "http://127.0.0.1:+80", "http://[::1:8080", "http://[fe80::1%25eth0]:80",
              "http:127.0.0.1:8080", "//127.0.0.1:8080", "http://127.0.0.2:8080", "http://2130706433:8080", "http://localhost.:8080",
              "https://127.0.0.1", "http://%6cocalhost:8080", "http://127.0.0.1:00080", "http://:8080", "http:/127.0.0.1:8080", "http:\\127.0.0.1:8080",
              "http:secret@127.0.0.1:8080", "http:127.0.0.2:8080", "http://a:b@c:d@127.0.0.1:8080", "http://[::ffff:127.0.0.1]:8080"]

PROXIES = [{"localhost": 8080}, {"localhost": 0}, {"localhost": 65536}, {"localhost": "8080"}, {"builtinTestServer": True},
           {"builtinTestServer": False}, {}, {"url": "http://127.0.0.1:8080", "localhost": 8080}, None, [], "http://127.0.0.1:8080",
           {"url": None}, {"url": "http://127.0.0.1:8080", "bogus": 1}, {"localhost": 1, "builtinTestServer": True},
           {"localhost": None, "url": "http://127.0.0.1:1", "builtinTestServer": None}]

HOSTS = ["192.0.2.1", "192.0.2.0/24", "192.0.2.1/24", "example.org", "*.example.org", "*", "", " ", "2001:db8::1", "[2001:db8::1]",
         "2001:db8::/32", "::/0", "0.0.0.0/0", "192.0.2.1:443", "http://example.org", "localhost", "10.0.0.0/33", "a" * 300,
         "exa mple.org", "192.0.2.1/", "192.0.2.1/032", "::ffff:192.0.2.1", "-x", "192.0.2.1,192.0.2.2", "\u2028",
         "\u3000192.0.2.1\u00a0", "0:0:0:0:0:ffff::/95"]

LEGACY = [{"defaultPolicy": "block"}, {"defaultPolicy": "allow"}, {"defaultPolicy": "allow", "allowLocalNetwork": True},
          {"defaultPolicy": "block", "allowLocalNetwork": True}, {"defaultPolicy": "allow", "allowLocalNetwork": False},
          {"defaultPolicy": "Allow"}, {"enforcementMode": "firewall"}, {"enforcementMode": "both"}, {"enforcementMode": "capabilities"},
          {"enforcementMode": "none"}, {"removeRulesOnExit": True}, {"allowedHosts": ["192.0.2.1"]}, {"blockedHosts": ["192.0.2.1"]},
          {"allowedHosts": ["192.0.2.1"], "enforcementMode": "firewall"}, {"allowedHosts": [], "enforcementMode": "firewall"},
          {"defaultPolicy": "allow", "blockedHosts": ["192.0.2.0/24"], "enforcementMode": "both", "allowLocalNetwork": True},
          {"allowedHosts": ["192.0.2.1"], "blockedHosts": ["192.0.2.1"], "enforcementMode": "firewall"},
          {"proxy": {"localhost": 8080}, "enforcementMode": "firewall"}, {"proxy": {"localhost": 8080}, "defaultPolicy": "allow"},
          {"proxy": {"localhost": 8080}, "defaultPolicy": "block"}, {"proxy": {"localhost": 8080}, "allowedHosts": ["example.org"]},
          {"proxy": {"url": "http://127.0.0.1:8080"}, "allowLocalNetwork": True}, {"defaultPolicy": "allow", "egress": {"default": "deny"}},
          {"allowedHosts": ["one.example"], "blockedHosts": ["two.example"], "enforcementMode": "firewall"},
          {"allowedHosts": ["one.example"], "blockedHosts": [""], "enforcementMode": "both"},
          {"proxy": {"builtinTestServer": True}, "enforcementMode": "capabilities", "allowedHosts": ["example.org"]},
          {"allowLocalNetwork": True}, {"allowLocalNetwork": False}, {"allowLocalNetwork": None, "egress": {}}, {"bogus": 1}]

RUNTIME = [{}, {"networkProxy": None}, {"networkProxy": 8080}, {"networkProxy": ["http://127.0.0.1:8080"]}, {"bogus": 1}, None, []]

PATHS = ["/usr", "/usr/", "/usr/bin", "/no/such/path", "relative/path", ".", "..", "~", "~/x", "$HOME/x", "${HOME}", "/usr/*", "",
         " ", "\t", "/with space", "/with\"quote", "/with'apostrophe", "/with\nnewline", "/with\u0000nul", "/with\\back", "C:\\Windows",
         "\\\\server\\share", "/ümlaut/日本", "/\u202egnp", "/" + "x" * 256, "/" + "y/" * 2100, "//usr", "/usr/../etc", "/proc/self/mem",
         "/etc/shadow", "/dev/null", "/", "/.ssh/id_rsa", "/home/somebody/.aws/credentials", "%USERPROFILE%\\x", "/x\u0007bell"]

TIMEOUTS = [0, 1, 4294967295, 4294967296, -1, -0, 1.0, 1.5, 1e3, "5", True, None, [], 18446744073709551616]

COMMANDS = ["true", "", " ", "\n", "a\u0000b", "printf '%s' \"x\"", "\"C:\\Program Files\\x.exe\" a", "C:\\Program Files\\x.exe a",
            "日本 🫙", "x" * 140_000, None, 5, ["true"], {}]

ENVIRONMENTS = [[], ["A=1"], ["A"], ["=1"], ["A=1", "A=2"], ["A=\u0000"], [""], [None], ["A=1", 2], "A=1", {"A": "1"}, None,
                ["PATH=/bin", "LD_PRELOAD=/x.so"], ["a b=c"]]

FOLDERS = ["/", "/usr", "/no/such", "", "relative", "~", "/a\u0000b", None, 5]

# Text that is put in the place of a value, mostly not JSON.
RAW_VALUES = ["0", "-0", "01", "1.", ".5", "1e5", "1E+400", "-1e-400", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "nul", "True",
              "'x'", "\"\\x41\"", "\"\\u00e9\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\u0000\"", "\"\t\"", "\"\n\"",
              "\"\\/\"", "\"\\'\"", "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "{\"a\":}", "[", "{", "\"", "]", "}", "",
              "// c\n1", "/* c */ 1", "99999999999999999999999999", "1" * 400, "123456789012345678901234567890e-20", "\"\\u12\"",
              "\"\\uD83D\"", "\"\u2028\"", "true false", "\u00a0null", "\ufeffnull"]

TYPES = [None, True, 0, -3, 2.5, "text", [], {}, ["x"], [None], {"x": 1}]

# Several paths at once: which of them is named?
PATH_LISTS = [{"readwritePaths": ["/with\"quote", "\t"]}, {"readonlyPaths": [""], "readwritePaths": ["/with\"quote"]},
              {"deniedPaths": ["", "/with\u0000nul"], "readonlyPaths": ["/usr", " "]}, {"deniedPaths": ["\""], "readonlyPaths": [""]}]

FLAGS = [[], ["--experimental"], ["--allow-testing-features"], ["--experimental", "--allow-testing-features"]]

# Configurations that are accepted, between them with every section and field.
SEEDS = [
    {"process": {"commandLine": "true"}},
    {"version": "0.8.0-alpha", "process": {"commandLine": "make -j2", "cwd": "/usr", "env": ["A=1", "B=x y"], "timeout": 5000},
     "containerId": "seed", "lifecycle": {"destroyOnExit": True, "preservePolicy": False}},
    {"$schema": "https://example.org/schema.json", "_comment": {"why": [1, 2.5, None]}, "version": "0.7.0", "process": COMMAND,
     "containment": "bubblewrap", "filesystem": {"readonlyPaths": ["/usr"], "readwritePaths": ["/var/tmp"], "deniedPaths": ["/etc"]},
     "ui": {"disable": True, "clipboard": "none", "injection": False}},
    {"version": "0.8.0", "process": COMMAND, "network": {
        "egress": {"default": "deny", "allow": [{"to": [{"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}, {"cidr": "2001:db8::/32"}],
                                                 "ports": [{"protocol": "tcp", "port": 443}, {"port": 8000, "endPort": 8080}]}],
                   "deny": [{"to": [{"cidr": "10.9.0.0/16"}]}]},
        "ingress": {"default": "deny", "hostLoopback": "deny"}}},
    {"version": "0.8.0", "process": COMMAND, "network": {"egress": {"default": "deny"}},
     "runtimeConfig": {"networkProxy": "http://127.0.0.1:8080"}},
    {"version": "0.7.0-alpha", "process": COMMAND, "network": {"defaultPolicy": "block", "proxy": {"url": "http://127.0.0.1:8080"},
                                                               "allowedHosts": ["example.org"], "removeRulesOnExit": True}},
    {"version": "0.8.0", "process": COMMAND, "network": {"defaultPolicy": "block", "enforcementMode": "firewall",
                                                         "allowedHosts": ["192.0.2.0/24", "2001:db8::1"], "blockedHosts": ["192.0.2.7"]}},
    {"version": "0.6.0", "process": COMMAND, "containment": "lxc",
     "lxc": {"distribution": "alpine", "release": "3.20", "containerName": "c", "destroyOnExit": True}},
    {"version": "0.8.0", "process": COMMAND, "containment": "processcontainer", "fallback": {},
     "processContainer": {"name": "p", "leastPrivilege": True, "learningMode": False, "capabilities": ["internetClient"],
                          "ui": {"isolation": "desktop", "desktopSystemControl": False, "systemSettings": "none", "ime": False},
                          "network": {"allowedProxyPeer": "peer"}}},
    {"version": "0.7.0", "process": COMMAND, "containment": "seatbelt",
     "seatbelt": {"nestedPty": True, "keychainAccess": False, "extraMachLookups": ["com.example.x"]}},
    {"version": "0.9.0", "process": COMMAND, "containment": "wslc", "experimental": {
        "wslc": {"image": "alpine:latest", "cpuCount": 2, "memoryMb": 512, "gpu": False,
                 "portMappings": [{"windowsPort": 8080, "containerPort": 80, "protocol": "tcp"}]}, "telemetry": {"enabled": False}}},
    {"version": "0.9.0", "phase": "exec", "sandboxId": "wslc:1", "correlationVector": "x.0", "process": COMMAND},
    {"version": "0.9.0", "phase": "provision", "containment": "isolation_session", "network": {"defaultPolicy": "allow"},
     "experimental": {"isolation_session": {"provision": {"x": 1}}}},
]
