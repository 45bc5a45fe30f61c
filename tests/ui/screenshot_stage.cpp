#include "tests/ui/screenshot_stage.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QScreen>
#include <QStackedWidget>
#include <QTest>

#include <utility>

#include "tests/ui/picture.h"
#include "ui/forms/form_sections.h"
#include "ui/forms/profile_form.h"
#include "ui/views/launcher_bar.h"
#include "ui/views/live_page.h"
#include "ui/views/profile_page.h"
#include "ui/views/theme.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 90'000;
constexpr int kSettleMs = 400;
constexpr int kWebSettleMs = 800;  ///< For the editor's own process to paint.

/// Entries of menus which open the file dialog of Qt: that is none of our pages.
const QStringList kFileDialogs{u"open"_s,   u"openRecording"_s, u"saveAs"_s,
                               u"export"_s, u"saveRecording"_s, u"exportEvents"_s};

bool holds(const QImage& image, const QColor& colour)
{
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            if (image.pixel(x, y) == colour.rgb()) return true;
    return false;
}

}  // namespace

Stage::Stage(MainWindow& window, QString folder, QString ending)
    : m_window(window), m_folder(std::move(folder)), m_ending(std::move(ending))
{
    for (const QMenu* menu : window.menuBar()->findChildren<QMenu*>())
        for (QAction* action : menu->actions())
            QObject::connect(action, &QAction::triggered, &window, [this, action] { m_chosen.insert(action); });
}

bool Stage::until(const std::function<bool()>& done)
{
    return QTest::qWaitFor(done, kPatienceMs);
}

void Stage::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    m_window.activateWindow();
    (void)QTest::qWaitForWindowActive(&m_window);
    QTest::keyClick(&m_window, key, modifiers);
}

bool Stage::choose(const QString& name)
{
    auto* action = m_window.findChild<QAction*>(name);
    if (action == nullptr || !action->isEnabled()) return false;
    action->trigger();
    return true;
}

QDialog* Stage::dialog()
{
    for (QWidget* top : QApplication::topLevelWidgets())
        if (auto* found = qobject_cast<QDialog*>(top); found != nullptr && found->isVisible()) return found;
    return nullptr;
}

bool Stage::dialogOpens()
{
    return until([] { return dialog() != nullptr; });
}

bool Stage::start(const QString& command)
{
    m_window.launcher().setCommand(command);
    press(Qt::Key_F5);
    return until([this] { return m_window.controller().isRunning() || live().events().total() != 0; });
}

bool Stage::runToTheEnd(const QString& command)
{
    return start(command) && until([this] { return !m_window.controller().isRunning(); });
}

QWidget& Stage::visible(const char* name, const std::function<bool(QObject*)>& fits)
{
    QWidget* const roots[] = {dialog(), &m_window};
    for (QWidget* root : roots) {
        if (root == nullptr) continue;
        for (QWidget* each : root->findChildren<QWidget*>(QString::fromLatin1(name)))
            if (fits(each) && each->isVisible()) return *each;
    }
    qFatal("there is no %s to be seen", name);
}

QRect Stage::area(Frame frame) const
{
    QWidget* shown = dialog();
    if (shown == nullptr) shown = &m_window;
    if (dialog() == nullptr && frame == Frame::section)
        shown = m_window.profilePage().form().findChild<QStackedWidget*>();
    return {shown->mapToGlobal(QPoint(0, 0)), shown->size()};
}

QImage Stage::grab(Frame frame) const
{
    // From the screen: QWidget::grab() would miss what Chromium paints, and lists that hang over the window.
    const QRect place = area(frame);
    return m_window.screen()
        ->grabWindow(0, place.x(), place.y(), place.width(), place.height())
        .toImage()
        .convertToFormat(QImage::Format_RGB32);
}

QString Stage::take(const QString& page, Frame frame)
{
    QTest::qWait(kSettleMs);
    QImage image = grab(frame);
    const EditorHost& editor = m_window.profilePage().editorHost();
    if (editor.isVisible() && dialog() == nullptr && frame == Frame::window) {
        // Chromium paints when it likes: keys of the JSON in their colour, twice the same.
        const bool painted = until([&] {
            QTest::qWait(kWebSettleMs);
            const QImage before = std::exchange(image, grab(frame));
            return image == before && holds(image, currentTheme().key);
        });
        if (!painted) return u"its text is not painted"_s;
    }
    noteWhatIsSeen();
    const QString file = u"%1/%2-%3.png"_s.arg(m_folder, page, m_ending);
    const bool written = withFewColours(image).save(file, "PNG", 0);  // 0: the smallest file.
    if (QDialog* open = dialog(); open != nullptr) {
        open->reject();
        if (!until([] { return dialog() == nullptr; })) return u"its dialog does not close"_s;
    }
    return written ? whyBlank(image) : u"%1 cannot be written"_s.arg(file);
}

void Stage::noteWhatIsSeen()
{
    if (dialog() != nullptr) return;
    m_railRows.insert(m_window.findChild<QListWidget*>(u"rail"_s)->currentRow());
    if (m_window.profilePage().isVisible()) m_sections.insert(m_window.profilePage().form().currentSection());
}

QStringList Stage::missing() const
{
    QStringList missing;
    const auto* rail = m_window.findChild<QListWidget*>(u"rail"_s);
    for (int row = 0; row < rail->count(); ++row)
        if (!m_railRows.contains(row)) missing += u"the page "_s + rail->item(row)->text();
    for (int section = 0; section < m_window.profilePage().form().sectionCount(); ++section)
        if (!m_sections.contains(section)) missing += u"section %1 of the form"_s.arg(section);
    for (const QMenu* menu : m_window.menuBar()->findChildren<QMenu*>()) {
        for (QAction* action : menu->actions()) {
            const bool opens = action->text().endsWith(u'…') && !kFileDialogs.contains(action->objectName());
            if (opens && !m_chosen.contains(action)) missing += u"the dialog of "_s + action->text();
        }
    }
    return missing;
}

}  // namespace belljar::test
