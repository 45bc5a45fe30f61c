// What the tests share that do the same in the window and on the command line, and compare what comes out of it.
#pragma once

#include <QAction>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QProcess>
#include <QPushButton>

#include "tests/ui/sandbox_support.h"
#include "tests/ui/test_support.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"

namespace belljar::test {

constexpr int kRunLimitMs = 90'000;

/// How a run of the command line ended and what it wrote.
struct CliRun {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

/// The window with a folder of its own, and the command line beside it. Sessions of both know each other, and nobody
/// else's: they meet in XDG_STATE_HOME.
class ParityBench {
public:
    /// To be called before anything asks for this user's folders.
    static QString whyNot(bool needsSandbox)
    {
        static const QTemporaryDir state;
        qputenv("XDG_STATE_HOME", state.path().toUtf8());
        if (qEnvironmentVariableIsEmpty("BELLJAR_BIN"))
            return QStringLiteral("BELLJAR_BIN is not set: where is belljar?");
        return needsSandbox ? whyNoSandbox() : QString();
    }

    ParityBench()
        : window({*m_facts, m_backends, {}, false, folder.filePath(QStringLiteral("data")), ThemeChoice::light})
    {
        window.show();
    }

    /// "File › Save" without marks of keys.
    [[nodiscard]] QAction* action(const QString& path) const
    {
        QWidget* at = window.menuBar();
        for (const QString& title : path.split(QStringLiteral(" › "))) {
            QAction* found = nullptr;
            for (QAction* each : at->actions())
                if (QString(each->text()).remove(QLatin1Char('&')) == title) found = each;
            if (found == nullptr) qFatal("there is no %s", qPrintable(path));
            if (found->menu() == nullptr) return found;
            at = found->menu();
        }
        qFatal("%s is a menu", qPrintable(path));
    }
    void trigger(const QString& path) const
    {
        QAction* found = action(path);
        if (!found->isEnabled()) qFatal("%s cannot be used now", qPrintable(path));
        found->trigger();
    }

    template <class T>
    [[nodiscard]] T* part(const QString& name) const
    {
        T* found = window.findChild<T*>(name);
        if (found == nullptr) qFatal("there is no %s", qPrintable(name));
        return found;
    }

    /// Answers the file dialog that an action has opened.
    [[nodiscard]] bool choose(const QString& path)
    {
        auto* dialog = window.findChild<QFileDialog*>();
        if (dialog == nullptr) return false;
        auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
        dialog->findChild<QListView*>(QStringLiteral("listView"))->clearSelection();  // Of what was suggested.
        name->setText(path);  // As a paste: typing would open the list of completions over the button.
        const auto accept =
            dialog->acceptMode() == QFileDialog::AcceptSave ? QDialogButtonBox::Save : QDialogButtonBox::Open;
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(accept), Qt::LeftButton);
        const bool gone = QTest::qWaitFor([this] { return window.findChild<QFileDialog*>() == nullptr; }, kRunLimitMs);
        window.activateWindow();  // What a window manager does when a dialog goes; there is none offscreen.
        return gone && QTest::qWaitForWindowActive(&window);
    }

    [[nodiscard]] static QProcessEnvironment environment() { return QProcessEnvironment::systemEnvironment(); }
    [[nodiscard]] static QString program() { return qEnvironmentVariable("BELLJAR_BIN") + QStringLiteral("/belljar"); }

    /// Runs `belljar` in the folder; at the end of its input at once.
    [[nodiscard]] CliRun cli(const QStringList& arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(folder.path());
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(program(), arguments);
        if (!process.waitForFinished(kRunLimitMs)) return {-1, {}, "it does not end"};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
                process.readAllStandardError()};
    }

    [[nodiscard]] QString file(const QString& name) const { return folder.filePath(name); }
    [[nodiscard]] QByteArray read(const QString& name) const
    {
        QFile in(QDir(folder.path()).absoluteFilePath(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    QString write(const QString& name, const QByteArray& text) const
    {
        QFile out(file(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("cannot write %s", qPrintable(name));
        return file(name);
    }

private:
    std::unique_ptr<HostFacts> m_facts = inspectHost(true);
    BackendList m_backends = allBackends();

public:
    QTemporaryDir folder;
    MainWindow window;
};

}  // namespace belljar::test

/// Fails the test with what the command line said.
#define BELLJAR_CLI_OK(...)                                       \
    do {                                                          \
        const belljar::test::CliRun ran = __VA_ARGS__;            \
        QVERIFY2(ran.code == 0, (ran.err + ran.out).constData()); \
    } while (false)
