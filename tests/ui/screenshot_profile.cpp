// The tour through everything about a profile.
#include <QDialog>
#include <QFile>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QTreeView>

#include "tests/ui/screenshot_pages.h"
#include "ui/forms/form_sections.h"
#include "ui/forms/profile_form.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/profile_page.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kFewInEtc = 10;  ///< Fewer names are not all of them yet.

/// Sections of the form by their first field, with the name of the picture. A section that is missing here is one that
/// Stage::missing() names.
struct SectionPicture {
    const char* pointer;
    const char* name;
};
constexpr SectionPicture kSections[] = {
    {"/network/defaultPolicy", "form-network-until-0.7"},
    {"/ui", "form-desktop"},
    {"/process", "form-process"},
    {"/experimental/belljar/limits", "form-limits"},
    {"/experimental/belljar/programs", "form-programs"},
    {"/version", "form-general"},
    {"/fallback", "form-fallback"},
    {"/lxc", "form-lxc"},
    {"/seatbelt", "form-seatbelt"},
    {"/processContainer", "form-appcontainer"},
    {"/experimental/windows_sandbox", "form-windows-sandbox"},
    {"/experimental/wslc", "form-wsl"},
    {"/experimental/isolation_session", "form-isolation-session"},
    {"/experimental/test", "form-tests"},
};

/// -1 when there is none.
int sectionBeginningWith(const std::string& pointer)
{
    const std::vector<FormSection>& sections = formSections();
    for (std::size_t i = 0; i < sections.size(); ++i)
        if (sections[i].pointers.front() == pointer) return static_cast<int>(i);
    return -1;
}

bool showSection(Stage& stage, const std::string& pointer)
{
    const int section = sectionBeginningWith(pointer);
    if (section < 0) return false;
    stage.window().profilePage().form().showSection(section);
    return true;
}

/// The two pages that are no section come after them, in the order in which they are added.
bool showPageAfterSections(Stage& stage, int which)
{
    stage.window().showPage(MainWindow::kProfilePage);
    stage.window().profilePage().form().showSection(static_cast<int>(formSections().size()) + which);
    return true;
}

bool openSample(Stage& stage)
{
    if (!stage.window().openSample()) return false;
    stage.window().showPage(MainWindow::kProfilePage);
    if (!Stage::until([&] { return stage.window().profilePage().editorHost().usesWeb(); })) return false;
    stage.find<QLineEdit>("askPath").setText(u"~/demo/sample/note.txt"_s);
    return stage.window().document().isValid();
}

bool pickAPath(Stage& stage)
{
    QTest::mouseClick(&stage.find<QPushButton>("browse"), Qt::LeftButton);
    if (!Stage::dialogOpens()) return false;
    auto& path = stage.find<QLineEdit>("pickerPath");
    path.clear();
    QTest::keyClicks(&path, u"/etc/ssl"_s);
    auto& tree = stage.find<QTreeView>("pickerTree");
    return Stage::until([&] {
        const QModelIndex chosen = tree.currentIndex();
        return chosen.isValid() && tree.model()->rowCount(chosen.parent()) > kFewInEtc &&
               tree.viewport()->rect().contains(tree.visualRect(chosen));
    });
}

/// Two grants that lint warns of, one of them selected, so that its fix is offered.
bool grantTooMuch(Stage& stage)
{
    stage.find<QLineEdit>("askPath").clear();
    const auto add = [&stage](const char* list, const char* path) {
        return stage.window().document().setValue(list, path, u"add"_s).ok();
    };
    if (!add("/filesystem/readwritePaths/-", "\"~\"") || !add("/filesystem/readonlyPaths/-", "\"/etc/ssl\""))
        return false;
    auto& problems = stage.find<QListView>("problems");
    if (!Stage::until([&] { return problems.model()->rowCount() > 1; })) return false;
    problems.setCurrentIndex(problems.model()->index(0, 0));
    return true;
}

bool compare(Stage& stage)
{
    if (!showPageAfterSections(stage, 0)) return false;
    return Stage::until([&] { return stage.find<QTableWidget>("differences").rowCount() != 0; });
}

bool otherSystems(Stage& stage)
{
    while (stage.window().document().undoStack().canUndo()) stage.window().document().undoStack().undo();
    if (!showPageAfterSections(stage, 1)) return false;
    auto& table = stage.find<QTableWidget>("systems");
    if (!Stage::until([&] { return table.rowCount() != 0; })) return false;
    table.setCurrentCell(1, 1);
    return true;
}

bool breakTheText(Stage& stage)
{
    if (!showSection(stage, "/filesystem")) return false;
    std::string text = stage.window().document().text();
    const std::size_t at = text.find("\"readwritePaths\"");
    if (at == std::string::npos) return false;
    stage.window().document().replaceText(text.replace(at, 16, "\"readwritePath\""), u"type"_s);
    stage.window().document().parseNow();
    return !stage.window().document().isValid();
}

bool changeTheFile(Stage& stage)
{
    ProfileDocument& document = stage.window().document();
    document.undoStack().undo();
    document.parseNow();
    QFile file(document.filePath());
    if (!document.isValid() || !file.open(QIODevice::ReadOnly)) return false;
    const QByteArray before = file.readAll();
    file.close();
    const auto write = [&file](const QByteArray& text) {
        const bool done = file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        file.close();
        return done;
    };
    if (!document.setValue("/containerId", "\"my-sample\"", u"edit"_s)) return false;
    if (!write(QByteArray(before).replace("60000", "30000"))) return false;
    auto& bar = *stage.window().findChild<QWidget*>(u"diskBar"_s);
    return Stage::until([&] { return bar.isVisible(); });
}

/// As it was, and with a few values, so that the sections show something.
bool showValues(Stage& stage)
{
    ProfileDocument& document = stage.window().document();
    if (!document.changedOnDisk()) return false;
    document.acceptDisk(*document.changedOnDisk());
    const Result<void> changed = document.change({{"/experimental/belljar/limits/memoryMb", "512"},
                                                  {"/experimental/belljar/limits/processes", "64"},
                                                  {"/experimental/belljar/syscalls/deny", "[\"ptrace\"]"},
                                                  {"/ui/disable", "false"}},
                                                 u"values"_s);
    return changed.ok() && showSection(stage, "/ui");
}

bool chooseTemplate(Stage& stage)
{
    while (stage.window().document().undoStack().canUndo()) stage.window().document().undoStack().undo();
    if (!stage.window().document().save(stage.window().document().filePath())) return false;
    if (!stage.choose(u"new"_s) || !Stage::dialogOpens()) return false;
    auto& list = stage.find<QListWidget>("templates");
    for (int row = 0; row < list.count(); ++row)
        if (engineText(list.item(row)->data(Qt::UserRole).toString()).find("Download from the web") !=
            std::string::npos)
            list.setCurrentRow(row);
    return list.currentRow() > 0;
}

bool networkRules(Stage& stage)
{
    if (!chooseTemplate(stage)) return false;
    Stage::dialog()->accept();
    if (!Stage::until([] { return Stage::dialog() == nullptr; })) return false;
    if (!showSection(stage, "/network/egress")) return false;
    stage.find<QLineEdit>("askAddress").setText(u"192.168.1.20:22/tcp"_s);
    return stage.find<QTableView>("networkTable").model()->rowCount() > 2;
}

}  // namespace

std::vector<ScreenshotPage> profileTour()
{
    std::vector<ScreenshotPage> tour{
        {u"live-empty"_s,
         [](Stage& stage) {
             stage.press(Qt::Key_3, Qt::ControlModifier);
             return true;
         }},
        {u"profile"_s, openSample},
        {u"profile-path-picker"_s, pickAPath},
        {u"profile-problems"_s, grantTooMuch},
        {u"profile-compare"_s, compare},
        {u"profile-systems"_s, otherSystems},
        {u"profile-invalid"_s, breakTheText},
        {u"profile-changed-by-others"_s, changeTheFile},
    };
    bool first = true;
    for (const SectionPicture& section : kSections) {
        const std::string pointer = section.pointer;
        tour.push_back(
            {QString::fromLatin1(section.name),
             [pointer, first](Stage& stage) { return (!first || showValues(stage)) && showSection(stage, pointer); },
             Frame::section});
        first = false;
    }
    tour.push_back({u"new-profile"_s, chooseTemplate});
    tour.push_back({u"profile-network"_s, networkRules});
    return tour;
}

}  // namespace belljar::test
