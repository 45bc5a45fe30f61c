// Hostile strings through every view: nothing is taken for markup, nothing hides, reorders or controls.
#include <QAbstractButton>
#include <QAccessible>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTextDocument>
#include <QTreeView>

#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "ui/forms/profile_form.h"
#include "ui/models/event_explanation.h"
#include "ui/models/finding_model.h"
#include "ui/models/process_tree_model.h"
#include "ui/models/shown_text.h"
#include "ui/views/explain_pane.h"
#include "ui/views/live_page.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/output_view.h"
#include "ui/views/profile_page.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

std::vector<std::string> corpus()
{
    return {
        "<img src=\"http://192.0.2.1/x\" onerror=alert(1)>",
        "<b>bold</b><script>alert(1)</script>",
        "<a href=\"file:///etc/passwd\">click</a>",
        "\xe2\x80\xae"
        "exe.txt\xe2\x80\xac",
        "\xe2\x81\xa6isolated\xe2\x81\xa9",
        "zero\xe2\x80\x8bwidth\xef\xbb\xbf",
        "\x1b[31mred\x1b]0;title\x07",
        std::string("nul\0byte", 8),
        "line\nbreak\r\ntab\t",
        "broken \xff\xfe\xc3( utf-8",
        "%1 %2 %n %s &amp; &mnemonic",
        "[*] modified?",
        std::string(1 << 20, 'A'),
        std::string(1 << 20, '\x01'),
        "<p>" + std::string(200'000, '<'),
    };
}

/// True when a widget could show `text` without anything hidden, controlling or on a line of its own. Backslashes are
/// what visible() itself writes.
bool isHarmless(const QString& text)
{
    for (const QString& line : text.split(u'\n')) {
        if (!fitsLineEdit(QString(line).replace(u'\t', u' ').toStdString())) return false;
    }
    return true;
}

/// Why a widget below `root` shows something unsafe; empty when none does.
QString unsafeWidget(const QWidget& root)
{
    for (const auto* label : root.findChildren<QLabel*>()) {
        if (label->textFormat() != Qt::PlainText && Qt::mightBeRichText(label->text()))
            return u"rich label: "_s + label->text();
        if (!isHarmless(label->text())) return u"label: "_s + label->text().left(100);
    }
    for (const auto* edit : root.findChildren<QPlainTextEdit*>()) {
        if (edit->objectName() != "profileText"_L1 && !isHarmless(edit->toPlainText())) {
            return u"text: "_s + edit->toPlainText().left(100);
        }
    }
    for (const auto* line : root.findChildren<QLineEdit*>()) {
        if (!isHarmless(line->text()) || !isHarmless(line->placeholderText()))
            return u"line edit: "_s + line->text().left(100);
    }
    for (const auto* box : root.findChildren<QComboBox*>()) {
        for (int i = 0; i < box->count(); ++i) {
            if (!isHarmless(box->itemText(i))) return u"combo box: "_s + box->itemText(i).left(100);
        }
    }
    for (const auto* view : root.findChildren<QAbstractItemView*>()) {
        const QAbstractItemModel* model = view->model();
        if (model == nullptr) continue;
        for (int row = 0; row < std::min(model->rowCount(), 100); ++row) {
            for (int column = 0; column < model->columnCount(); ++column) {
                const QModelIndex index = model->index(row, column);
                if (!isHarmless(index.data().toString())) return u"cell: "_s + index.data().toString().left(100);
                if (!isHarmless(index.data(Qt::AccessibleTextRole).toString())) return u"accessible cell"_s;
                if (Qt::mightBeRichText(index.data(Qt::ToolTipRole).toString())) return u"rich tooltip"_s;
            }
        }
    }
    for (const auto* widget : root.findChildren<QWidget*>()) {
        if (Qt::mightBeRichText(widget->toolTip())) return u"rich tooltip: "_s + widget->toolTip();
    }
    return isHarmless(root.windowTitle()) ? QString() : u"title: "_s + root.windowTitle();
}

/// What a person operates, without the inner parts of Qt's own widgets.
bool isControl(const QWidget& widget)
{
    if (widget.isHidden() || widget.objectName().startsWith(u"qt_"_s) ||
        qobject_cast<const QHeaderView*>(&widget) != nullptr)
        return false;
    for (const QWidget* outer = widget.parentWidget(); outer != nullptr; outer = outer->parentWidget()) {
        if (outer->inherits("QLineEdit") || outer->inherits("QComboBox") || outer->inherits("QTabBar") ||
            outer->inherits("QMenuBar") || outer->inherits("QAbstractItemView")) {
            return false;
        }
    }
    return widget.inherits("QLineEdit") || widget.inherits("QComboBox") || widget.inherits("QAbstractButton") ||
           widget.inherits("QPlainTextEdit") || widget.inherits("QAbstractItemView");
}

/// A name that a screen reader can say: its own, or that of the label it belongs to.
bool hasName(const QWidget& widget)
{
    QAccessibleInterface* accessible = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(&widget));
    return accessible != nullptr && !accessible->text(QAccessible::Name).isEmpty();
}

SessionBatch hostileBatch()
{
    SessionBatch batch;
    std::int32_t pid = 1;
    for (const std::string& text : corpus()) {
        Event event;
        event.pid = ++pid;
        event.parentPid = 1;
        event.processName = text;
        event.object = text;
        event.detail = text;
        event.verdict = EventVerdict::denied;
        event.rule = builtin_rule::kCount;
        batch.events.push_back(event);
        batch.output += QByteArray::fromStdString(text) + '\n';
        batch.errors += QByteArray::fromStdString(text) + '\n';
    }
    return batch;
}

}  // namespace

class HostileTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void initTestCase();
    void theCheckCanFail();
    void livePageStaysPlain();
    void explanationsStayPlain();
    void messagesStayPlain();
    void profilesStayPlain();
    void fileNamesStayPlain();
    void everyControlHasAName();

private:
    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    QTemporaryDir m_folder;
};

void HostileTest::initTestCase()
{
    m_facts = inspectHost(false);
    m_backends = allBackends();
}

void HostileTest::theCheckCanFail()
{
    QWidget parent;
    auto* label = new QLabel(&parent);
    QVERIFY(unsafeWidget(parent).isEmpty());
    label->setText(u"<b>bold</b>"_s);
    QVERIFY(!unsafeWidget(parent).isEmpty());
    label->setTextFormat(Qt::PlainText);
    QVERIFY(unsafeWidget(parent).isEmpty());
    label->setText(QString::fromStdString(corpus()[3]));
    QVERIFY(!unsafeWidget(parent).isEmpty());
    label->clear();
    auto* list = new QListWidget(&parent);
    list->addItem(u"a\x1b[31m"_s);
    QVERIFY(!unsafeWidget(parent).isEmpty());
}

void HostileTest::livePageStaysPlain()
{
    RunController controller(*m_facts, m_backends);
    LivePage page(controller);
    page.resize(1200, 700);
    page.show();
    std::vector<Rule> rules(builtin_rule::kCount);
    rules.push_back({RuleSource::profile, "<b>rule</b>\xe2\x80\xae\x1b[0m", {"/<i>x", 3, 1}});
    page.startSession(shown("<b>cmd</b>"));
    page.events().reset(rules);
    page.addBatch(hostileBatch());
    QCOMPARE(page.events().rowCount(), static_cast<int>(corpus().size()));
    QVERIFY(!page.grab().isNull());  // Painting meets every cell.
    QCOMPARE(unsafeWidget(page), QString());
    // Plain text, so that what looks like markup is seen as it was written.
    QVERIFY(page.output().text(1).contains(u"<b>bold</b><script>alert(1)</script>"_s));
    QVERIFY(page.output().text(2).contains(u"<img src="_s));
    QVERIFY(!page.output().text(1).contains(u"\x1b"_s));
    QVERIFY(!page.output().text(1).contains(u"title"_s + QChar(7)));
    QCOMPARE(page.events().index(1, EventTableModel::kObject).data().toString(),
             u"<b>bold</b><script>alert(1)</script>"_s);
    QVERIFY(page.events().index(12, EventTableModel::kObject).data().toString().size() < 1000);
}

void HostileTest::explanationsStayPlain()
{
    ExplainPane pane;
    pane.resize(500, 300);
    pane.show();
    std::vector<Rule> rules(builtin_rule::kCount);
    for (const std::string& text : corpus()) rules.push_back({RuleSource::profile, text, {text, 3, 1}});
    RuleId rule = builtin_rule::kCount;
    for (Event event : hostileBatch().events) {
        event.rule = rule++;
        pane.explain(EventExplainer::explain(event, rules, nullptr), true, false);
        QVERIFY(!pane.grab().isNull());
        QCOMPARE(unsafeWidget(pane), QString());
        QVERIFY(pane.text().size() < 8 * static_cast<qsizetype>(EventExplanation::kLongestText));
    }
}

void HostileTest::messagesStayPlain()
{
    for (const std::string& text : corpus()) {
        QWidget parent;
        auto* bar = new MessageBar(true, &parent);
        bar->showError({ErrorCode::backendError, text, text, text, text});
        QCOMPARE(unsafeWidget(parent), QString());
        auto* outcome = new OutcomeBar(&parent);
        Outcome ended;
        ended.ending = Killed{text};
        ended.note = text;
        outcome->showOutcome(ended, {});
        QCOMPARE(unsafeWidget(parent), QString());
        ended.ending = SetupFailed{{ErrorCode::backendError, text, text, text, text}};
        outcome->showOutcome(ended, {});
        QCOMPARE(unsafeWidget(parent), QString());
        FindingModel model;
        Finding finding;
        finding.message = text;
        finding.fix = text;
        model.setFindings({finding});
        QVERIFY(isHarmless(model.index(0).data().toString()));
    }
}

void HostileTest::profilesStayPlain()
{
    MainWindow window({*m_facts, m_backends, {}, false, m_folder.path(), ThemeChoice::light});
    window.show();
    for (const std::string& text : corpus()) {
        const std::string quoted = jsonQuote("/" + text);
        window.document().reset("{\"version\": \"0.8.0-alpha\", \"containerId\": " + quoted +
                                ", \"process\": {\"commandLine\": " + quoted + ", \"cwd\": " + quoted + ", \"env\": [" +
                                jsonQuote("A=" + text) + "]}, \"filesystem\": {\"readonlyPaths\": [" + quoted + "]}}");
        const QString unsafe = unsafeWidget(window);
        QVERIFY2(unsafe.isEmpty(), qPrintable(unsafe));
        window.document().reset("{\"" + text.substr(0, 300) + "\": 1}");  // As a key: an error that quotes it.
        QVERIFY(!window.document().isValid());
        QCOMPARE(unsafeWidget(window), QString());
    }
    // Written raw, not as an escape, such characters are named as a problem.
    window.document().reset(
        "{\n\"containerId\": \"a\xe2\x80\xae"
        "b\"}");
    const auto& findings = window.profilePage().problems().findings();
    QVERIFY(std::any_of(findings.begin(), findings.end(),
                        [](const Finding& f) { return f.id == "hidden-character" && f.place.line == 2; }));
}

void HostileTest::fileNamesStayPlain()
{
    MainWindow window({*m_facts, m_backends, {}, false, m_folder.path(), ThemeChoice::dark});
    for (const std::string& name : {std::string("<b>x</b>[*].json"),
                                    std::string("\xe2\x80\xae"
                                                "nosj.json"),
                                    std::string("new\nline.json"), std::string("&file %1.json")}) {
        const QString path = m_folder.filePath(QString::fromStdString(name).replace(u'/', u'_'));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"version\": \"0.8.0-alpha\"}");
        file.close();
        QVERIFY(window.openProfile(path));
        QCOMPARE(unsafeWidget(window), QString());
        window.takeDropped(path.chopped(5));  // No such file: only its folder is offered.
        QCOMPARE(unsafeWidget(window), QString());
    }
}

void HostileTest::everyControlHasAName()
{
    MainWindow window({*m_facts, m_backends, {}, true, m_folder.path(), ThemeChoice::light});
    window.show();
    const QLineEdit unnamed;
    QVERIFY(!hasName(unnamed));  // The check can fail.
    int controls = 0;
    for (const auto* widget : window.findChildren<QWidget*>()) {
        if (!isControl(*widget)) continue;
        ++controls;
        QVERIFY2(hasName(*widget),
                 qPrintable(u"%1 %2 in %3"_s.arg(QLatin1StringView(widget->metaObject()->className()),
                                                 widget->objectName(), widget->parentWidget()->objectName())));
    }
    QVERIFY(controls > 30);
}

BELLJAR_QTEST_MAIN(HostileTest)
#include "hostile_test.moc"
