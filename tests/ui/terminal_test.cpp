// The terminal: what bytes show, what hostile bytes do not do, what keys send, and that a flood ends.
#include <QClipboard>
#include <QScrollBar>
#include <QSignalSpy>

#include "tests/ui/test_support.h"
#include "ui/models/terminal_screen.h"
#include "ui/views/terminal_view.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

/// The whole text of what `bytes` show in 20 columns and 4 rows.
QString shown(std::string_view bytes)
{
    TerminalScreen screen(20, 4, {});
    screen.feed(bytes);
    QStringList lines;
    for (std::int64_t i = 0; i < screen.lineCount(); ++i) lines += terminalText(screen.line(screen.firstLine() + i));
    while (!lines.isEmpty() && lines.last().isEmpty()) lines.removeLast();
    return lines.join(u'\n');
}

}  // namespace

class TerminalTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void showsText_data();
    void showsText();
    void keepsStyles();
    void keepsLinesThatScrollAway();
    void forgetsTheOldestLines();
    void answersOnlyTheProgram();
    void sendsKeys();
    void pastesWithoutControls();
    void takesKeysOnlyWhileRunning();
    void copiesWhatIsSelected();
    void survivesAFlood();
    void tellsItsSize();
};

void TerminalTest::showsText_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("lines") << "one\r\ntwo"_ba << u"one\ntwo"_s;
    QTest::newRow("return overwrites") << "1%\r2%"_ba << u"2%"_s;
    QTest::newRow("moves") << "\x1b[2;3Hx\x1b[1;1Hy"_ba << u"y\n  x"_s;
    QTest::newRow("wraps") << QByteArray(25, 'a') << QString(20, u'a') + u'\n' + QString(5, u'a');
    QTest::newRow("wide") << QByteArray("\xe4\xb8\xad\xe6\x96\x87|") << u"中文|"_s;
    QTest::newRow("invalid UTF-8") << "a\xff\xfe b"_ba << u"a\uFFFD\uFFFD b"_s;
    QTest::newRow("title") << "\x1b]0;owned\x07ok"_ba << u"ok"_s;
    QTest::newRow("clipboard") << "\x1b]52;c;cm0gLXJm\x07ok"_ba << u"ok"_s;
    QTest::newRow("direction") << "a\xe2\x80\xae b"_ba << u"a b"_s;
    QTest::newRow("markup") << "<b>bold</b>"_ba << u"<b>bold</b>"_s;
}

void TerminalTest::showsText()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    QCOMPARE(shown({bytes.constData(), static_cast<std::size_t>(bytes.size())}), text);
    // In single bytes it is the same: a sequence may come in pieces.
    TerminalScreen screen(20, 4, {});
    for (const char byte : bytes) screen.feed({&byte, 1});
    QCOMPARE(terminalText(screen.line(0)), text.section(u'\n', 0, 0));
}

void TerminalTest::keepsStyles()
{
    TerminalScreen screen(40, 2, {});
    screen.feed("a\x1b[1;31mb\x1b[38;2;1;2;3mc\x1b[0;7md");
    const TerminalLine line = screen.line(0);
    QCOMPARE(line.size(), std::size_t{4});
    QVERIFY(line[0].style == TerminalStyle{});
    QVERIFY(line[1].style.bold);
    QVERIFY(line[1].style.foreground == (TerminalColour{TerminalColour::Kind::indexed, 1}));
    QVERIFY(line[2].style.foreground == (TerminalColour{TerminalColour::Kind::rgb, 0x010203}));
    QVERIFY(line[3].style.reverse && !line[3].style.bold);
}

void TerminalTest::keepsLinesThatScrollAway()
{
    TerminalScreen screen(10, 3, {});
    for (int i = 0; i < 10; ++i) screen.feed(std::to_string(i) + "\r\n");
    QCOMPARE(screen.lineCount(), std::int64_t{11});
    QCOMPARE(terminalText(screen.line(0)), u"0"_s);
    QCOMPARE(terminalText(screen.line(9)), u"9"_s);
    // A full-screen program's own screen leaves the history alone.
    screen.feed("\x1b[?1049h\r\na\r\nb\r\nc\r\nd\x1b[?1049l");
    QCOMPARE(screen.lineCount(), std::int64_t{11});
    QCOMPARE(terminalText(screen.line(9)), u"9"_s);
}

void TerminalTest::forgetsTheOldestLines()
{
    TerminalScreen screen(4, 2, {});
    std::string lines;
    for (int i = 0; i < 1000; ++i) lines += "x\r\n";
    const auto most = static_cast<std::int64_t>(TerminalScreen::kMostHistory);
    for (int i = 0; i < 1001; ++i) screen.feed(lines);
    QCOMPARE(screen.lineCount(), most + 2);
    QVERIFY(screen.firstLine() > 900);
    QVERIFY(screen.line(0).empty());
    QCOMPARE(terminalText(screen.line(screen.firstLine())), u"x"_s);
}

void TerminalTest::answersOnlyTheProgram()
{
    QByteArray sent;
    TerminalScreen screen(20, 4, [&sent](const QByteArray& bytes) { sent += bytes; });
    screen.feed("\x1b[6n");
    QCOMPARE(sent, "\x1b[1;1R"_ba);
    sent.clear();
    screen.feed("\x1b]0;rm -rf ~\x07\x1b[21t");  // A title that comes back as if it were typed.
    QVERIFY(!sent.contains("rm"));
}

void TerminalTest::sendsKeys()
{
    QByteArray sent;
    TerminalScreen screen(20, 4, [&sent](const QByteArray& bytes) { sent += bytes; });
    const auto press = [&](int key, Qt::KeyboardModifiers modifiers, const QString& text) {
        sent.clear();
        return screen.pressKey(key, modifiers, text) ? sent : "nothing"_ba;
    };
    QCOMPARE(press(Qt::Key_A, {}, u"a"_s), "a"_ba);
    QCOMPARE(press(Qt::Key_A, Qt::ShiftModifier, u"A"_s), "A"_ba);
    QCOMPARE(press(Qt::Key_C, Qt::ControlModifier, u"\x03"_s), "\x03"_ba);
    QCOMPARE(press(Qt::Key_Up, {}, {}), "\x1b[A"_ba);
    QCOMPARE(press(Qt::Key_Return, {}, u"\r"_s), "\r"_ba);
    QCOMPARE(press(Qt::Key_F1, {}, {}), "\x1bOP"_ba);
    QCOMPARE(press(Qt::Key_Backtab, Qt::ShiftModifier, {}), "\x1b[Z"_ba);
    QCOMPARE(press(Qt::Key_Udiaeresis, {}, u"ü"_s), "\xc3\xbc"_ba);
    QCOMPARE(press(Qt::Key_Shift, Qt::ShiftModifier, {}), "nothing"_ba);
}

void TerminalTest::pastesWithoutControls()
{
    QByteArray sent;
    TerminalScreen screen(20, 4, [&sent](const QByteArray& bytes) { sent += bytes; });
    screen.paste(u"a\x1b[201~\nb\x03"_s);
    QCOMPARE(sent, "a[201~\rb"_ba);
    sent.clear();
    screen.feed("\x1b[?2004h");
    screen.paste(u"x"_s);
    QCOMPARE(sent, "\x1b[200~x\x1b[201~"_ba);
}

void TerminalTest::takesKeysOnlyWhileRunning()
{
    TerminalView view;
    view.resize(400, 200);
    view.show();
    QSignalSpy typed(&view, &TerminalView::typed);
    QTest::keyClicks(&view, u"ls"_s);
    QCOMPARE(typed.count(), 0);
    view.start();
    QTest::keyClicks(&view, u"ls"_s);
    QTest::keyClick(&view, Qt::Key_Return);
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
    QByteArray all;
    for (const QList<QVariant>& call : typed) all += call.first().toByteArray();
    QCOMPARE(all, "ls\r\x03"_ba);
    view.finish();
    QTest::keyClicks(&view, u"ls"_s);
    QCOMPARE(typed.count(), 4);
}

void TerminalTest::copiesWhatIsSelected()
{
    TerminalView view;
    view.resize(600, 200);
    view.show();
    view.start();
    view.append("alpha beta\r\ngamma\r\n");
    QTRY_VERIFY(view.isIdle());
    QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, QPoint(10, 5));
    QCOMPARE(view.selectedText(), u"alpha"_s);
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QApplication::clipboard()->text(), u"alpha"_s);
    QTest::mousePress(view.viewport(), Qt::LeftButton, {}, QPoint(3, 5));
    QTest::mouseMove(view.viewport(), QPoint(590, view.fontMetrics().height() + 5));
    QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, QPoint(590, view.fontMetrics().height() + 5));
    QCOMPARE(view.selectedText(), u"alpha beta\ngamma"_s);
}

void TerminalTest::survivesAFlood()
{
    TerminalView view;
    view.resize(600, 200);
    view.show();
    view.start();
    constexpr int kLines = 200'000;
    QByteArray lines;
    for (int i = 0; i < kLines; ++i) lines += "line " + QByteArray::number(i) + "\r\n";
    view.append(lines);
    QVERIFY(!view.isIdle());  // It is not all done at once: keys and the Stop button are served in between.
    QTRY_VERIFY_WITH_TIMEOUT(view.isIdle(), 60'000);
    QVERIFY(view.text().endsWith(u"line %1\n"_s.arg(kLines - 1)));
    QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
    view.append(QByteArray(TerminalView::kMostWaiting, 'x'));
    view.append("y");
    QTRY_VERIFY_WITH_TIMEOUT(view.isIdle(), 90'000);
    QVERIFY(view.text().contains(u"[1 bytes were too many to show]"_s));
}

void TerminalTest::tellsItsSize()
{
    TerminalView view;
    view.resize(400, 200);
    view.show();
    QSignalSpy changed(&view, &TerminalView::gridChanged);
    view.resize(800, 400);
    QTRY_VERIFY(!changed.isEmpty());
    QCOMPARE(changed.last().at(0).toInt(), view.columns());
    QVERIFY(view.columns() > 60);
    QVERIFY(view.rows() > 10);
}

BELLJAR_QTEST_MAIN(TerminalTest)
#include "terminal_test.moc"
