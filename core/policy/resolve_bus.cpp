// Rules about message buses: their form, and what a rule opens that its name does not say.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "core/policy/resolve_context.h"

namespace belljar {
namespace {

constexpr std::size_t kLongestName = 255;

struct Dangerous {
    std::string_view name;
    std::string_view why;
};

/// Services that do outside what the sandbox may not.
constexpr std::array<Dangerous, 13> kDangerous{{
    {"org.freedesktop.systemd1", "starts programs outside the sandbox"},
    {"org.freedesktop.Flatpak", "runs commands outside the sandbox"},
    {"org.freedesktop.DBus", "starts services outside, and changes their environment"},
    {"org.freedesktop.portal.Desktop",
     "also takes screenshots, sends input and reads the clipboard; name the methods under \"call\" instead"},
    {"org.freedesktop.impl.portal.PermissionStore", "decides what the desktop grants to programs"},
    {"org.freedesktop.secrets", "hands out the user's passwords"},
    {"org.gnome.Shell", "controls the desktop and its windows"},
    {"org.kde.KWin", "controls the desktop and its windows"},
    {"org.kde.plasmashell", "runs scripts in the desktop"},
    {"org.a11y.Bus", "reads and operates the windows of all programs"},
    {"ca.desrt.dconf", "changes settings that other programs obey, commands among them"},
    {"org.gtk.vfs.Daemon", "reads and writes files of the user"},
    {"org.freedesktop.PackageKit", "installs software"},
}};

bool isElement(std::string_view element)
{
    const auto isLetter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !element.empty() && !(element[0] >= '0' && element[0] <= '9') &&
           std::all_of(element.begin(), element.end(), isLetter);
}

/// Elements of a well-known name, with `*` as the last one where `wildcard`; 0: it is none.
std::size_t elementsOf(std::string_view name, bool wildcard)
{
    if (name.size() > kLongestName) return 0;
    std::size_t count = 0;
    for (;;) {
        const std::size_t end = name.find('.');
        const std::string_view element = name.substr(0, end);
        const bool last = end == std::string_view::npos;
        if (!isElement(element) && !(wildcard && last && count > 0 && element == "*")) return 0;
        ++count;
        if (last) return count;
        name.remove_prefix(end + 1);
    }
}

bool covers(std::string_view rule, std::string_view name)
{
    if (!rule.ends_with(".*")) return rule == name;
    rule.remove_suffix(2);
    return name == rule || (name.starts_with(rule) && name[rule.size()] == '.');
}

/// Characters of interfaces, methods and object paths, with `*` at an end.
bool isMethodRule(std::string_view rule)
{
    constexpr std::string_view kOthers = "._/*@";
    return !rule.empty() && std::count(rule.begin(), rule.end(), '@') <= 1 &&
           std::all_of(rule.begin(), rule.end(), [&](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      kOthers.find(c) != std::string_view::npos;
           });
}

class BusResolver {
public:
    BusResolver(ResolveContext& context, std::string pointer) : m_context(context), m_pointer(std::move(pointer)) {}

    BusRules read(const BusConfig& config)
    {
        BusRules rules;
        take(config.talk, "talk", rules.talk, [this](const std::string& name, const SourcePlace& place) {
            return checkName(name, true, place) && warn(name, place);
        });
        take(config.own, "own", rules.own,
             [this](const std::string& name, const SourcePlace& place) { return checkName(name, true, place); });
        take(config.call, "call", rules.call, [this](const std::string& rule, const SourcePlace& place) {
            const std::size_t end = rule.find('=');
            if (end != std::string::npos && elementsOf(rule.substr(0, end), true) > 1 &&
                isMethodRule(std::string_view(rule).substr(end + 1)))
                return true;
            m_context.report(Severity::error, "bus-rule",
                             fmt::format("{} is no rule about methods of a service", quoted(rule)), place,
                             "Write NAME=INTERFACE.METHOD@PATH, with * for what may be anything");
            return false;
        });
        return rules;
    }

private:
    template <class Check>
    void take(const std::optional<std::vector<std::string>>& written, const char* list, std::vector<std::string>& into,
              Check check)
    {
        for (std::size_t i = 0; written && i < written->size(); ++i) {
            const std::string& word = (*written)[i];
            const SourcePlace place = m_context.place(fmt::format("{}/{}/{}", m_pointer, list, i));
            if (!check(word, place)) continue;
            if (std::find(into.begin(), into.end(), word) != into.end()) {
                m_context.report(Severity::note, "bus-redundant", fmt::format("{} is named twice", quoted(word)), place,
                                 "Remove the entry");
                continue;
            }
            m_context.addRule(RuleSource::profile, fmt::format("dbus {}: {}", list, word), place);
            into.push_back(word);
        }
    }

    bool checkName(const std::string& name, bool wildcard, const SourcePlace& place)
    {
        const std::size_t elements = elementsOf(name, wildcard);
        // With fewer than two before it, a star would open what nobody has in mind.
        if (elements >= (name.ends_with(".*") ? 3U : 2U)) return true;
        m_context.report(Severity::error, "bus-name", fmt::format("{} is no name of a service on a bus", quoted(name)),
                         place, "Write a name such as org.example.Service, or org.example.* for all below it");
        return false;
    }

    /// Always true: who asks for it gets it.
    bool warn(const std::string& name, const SourcePlace& place)
    {
        for (const Dangerous& service : kDangerous)
            if (covers(name, service.name))
                m_context.report(Severity::warning, "bus-escape",
                                 fmt::format("{} opens {}, which {}", quoted(name), service.name, service.why), place,
                                 "Name only the services or methods that the program needs");
        return true;
    }

    ResolveContext& m_context;
    const std::string m_pointer;
};

}  // namespace

void resolveBus(ResolveContext& context)
{
    const auto& experimental = context.config.experimental;
    if (!experimental || !experimental->belljar || !experimental->belljar->dbus) return;
    const DbusConfig& config = *experimental->belljar->dbus;
    const std::string here = "/experimental/belljar/dbus";
    BusPolicy& bus = context.policy.bus;
    if (config.session) bus.session = BusResolver(context, here + "/session").read(*config.session);
    if (config.system) bus.system = BusResolver(context, here + "/system").read(*config.system);
    if (bus.empty()) return;
    bus.rule = context.addRule(RuleSource::profile, "dbus: a filtered bus", context.place(here));
    context.paths[kRuntimeFolder] = {kRuntimeFolder, PathAccess::readWrite, PathKind::privateTmp, true, bus.rule};
}

}  // namespace belljar
