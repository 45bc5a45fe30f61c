// What the tests of the desktop app share: a main() with a skip that is counted, and settings that touch no user's.
#pragma once

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

namespace belljar::test {

constexpr int kSkipped = 77;

/// Keeps settings and data of a test in a folder of its own.
inline void isolate(const QTemporaryDir& folder)
{
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.path());
    QCoreApplication::setOrganizationName(QStringLiteral("BelljarTest"));
    QCoreApplication::setApplicationName(QStringLiteral("belljar-test"));
}

/// Runs `Test` unless its cannotRun() names a reason, which is printed and counted as a skip.
template <class Test>
int runTest(int argc, char** argv)
{
    const QTemporaryDir folder;
    QApplication application(argc, argv);
    isolate(folder);
    const QString reason = Test::cannotRun();
    if (!reason.isEmpty()) {
        std::printf("SKIP: %s\n", qUtf8Printable(reason));
        return kSkipped;
    }
    Test test;
    return QTest::qExec(&test, argc, argv);
}

}  // namespace belljar::test

#define BELLJAR_QTEST_MAIN(Test)                         \
    int main(int argc, char** argv)                      \
    {                                                    \
        return belljar::test::runTest<Test>(argc, argv); \
    }
