// Random input for the whole main window: clicks, wheel, drags, drops, keys, hostile text, menus, sizes, files that are
// hostile or change meanwhile, sessions, and batches of events.
#pragma once

#include <QElapsedTimer>
#include <QPoint>
#include <QPointer>
#include <QString>
#include <QStringList>

#include <fstream>
#include <memory>
#include <random>

#include "backends/registry.h"
#include "core/platform/platform.h"
#include "tests/ui/made_events.h"
#include "ui/views/live_page.h"
#include "ui/views/main_window.h"

class QWidget;

namespace belljar::test {

class Monkey {
public:
    /// Everything that it makes stands in `folder`; what it does is written to inputs.txt there, line by line, before
    /// it is done. The same seed does the same as long as the window answers the same: what runs beside it has its own
    /// clock.
    Monkey(std::uint64_t seed, QString folder);
    ~Monkey();

    /// One input. May be called again while it is being done: dialogs and menus have loops of their own.
    void step();
    [[nodiscard]] long steps() const { return m_steps; }

private:
    using Input = void (Monkey::*)();

    [[nodiscard]] std::uint64_t below(std::uint64_t limit);
    template <class List>
    [[nodiscard]] const auto& oneOf(const List& list)
    {
        return list[static_cast<decltype(list.size())>(below(static_cast<std::uint64_t>(list.size())))];
    }
    void say(const QString& what);
    [[nodiscard]] QWidget* target();
    [[nodiscard]] QPoint pointIn(const QWidget& widget);
    [[nodiscard]] QString someText();
    void openWindow();

    // monkey_input.cpp
    void click();
    void doubleClick();
    void drag();
    void wheel();
    void key();
    void type();
    void drop();
    void menuEntry();
    void resize();
    void screenReader();
    // monkey_files.cpp
    void makeFiles();
    void openProfile();
    void openRecording();
    void changeFile();
    void run();
    void sendBatch();
    void stopOrClose();
    void newWindow();

    std::mt19937_64 m_random;
    QString m_folder;
    std::ofstream m_log;
    QElapsedTimer m_clock;
    std::unique_ptr<HostFacts> m_facts;
    BackendList m_backends;
    std::unique_ptr<MainWindow> m_window;
    QStringList m_profiles;
    QStringList m_recordings;
    std::unique_ptr<Session> m_session;  ///< Of made-up events.
    QPointer<LivePage> m_sessionPage;    ///< Where it is shown.
    std::size_t m_sent = 0;              ///< So many events.
    long m_steps = 0;
    int m_depth = 0;
};

}  // namespace belljar::test
