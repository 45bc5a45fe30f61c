// What a mouse, a keyboard and a screen reader do.
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QDrag>
#include <QDropEvent>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QTest>
#include <QWheelEvent>

#include "tests/ui/fuzz/monkey.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

namespace {

QString nameOf(const QWidget& widget)
{
    return QString::fromLatin1(widget.metaObject()->className()) + u' ' + widget.objectName();
}

}  // namespace

void Monkey::click()
{
    QWidget* widget = target();
    const QPoint at = pointIn(*widget);
    const std::uint64_t which = below(10);
    const Qt::MouseButton button = which == 0 ? Qt::MiddleButton : which < 3 ? Qt::RightButton : Qt::LeftButton;
    const Qt::KeyboardModifiers modifiers = below(12) == 0 ? Qt::ControlModifier : Qt::NoModifier;
    say(u"click %1 at %2,%3 button %4"_s.arg(nameOf(*widget)).arg(at.x()).arg(at.y()).arg(button));
    const QPointer<QWidget> guard(widget);
    if (button == Qt::RightButton) {
        // Qt's platform would make this one of the click.
        QContextMenuEvent asks(QContextMenuEvent::Mouse, at, widget->mapToGlobal(at));
        QCoreApplication::sendEvent(widget, &asks);
        return;
    }
    QTest::mousePress(widget, button, modifiers, at);
    if (guard) QTest::mouseRelease(guard, button, modifiers, at);
}

void Monkey::doubleClick()
{
    QWidget* widget = target();
    const QPoint at = pointIn(*widget);
    say(u"double click %1 at %2,%3"_s.arg(nameOf(*widget)).arg(at.x()).arg(at.y()));
    QTest::mouseDClick(widget, Qt::LeftButton, {}, at);
}

void Monkey::drag()
{
    const QPointer<QWidget> widget(target());
    say(u"drag in %1"_s.arg(nameOf(*widget)));
    QTest::mousePress(widget, Qt::LeftButton, {}, pointIn(*widget));
    for (std::uint64_t i = 0, moves = 1 + below(4); i < moves && widget; ++i)
        QTest::mouseMove(widget, pointIn(*widget));
    if (widget) QTest::mouseRelease(widget, Qt::LeftButton, {}, pointIn(*widget));
}

void Monkey::wheel()
{
    QWidget* widget = target();
    const QPoint at = pointIn(*widget);
    const int turn = static_cast<int>(below(2000)) - 1000;
    say(u"wheel %1 by %2"_s.arg(nameOf(*widget)).arg(turn));
    QWheelEvent event(at, widget->mapToGlobal(QPointF(at)), {}, {below(5) == 0 ? turn : 0, turn}, Qt::NoButton,
                      below(8) == 0 ? Qt::ControlModifier : Qt::NoModifier, Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(widget, &event);
}

void Monkey::key()
{
    static const QList<Qt::Key> keys{
        Qt::Key_Tab,    Qt::Key_Backtab,  Qt::Key_Return, Qt::Key_Space,     Qt::Key_Escape, Qt::Key_Escape,
        Qt::Key_Up,     Qt::Key_Down,     Qt::Key_Left,   Qt::Key_Right,     Qt::Key_Home,   Qt::Key_End,
        Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Delete, Qt::Key_Backspace, Qt::Key_F1,     Qt::Key_F2,
        Qt::Key_F5,     Qt::Key_F8,       Qt::Key_Menu,   Qt::Key_A,         Qt::Key_D,      Qt::Key_E,
        Qt::Key_F,      Qt::Key_G,        Qt::Key_H,      Qt::Key_K,         Qt::Key_M,      Qt::Key_N,
        Qt::Key_O,      Qt::Key_S,        Qt::Key_T,      Qt::Key_V,         Qt::Key_W,      Qt::Key_X,
        Qt::Key_Y,      Qt::Key_Z,        Qt::Key_1,      Qt::Key_2,         Qt::Key_3,      Qt::Key_Period,
        Qt::Key_Equal,  Qt::Key_Minus};
    static const QList<Qt::KeyboardModifiers> modifiers{
        Qt::NoModifier,      Qt::NoModifier,    Qt::NoModifier,  Qt::ControlModifier,
        Qt::ControlModifier, Qt::ShiftModifier, Qt::AltModifier, Qt::ControlModifier | Qt::ShiftModifier};
    QWidget* widget = QApplication::focusWidget();
    if (widget == nullptr || below(4) == 0) widget = target();
    const Qt::Key pressed = oneOf(keys);
    const Qt::KeyboardModifiers with = oneOf(modifiers);
    say(u"key %1 with %2 to %3"_s.arg(pressed).arg(with.toInt()).arg(nameOf(*widget)));
    const QPointer<QWidget> guard(widget);
    QTest::keyPress(widget, pressed, with);
    if (guard) QTest::keyRelease(guard, pressed, with);
}

void Monkey::type()
{
    QPointer<QWidget> widget(QApplication::focusWidget());
    if (!widget || below(3) == 0) widget = target();
    const QString text = someText();
    say(u"type %1 to %2"_s.arg(text, nameOf(*widget)));
    for (const QChar c : text) {
        if (!widget) return;
        QKeyEvent press(QEvent::KeyPress, 0, Qt::NoModifier, QString(c));
        QCoreApplication::sendEvent(widget, &press);
    }
}

void Monkey::drop()
{
    QWidget* widget = below(2) == 0 ? static_cast<QWidget*>(m_window.get()) : target();
    QMimeData data;
    const QString path = below(3) == 0 ? m_folder : oneOf(below(2) == 0 ? m_profiles : m_recordings);
    if (below(6) == 0) data.setText(someText());
    else data.setUrls({QUrl::fromLocalFile(path)});
    say(u"drop %1 on %2"_s.arg(path, nameOf(*widget)));
    const QPoint at = pointIn(*widget);
    const QPointer<QWidget> guard(widget);
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(widget, &enter);
    if (!guard) return;
    QDropEvent dropped(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(widget, &dropped);
}

void Monkey::menuEntry()
{
    if (QApplication::activeModalWidget() != nullptr) return;  // A person could not reach them either.
    QList<QAction*> entries;
    for (QMenu* menu : m_window->menuBar()->findChildren<QMenu*>())
        for (QAction* action : menu->actions())
            if (action->isEnabled() && !action->isSeparator() && action->menu() == nullptr) entries << action;
    QAction* action = oneOf(entries);
    say(u"menu %1"_s.arg(action->text()));
    action->trigger();
}

void Monkey::resize()
{
    const int width = 1 + static_cast<int>(below(2600));
    const int height = 1 + static_cast<int>(below(1700));
    say(u"resize to %1 x %2"_s.arg(width).arg(height));
    if (below(6) == 0) m_window->showMinimized();
    else if (below(6) == 0) m_window->showMaximized();
    else target()->window()->resize(width, height);
}

void Monkey::screenReader()
{
    QWidget* widget = target();
    say(u"a screen reader asks %1"_s.arg(nameOf(*widget)));
    QAccessibleInterface* asked = QAccessible::queryAccessibleInterface(widget);
    for (int depth = 0; asked != nullptr && asked->isValid() && depth < 6; ++depth) {
        (void)asked->text(QAccessible::Name);
        (void)asked->text(QAccessible::Description);
        (void)asked->text(QAccessible::Value);
        (void)asked->state();
        (void)asked->rect();
        const int children = asked->childCount();
        asked = children > 0 ? asked->child(static_cast<int>(below(static_cast<std::uint64_t>(children)))) : nullptr;
    }
}

}  // namespace belljar::test
