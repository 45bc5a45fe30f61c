// The document and the form on it: edits touch only their span, undo is exact, invalid text keeps the last good state.
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTemporaryFile>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "tests/ui/text_ends.h"
#include "ui/forms/field_editors.h"
#include "ui/forms/profile_form.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/views/message_bar.h"
#include "ui/views/profile_page.h"
#include "ui/web/plain_editor.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

const char* const kProfile = R"({
    "version":   "0.8.0-alpha",
    "process": { "commandLine": "true",   "env": ["A=1", "B=2"] },
    "filesystem": {
        "readonlyPaths": [ "/usr" ,
                           "/opt" ]
    }
}
)";

}  // namespace

class DocumentTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void editTouchesOnlyItsSpan();
    void formEditTouchesOnlyItsSpan();
    void listEditTouchesOnlyItsEntry();
    void invalidTextKeepsTheLastGoodState();
    void typingIsOneUndoStep();
    void randomWalkUndoesToTheByte();
    void failedStepLeavesNothingBehind();
    void lineEndsAreKept();
    void badFilesAreRefused();
    void plainEditorFollowsAndEdits();
    void plainEditorRefusesWhatItWouldChange();

private:
    std::unique_ptr<HostFacts> m_facts = inspectHost(false);
    BackendList m_backends = allBackends();
};

void DocumentTest::editTouchesOnlyItsSpan()
{
    ProfileDocument document;
    document.reset(kProfile);
    QVERIFY2(document.isValid(), document.error() ? document.error()->message.c_str() : "");
    const std::string before = document.text();
    QVERIFY(document.setValue("/process/commandLine", "\"false\"", u"edit"_s).ok());
    QVERIFY(document.text().find("\"commandLine\": \"false\",   \"env\"") != std::string::npos);
    const auto [head, tail] = test::commonEnds(before, document.text());
    QVERIFY(before.size() - head - tail <= std::string("\"true\"").size());
    QVERIFY(document.isModified());
    document.undoStack().undo();
    QCOMPARE(document.text(), before);
    QVERIFY(!document.isModified());
}

void DocumentTest::formEditTouchesOnlyItsSpan()
{
    ProfileDocument document;
    document.reset(kProfile);
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    form.showField("/process/commandLine");
    form.show();
    auto* field = form.findChild<FieldEditor*>(u"/process/commandLine"_s);
    QVERIFY(field != nullptr);
    auto* line = field->findChild<QLineEdit*>();
    QCOMPARE(line->text(), u"true"_s);
    line->selectAll();
    QTest::keyClicks(line, u"echo \"hi\""_s);
    QTest::keyClick(line, Qt::Key_Return);
    QVERIFY(document.text().find(R"({ "commandLine": "echo \"hi\"",   "env": ["A=1", "B=2"] })") != std::string::npos);
    QVERIFY(document.isValid());
    line->clear();
    QTest::keyClick(line, Qt::Key_Return);  // Blank is "not set".
    QVERIFY(document.text().find("commandLine") == std::string::npos);
    QVERIFY(document.text().find(R"("env": ["A=1", "B=2"])") != std::string::npos);
    document.undoStack().undo();
    document.undoStack().undo();
    QCOMPARE(document.text(), std::string(kProfile));
    QCOMPARE(line->text(), u"true"_s);
}

void DocumentTest::listEditTouchesOnlyItsEntry()
{
    ProfileDocument document;
    document.reset(kProfile);
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    auto* field = form.findChild<FieldEditor*>(u"/process/env"_s);
    QVERIFY(field != nullptr);
    auto* list = field->findChild<QListWidget*>();
    QCOMPARE(list->count(), 2);
    list->item(1)->setText(u"B=3"_s);
    QVERIFY(document.text().find(R"(["A=1", "B=3"])") != std::string::npos);
    auto* entry = field->findChild<QLineEdit*>();
    QTest::keyClicks(entry, u"C=4"_s);
    QTest::keyClick(entry, Qt::Key_Return);
    QCOMPARE(list->count(), 3);
    QVERIFY(document.config()->config.process->env->back() == "C=4");
    document.undoStack().undo();
    document.undoStack().undo();
    QCOMPARE(document.text(), std::string(kProfile));
}

void DocumentTest::invalidTextKeepsTheLastGoodState()
{
    ProfileDocument document;
    document.reset(kProfile);
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfilePage page(document, analysis, {});
    page.show();
    QVERIFY(page.invalidBanner().isHidden());
    QObject typist;
    const std::size_t offset = document.text().find("\"/usr\"");
    document.edit({offset, 6, "42"}, u"typing"_s, &typist);
    QTRY_VERIFY(!document.isValid());  // After the pause that typing gets.
    QCOMPARE(document.config()->config.filesystem->readonlyPaths->front(), std::string("/usr"));
    QVERIFY(!page.invalidBanner().isHidden());
    QVERIFY2(page.invalidBanner().text().contains(u":5:28"_s), qPrintable(page.invalidBanner().text()));
    auto* newPath = page.form().findChild<QLineEdit*>(u"newPath"_s);
    QVERIFY(!newPath->isEnabled());
    auto* field = page.form().findChild<FieldEditor*>(u"/process/commandLine"_s);
    QVERIFY(!field->isEnabled());
    QCOMPARE(field->findChild<QLineEdit*>()->text(), u"true"_s);
    QVERIFY(!document.setValue("/process/commandLine", "\"x\"", u"edit"_s).ok());

    document.undoStack().undo();
    QVERIFY(document.isValid());
    QVERIFY(page.invalidBanner().isHidden());
    QVERIFY(newPath->isEnabled());
}

void DocumentTest::typingIsOneUndoStep()
{
    ProfileDocument document;
    document.reset("{}\n");
    QObject typist;
    std::size_t at = 1;
    for (const char c : std::string("\"version\"")) document.edit({at++, 0, std::string(1, c)}, u"typing"_s, &typist);
    QCOMPARE(document.undoStack().count(), 1);
    document.edit({0, 0, " "}, u"typing"_s, &typist);  // Elsewhere: a step of its own.
    QCOMPARE(document.undoStack().count(), 2);
    document.undoStack().undo();
    document.undoStack().undo();
    QCOMPARE(document.text(), std::string("{}\n"));
}

void DocumentTest::randomWalkUndoesToTheByte()
{
    ProfileDocument document;
    document.reset(kProfile);
    QRandomGenerator random(20260101);
    QObject typist;
    for (int step = 0; step < 200; ++step) {
        if (random.bounded(2) == 0 && document.isValid()) {
            const std::string path = "\"/p" + std::to_string(step) + "\"";
            QVERIFY(document.setValue("/filesystem/readonlyPaths/-", path, u"add"_s).ok());
        } else if (random.bounded(3) == 0) {
            document.undoStack().undo();
        } else {
            const std::size_t offset = random.bounded(static_cast<quint32>(document.text().size()));
            const std::size_t length = std::min<std::size_t>(random.bounded(4U), document.text().size() - offset);
            document.edit({offset, length, std::string(random.bounded(3U), 'x')}, u"typing"_s, &typist);
            document.parseNow();
        }
    }
    QVERIFY(document.undoStack().count() > 20);
    while (document.undoStack().canUndo()) document.undoStack().undo();
    QCOMPARE(document.text(), std::string(kProfile));
    QVERIFY(!document.isModified());
}

void DocumentTest::failedStepLeavesNothingBehind()
{
    ProfileDocument document;
    document.reset(kProfile);
    const Result<void> result =
        document.change({{"/process/commandLine", "\"x\""}, {"/no/such/thing", std::nullopt}}, u"edit"_s);
    QVERIFY(!result.ok());
    QCOMPARE(document.text(), std::string(kProfile));
    QVERIFY(!document.undoStack().canUndo());
}

void DocumentTest::lineEndsAreKept()
{
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("{\r\n  \"version\": \"0.8.0-alpha\"\r\n}\r\n");
    file.close();
    ProfileDocument document;
    QVERIFY(document.load(file.fileName()).ok());
    QVERIFY(document.text().find('\r') == std::string::npos);
    QVERIFY(document.setValue("/version", "\"0.7.0-alpha\"", u"edit"_s).ok());
    QVERIFY(document.save(file.fileName()).ok());
    QFile saved(file.fileName());
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QCOMPARE(saved.readAll(), QByteArray("{\r\n  \"version\": \"0.7.0-alpha\"\r\n}\r\n"));
}

void DocumentTest::badFilesAreRefused()
{
    ProfileDocument document;
    document.reset(kProfile);
    QTemporaryFile invalid;
    QVERIFY(invalid.open());
    invalid.write("{\"containerId\": \"\xff\"}");
    invalid.close();
    QVERIFY(!document.load(invalid.fileName()).ok());
    QVERIFY(!document.load(u"/nonexistent/profile.json"_s).ok());
    QVERIFY(!document.load(u"/dev/null"_s).ok());
    QVERIFY(!document.load(QDir::tempPath()).ok());
    QCOMPARE(document.text(), std::string(kProfile));
    const Result<void> saved = document.save(u"/nonexistent/profile.json"_s);
    QVERIFY(!saved.ok());
    QVERIFY(document.filePath().isEmpty());
}

void DocumentTest::plainEditorFollowsAndEdits()
{
    ProfileDocument document;
    document.reset("{\n  \"containerId\": \"€😀\"\n}\n");
    PlainEditor editor(document);
    editor.show();
    auto* edit = editor.findChild<QPlainTextEdit*>(u"profileText"_s);
    const auto same = [&] { return edit->toPlainText().toStdString() == document.text(); };
    QVERIFY(same());
    QVERIFY(document.setValue("/containerId", "\"€€😀\"", u"edit"_s).ok());
    QVERIFY(same());
    editor.goTo(document.text().find("😀"));
    QTest::keyClick(edit, Qt::Key_Home);
    QTest::keyClicks(edit, u"    "_s);
    QTest::keyClick(edit, Qt::Key_Return);
    QVERIFY(same());
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, u"x"_s);
    QVERIFY(same());
    QCOMPARE(document.text(), std::string("x"));
    while (document.undoStack().canUndo()) document.undoStack().undo();
    QVERIFY(same());
    QCOMPARE(document.text(), std::string("{\n  \"containerId\": \"€😀\"\n}\n"));
}

void DocumentTest::plainEditorRefusesWhatItWouldChange()
{
    ProfileDocument document;
    PlainEditor editor(document);
    const std::string text =
        "{\"containerId\": \"a\xe2\x80\xa9"
        "b\"}";
    document.reset(text);
    auto* edit = editor.findChild<QPlainTextEdit*>(u"profileText"_s);
    QVERIFY(edit->isReadOnly());
    QCOMPARE(edit->toPlainText(), QString());
    QCOMPARE(document.text(), text);
    editor.setMarks({{0, text.size(), Severity::error, {}}});  // Places that it does not have do no harm.
    editor.goTo(text.size());
    document.edit({text.size() - 1, 1, "}\n"}, u"edit"_s);
    QVERIFY(edit->isReadOnly());
    document.reset("{\"containerId\": \"" + std::string(200'000, 'a') + "\"}");
    QVERIFY(edit->isReadOnly());
    document.reset("{}");
    QVERIFY(!edit->isReadOnly());
}

BELLJAR_QTEST_MAIN(DocumentTest)
#include "document_test.moc"
