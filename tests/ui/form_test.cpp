// The form: a control for every leaf of the description, and edits that touch nothing but their own span.
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeWidget>

#include <set>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "tests/ui/test_support.h"
#include "tests/ui/text_ends.h"
#include "ui/forms/field_editors.h"
#include "ui/forms/field_group.h"
#include "ui/forms/form_sections.h"
#include "ui/forms/path_table.h"
#include "ui/forms/profile_form.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

const char* const kOdd = R"({   "$schema":"s.json" ,
	"_comment" : {"why" : [1,2 , 3]},
  "version":   "0.9.0-alpha",
  "process": { "commandLine": "true",   "env": ["A=1", "B=2"], "timeout" :5000 },
  "filesystem": {
        "readonlyPaths": [ "/usr" ,
                           "/opt" ]
    }
,"network":{"egress":{"allow":[ {"to":[{"cidr":"192.0.2.0/24" , "except":["192.0.2.7/32"]}],
      "ports":[{"port":443}]} ]}},
  "experimental": {
     "somebodyElses" : { "x" : [ 1.50, "\u0041" ] },
     "belljar": { "programs": [ {"path":"/usr/bin"} ], "limits": {} }
  }
}
)";

std::string squeezed(const std::string& text)
{
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '\n' && c != '\t') out += c;
    return out;
}

/// Why an edit at `pointer` touched more than it should; empty when it did not.
QString touchedTooMuch(const std::string& before, const std::string& after, const std::string& pointer, bool removed)
{
    const Result<JsonText> old = JsonText::parse(before);
    const Result<JsonText> now = JsonText::parse(after);
    if (!old || !now) return u"no JSON"_s;
    const auto [head, tail] = test::commonEnds(before, after);
    const JsonText::NodeId was = old->find(pointer);
    const JsonText::NodeId is = now->find(pointer);
    if (was != JsonText::kNone && is != JsonText::kNone && !removed) {
        const JsonText::Node& node = old->node(was);
        const bool inside = head >= node.begin && tail >= before.size() - node.end;
        return inside ? QString() : u"the change is not inside the value"_s;
    }
    if (was == JsonText::kNone && is != JsonText::kNone) {
        const std::string lost = squeezed(before.substr(head, before.size() - head - tail));
        return lost.empty() ? QString() : u"a new value replaced: "_s + QString::fromStdString(lost);
    }
    if (was == JsonText::kNone) return u"nothing stands there"_s;
    const JsonText::Node& around = old->node(old->node(was).parent);
    const bool inside = head >= around.begin && tail >= before.size() - around.end;
    const std::string added = squeezed(after.substr(head, after.size() - head - tail));
    return inside && added.empty() ? QString() : u"removing touched more"_s;
}

/// Does something to the field as a person would; false when there was nothing to do.
bool editAtRandom(FieldEditor& field, QRandomGenerator& random, const std::vector<std::string>& words)
{
    const QString text = QString::fromStdString(words[random.bounded(static_cast<quint32>(words.size()))]);
    if (auto* choice = field.findChild<QComboBox*>(); choice != nullptr) {
        choice->setCurrentIndex(random.bounded(choice->count()));
        emit choice->activated(choice->currentIndex());
        return true;
    }
    auto* list = field.findChild<QListWidget*>(QString(), Qt::FindDirectChildrenOnly);
    auto* line = field.findChild<QLineEdit*>(QString(), Qt::FindDirectChildrenOnly);
    if (line == nullptr) return false;
    if (list == nullptr) {
        line->setText(random.bounded(4) == 0 ? QString() : text);
        emit line->editingFinished();
        return true;
    }
    if (list->count() > 0 && random.bounded(2) == 0) {
        list->setCurrentRow(random.bounded(list->count()));
        field.findChildren<QPushButton*>(QString(), Qt::FindDirectChildrenOnly).at(1)->click();
        return true;
    }
    line->setText(text);
    emit line->returnPressed();
    return true;
}

}  // namespace

class FormTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void everyLeafHasOneControl();
    void everyFieldIsOnAPage();
    void elementsAreEditedInPlace();
    void aliasesAreEditedAsWritten();
    void editsThatWouldBreakTheProfileAreRefused();
    void changedFieldsSaySoAndRevert();
    void anyFieldCanBeShown();
    void randomEditsTouchOnlyTheirSpan();
    void randomWalkOverFormAndTextUndoesToTheByte();

private:
    std::unique_ptr<HostFacts> m_facts = inspectHost(false);
    BackendList m_backends = allBackends();
};

void FormTest::everyLeafHasOneControl()
{
    ProfileDocument document;
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    const ProfileForm form(document, analysis);
    const auto controls = [&form](const std::string& pointer) {
        return form.findChildren<FieldEditor*>(QString::fromStdString(pointer)).size();
    };
    QCOMPARE(controls("/no/such/leaf"), 0);  // The check can fail.
    int leaves = 0;
    for (const FieldInfo& field : configFields()) {
        if (!field.isLeaf() || field.pointer.starts_with("/filesystem/")) continue;
        ++leaves;
        QVERIFY2(controls(field.pointer) == 1, field.pointer.c_str());
        const auto* editor = form.findChild<FieldEditor*>(QString::fromStdString(field.pointer));
        QVERIFY2(editor->focusProxy() != nullptr && !editor->focusProxy()->accessibleName().isEmpty(),
                 field.pointer.c_str());
    }
    QVERIFY(leaves > 70);
    // The three path lists are one table.
    QVERIFY(form.findChild<PathTable*>() != nullptr);
}

void FormTest::everyFieldIsOnAPage()
{
    for (const FieldInfo& field : configFields()) {
        if (!field.isLeaf()) continue;
        int pages = 0;
        for (const FormSection& section : formSections())
            for (const std::string& pointer : section.pointers) pages += isBelow(field.pointer, pointer) ? 1 : 0;
        QVERIFY2(pages == 1, field.pointer.c_str());
    }
    QCOMPARE(sectionOf("/no/such/field"), -1);
}

void FormTest::elementsAreEditedInPlace()
{
    ProfileDocument document;
    document.reset(kOdd);
    QVERIFY2(document.isValid(), document.error() ? document.error()->message.c_str() : "");
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    auto* hash = form.findChild<FieldEditor*>(u"/experimental/belljar/programs/*/sha256"_s);
    auto* path = form.findChild<FieldEditor*>(u"/experimental/belljar/programs/*/path"_s);
    QCOMPARE(path->findChild<QLineEdit*>()->text(), u"/usr/bin"_s);
    auto* programs = form.findChild<FieldEditor*>(u"/experimental/belljar/programs"_s);
    auto* line = programs->findChild<QLineEdit*>(QString(), Qt::FindDirectChildrenOnly);
    QTest::keyClicks(line, u"/usr/bin/env"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QCOMPARE(document.config()->config.experimental->belljar->programs->size(), std::size_t{2});
    QCOMPARE(path->findChild<QLineEdit*>()->text(), u"/usr/bin/env"_s);  // What was added is shown.
    hash->findChild<QLineEdit*>()->setText(QString(64, u'a'));
    emit hash->findChild<QLineEdit*>()->editingFinished();
    QVERIFY(document.text().find("\"sha256\": \"aaaa") != std::string::npos);
    while (document.undoStack().canUndo()) document.undoStack().undo();
    QCOMPARE(document.text(), std::string(kOdd));
}

void FormTest::aliasesAreEditedAsWritten()
{
    ProfileDocument document;
    document.reset(R"({"version": "0.7.0-alpha", "containment": "processcontainer", "process": {"commandLine": "x"},
"appContainer": {"leastPrivilege": true}})");
    QVERIFY2(document.isValid(), document.error() ? document.error()->message.c_str() : "");
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    auto* least = form.findChild<FieldEditor*>(u"/processContainer/leastPrivilege"_s)->findChild<QComboBox*>();
    QCOMPARE(least->currentData().toString(), u"true"_s);
    least->setCurrentIndex(least->findData(u"false"_s));
    emit least->activated(least->currentIndex());
    QVERIFY(document.text().find("\"appContainer\": {\"leastPrivilege\": false}") != std::string::npos);
    QVERIFY(document.text().find("processContainer") == std::string::npos);
}

void FormTest::editsThatWouldBreakTheProfileAreRefused()
{
    ProfileDocument document;
    document.reset(kOdd);
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    const QSignalSpy failed(&form, &ProfileForm::failed);
    auto* version = form.findChild<FieldEditor*>(u"/version"_s)->findChild<QLineEdit*>();
    version->setText(u"0.7.0-alpha"_s);  // Egress rules need 0.8.
    emit version->editingFinished();
    QCOMPARE(failed.count(), 1);
    QCOMPARE(document.text(), std::string(kOdd));
    QCOMPARE(version->text(), u"0.9.0-alpha"_s);
    QVERIFY(!document.undoStack().canUndo());
}

void FormTest::changedFieldsSaySoAndRevert()
{
    ProfileDocument document;
    document.reset(kOdd);
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    form.showField("/process/timeout");
    form.show();
    auto* field = form.findChild<FieldEditor*>(u"/process/timeout"_s);
    const auto marks = [&form] {
        int count = 0;
        for (const auto* button : form.findChildren<QToolButton*>())
            count += button->text() == u"changed, revert"_s && !button->isHidden() ? 1 : 0;
        return count;
    };
    QCOMPARE(marks(), 0);
    field->findChild<QLineEdit*>()->setText(u"70"_s);
    emit field->findChild<QLineEdit*>()->editingFinished();
    QCOMPARE(marks(), 1);
    for (auto* button : form.findChildren<QToolButton*>())
        if (button->text() == u"changed, revert"_s && !button->isHidden()) QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(marks(), 0);
    QCOMPARE(document.text(), std::string(kOdd));
}

void FormTest::anyFieldCanBeShown()
{
    ProfileDocument document;
    document.reset(kOdd);
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    form.show();
    for (const FieldInfo& field : configFields()) {
        form.showField(field.pointer);
        QCOMPARE(form.currentSection(), std::max(sectionOf(field.pointer), field.isLeaf() ? 0 : form.currentSection()));
    }
    form.showField("/network/egress/allow/0/to/0/cidr");
    QCOMPARE(form.currentSection(), sectionOf("/network/egress"));
}

void FormTest::randomEditsTouchOnlyTheirSpan()
{
    ProfileDocument document;
    document.reset(kOdd);
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    QRandomGenerator random(20261122);
    const QList<FieldEditor*> fields = form.findChildren<FieldEditor*>();
    const std::vector<std::string> words{"true", "7", "443",      "65535",        "A=1", "x y \"z\"", "10.0.0.0/8",
                                         "0",    "é", "/opt/a b", "192.0.2.1/32", "{}",  "deny",      "2"};
    std::string before;
    std::string pointer;
    bool removed = false;
    for (const FieldEditor* field : fields) {
        if (field->objectName().contains(u'*')) continue;  // Lists tell what happens in their elements.
        connect(field, &FieldEditor::committed, this, [&, field](const auto& json, const std::string& below) {
            pointer = field->objectName().toStdString() + below;
            removed = !json;
            if (!json || !pointer.ends_with("/-")) return;
            // A new element stands one past the last, or is the first.
            pointer.resize(pointer.size() - 2);
            const Result<JsonText> text = JsonText::parse(before);
            const JsonText::NodeId list = text->find(pointer);
            std::size_t count = 0;
            while (list != JsonText::kNone && text->element(list, count) != JsonText::kNone) ++count;
            pointer += "/" + std::to_string(count);
        });
    }
    std::set<std::string> touched;
    int done = 0;
    for (int tries = 0; tries < 40'000 && done < 1000; ++tries) {
        before = document.text();
        if (!editAtRandom(*fields[random.bounded(static_cast<int>(fields.size()))], random, words)) continue;
        if (document.text() == before) continue;  // Refused, or nothing new.
        ++done;
        touched.insert(pointer);
        const QString wrong = touchedTooMuch(before, document.text(), pointer, removed);
        QVERIFY2(wrong.isEmpty(), qPrintable(u"%1 at %2\n%3\n%4"_s.arg(wrong, QString::fromStdString(pointer),
                                                                       QString::fromStdString(before),
                                                                       QString::fromStdString(document.text()))));
        QVERIFY(document.text().find("\"somebodyElses\" : { \"x\" : [ 1.50, \"\\u0041\" ] }") != std::string::npos);
        QVERIFY(document.isValid());
    }
    QVERIFY2(done >= 1000, qPrintable(QString::number(done)));
    QVERIFY2(touched.size() > 60, qPrintable(QString::number(touched.size())));
}

void FormTest::randomWalkOverFormAndTextUndoesToTheByte()
{
    ProfileDocument document;
    document.reset(kOdd);
    ProfileAnalysis analysis(document, *m_facts, m_backends);
    ProfileForm form(document, analysis);
    QRandomGenerator random(6);
    QObject typist;
    const QList<FieldEditor*> fields = form.findChildren<FieldEditor*>();
    int changes = 0;
    connect(&document, &ProfileDocument::textEdited, this, [&changes] { ++changes; });
    for (int step = 0; step < 200; ++step) {
        const std::uint32_t kind = random.bounded(6U);
        if (kind == 0) {
            document.undoStack().undo();
        } else if (kind == 1) {
            document.undoStack().redo();
        } else if (kind == 2) {
            const std::size_t offset = random.bounded(static_cast<quint32>(document.text().size()));
            document.edit({offset, 1, "x"}, u"typing"_s, &typist);
            document.parseNow();
            if (!document.isValid()) document.undoStack().undo();
        } else {
            editAtRandom(*fields[random.bounded(static_cast<int>(fields.size()))], random, {"1", "/usr", "A=1", "443"});
        }
    }
    QVERIFY2(changes > 60, qPrintable(QString::number(changes)));
    while (document.undoStack().canUndo()) document.undoStack().undo();
    QCOMPARE(document.text(), std::string(kOdd));
    QVERIFY(!document.isModified());
}

BELLJAR_QTEST_MAIN(FormTest)
#include "form_test.moc"
