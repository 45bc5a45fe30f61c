// Text and colours: output without escape sequences, offsets, places in errors, contrast.
#include "core/base/visible.h"
#include "tests/ui/test_support.h"
#include "ui/models/ansi_text.h"
#include "ui/models/event_explanation.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"
#include "ui/web/utf_offset.h"

using namespace belljar;
using namespace Qt::StringLiterals;

class TextTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void ansiSequencesVanish_data();
    void ansiSequencesVanish();
    void ansiSplitAnywhereIsTheSame();
    void unfinishedCharactersWait();
    void offsetsGoBothWays();
    void placesAreReadFromErrors();
    void addressesAreSplit();
    void lineEditsOnlyTakeWhatTheyCanShow();
    void textIsReadableInEveryTheme();
    void contrastIsComputedAsWcagSays();
    void everyIconDraws();
};

void TextTest::ansiSequencesVanish_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("plain") << QByteArray("one\ntwo\t3") << u"one\ntwo\t3"_s;
    QTest::newRow("colour") << QByteArray("\x1b[31mred\x1b[0m") << u"red"_s;
    QTest::newRow("title") << QByteArray("\x1b]0;evil title\x07visible") << u"visible"_s;
    QTest::newRow("clipboard") << QByteArray("\x1b]52;c;ZXZpbA==\x1b\\visible") << u"visible"_s;
    QTest::newRow("charset") << QByteArray("\x1b(Bok") << u"ok"_s;
    QTest::newRow("crlf") << QByteArray("a\r\nb") << u"a\nb"_s;
    QTest::newRow("lone cr") << QByteArray("a\rb") << u"a\\rb"_s;
    QTest::newRow("bell") << QByteArray("a\x07") << u"a\\x07"_s;
    QTest::newRow("nul") << QByteArray("a\0b", 3) << QString::fromStdString(visible(std::string_view("a\0b", 3)));
    QTest::newRow("bidi") << QByteArray("a\xe2\x80\xae") << u"a\\u{202e}"_s;
    QTest::newRow("invalid") << QByteArray(
                                    "a\xff"
                                    "b")
                             << u"a\\xffb"_s;
    QTest::newRow("markup") << QByteArray("<b>bold</b>") << u"<b>bold</b>"_s;
    QTest::newRow("backslash") << QByteArray("C:\\x") << u"C:\\x"_s;
    QTest::newRow("endless sequence") << QByteArray("\x1b]") + QByteArray(5000, 'x') << QString(905, u'x');
}

void TextTest::ansiSequencesVanish()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    AnsiText decoder;
    const QString first = decoder.feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    QCOMPARE(first + decoder.finish(), text);
}

void TextTest::ansiSplitAnywhereIsTheSame()
{
    const std::string bytes = "a\x1b[1;31mb\xe2\x82\xac\r\nc\x1b]0;t\x1b\\d\xf0\x9f\x98\x80!";
    AnsiText whole;
    const QString expected = whole.feed(bytes) + whole.finish();
    QCOMPARE(expected, u"ab€\ncd😀!"_s);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        AnsiText parts;
        QString text = parts.feed(std::string_view(bytes).substr(0, cut));
        text += parts.feed(std::string_view(bytes).substr(cut));
        QCOMPARE(text + parts.finish(), expected);
    }
}

void TextTest::unfinishedCharactersWait()
{
    AnsiText decoder;
    QCOMPARE(decoder.feed("\xe2\x82"), QString());
    QCOMPARE(decoder.feed("\xac"), u"€"_s);
    QCOMPARE(decoder.feed("\xe2"), QString());
    QCOMPARE(decoder.finish(), u"\\xe2"_s);
}

void TextTest::offsetsGoBothWays()
{
    const std::string text = "a€😀z";
    const std::pair<std::size_t, qsizetype> pairs[] = {{0, 0}, {1, 1}, {4, 2}, {8, 4}, {9, 5}};
    for (const auto& [bytes, units] : pairs) {
        QCOMPARE(utf16Offset(text, bytes), units);
        QCOMPARE(utf8Offset(text, units), bytes);
    }
    QCOMPARE(utf8Offset(text, 3), std::size_t{4});  // Inside the pair: its beginning.
    QCOMPARE(utf8Offset(text, 99), text.size());
    QCOMPARE(utf16Offset(text, 99), qsizetype{5});
}

void TextTest::placesAreReadFromErrors()
{
    const SourcePlace place = placeInWhere("my:odd:name.json:7:3 (/filesystem/readonlyPaths/0)");
    QCOMPARE(place.line, 7U);
    QCOMPARE(place.column, 3U);
    QCOMPARE(place.pointer, std::string("/filesystem/readonlyPaths/0"));
    QCOMPARE(placeInWhere("12:4").line, 12U);
    QCOMPARE(placeInWhere("/some/path").line, 0U);
    QCOMPARE(placeInWhere("").line, 0U);
}

void TextTest::addressesAreSplit()
{
    QCOMPARE(splitAddress("1.2.3.4:80"), (std::pair<std::string, std::uint16_t>("1.2.3.4", 80)));
    QCOMPARE(splitAddress("[::1]:443"), (std::pair<std::string, std::uint16_t>("::1", 443)));
    QCOMPARE(splitAddress("unix:/run/x"), (std::pair<std::string, std::uint16_t>("unix:/run/x", 0)));
    QCOMPARE(splitAddress("1.2.3.4:99999"), (std::pair<std::string, std::uint16_t>("1.2.3.4:99999", 0)));
}

void TextTest::lineEditsOnlyTakeWhatTheyCanShow()
{
    QVERIFY(fitsLineEdit("printf 'a\\n' | wc"));
    QVERIFY(!fitsLineEdit("a\nb"));
    QVERIFY(
        !fitsLineEdit("a\xe2\x80\xae"
                      "b"));
    QCOMPARE(menuText("a&b"), u"a&&b"_s);
}

void TextTest::textIsReadableInEveryTheme()
{
    for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark, ThemeKind::contrast}) {
        const Theme theme = makeTheme(kind);
        const bool high = kind == ThemeKind::contrast;
        for (const QColor& background : {theme.base, theme.surface, theme.line, theme.selection}) {
            for (const QColor& text : {theme.text, theme.muted, theme.accent, theme.denied, theme.allowed,
                                       theme.warning, theme.key, theme.string, theme.number}) {
                QVERIFY2(contrastRatio(text, background) >= (high ? 7.0 : 4.5),
                         qPrintable(text.name() + u" on "_s + background.name()));
            }
        }
        QVERIFY(contrastRatio(theme.outline, theme.base) >= (high ? 4.5 : 3.0));
        QVERIFY(contrastRatio(theme.outline, theme.surface) >= (high ? 4.5 : 3.0));
        const QPalette palette = theme.palette();
        QVERIFY(contrastRatio(palette.color(QPalette::Text), palette.color(QPalette::Base)) >= 7.0);
        QVERIFY(contrastRatio(palette.color(QPalette::PlaceholderText), palette.color(QPalette::Base)) >= 4.5);
        QVERIFY(contrastRatio(palette.color(QPalette::HighlightedText), palette.color(QPalette::Highlight)) >= 4.5);
    }
    QVERIFY(makeTheme(ThemeKind::dark).base.lightnessF() < 0.5F);
    QVERIFY(makeTheme(ThemeKind::light).base.lightnessF() > 0.5F);
}

void TextTest::contrastIsComputedAsWcagSays()
{
    QCOMPARE(qRound(contrastRatio(Qt::black, Qt::white)), 21);
    QCOMPARE(qRound(contrastRatio(Qt::white, Qt::white)), 1);
    QCOMPARE(qRound(100 * contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white)), 448);
    QVERIFY(contrastRatio(withContrast(QColor(0xee, 0xee, 0xee), {Qt::white}, 4.5), Qt::white) >= 4.5);
    QCOMPARE(withContrast(Qt::black, {Qt::white}, 4.5), QColor(Qt::black));
}

void TextTest::everyIconDraws()
{
    for (const QString& name : {u"profile"_s, u"live"_s, u"run"_s, u"stop"_s, u"denied"_s, u"allowed"_s, u"absent"_s,
                                u"warning"_s, u"error"_s, u"note"_s, u"close"_s, u"open"_s, u"save"_s, u"export"_s}) {
        const QImage image = iconPixmap(name, Qt::red, 24, 1.0).toImage();
        int drawn = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) drawn += qAlpha(image.pixel(x, y)) > 128 ? 1 : 0;
        }
        QVERIFY2(drawn > 10, qPrintable(name));
        QVERIFY(!icon(name).pixmap(16, 16).isNull());
    }
}

BELLJAR_QTEST_MAIN(TextTest)
#include "text_test.moc"
