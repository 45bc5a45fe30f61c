// What looks like a secret is masked wherever the window shows it, and shown where the user asks for that value.
#include <QAbstractItemDelegate>
#include <QCheckBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QToolButton>

#include "tests/ui/recorded_page.h"
#include "tests/ui/sandbox_support.h"
#include "ui/forms/list_editor.h"
#include "ui/models/group_model.h"
#include "ui/models/run_history.h"
#include "ui/models/shown_text.h"
#include "ui/views/explain_pane.h"
#include "ui/views/history_dialog.h"
#include "ui/views/preflight_dialog.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kCommand = "deploy --password=hunter2 --user me";

}  // namespace

class SecretsTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void longTextsHideWholeSecrets();
    void entriesOfTheForm();
    void theHistory();
    void whatWouldRun();
    void cellsAndExplanations();
};

void SecretsTest::longTextsHideWholeSecrets()
{
    const std::string around(50'000, 'x');
    for (const std::size_t before : {std::size_t{0}, std::size_t{350}, std::size_t{399}, std::size_t{49'000}}) {
        const std::string text = around.substr(0, before) + " TOKEN=" + std::string(300, 's') + " " + around;
        const QString shown = shownWithoutSecrets(text, 400);
        QVERIFY2(!shown.contains(u"sss"_s), qPrintable(shown));
        QVERIFY(shown.size() <= 400);
    }
    QCOMPARE(shownWithoutSecrets("make test", 400), u"make test"_s);
    QVERIFY(hidesSecrets(kCommand, 100));
    QVERIFY(!hidesSecrets("make test", 100));
}

void SecretsTest::entriesOfTheForm()
{
    ListEditor editor(u"Environment"_s);
    const Result<JsonText> text = JsonText::parse(R"(["HOME=/home/u", "API_TOKEN=abc123"])");
    QVERIFY(text.ok());
    editor.setValue(*text, text->root());
    const auto* list = editor.findChild<QListWidget*>();
    QCOMPARE(list->count(), 2);
    auto* delegate = qobject_cast<QStyledItemDelegate*>(list->itemDelegate());
    QVERIFY(delegate != nullptr);
    QCOMPARE(delegate->displayText(list->item(0)->text(), QLocale()), u"HOME=/home/u"_s);
    QCOMPARE(delegate->displayText(list->item(1)->text(), QLocale()), u"API_TOKEN=********"_s);
    QVERIFY(!list->item(1)->data(Qt::AccessibleTextRole).toString().contains(u"abc123"_s));
    QCOMPARE(list->item(1)->text(), u"API_TOKEN=abc123"_s);  // What is edited is the value itself.
    QVERIFY(list->item(1)->toolTip().contains(u"F2"_s));
}

void SecretsTest::theHistory()
{
    const QTemporaryDir folder;
    RunHistory history(folder.filePath(u"history.json"_s));
    history.add(u"make test"_s, {}, 1);
    history.add(QString::fromLatin1(kCommand), {}, 2);
    HistoryDialog dialog(history, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    auto* reveal = dialog.findChild<QPushButton*>(u"revealRun"_s);
    const auto line = [&history](int row) { return history.index(row).data().toString(); };
    QVERIFY2(line(0).startsWith(u"deploy --password=******** --user me"_s), qPrintable(line(0)));
    QVERIFY(reveal->isVisible());
    QTest::mouseClick(reveal, Qt::LeftButton);
    QVERIFY2(line(0).startsWith(u"deploy --password=hunter2"_s), qPrintable(line(0)));
    QTest::mouseClick(reveal, Qt::LeftButton);
    QVERIFY(!line(0).contains(u"hunter2"_s));
    QVERIFY(!history.hasSecrets(1));
    QCOMPARE(history.run(0).command, QString::fromLatin1(kCommand));  // Which is what runs again.
}

void SecretsTest::whatWouldRun()
{
    Preparation preparation;
    preparation.policy = Policy{};
    preparation.plan = LaunchPlan{};
    preparation.plan->shim.argv = {"sh", "-c", kCommand};
    PreflightDialog dialog(preparation, std::string("belljar run p.json -- sh -c '") + kCommand + "'", nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    const auto texts = [&dialog] {
        return dialog.findChild<QLineEdit*>(u"cliLine"_s)->text() +
               dialog.findChild<QPlainTextEdit*>(u"plan"_s)->toPlainText();
    };
    QVERIFY2(!texts().contains(u"hunter2"_s) && texts().contains(u"--password=********"_s), qPrintable(texts()));
    auto* reveal = dialog.findChild<QCheckBox*>(u"revealPlan"_s);
    QVERIFY(reveal->isVisible());
    QTest::keyClick(reveal, Qt::Key_Space);
    QVERIFY(texts().contains(u"hunter2"_s));
    PreflightDialog harmless({}, "belljar run p.json", nullptr);
    harmless.setAttribute(Qt::WA_DeleteOnClose, false);
    harmless.show();
    QVERIFY(!harmless.findChild<QCheckBox*>(u"revealPlan"_s)->isVisible());
}

void SecretsTest::cellsAndExplanations()
{
    RecordedPage bench;
    LivePage& page = bench.page();
    Event event = makeEvent(1, 1, 0, EventVerdict::denied, std::string("/secret/run ") + kCommand);
    event.kind = EventKind::processExec;
    event.detail = R"(["deploy","--api-key","k3y"])";
    test::Session session;
    page.events().reset(rules());
    page.events().extend(session.add({event, makeEvent(1, 1, 0, EventVerdict::denied, "/secret/plain")}));
    const auto object = [&page](int row) {
        return page.events().index(row, EventTableModel::kObject).data().toString();
    };
    QVERIFY2(object(0).contains(u"--password=********"_s), qPrintable(object(0)));
    QCOMPARE(object(1), u"/secret/plain"_s);
    page.goToDenial(1);
    auto* reveal = page.findChild<QToolButton*>(u"showSecrets"_s);
    const auto explained = [&page] {
        return page.explainPane().text() + page.findChild<QPlainTextEdit*>(u"raw"_s)->toPlainText();
    };
    QVERIFY(!reveal->isHidden());
    QVERIFY2(!explained().contains(u"hunter2"_s) && !explained().contains(u"k3y"_s), qPrintable(explained()));
    reveal->click();
    QVERIFY2(explained().contains(u"hunter2"_s) && explained().contains(u"k3y"_s), qPrintable(explained()));
    QVERIFY(object(0).contains(u"hunter2"_s));
    reveal->click();
    QVERIFY(!explained().contains(u"hunter2"_s));
    page.goToDenial(1);
    QVERIFY(reveal->isHidden());  // The next has none.
}

BELLJAR_QTEST_MAIN(SecretsTest)
#include "secrets_test.moc"
