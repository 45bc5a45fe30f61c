#include "ui/forms/form_sections.h"

#include <QCoreApplication>

#include <algorithm>

#include "ui/forms/field_group.h"

namespace belljar {

namespace {

/// A page with the fields below `pointers`; titles are translated when the list is made.
struct SectionRow {
    const char* title;
    std::vector<std::string> pointers;
    bool isInner = false;
};

const std::vector<SectionRow>& rows()
{
    static const std::vector<SectionRow> list{
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Files"), {"/filesystem"}},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Network"),
         {"/network/egress", "/network/ingress", "/runtimeConfig", "/experimental/belljar/network"}},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Up to schema 0.7"),
         {"/network/defaultPolicy", "/network/enforcementMode", "/network/allowLocalNetwork", "/network/allowedHosts",
          "/network/blockedHosts", "/network/proxy"},
         true},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Desktop and clipboard"),
         {"/ui", "/experimental/belljar/display", "/experimental/belljar/dbus"}},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Process"), {"/process"}},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Limits"), {"/experimental/belljar/limits"}},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Programs and calls"),
         {"/experimental/belljar/programs", "/experimental/belljar/syscalls"}},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "General"),
         {"/version", "/containment", "/containerId", "/experimental/belljar/extends", "/lifecycle", "/_comment",
          "/$schema"}},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Single containments"), {"/fallback"}},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "LXC"), {"/lxc"}, true},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Seatbelt (macOS)"), {"/seatbelt"}, true},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "AppContainer (Windows)"), {"/processContainer"}, true},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Windows Sandbox"), {"/experimental/windows_sandbox"}, true},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "WSL container"), {"/experimental/wslc"}, true},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Isolation session"),
         {"/experimental/isolation_session", "/phase", "/sandboxId", "/correlationVector"},
         true},
        {QT_TRANSLATE_NOOP("belljar::FormSections", "Tests and telemetry"),
         {"/experimental/test", "/experimental/telemetry"},
         true},
    };
    return list;
}

}  // namespace

const std::vector<FormSection>& formSections()
{
    static const std::vector<FormSection> sections = [] {
        std::vector<FormSection> list;
        for (const SectionRow& row : rows())
            list.push_back(
                {QCoreApplication::translate("belljar::FormSections", row.title), row.pointers, row.isInner});
        return list;
    }();
    return sections;
}

int sectionOf(const std::string& pointer)
{
    const std::vector<FormSection>& sections = formSections();
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const bool here = std::any_of(sections[i].pointers.begin(), sections[i].pointers.end(),
                                      [&](const std::string& mine) { return isBelow(pointer, mine); });
        if (here) return static_cast<int>(i);
    }
    return -1;
}

}  // namespace belljar
