// The editor page in Qt WebEngine: follows the document, edits it, shows marks, and reaches nothing else. Runs as a
// normal user only: Chromium refuses root with its sandbox on, and the sandbox stays on.
#include <QSignalSpy>
#include <QWebEnginePage>
#include <QWebEngineProfile>
#include <QWebEngineView>

#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "ui/models/profile_document.h"
#include "ui/views/theme.h"
#include "ui/web/web_editor.h"
#include "ui/web/web_scheme.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

constexpr int kStartLimitMs = 60'000;
constexpr int kInteractionMs = 300;  ///< CodeMirror takes keys for a list of completions after a moment only.

}  // namespace

class WebEditorTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun()
    {
        return inspectHost(false)->system().uid == 0 ? u"root: Chromium's sandbox needs a normal user"_s : QString();
    }

private slots:
    void initTestCase();
    void showsTheDocument();
    void followsEditsOfOthers();
    void typingReachesTheDocument();
    void undoIsTheDocuments();
    void goesToALine();
    void completesFromTheEngine();
    void showsMarks();
    void takesTheTheme();
    void hostileTextIsInert();
    void nothingElseIsReachable();
    void lostPagesGetTheWholeText();

private:
    /// Runs a script of the test (never of the app) in the page.
    QVariant evaluate(const QString& script);
    /// What the page's editor holds; CodeMirror keeps its view on the content element.
    QString pageText();

    ProfileDocument m_document;
    std::unique_ptr<WebEditor> m_editor;
};

QVariant WebEditorTest::evaluate(const QString& script)
{
    QVariant result;
    bool done = false;
    m_editor->view().page()->runJavaScript(script, [&](const QVariant& value) {
        result = value;
        done = true;
    });
    if (!QTest::qWaitFor([&] { return done; }, kStartLimitMs)) return {};
    return result;
}

QString WebEditorTest::pageText()
{
    return evaluate(u"document.querySelector('.cm-content').cmTile.root.view.state.doc.toString()"_s).toString();
}

void WebEditorTest::initTestCase()
{
    m_document.reset("{\n  \"containerId\": \"€😀\"\n}\n");
    m_editor = std::make_unique<WebEditor>(m_document);
    const QSignalSpy ready(m_editor.get(), &ProfileEditor::ready);
    const QSignalSpy failed(m_editor.get(), &ProfileEditor::failed);
    m_editor->resize(800, 600);
    m_editor->show();
    m_editor->activateWindow();
    QTRY_VERIFY_WITH_TIMEOUT(ready.count() + failed.count() > 0, kStartLimitMs);
    QCOMPARE(failed.count(), 0);
}

void WebEditorTest::showsTheDocument()
{
    QTRY_COMPARE(pageText().toStdString(), m_document.text());
    QCOMPARE(evaluate(u"document.querySelectorAll('.cm-lineNumbers').length"_s).toInt(), 1);
}

void WebEditorTest::followsEditsOfOthers()
{
    QVERIFY(m_document.setValue("/containerId", "\"€€😀\"", u"edit"_s).ok());
    QTRY_COMPARE(pageText().toStdString(), m_document.text());
}

void WebEditorTest::typingReachesTheDocument()
{
    const std::string before = m_document.text();
    evaluate(
        u"(() => { const view = document.querySelector('.cm-content').cmTile.root.view;"
        "const at = view.state.doc.toString().indexOf('😀') + 2;"
        "view.dispatch({ changes: [{ from: 0, insert: ' ' }, { from: at, insert: 'é' }] }); })()"_s);
    QTRY_VERIFY(m_document.text() != before);
    QCOMPARE(m_document.text(), std::string(" {\n  \"containerId\": \"€€😀é\"\n}\n"));
    QTRY_COMPARE(pageText().toStdString(), m_document.text());
}

void WebEditorTest::undoIsTheDocuments()
{
    m_editor->goTo(0);
    QTRY_VERIFY(evaluate(u"document.hasFocus()"_s).toBool());
    QWidget* target = m_editor->view().focusProxy();
    QVERIFY(target != nullptr);
    const int before = m_document.undoStack().index();
    QTest::keyClick(target, Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(m_document.undoStack().index(), before - 1);
    QCOMPARE(m_document.text(), std::string("{\n  \"containerId\": \"€€😀\"\n}\n"));
    QTRY_COMPARE(pageText().toStdString(), m_document.text());
    QTest::keyClick(target, Qt::Key_Y, Qt::ControlModifier);
    QTRY_COMPARE(m_document.undoStack().index(), before);
    m_document.undoStack().undo();
}

void WebEditorTest::goesToALine()
{
    const std::size_t offset = m_document.text().find("€");
    m_editor->goTo(offset);
    QTRY_COMPARE(m_editor->cursorOffset(), offset);
}

void WebEditorTest::showsMarks()
{
    const std::size_t offset = m_document.text().find("\"containerId\"");
    m_editor->setMarks({{offset, offset + 13, Severity::error, u"<b>no</b>"_s}});
    QTRY_COMPARE(evaluate(u"document.querySelectorAll('.cm-lintRange-error').length"_s).toInt(), 1);
    m_editor->setMarks({});
    QTRY_COMPARE(evaluate(u"document.querySelectorAll('.cm-lintRange-error').length"_s).toInt(), 0);
}

void WebEditorTest::takesTheTheme()
{
    const Theme dark = makeTheme(ThemeKind::dark);
    m_editor->setTheme(dark.editorTheme());
    const QString background = u"rgb(%1, %2, %3)"_s.arg(dark.base.red()).arg(dark.base.green()).arg(dark.base.blue());
    QTRY_COMPARE(evaluate(u"getComputedStyle(document.querySelector('.cm-editor')).backgroundColor"_s).toString(),
                 background);
}

void WebEditorTest::hostileTextIsInert()
{
    const QString title = m_editor->view().page()->title();
    const int blocked = m_editor->blockedRequests();
    m_document.reset(
        "<img src=\"https://192.0.2.1/x\" onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"
        "\xe2\x80\xae \xe2\x80\x8b \x1b[31m\n");
    QTRY_COMPARE(pageText().toStdString(), m_document.text());
    QCOMPARE(
        evaluate(u"document.querySelectorAll('.cm-content img:not(.cm-widgetBuffer), .cm-content script').length"_s)
            .toInt(),
        0);
    QVERIFY(evaluate(u"document.querySelectorAll('.cm-specialChar').length"_s).toInt() >= 3);
    QCOMPARE(m_editor->view().page()->title(), title);
    QCOMPARE(m_editor->blockedRequests(), blocked);
}

void WebEditorTest::nothingElseIsReachable()
{
    // Each is first refused by the content policy; the request gate behind it has the same answer.
    QCOMPARE(evaluate(u"try { eval('1'); 'ran' } catch (e) { e.name }"_s).toString(), u"EvalError"_s);
    evaluate(
        u"window.fetched = 'waiting'; fetch('https://192.0.2.1/').then(() => window.fetched = 'reached', "
        "() => window.fetched = 'blocked'); 0"_s);
    QTRY_COMPARE(evaluate(u"window.fetched"_s).toString(), u"blocked"_s);
    evaluate(
        u"window.file = 'waiting'; fetch('file:///etc/passwd').then(() => window.file = 'reached', "
        "() => window.file = 'blocked'); 0"_s);
    QTRY_COMPARE(evaluate(u"window.file"_s).toString(), u"blocked"_s);
    evaluate(u"location.href = 'https://192.0.2.1/'; 0"_s);
    evaluate(u"location.href = 'file:///etc/passwd'; 0"_s);
    evaluate(u"location.href = 'belljar://editor/editor.js'; 0"_s);
    QTest::qWait(300);
    QCOMPARE(m_editor->view().page()->url().toString(), editorPageUrl());
    QCOMPARE(evaluate(u"String(window.open('belljar://editor/editor.html'))"_s).toString(), u"null"_s);
    QVERIFY(m_editor->view().page()->profile()->isOffTheRecord());
}

void WebEditorTest::lostPagesGetTheWholeText()
{
    m_document.reset("{}\n");
    QTRY_COMPARE(pageText(), u"{}\n"_s);
    QVERIFY(m_document.setValue("/version", "\"0.8.0-alpha\"", u"edit"_s).ok());
    // A change that starts from a state that is gone does not reach the document; the page gets the text instead.
    const std::string before = m_document.text();
    evaluate(
        u"(() => { const view = document.querySelector('.cm-content').cmTile.root.view;"
        "view.dispatch({ changes: { from: 0, insert: 'x' } }); })()"_s);
    QTRY_VERIFY(pageText().toStdString() == m_document.text());
    QVERIFY(m_document.text() == before || m_document.text() == "x" + before);
}

void WebEditorTest::completesFromTheEngine()
{
    const std::string before = m_document.text();
    m_document.reset("{\n  \"version\": \"0.7.0-alpha\",\n  \"network\": {  }\n}\n");
    QTRY_COMPARE(pageText().toStdString(), m_document.text());
    m_editor->goTo(m_document.text().find("{  }") + 2);
    QTRY_VERIFY(evaluate(u"document.hasFocus()"_s).toBool());
    evaluate(
        u"(() => { const view = document.querySelector('.cm-content').cmTile.root.view;"
        "view.dispatch({ selection: { anchor: view.state.doc.toString().indexOf('{  }') + 2 } }); })()"_s);
    QTest::keyClick(m_editor->view().focusProxy(), Qt::Key_Space, Qt::ControlModifier);
    const QString labels =
        u"[...document.querySelectorAll('.cm-tooltip-autocomplete .cm-completionLabel')]"
        ".map((item) => item.textContent).join(' ')"_s;
    QTRY_VERIFY(evaluate(labels).toString().contains(u"\"defaultPolicy\""_s));
    QVERIFY(!evaluate(labels).toString().contains(u"egress"_s));  // Of a newer schema than the text is of.
    QTest::qWait(kInteractionMs);  // So that nobody takes a list that appears under a key.
    QTest::keyClick(m_editor->view().focusProxy(), Qt::Key_Return);
    QTRY_VERIFY(m_document.text().find("\"network\": { \"defaultPolicy\": \"\"") != std::string::npos);
    m_document.reset(before);
    QTRY_COMPARE(pageText().toStdString(), m_document.text());
}

int main(int argc, char** argv)
{
    prepareWebEngine();
    return belljar::test::runTest<WebEditorTest>(argc, argv);
}
#include "web_editor_test.moc"
