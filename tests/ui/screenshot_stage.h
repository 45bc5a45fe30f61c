// The window while its pictures are taken: how a page is reached the way a user reaches it, and what has been seen.
#pragma once

#include <QImage>
#include <QSet>
#include <QString>
#include <QStringList>

#include <functional>

#include "ui/views/main_window.h"

class QDialog;

namespace belljar::test {

/// What of the window is on a picture. A dialog that is open is always on it alone.
enum class Frame { window, section };

class Stage {
public:
    /// Pictures go to FOLDER/<page>-ENDING.png.
    Stage(MainWindow& window, QString folder, QString ending);

    [[nodiscard]] MainWindow& window() { return m_window; }
    [[nodiscard]] LivePage& live() { return m_window.livePage(); }

    /// Waits until `done`; false when it does not come.
    [[nodiscard]] static bool until(const std::function<bool()>& done);
    /// Presses a key in the window.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    /// Chooses the entry of a menu by its name; false when there is none, or it is disabled.
    [[nodiscard]] bool choose(const QString& action);
    /// The open dialog, or nullptr.
    [[nodiscard]] static QDialog* dialog();
    [[nodiscard]] static bool dialogOpens();
    /// Runs `command` (empty: the profile's) in the sandbox.
    [[nodiscard]] bool start(const QString& command);
    [[nodiscard]] bool runToTheEnd(const QString& command);
    /// A visible widget of the window or of the open dialog; fails loudly where there is none.
    template <class Widget>
    [[nodiscard]] Widget& find(const char* name)
    {
        return static_cast<Widget&>(
            visible(name, [](QObject* each) { return qobject_cast<Widget*>(each) != nullptr; }));
    }

    /// Takes the picture, notes what is on it and closes the dialog. Empty, or what is wrong.
    [[nodiscard]] QString take(const QString& page, Frame frame);
    /// Pages, sections of the form and dialogs of the app's menus that are on no picture.
    [[nodiscard]] QStringList missing() const;

private:
    [[nodiscard]] QWidget& visible(const char* name, const std::function<bool(QObject*)>& fits);
    [[nodiscard]] QRect area(Frame frame) const;
    [[nodiscard]] QImage grab(Frame frame) const;
    void noteWhatIsSeen();

    MainWindow& m_window;
    QString m_folder;
    QString m_ending;
    QSet<int> m_railRows;
    QSet<int> m_sections;
    QSet<QAction*> m_chosen;
};

}  // namespace belljar::test
