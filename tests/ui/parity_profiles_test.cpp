// Everything that the window does to profiles, done there and by the command line: the files are the same, byte for
// byte.
#include <QComboBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QListView>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTableWidget>

#include "core/config/profile_templates.h"
#include "tests/ui/parity_support.h"
#include "ui/forms/profile_form.h"
#include "ui/models/finding_model.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/new_profile_dialog.h"
#include "ui/views/preflight_dialog.h"
#include "ui/views/profile_page.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

/// With all that a change must leave alone: comments, order, odd spacing, and the line ends of Windows.
constexpr const char* kProfile =
    "{\r\n    \"version\": \"0.8.0-alpha\",   \"_comment\": [\"kept   as it is\"],\r\n"
    "    \"process\": { \"commandLine\": \"true\", \"timeout\": 7 },\r\n"
    "    \"filesystem\": { \"readonlyPaths\": [ \"/usr/share\" ] }\r\n}\r\n";

}  // namespace

class ParityProfilesTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return ParityBench::whyNot(false); }

private slots:
    void init() { m_bench = std::make_unique<ParityBench>(); }
    void cleanup() { m_bench.reset(); }
    void newProfiles();
    void theSample();
    void formEdits();
    void fixesOfLint();
    void migration();
    void exports();
    void flattenedExports();
    void comparisons();
    void plans();
    void otherSystems();

private:
    void type(const QString& name, const QString& text)
    {
        auto* line = m_bench->part<QLineEdit>(name);
        line->setFocus();
        line->selectAll();
        QTest::keyClicks(line, text);
    }
    void addPath(const QString& path, int access)
    {
        type(u"newPath"_s, path);
        m_bench->part<QComboBox>(u"newAccess"_s)->setCurrentIndex(access);
        QTest::mouseClick(m_bench->part<QPushButton>(u"addPath"_s), Qt::LeftButton);
    }
    void addNetworkRule(const QString& rule, int action)
    {
        m_bench->part<QComboBox>(u"newNetworkAction"_s)->setCurrentIndex(action);
        type(u"newNetworkRule"_s, rule);
        QTest::keyClick(m_bench->part<QLineEdit>(u"newNetworkRule"_s), Qt::Key_Return);
    }
    std::unique_ptr<ParityBench> m_bench;
};

void ParityProfilesTest::newProfiles()
{
    std::vector<ProfileTemplate> templates = profileTemplates();
    templates.push_back(emptyTemplate());
    for (std::size_t i = 0; i < templates.size(); ++i) {
        const QString name =
            QString::fromUtf8(templates[i].name.data(), static_cast<qsizetype>(templates[i].name.size()));
        m_bench->trigger(u"File › New profile…"_s);
        auto* dialog = m_bench->window.findChild<NewProfileDialog*>();
        QVERIFY(dialog != nullptr);
        dialog->findChild<QListWidget*>()->setCurrentRow(static_cast<int>(i));
        QTest::keyClick(dialog->findChild<QListWidget*>(), Qt::Key_Return);
        QTRY_COMPARE(m_bench->window.findChild<NewProfileDialog*>(), nullptr);
        m_bench->trigger(u"File › Save as…"_s);
        QVERIFY(m_bench->choose(m_bench->file(name + u".gui"_s)));
        BELLJAR_CLI_OK(m_bench->cli({u"new"_s, name, u"-o"_s, name + u".cli"_s}));
        QVERIFY(!m_bench->read(name + u".gui"_s).isEmpty());
        QCOMPARE(m_bench->read(name + u".gui"_s), m_bench->read(name + u".cli"_s));
    }
}

void ParityProfilesTest::theSample()
{
    m_bench->trigger(u"File › Try the sample"_s);
    const QString sample = m_bench->file(u"data/sample"_s);
    const QStringList names{u"profile.json"_s, u"try-me.sh"_s, u"note.txt"_s, u"private/diary.txt"_s};
    QList<QByteArray> ours;
    for (const QString& name : names) ours << m_bench->read(u"data/sample/"_s + name);
    QVERIFY(!ours.contains(QByteArray()));
    QVERIFY(QDir(sample).removeRecursively());
    BELLJAR_CLI_OK(m_bench->cli({u"new"_s, u"--sample"_s, sample}));
    for (qsizetype i = 0; i < names.size(); ++i) QCOMPARE(m_bench->read(u"data/sample/"_s + names[i]), ours[i]);
    QVERIFY(QDir(sample + u"/out"_s).exists());
}

void ParityProfilesTest::formEdits()
{
    const QString gui = m_bench->write(u"gui.json"_s, kProfile);
    const QString cli = m_bench->write(u"cli.json"_s, kProfile);
    QVERIFY(m_bench->window.openProfile(gui));
    const auto same = [&](const QStringList& change) {
        m_bench->trigger(u"File › Save"_s);
        QVERIFY2(m_bench->window.messageBar().isHidden(), qPrintable(m_bench->window.messageBar().text()));
        BELLJAR_CLI_OK(m_bench->cli(QStringList{u"edit"_s, cli} + change));
        QVERIFY(m_bench->read(gui) != kProfile);
        QCOMPARE(m_bench->read(gui), m_bench->read(cli));
    };
    addPath(u"/etc/a path"_s, 0);
    same({u"--ro"_s, u"/etc/a path"_s});
    addPath(u"/var/tmp"_s, 1);
    same({u"--rw"_s, u"/var/tmp"_s});
    addPath(u"${CWD}/.env"_s, 2);
    same({u"--deny"_s, u"${CWD}/.env"_s});
    m_bench->part<QTableView>(u"pathTable"_s)->selectRow(0);
    QTest::mouseClick(m_bench->part<QPushButton>(u"removePath"_s), Qt::LeftButton);
    same({u"--remove"_s, u"/filesystem/readonlyPaths/0"_s});
    m_bench->window.profilePage().form().showField("/network/egress/default");
    addNetworkRule(u"10.0.0.0/8:443/tcp"_s, 0);
    same({u"--allow-net"_s, u"10.0.0.0/8:443/tcp"_s});
    addNetworkRule(u"10.1.0.0/16"_s, 1);
    same({u"--deny-net"_s, u"10.1.0.0/16"_s});
    addNetworkRule(u"www.example.org:443"_s, 0);
    same({u"--allow-net"_s, u"www.example.org:443"_s});
    m_bench->window.profilePage().form().showField("/process/commandLine");
    auto* command = m_bench->part<QWidget>(u"/process/commandLine"_s)->findChild<QLineEdit*>();
    QVERIFY(command != nullptr);
    command->setFocus();
    command->selectAll();
    QTest::keyClicks(command, u"echo it's \"me\""_s);
    QTest::keyClick(command, Qt::Key_Return);
    same({u"--set"_s, u"/process/commandLine=echo it's \"me\""_s});
    // Another file leaves the first as it was.
    const QByteArray before = m_bench->read(cli);
    addPath(u"/opt"_s, 0);
    m_bench->trigger(u"File › Save as…"_s);
    QVERIFY(m_bench->choose(m_bench->file(u"gui2.json"_s)));
    BELLJAR_CLI_OK(m_bench->cli({u"edit"_s, cli, u"--ro"_s, u"/opt"_s, u"-o"_s, u"cli2.json"_s}));
    QCOMPARE(m_bench->read(u"gui2.json"_s), m_bench->read(u"cli2.json"_s));
    QCOMPARE(m_bench->read(cli), before);
    QCOMPARE(m_bench->read(gui), before);
}

void ParityProfilesTest::fixesOfLint()
{
    const QByteArray unwise = R"({ "version": "0.8.0-alpha",
  "process": {"commandLine": "true", "env": ["A=1", "A=2" , "MY_TOKEN=x"]} }
)";
    const QString gui = m_bench->write(u"gui.json"_s, unwise);
    const QString cli = m_bench->write(u"cli.json"_s, unwise);
    QVERIFY(m_bench->window.openProfile(gui));
    const auto& problems = m_bench->window.profilePage().problems();
    for (const QString& id : {u"env-secret"_s, u"env-twice"_s}) {
        int row = -1;
        for (int i = 0; i < problems.rowCount(); ++i)
            if (problems.findings()[static_cast<std::size_t>(i)].id == id.toStdString()) row = i;
        QVERIFY(row >= 0);
        m_bench->part<QListView>(u"problems"_s)->setCurrentIndex(problems.index(row));
        QTest::mouseClick(m_bench->part<QPushButton>(u"fixProblem"_s), Qt::LeftButton);
        m_bench->trigger(u"File › Save"_s);
        BELLJAR_CLI_OK(m_bench->cli({u"check"_s, cli, u"--fix"_s, id}));
        QVERIFY(m_bench->read(gui) != unwise);
        QCOMPARE(m_bench->read(gui), m_bench->read(cli));
    }
}

void ParityProfilesTest::migration()
{
    const QByteArray old =
        R"({"version": "0.7.0-alpha", "containment": "bubblewrap", "process": {"commandLine": "true"},
"network": {"defaultPolicy": "block", "enforcementMode": "firewall", "allowedHosts": ["192.0.2.7"]}}
)";
    const QString gui = m_bench->write(u"gui.json"_s, old);
    const QString cli = m_bench->write(u"cli.json"_s, old);
    QVERIFY(m_bench->window.openProfile(gui));
    m_bench->trigger(u"Edit › Migrate to schema 0.8"_s);
    QTest::mouseClick(m_bench->part<QPushButton>(u"applyMigration"_s), Qt::LeftButton);
    m_bench->trigger(u"File › Save"_s);
    BELLJAR_CLI_OK(m_bench->cli({u"migrate"_s, cli, u"--in-place"_s}));
    QVERIFY(m_bench->read(gui) != old);
    QCOMPARE(m_bench->read(gui), m_bench->read(cli));
}

void ParityProfilesTest::exports()
{
    const QString profile = m_bench->write(u"profile.json"_s, kProfile);
    QVERIFY(m_bench->window.openProfile(profile));
    for (const QString& line : {QString(), u"echo it's 'me' > x"_s}) {
        m_bench->window.launcher().setCommand(line);
        m_bench->trigger(u"File › Export JSON…"_s);
        QVERIFY(m_bench->choose(m_bench->file(u"gui.json"_s)));
        QStringList arguments{u"export"_s, profile, u"-o"_s, u"cli.json"_s};
        if (!line.isEmpty()) arguments << u"--set"_s << u"/process/commandLine="_s + line;
        BELLJAR_CLI_OK(m_bench->cli(arguments));
        QVERIFY(!m_bench->read(u"gui.json"_s).isEmpty());
        QCOMPARE(m_bench->read(u"gui.json"_s), m_bench->read(u"cli.json"_s));
        QVERIFY(QFile::remove(m_bench->file(u"gui.json"_s)));
    }
}

void ParityProfilesTest::flattenedExports()
{
    m_bench->write(u"base.json"_s,
                   R"({"version": "0.8.0-alpha", "filesystem": {"readonlyPaths": ["~", "/usr/share"]}})");
    const QString profile = m_bench->write(u"profile.json"_s, R"({"version": "0.8.0-alpha",
"filesystem": {"readwritePaths": ["${PROFILE_DIR}"]}, "experimental": {"belljar": {"extends": ["base.json"]}}})");
    QVERIFY(m_bench->window.openProfile(profile));
    m_bench->trigger(u"File › Export JSON…"_s);
    QVERIFY(m_bench->choose(m_bench->file(u"gui.json"_s)));
    BELLJAR_CLI_OK(m_bench->cli({u"export"_s, profile, u"-o"_s, u"cli.json"_s}));
    QVERIFY(m_bench->read(u"gui.json"_s).contains("/usr/share"));
    QVERIFY(!m_bench->read(u"gui.json"_s).contains("extends"));
    QCOMPARE(m_bench->read(u"gui.json"_s), m_bench->read(u"cli.json"_s));
}

void ParityProfilesTest::comparisons()
{
    const QString before = m_bench->write(u"before.json"_s, kProfile);
    const QString after = m_bench->file(u"after.json"_s);
    QVERIFY(m_bench->window.openProfile(before));
    // A folder of our own, so that what others do beside us is no difference; not in /tmp, which a sandbox has itself.
    const QTemporaryDir folder(u"/var/tmp/belljar-test-parity-XXXXXX"_s);
    const QString granted = folder.path();
    addPath(granted, 1);
    addPath(u"/etc"_s, 2);
    const auto compare = [&] {
        const CliRun cli = m_bench->cli({u"diff"_s, before, after, u"--text"_s});
        QCOMPARE(cli.code, 1);  // Something more is allowed.
        QString lines = m_bench->part<QPlainTextEdit>(u"lineDifferences"_s)->toPlainText();
        lines.replace(u"…"_s, u"..."_s);
        QVERIFY(lines.contains(granted));
        QCOMPARE(lines, QString::fromUtf8(cli.out).section(u"\n\n"_s, 1));
        const QByteArray json = m_bench->cli({u"diff"_s, before, after, u"--json"_s}).out;
        const QJsonArray differences = QJsonDocument::fromJson(json)[u"differences"_s].toArray();
        const auto* table = m_bench->part<QTableWidget>(u"differences"_s);
        QCOMPARE(table->rowCount(), static_cast<int>(differences.size()));
        const QString keys[] = {u"change"_s, u"subject"_s, u"before"_s, u"after"_s};
        for (int row = 0; row < table->rowCount(); ++row)
            for (int column = 0; column < 4; ++column)
                QCOMPARE(table->item(row, column)->text(), differences[row].toObject()[keys[column]].toString());
    };
    // The saved version has the line ends of its file only in the file.
    m_bench->write(u"before.json"_s, QByteArray(kProfile).replace("\r\n", "\n"));
    m_bench->write(u"after.json"_s, QByteArray::fromStdString(m_bench->window.document().text()));
    m_bench->trigger(u"Edit › Compare with the saved version"_s);
    compare();
    QVERIFY(m_bench->window.openProfile(after));
    m_bench->trigger(u"Edit › Compare with another profile"_s);
    for (auto* button : m_bench->window.profilePage().findChildren<QPushButton*>())
        if (button->text() == u"Choose file…"_s) QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(m_bench->choose(before));
    compare();
}

void ParityProfilesTest::plans()
{
    const QString reason = whyNoSandbox();
    if (!reason.isEmpty()) QSKIP(qPrintable(reason));
    const QString profile = m_bench->write(u"a profile.json"_s, kProfile);
    QVERIFY(m_bench->window.openProfile(profile));
    m_bench->window.launcher().setCommand(u"echo it's me"_s);
    m_bench->trigger(u"Run › Show what would run…"_s);
    const auto* dialog = m_bench->window.findChild<PreflightDialog*>();
    QVERIFY(dialog != nullptr);
    const CliRun cli =
        m_bench->cli({u"plan"_s, u"--trace"_s, u"full"_s, profile, u"--"_s, u"sh"_s, u"-c"_s, u"echo it's me"_s});
    BELLJAR_CLI_OK(cli);
    QCOMPARE(dialog->findChild<QPlainTextEdit*>(u"plan"_s)->toPlainText(), QString::fromUtf8(cli.out));
}

void ParityProfilesTest::otherSystems()
{
    const QString profile = m_bench->write(u"profile.json"_s, kProfile);
    QVERIFY(m_bench->window.openProfile(profile));
    const auto* table = m_bench->part<QTableWidget>(u"systems"_s);
    m_bench->window.profilePage().form().showPage(table->parentWidget());
    QTRY_VERIFY(table->rowCount() > 0);
    const CliRun cli = m_bench->cli({u"probe"_s, profile, u"--json"_s});
    BELLJAR_CLI_OK(cli);
    const QJsonArray fields = QJsonDocument::fromJson(cli.out)[u"fields"_s].toArray();
    QCOMPARE(table->rowCount(), static_cast<int>(fields.size()));
    for (int row = 0; row < table->rowCount(); ++row) {
        QCOMPARE(table->verticalHeaderItem(row)->text(), fields[row].toObject()[u"pointer"_s].toString());
        const QJsonArray cells = fields[row].toObject()[u"containments"_s].toArray();
        QCOMPARE(table->columnCount(), static_cast<int>(cells.size()));
        for (int column = 0; column < table->columnCount(); ++column) {
            QCOMPARE(table->item(row, column)->text(), cells[column].toObject()[u"state"_s].toString());
            QCOMPARE(table->item(row, column)->data(Qt::UserRole).toString(),
                     cells[column].toObject()[u"why"_s].toString());
        }
    }
}

BELLJAR_QTEST_MAIN(ParityProfilesTest)
#include "parity_profiles_test.moc"
