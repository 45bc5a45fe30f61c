// Writing a profile in the window, by mouse and keyboard: rules in tables, questions, fixes, templates, comparing,
// files that others change, and completion.
#include <QAction>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QMenuBar>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTreeWidget>

#include "backends/registry.h"
#include "core/config/profile_templates.h"
#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "ui/forms/path_picker.h"
#include "ui/forms/profile_form.h"
#include "ui/models/finding_model.h"
#include "ui/models/network_rule_model.h"
#include "ui/models/path_rule_model.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/new_profile_dialog.h"
#include "ui/views/profile_page.h"

using namespace belljar;
using namespace Qt::StringLiterals;

class AuthoringTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void init();
    void cleanup();
    void pathsSayWhatTheyAreHere();
    void aDroppedFolderIsOneRule();
    void aPathIsPicked();
    void pathsAreAskedAbout();
    void networkRulesAreTypedAndEdited();
    void cellsThatMakeNoSenseAreRefused();
    void addressesAreAskedAbout();
    void oneClickFixesAreUndoable();
    void problemsAreCountedAtTheirSections();
    void newProfilesBeginWithATemplate();
    void comparesWithWhatWasSaved();
    void migratesWithProofAndUndo();
    void changesByOthersAreNeverOverwritten();
    void otherSystemsAreExplained();
    void completesByKeyboard();

private:
    template <class T>
    T* part(const char* name)
    {
        T* found = m_window->findChild<T*>(QLatin1StringView(name));
        if (found == nullptr) qFatal("no %s", name);
        return found;
    }
    QString cell(const char* table, int row, int column)
    {
        return part<QTableView>(table)->model()->index(row, column).data().toString();
    }
    void type(QLineEdit* line, const QString& text)
    {
        line->setFocus();
        line->selectAll();
        QTest::keyClicks(line, text);
    }

    std::unique_ptr<HostFacts> m_facts = inspectHost(false);
    BackendList m_backends = allBackends();
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
};

void AuthoringTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_window.reset(new MainWindow({*m_facts, m_backends, {}, false, m_folder->path(), ThemeChoice::light}));
    m_window->showPage(MainWindow::kProfilePage);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void AuthoringTest::cleanup()
{
    m_window.reset();
}

void AuthoringTest::pathsSayWhatTheyAreHere()
{
    const QString real = m_folder->filePath(u"real"_s);
    const QString link = m_folder->filePath(u"link"_s);
    QVERIFY(QDir().mkpath(real));
    QVERIFY(QFile::link(real, link));
    const auto quoted = [](const QString& path) { return "\"" + path.toStdString() + "\""; };
    m_window->document().reset("{\"version\": \"0.8.0-alpha\", \"filesystem\": {\"readonlyPaths\": [" + quoted(real) +
                               ", " + quoted(link) + ", \"/no/such/path\"]}}");
    QCOMPARE(cell("pathTable", 0, PathRuleModel::kState), u"folder"_s);
    QVERIFY(cell("pathTable", 1, PathRuleModel::kState).contains(u"through a link to "_s + real));
    QVERIFY(cell("pathTable", 2, PathRuleModel::kState).contains(u"not on this machine"_s));
    QCOMPARE(cell("pathTable", 0, PathRuleModel::kOrigin), u"this file"_s);
    type(part<QLineEdit>("newPath"), m_folder->path());
    QTest::keyClick(part<QLineEdit>("newPath"), Qt::Key_Return);
    QCOMPARE(cell("pathTable", 3, PathRuleModel::kOrigin), u"changed"_s);
    QCOMPARE(cell("pathTable", 0, PathRuleModel::kOrigin), u"this file"_s);
}

void AuthoringTest::aDroppedFolderIsOneRule()
{
    m_window->document().reset("{\"version\": \"0.8.0-alpha\"}");
    const auto* table = part<QTableView>("pathTable");
    QWidget* target = table->parentWidget();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(m_folder->path())});
    for (int times = 0; times < 2; ++times) {  // Once more changes nothing.
        QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(target, &enter);
        QDropEvent drop(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(target, &drop);
        QCOMPARE(table->model()->rowCount(), 1);
    }
    QCOMPARE(m_window->document().config()->config.filesystem->readonlyPaths->front(), m_folder->path().toStdString());
}

void AuthoringTest::aPathIsPicked()
{
    m_window->document().reset("{\"version\": \"0.8.0-alpha\"}");
    for (auto* button : m_window->profilePage().form().findChildren<QPushButton*>())
        if (button->text() == u"Browse…"_s && button->isVisible()) QTest::mouseClick(button, Qt::LeftButton);
    auto* picker = m_window->findChild<PathPicker*>();
    QVERIFY(picker != nullptr);
    auto* line = picker->findChild<QLineEdit*>(u"pickerPath"_s);
    line->setText(m_folder->path());
    const auto* facts = picker->findChild<QLabel*>(u"pickerFacts"_s);
    QVERIFY2(facts->text().contains(u"Folder with"_s), qPrintable(facts->text()));
    QVERIFY2(facts->text().contains(u"With the profile as it is now"_s), qPrintable(facts->text()));
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(m_window->document().config()->config.filesystem->readonlyPaths->front(), m_folder->path().toStdString());
}

void AuthoringTest::pathsAreAskedAbout()
{
    QVERIFY(QDir().mkpath(m_folder->filePath(u"inner"_s)));
    m_window->document().reset("{\"version\": \"0.8.0-alpha\",\n\"filesystem\": {\"readonlyPaths\": [\n\"" +
                               m_folder->path().toStdString() + "\"]}}");
    auto* line = part<QLineEdit>("askPath");
    const auto* answer = part<QLabel>("pathAnswer");
    QVERIFY(answer->isHidden());
    QElapsedTimer clock;
    line->setText(m_folder->filePath(u"inne"_s));
    clock.start();
    line->setText(m_folder->filePath(u"inner"_s));
    QVERIFY2(clock.elapsed() < 50, qPrintable(QString::number(clock.elapsed())));
    QVERIFY2(answer->text().contains(u"line 3"_s), qPrintable(answer->text()));
    QVERIFY2(answer->text().contains(u"create: denied"_s), qPrintable(answer->text()));
    QVERIFY2(answer->text().contains(u"list: allowed"_s), qPrintable(answer->text()));
    line->setText(u"/etc/shadow-"_s);
    QVERIFY(!answer->text().contains(u"allowed"_s));
    line->setText(u"not absolute"_s);
    QVERIFY(answer->text().contains(u"no absolute path"_s));
}

void AuthoringTest::networkRulesAreTypedAndEdited()
{
    m_window->document().reset("{ \"version\": \"0.8.0-alpha\" }");
    m_window->profilePage().form().showField("/network/egress/default");
    type(part<QLineEdit>("newNetworkRule"), u"10.0.0.0/8:443/tcp"_s);
    QTest::mouseClick(part<QPushButton>("addNetworkRule"), Qt::LeftButton);
    QCOMPARE(cell("networkTable", 0, NetworkRuleModel::kPeers), u"10.0.0.0/8"_s);
    QCOMPARE(cell("networkTable", 0, NetworkRuleModel::kPorts), u"443/tcp"_s);
    auto* table = part<QTableView>("networkTable");
    QVERIFY(table->model()->setData(table->model()->index(0, NetworkRuleModel::kPeers),
                                    u"10.0.0.0/8 except 10.1.0.0/16, 192.0.2.7"_s, Qt::EditRole));
    QVERIFY(table->model()->setData(table->model()->index(0, NetworkRuleModel::kPorts), u"443/tcp, 8000-8010, icmp"_s,
                                    Qt::EditRole));
    const auto& rule = m_window->document().config()->config.network->egress->allow->front();
    QCOMPARE(rule.to->size(), std::size_t{2});
    QCOMPARE(rule.to->front().except->front(), std::string("10.1.0.0/16"));
    QCOMPARE(rule.ports->size(), std::size_t{3});
    QCOMPARE(int(*rule.ports->at(1).endPort), 8010);
    QCOMPARE(cell("networkTable", 0, NetworkRuleModel::kPorts), u"443/tcp, 8000-8010, icmp"_s);
    type(part<QLineEdit>("newNetworkRule"), u"www.example.org:443"_s);
    QTest::keyClick(part<QLineEdit>("newNetworkRule"), Qt::Key_Return);
    QCOMPARE(m_window->document().config()->config.experimental->belljar->network->hosts->front().name,
             std::string("www.example.org"));
    while (m_window->document().undoStack().canUndo()) m_window->document().undoStack().undo();
    QCOMPARE(m_window->document().text(), std::string("{ \"version\": \"0.8.0-alpha\" }"));
}

void AuthoringTest::cellsThatMakeNoSenseAreRefused()
{
    for (const char* bad : {"", "10.0.0.0/8 without 10.1.0.0/16", "10.0.0.0/8 except"}) QVERIFY(!peersJson(bad).ok());
    for (const char* bad : {"", "http", "99999", "1-2-3", "443/quic", "0"}) QVERIFY(!portsJson(bad, false).ok());
    QVERIFY(!portsJson("443/tcp", true).ok());
    QCOMPARE(*peersJson("*"), std::string());
    QCOMPARE(*portsJson("icmp, 53/udp", false),
             std::string(R"([{"protocol": "icmp"}, {"protocol": "udp", "port": 53}])"));
    m_window->document().reset(
        R"({"version": "0.8.0-alpha", "network": {"egress": {"allow": [{"to": [{"cidr": "10.0.0.0/8"}]}]}}})");
    const std::string before = m_window->document().text();
    auto* model = part<QTableView>("networkTable")->model();
    QVERIFY(!model->setData(model->index(0, NetworkRuleModel::kPeers), u"nonsense"_s, Qt::EditRole));
    QVERIFY(!m_window->messageBar().isHidden());
    QCOMPARE(m_window->document().text(), before);
}

void AuthoringTest::addressesAreAskedAbout()
{
    m_window->document().reset(R"({"version": "0.8.0-alpha", "network": {
"egress": {"allow": [
{"to": [{"cidr": "192.0.2.0/24"}], "ports": [{"protocol": "tcp", "port": 443}]}]},
"ingress": {"default": "deny", "hostLoopback": "deny"}}})");
    auto* line = part<QLineEdit>("askAddress");
    const auto* answer = part<QLabel>("addressAnswer");
    line->setText(u"192.0.2.7:443"_s);
    QVERIFY2(answer->text().contains(u"allowed"_s) && answer->text().contains(u"line 3"_s), qPrintable(answer->text()));
    line->setText(u"192.0.2.7:80"_s);
    QVERIFY2(answer->text().contains(u"denied"_s), qPrintable(answer->text()));
    line->setText(u"192.0.2.7"_s);
    QVERIFY2(answer->text().contains(u"no address with a port"_s), qPrintable(answer->text()));
}

void AuthoringTest::oneClickFixesAreUndoable()
{
    const std::string before = R"({ "version": "0.8.0-alpha",   "process": {"env": ["A=1", "A=2" , "MY_TOKEN=x"]} })";
    m_window->document().reset(before);
    auto* list = part<QListView>("problems");
    auto* fix = part<QPushButton>("fixProblem");
    const auto& problems = m_window->profilePage().problems();
    int row = -1;
    for (int i = 0; i < problems.rowCount(); ++i)
        if (problems.findings()[static_cast<std::size_t>(i)].id == "env-secret") row = i;
    QVERIFY(row >= 0);
    list->setCurrentIndex(problems.index(row));
    QVERIFY(fix->isEnabled());
    QTest::mouseClick(fix, Qt::LeftButton);
    QCOMPARE(m_window->document().text(),
             std::string(R"({ "version": "0.8.0-alpha",   "process": {"env": ["A=1", "A=2"]} })"));
    for (const Finding& finding : problems.findings()) QVERIFY(finding.id != "env-secret");
    m_window->document().undoStack().undo();
    QCOMPARE(m_window->document().text(), before);
}

void AuthoringTest::problemsAreCountedAtTheirSections()
{
    m_window->document().reset(R"({"version": "0.8.0-alpha", "process": {"env": ["MY_TOKEN=x"]}})");
    const auto* tree = part<QTreeWidget>("sections");
    QStringList titles;
    for (int i = 0; i < tree->topLevelItemCount(); ++i) titles << tree->topLevelItem(i)->text(0);
    QVERIFY2(titles.contains(u"Process (1)"_s), qPrintable(titles.join(u", "_s)));
    QVERIFY(titles.contains(u"Files"_s));
}

void AuthoringTest::newProfilesBeginWithATemplate()
{
    NewProfileDialog dialog;
    auto* list = dialog.findChild<QListWidget*>(u"templates"_s);
    QVERIFY(list->count() >= 13);
    std::string chosen;
    connect(&dialog, &NewProfileDialog::chosen, this, [&](const std::string& text) { chosen = text; });
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(chosen, std::string(profileTemplates()[1].text));
    for (const ProfileTemplate& each : profileTemplates()) {
        m_window->document().reset(std::string(each.text));
        QVERIFY2(m_window->document().isValid(), std::string(each.name).c_str());
    }
}

void AuthoringTest::comparesWithWhatWasSaved()
{
    m_window->document().reset(R"({"version": "0.8.0-alpha"})");
    m_window->profilePage().showCompare(ComparePane::With::saved);
    const auto* summary = part<QLabel>("compareSummary");
    QVERIFY2(summary->text().contains(u"The same access"_s), qPrintable(summary->text()));
    // Not below /tmp, of which a sandbox has its own: there a grant to read takes writing away.
    QVERIFY(m_window->document().setValue("/filesystem/readonlyPaths/-", "\"/var/tmp\"", u"add"_s).ok());
    const auto* differences = part<QTableWidget>("differences");
    QVERIFY2(summary->text().contains(u"More: 1"_s), qPrintable(summary->text()));
    QCOMPARE(differences->item(0, 0)->text(), u"more"_s);
    QCOMPARE(differences->item(0, 1)->text(), u"/var/tmp"_s);
    QVERIFY(part<QPlainTextEdit>("lineDifferences")->toPlainText().contains(u"+"_s));
}

void AuthoringTest::migratesWithProofAndUndo()
{
    const std::string old =
        R"({"version": "0.7.0-alpha", "containment": "bubblewrap", "process": {"commandLine": "true"},
"network": {"defaultPolicy": "block", "enforcementMode": "firewall", "allowedHosts": ["192.0.2.7"]}})";
    m_window->document().reset(old);
    m_window->profilePage().showCompare(ComparePane::With::migrated);
    const auto* summary = part<QLabel>("compareSummary");
    QVERIFY2(summary->text().contains(u"The same access"_s), qPrintable(summary->text()));
    auto* apply = part<QPushButton>("applyMigration");
    QVERIFY(apply->isEnabled());
    QTest::mouseClick(apply, Qt::LeftButton);
    QVERIFY(m_window->document().config()->config.network->egress.has_value());
    QVERIFY(summary->text().contains(u"already"_s));
    m_window->document().undoStack().undo();
    QCOMPARE(m_window->document().text(), old);
}

void AuthoringTest::changesByOthersAreNeverOverwritten()
{
    const QString path = m_folder->filePath(u"profile.json"_s);
    const auto writeFile = [&](const char* text) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    };
    const auto button = [this](const QString& text) {
        for (auto* each : part<QFrame>("diskBar")->findChildren<QPushButton*>())
            if (each->text() == text) return each;
        return static_cast<QPushButton*>(nullptr);
    };
    writeFile("{\n\"version\": \"0.8.0-alpha\",\n\"containerId\": \"a\",\n\"_comment\": 1,\n\"process\": {}\n}\n");
    QVERIFY(m_window->openProfile(path));
    auto* bar = part<QFrame>("diskBar");
    QVERIFY(bar->isHidden());
    QVERIFY(m_window->document().setValue("/containerId", "\"mine\"", u"edit"_s).ok());
    writeFile(
        "{\n\"version\": \"0.8.0-alpha\",\n\"containerId\": \"a\",\n\"_comment\": 1,\n\"process\": {\"cwd\": "
        "\"/\"}\n}\n");
    QTRY_VERIFY(!bar->isHidden());
    // Saving does not overwrite it.
    QVERIFY(!m_window->document().save(path).ok());
    QFile saved(path);
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QVERIFY(saved.readAll().contains("cwd"));
    QTest::mouseClick(button(u"Merge both"_s), Qt::LeftButton);
    QVERIFY(bar->isHidden());
    QVERIFY(m_window->document().text().find("\"mine\"") != std::string::npos);
    QVERIFY(m_window->document().text().find("\"cwd\"") != std::string::npos);
    QVERIFY(m_window->document().isModified());
    QVERIFY(m_window->document().save(path).ok());
    // The same line: no merge is offered, and keeping mine is said once.
    QVERIFY(m_window->document().setValue("/containerId", "\"mine too\"", u"edit"_s).ok());
    writeFile("{\n\"version\": \"0.8.0-alpha\",\n\"containerId\": \"theirs\",\n\"_comment\": 1,\n\"process\": {}\n}\n");
    QTRY_VERIFY(!bar->isHidden());
    QVERIFY(button(u"Merge both"_s)->isHidden());
    QTest::mouseClick(button(u"Keep mine"_s), Qt::LeftButton);
    QVERIFY(bar->isHidden());
    QVERIFY(m_window->document().save(path).ok());
    // Without changes of one's own the file is taken, and that can be undone.
    writeFile("{\n\"version\": \"0.8.0-alpha\"\n}\n");
    QTRY_VERIFY(!bar->isHidden());
    QTest::mouseClick(button(u"Take the file"_s), Qt::LeftButton);
    QCOMPARE(m_window->document().text(), std::string("{\n\"version\": \"0.8.0-alpha\"\n}\n"));
    QVERIFY(!m_window->document().isModified());
    m_window->document().undoStack().undo();
    QVERIFY(m_window->document().text().find("mine too") != std::string::npos);
}

void AuthoringTest::otherSystemsAreExplained()
{
    m_window->document().reset(R"({"version": "0.8.0-alpha", "network": {"proxy": {"url": "http://192.0.2.1:3128"}}})");
    auto* table = part<QTableWidget>("systems");
    for (int i = 0; i < m_window->profilePage().form().sectionCount(); ++i) {
        m_window->profilePage().form().showSection(i);
        if (table->isVisible()) break;
    }
    QVERIFY(table->isVisible());
    int row = -1;
    for (int i = 0; i < table->rowCount(); ++i)
        if (table->verticalHeaderItem(i)->text() == u"/network/proxy/url"_s) row = i;
    QVERIFY(row >= 0);
    int column = -1;
    for (int i = 0; i < table->columnCount(); ++i)
        if (table->horizontalHeaderItem(i)->text().startsWith(u"seatbelt"_s)) column = i;
    QVERIFY(column >= 0);
    QCOMPARE(table->item(row, column)->text(), u"refused"_s);
    table->setCurrentCell(row, column);
    QVERIFY2(part<QLabel>("systemsWhy")->text().size() > 40, qPrintable(part<QLabel>("systemsWhy")->text()));
}

void AuthoringTest::completesByKeyboard()
{
    m_window->document().reset("{\n  \"version\": \"0.8.0-alpha\",\n  \n}\n");
    auto* edit = part<QPlainTextEdit>("profileText");
    QTextCursor cursor(edit->document());
    cursor.setPosition(static_cast<int>(m_window->document().text().find(",\n  \n") + 4));
    edit->setTextCursor(cursor);
    QTest::keyClicks(edit, u"\"fi"_s);
    QTest::keyClick(edit, Qt::Key_Space, Qt::ControlModifier);
    auto* offered = part<QListWidget>("completions");
    QVERIFY(offered->isVisible());
    QVERIFY(offered->item(0)->text().startsWith(u"\"filesystem\""_s));
    QTest::keyClick(offered, Qt::Key_Return);
    QVERIFY2(m_window->document().text().find("\"filesystem\": {}") != std::string::npos,
             m_window->document().text().c_str());
    QTest::keyClick(edit, Qt::Key_Space, Qt::ControlModifier);  // Inside the braces.
    QVERIFY(offered->item(0)->text().startsWith(u"\"readwritePaths\""_s));
    QTest::keyClick(offered, Qt::Key_Escape);
    const auto* help = part<QLabel>("fieldHelp");
    m_window->profilePage().goTo({"/version", 0, 0});
    QVERIFY2(help->text().contains(u"Schema version"_s), qPrintable(help->text()));
}

BELLJAR_QTEST_MAIN(AuthoringTest)
#include "authoring_test.moc"
