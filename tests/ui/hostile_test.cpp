// Hostile strings through every view: nothing is taken for markup, nothing hides, reorders or controls.
#include <QAbstractButton>
#include <QAccessible>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTextDocument>
#include <QTreeView>

#include "backends/registry.h"
#include "core/base/visible.h"
#include "core/platform/platform.h"
#include "tests/ui/hostile_corpus.h"
#include "tests/ui/test_support.h"
#include "ui/forms/profile_form.h"
#include "ui/models/finding_model.h"
#include "ui/models/shown_text.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/profile_page.h"

using namespace belljar;
using namespace belljar::test;
using namespace Qt::StringLiterals;

namespace {

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

}  // namespace

class HostileTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void initTestCase();
    void theCheckCanFail();
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
    auto* button = new QPushButton(u"a\x1b[31m"_s, &parent);
    QVERIFY(!unsafeWidget(parent).isEmpty());
    button->setText(u"a"_s);
    button->setAccessibleName(QString::fromStdString(corpus()[3]));
    QVERIFY(!unsafeWidget(parent).isEmpty());
    delete button;
    auto* list = new QListWidget(&parent);
    list->addItem(u"a\x1b[31m"_s);
    QVERIFY(!unsafeWidget(parent).isEmpty());
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
