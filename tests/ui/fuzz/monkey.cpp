#include "tests/ui/fuzz/monkey.h"

#include <QApplication>
#include <QTest>

#include <utility>

#include "core/base/visible.h"
#include "tests/ui/hostile_corpus.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDeepest = 12;  ///< Loops of dialogs and menus within each other; then only Escape is pressed.
constexpr qsizetype kLongestTyped = 60;

}  // namespace

Monkey::Monkey(std::uint64_t seed, QString folder)
    : m_random(seed),
      m_folder(std::move(folder)),
      m_log((m_folder + u"/inputs.txt"_s).toStdString()),
      m_facts(inspectHost(true)),
      m_backends(allBackends())
{
    m_clock.start();
    makeFiles();
    openWindow();
}

Monkey::~Monkey() = default;

void Monkey::openWindow()
{
    m_window.reset();
    m_session.reset();
    m_window.reset(new MainWindow(
        {*m_facts, m_backends, {}, below(8) == 0, m_folder + u"/data"_s, static_cast<ThemeChoice>(below(4))}));
    m_window->show();
}

std::uint64_t Monkey::below(std::uint64_t limit)
{
    return m_random() % limit;  // Not evenly, but the same with every library.
}

void Monkey::say(const QString& what)
{
    m_log << m_steps << ' ' << m_clock.elapsed() << " ms " << visible(what.toStdString())
          << std::endl;  // At once: the next line may be the last.
}

/// What is in front: a menu that is open, else a dialog that must be answered, else the window; and something in it.
QWidget* Monkey::target()
{
    QWidget* front = QApplication::activePopupWidget();
    if (front == nullptr) front = QApplication::activeModalWidget();
    if (front == nullptr) front = m_window.get();
    QList<QWidget*> shown{front};
    for (QWidget* each : front->findChildren<QWidget*>())
        if (each->isVisible() && each->width() > 1 && each->height() > 1) shown << each;
    return oneOf(shown);
}

QPoint Monkey::pointIn(const QWidget& widget)
{
    return {static_cast<int>(below(static_cast<std::uint64_t>(std::max(1, widget.width())))),
            static_cast<int>(below(static_cast<std::uint64_t>(std::max(1, widget.height()))))};
}

QString Monkey::someText()
{
    static const std::vector<std::string> hostile = corpus();
    static const QStringList useful{u"verdict=denied"_s,
                                    u"path:/etc/*"_s,
                                    u"not (proc=cat"_s,
                                    u"time:1s..2s"_s,
                                    u"10.0.0.0/8:443/tcp"_s,
                                    u"www.example.org:443"_s,
                                    u"${CWD}/x"_s,
                                    u"~"_s,
                                    u"echo x; sleep 1"_s,
                                    u"[1, {\"a\": \"b\"}]"_s,
                                    u"0"_s,
                                    u"99999999999999"_s};
    if (below(3) == 0) return QString::fromStdString(oneOf(hostile)).left(kLongestTyped);
    return oneOf(below(4) == 0 ? m_profiles : useful);
}

void Monkey::step()
{
    static constexpr std::pair<int, Input> kInputs[]{
        {260, &Monkey::click},    {30, &Monkey::doubleClick},  {40, &Monkey::drag},        {60, &Monkey::wheel},
        {170, &Monkey::key},      {70, &Monkey::type},         {12, &Monkey::drop},        {40, &Monkey::menuEntry},
        {12, &Monkey::resize},    {20, &Monkey::screenReader}, {14, &Monkey::openProfile}, {10, &Monkey::openRecording},
        {8, &Monkey::changeFile}, {6, &Monkey::run},           {40, &Monkey::sendBatch},   {6, &Monkey::stopOrClose},
        {1, &Monkey::newWindow},
    };
    ++m_steps;
    ++m_depth;
    if (m_depth > kDeepest) {
        say(u"too deep: Escape"_s);
        if (QWidget* front = target()) QTest::keyClick(front->window(), Qt::Key_Escape);
    } else {
        std::uint64_t total = 0;
        for (const auto& [weight, input] : kInputs) total += static_cast<std::uint64_t>(weight);
        std::uint64_t at = below(total);
        for (const auto& [weight, input] : kInputs) {
            if (at < static_cast<std::uint64_t>(weight)) {
                (this->*input)();
                break;
            }
            at -= static_cast<std::uint64_t>(weight);
        }
    }
    --m_depth;
    if (m_depth == 0 && !m_window->isVisible()) m_window->showNormal();
}

}  // namespace belljar::test
