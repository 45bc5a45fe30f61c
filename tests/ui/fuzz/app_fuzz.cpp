// Random input against the whole main window: app_fuzz [--seconds N] [--seed N] [--patience N] [--folder FOLDER].
//
// A report of a sanitizer, a crash, or a window that does not answer for `patience` seconds ends it with a failure;
// what was done until then stands in inputs.txt. It may write in its own folder only: see confine.h.
#include <sys/wait.h>
#include <unistd.h>

#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>

#include "tests/ui/fuzz/confine.h"
#include "tests/ui/fuzz/monkey.h"
#include "tests/ui/fuzz/watchdog.h"

namespace {

using namespace belljar;
using namespace Qt::StringLiterals;

constexpr int kSkipped = 77;
constexpr int kUsage = 2;

struct Options {
    long seconds = 10;
    std::uint64_t seed = std::random_device{}();
    long patience = 30;
    std::string folder;  ///< Its own is made in this one.
};

bool read(int argc, char** argv, Options& options)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string word = argv[i];
        if (word == "--seconds") options.seconds = std::strtol(argv[i + 1], nullptr, 10);
        else if (word == "--seed") options.seed = std::strtoull(argv[i + 1], nullptr, 10);
        else if (word == "--patience") options.patience = std::strtol(argv[i + 1], nullptr, 10);
        else if (word == "--folder") options.folder = argv[i + 1];
        else return false;
    }
    return argc % 2 == 1;
}

int play(QApplication& application, const Options& options, const QString& folder)
{
    test::Monkey monkey(options.seed, folder);
    test::Watchdog watchdog(std::chrono::seconds(options.patience),
                            "seed " + std::to_string(options.seed) + ", inputs in " + folder.toStdString());
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(options.seconds);
    // The next input is asked for before one is made, and each by a timer of its own: a dialog's or a menu's loop,
    // which an input may begin, does not fire a timer again that is just being told.
    const std::function<void()> input = [&] {
        watchdog.alive();
        if (std::chrono::steady_clock::now() < end) {
            QTimer::singleShot(0, &application, input);
            monkey.step();
            return;
        }
        if (QWidget* popup = QApplication::activePopupWidget()) popup->close();
        else if (QWidget* dialog = QApplication::activeModalWidget()) dialog->close();
        else return QCoreApplication::exit(0);
        QTimer::singleShot(10, &application, input);
    };
    QTimer::singleShot(0, &application, input);
    QApplication::exec();
    std::cout << "app_fuzz: " << monkey.steps() << " inputs, seed " << options.seed << ", longest wait "
              << watchdog.longest().count() << " ms, nothing wrong\n";
    return 0;
}

/// In a process of its own: who is confined cannot remove the folder.
int playConfined(int argc, char** argv, const Options& options, const QString& folder)
{
    if (const std::string why = test::confineTo(folder.toStdString()); !why.empty()) {
        std::cout << "SKIP: this machine does not let it be confined to a folder: " << why << std::endl;
        return kSkipped;
    }
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QCoreApplication::setOrganizationName(u"BelljarFuzz"_s);
    QCoreApplication::setApplicationName(u"belljar-fuzz"_s);
    QApplication application(argc, argv);
    QGuiApplication::setQuitOnLastWindowClosed(false);
    return play(application, options, folder);
}

}  // namespace

int main(int argc, char** argv)
{
    Options options;
    if (!read(argc, argv, options)) {
        std::cerr << "usage: app_fuzz [--seconds N] [--seed N] [--patience N] [--folder FOLDER]\n";
        return kUsage;
    }
    const QString parent = options.folder.empty() ? QDir::tempPath() : QString::fromStdString(options.folder);
    QTemporaryDir folder(parent + u"/app-fuzz-XXXXXX"_s);
    if (!folder.isValid()) {
        std::cerr << "app_fuzz: there is no folder for it\n";
        return 1;
    }
    const pid_t player = ::fork();
    if (player == 0) {
        folder.setAutoRemove(false);
        std::exit(playConfined(argc, argv, options, folder.path()));
    }
    int status = 0;
    if (player < 0 || ::waitpid(player, &status, 0) != player) return 1;
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    if (code == 0 || code == kSkipped) return code;
    folder.setAutoRemove(false);
    std::cout << "app_fuzz: seed " << options.seed << " failed"
              << (WIFSIGNALED(status) ? " by signal " + std::to_string(WTERMSIG(status)) : std::string())
              << "; what was done stands in " << folder.path().toStdString() << "/inputs.txt\n";
    return 1;
}
