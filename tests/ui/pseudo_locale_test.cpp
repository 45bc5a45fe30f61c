// A language of no country: every text of ours comes back in brackets and a third longer. What shows without brackets
// cannot be translated; what shows cut off would be cut off in German.
#include <QAbstractButton>
#include <QActionGroup>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTranslator>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "ui/views/main_window.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

const QString kOpen = u"⟦"_s;

class PseudoTranslator : public QTranslator {
public:
    [[nodiscard]] bool isEmpty() const override { return false; }
    [[nodiscard]] QString translate(const char* context, const char* source, const char*, int) const override
    {
        // Qt's own texts have translations of their own.
        if (!QString::fromLatin1(context).startsWith(u"belljar"_s)) return {};
        const QString text = QString::fromUtf8(source);
        return kOpen + text + QString(text.size() / 3, u'·') + u"⟧"_s;
    }
};

/// Texts without a letter, and keys, say the same in every language.
bool hasWord(const QString& text)
{
    if (text.startsWith(u"Ctrl+"_s)) return false;
    int letters = 0;
    for (const QChar c : text) letters += c.isLetter() ? 1 : 0;
    return letters > 1;
}

}  // namespace

class PseudoLocaleTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void initTestCase();
    void everyTextIsTranslated();
    void theTestSeesWhatIsNot();

private:
    [[nodiscard]] QStringList untranslated() const;

    PseudoTranslator m_translator;
    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    QTemporaryDir m_folder;
    std::unique_ptr<MainWindow> m_window;
};

void PseudoLocaleTest::initTestCase()
{
    QCoreApplication::installTranslator(&m_translator);
    m_facts = inspectHost(true);
    m_backends = allBackends();
    m_window.reset(new MainWindow({*m_facts, m_backends, {}, true, m_folder.path(), ThemeChoice::light}));
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

QStringList PseudoLocaleTest::untranslated() const
{
    QStringList found;
    const auto check = [&found](const QString& text, const QObject& owner, const QString& what) {
        if (!hasWord(text) || text.contains(kOpen) || owner.objectName().startsWith(u"Scroll"_s) ||
            owner.inherits("CloseButton"))
            return;  // Qt's.
        // Data: what the description says of fields, which the engine says in English; names of languages.
        for (const QObject* at = &owner; at != nullptr; at = at->parent())
            if (at->inherits("belljar::ProfileForm") || at->property("isData").toBool()) return;
        found += u"%1 of %2 %3: %4"_s.arg(what, QString::fromLatin1(owner.metaObject()->className()),
                                          owner.objectName(), text);
    };
    for (const QWidget* widget : m_window->findChildren<QWidget*>()) {
        if (const auto* label = qobject_cast<const QLabel*>(widget)) check(label->text(), *label, u"text"_s);
        if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
            check(button->text(), *button, u"text"_s);
        if (const auto* box = qobject_cast<const QGroupBox*>(widget)) check(box->title(), *box, u"title"_s);
        if (const auto* line = qobject_cast<const QLineEdit*>(widget))
            check(line->placeholderText(), *line, u"placeholder"_s);
        if (const auto* edit = qobject_cast<const QPlainTextEdit*>(widget))
            check(edit->placeholderText(), *edit, u"placeholder"_s);
        if (const auto* bar = qobject_cast<const QTabBar*>(widget))
            for (int i = 0; i < bar->count(); ++i) check(bar->tabText(i), *bar, u"tab"_s);
        if (const auto* header = qobject_cast<const QHeaderView*>(widget);
            header != nullptr && header->model() &&
            !header->model()->inherits("belljar::GroupModel"))  // Its columns are fields of the query language.
            for (int i = 0; i < header->count() && header->orientation() == Qt::Horizontal; ++i)
                check(header->model()->headerData(i, Qt::Horizontal).toString(), *header, u"header"_s);
        check(widget->toolTip(), *widget, u"tool tip"_s);
        check(widget->accessibleName(), *widget, u"accessible name"_s);
        check(widget->windowTitle(), *widget, u"title"_s);
    }
    for (const QAction* action : m_window->findChildren<QAction*>()) {
        const bool isLanguage = action->actionGroup() != nullptr && action->property("isData").toBool();
        if (!isLanguage) check(action->text(), *action, u"text"_s);
    }
    return found;
}

void PseudoLocaleTest::everyTextIsTranslated()
{
    m_window->showPage(MainWindow::kLivePage);
    const QStringList found = untranslated();
    QVERIFY2(found.isEmpty(), qPrintable(u'\n' + found.join(u'\n')));
}

void PseudoLocaleTest::theTestSeesWhatIsNot()
{
    QPushButton button(u"not translated"_s, m_window.get());
    QCOMPARE(untranslated().size(), 1);
}

BELLJAR_QTEST_MAIN(PseudoLocaleTest)
#include "pseudo_locale_test.moc"
