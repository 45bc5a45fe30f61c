// Unsaved edits outlive a SIGKILL, come back as one edit that can be undone, and are never those of a running app.
#include <QDir>
#include <QFile>
#include <QProcess>

#include <csignal>
#include <cstring>

#include "tests/ui/test_support.h"
#include "ui/models/draft_keeper.h"
#include "ui/models/profile_document.h"

using namespace belljar;
using namespace Qt::StringLiterals;

namespace {

constexpr const char* kSaved = "{\"version\": \"0.8.0-alpha\"}\n";

void edit(ProfileDocument& document, const std::string& text)
{
    document.edit({0, document.text().size(), text}, u"edit"_s);
}

/// What the process that is killed does: edits `file`, or a new profile when it is empty.
int editAndDie(const QString& folder, const QString& file)
{
    ProfileDocument document;
    if (!file.isEmpty() && !document.load(file).ok()) return 1;
    DraftKeeper keeper(document, folder);
    edit(document, "half of an ed");
    keeper.flush();
    std::raise(SIGKILL);
    return 1;
}

}  // namespace

class DraftTest : public QObject {
    Q_OBJECT

public:
    static QString cannotRun() { return {}; }

private slots:
    void init() { m_folder.reset(new QTemporaryDir); }
    void survivesAKill();
    void survivesAKillWithoutAFile();
    void aRunningAppKeepsItsOwn();
    void savingAndUndoingTakeItAway();
    void anOrderlyEndTakesItAway();
    void damagedAndOldDraftsAreNotOffered();

private:
    [[nodiscard]] QString drafts() const { return m_folder->filePath(u"drafts"_s); }
    void crash(const QString& file);
    std::unique_ptr<QTemporaryDir> m_folder;
};

void DraftTest::crash(const QString& file)
{
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(), {u"--crash"_s, drafts(), file});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitStatus(), QProcess::CrashExit);
}

void DraftTest::survivesAKill()
{
    const QString path = m_folder->filePath(u"profile.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kSaved);
    file.close();
    crash(path);
    const std::optional<Draft> draft = DraftKeeper::abandoned(drafts());
    QVERIFY(draft.has_value());
    QCOMPARE(draft->filePath, path);
    QCOMPARE(QFile(draft->keptIn).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    ProfileDocument document;
    DraftKeeper::restore(*draft, document);
    QCOMPARE(document.text(), std::string("half of an ed"));
    QCOMPARE(document.filePath(), path);
    QVERIFY(document.isModified());
    document.undoStack().undo();
    QCOMPARE(document.text(), std::string(kSaved));
    QVERIFY(!DraftKeeper::abandoned(drafts()).has_value());  // It was taken.
}

void DraftTest::survivesAKillWithoutAFile()
{
    crash({});
    const std::optional<Draft> draft = DraftKeeper::abandoned(drafts());
    QVERIFY(draft.has_value());
    QVERIFY(draft->filePath.isEmpty());
    ProfileDocument document;
    DraftKeeper::restore(*draft, document);
    QCOMPARE(document.text(), std::string("half of an ed"));
}

void DraftTest::aRunningAppKeepsItsOwn()
{
    ProfileDocument document;
    DraftKeeper keeper(document, drafts());
    edit(document, "{}");
    keeper.flush();
    QCOMPARE(QDir(drafts()).entryList({u"*.draft"_s}).size(), 1);
    QVERIFY(!DraftKeeper::abandoned(drafts()).has_value());
}

void DraftTest::savingAndUndoingTakeItAway()
{
    ProfileDocument document;
    DraftKeeper keeper(document, drafts());
    const auto count = [this] { return QDir(drafts()).entryList({u"*.draft"_s}).size(); };
    edit(document, "{ }");
    QTRY_COMPARE(count(), 1);  // A moment after the edit, by itself.
    document.undoStack().undo();
    QCOMPARE(count(), 0);
    edit(document, kSaved);
    keeper.flush();
    QCOMPARE(count(), 1);
    QVERIFY(document.save(m_folder->filePath(u"saved.json"_s)).ok());
    QCOMPARE(count(), 0);
}

void DraftTest::anOrderlyEndTakesItAway()
{
    {
        ProfileDocument document;
        DraftKeeper keeper(document, drafts());
        edit(document, "{ }");
        keeper.flush();
    }
    QVERIFY(QDir(drafts()).entryList(QDir::Files).isEmpty());
}

void DraftTest::damagedAndOldDraftsAreNotOffered()
{
    QVERIFY(QDir().mkpath(drafts()));
    const auto write = [this](const QString& name, const QByteArray& bytes) {
        QFile file(drafts() + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    };
    write(u"a.draft"_s, "not JSON");
    write(u"b.draft"_s, "{\"text\": 7, \"writtenAtMs\": 1}");
    write(u"c.draft"_s, "{\"text\": \"{}\", \"writtenAtMs\": 1}");
    QVERIFY(!DraftKeeper::abandoned(drafts()).has_value());
    QVERIFY(!QFile::exists(drafts() + u"/c.draft"_s));  // Of 1970.
    QVERIFY(!DraftKeeper::abandoned(m_folder->filePath(u"nowhere"_s)).has_value());
}

int main(int argc, char** argv)
{
    if (argc == 4 && std::strcmp(argv[1], "--crash") == 0) {
        const QCoreApplication application(argc, argv);
        return editAndDie(QString::fromLocal8Bit(argv[2]), QString::fromLocal8Bit(argv[3]));
    }
    return belljar::test::runTest<DraftTest>(argc, argv);
}

#include "draft_test.moc"
