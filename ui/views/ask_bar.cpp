#include "ui/views/ask_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

#include "core/base/visible.h"
#include "ui/models/shown_text.h"
#include "ui/views/data_text.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTickMs = 100;
constexpr int kLongestText = 400;  ///< Characters of what is asked.
constexpr int kTextLines = 3;
constexpr int kListLines = 5;

QString protocolWord(IpProtocol protocol)
{
    switch (protocol) {
        case IpProtocol::tcp: return u"TCP"_s;
        case IpProtocol::udp: return u"UDP"_s;
        default: return u"ICMP"_s;
    }
}

QString who(const NetworkQuestion& question)
{
    return question.process.pid == 0
               ? AskBar::tr("A program")
               : AskBar::tr("%1 (process %2)").arg(shownElided(question.process.name, 60)).arg(question.process.pid);
}

QString what(const NetworkQuestion& question)
{
    const QString name = shownElided(question.name, kLongestText);
    if (question.isLookup) return AskBar::tr("looks up the host %1").arg(name);
    const bool six = question.address.find(':') != std::string::npos;
    const QString address = shown(six ? "[" + question.address + "]" : question.address);
    const QString where = u"%1:%2 (%3)"_s.arg(address).arg(question.port).arg(protocolWord(question.protocol));
    return name.isEmpty() ? AskBar::tr("wants to reach %1").arg(where)
                          : AskBar::tr("wants to reach %1 at %2").arg(name, where);
}

}  // namespace

AskBar::AskBar(QWidget* parent)
    : QFrame(parent),
      m_text(new DataText(kTextLines, this)),
      m_left(new QLabel(this)),
      m_others(new QListWidget(this)),
      m_scope(new QComboBox(this)),
      m_span(new QComboBox(this)),
      m_allow(new QPushButton(tr("&Allow"), this)),
      m_deny(new QPushButton(tr("&Deny"), this)),
      m_close(new QToolButton(this))
{
    setObjectName(u"askBar"_s);
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("A question about the network"));
    makeLayout();
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &AskBar::tick);
    const auto span = [this] { return static_cast<AskSpan>(m_span->currentData().toInt()); };
    connect(m_allow, &QPushButton::clicked, this, [this, span] { answer(true, span()); });
    connect(m_deny, &QPushButton::clicked, this, [this, span] { answer(false, span()); });
    connect(m_close, &QToolButton::clicked, this, [this] { answer(false, AskSpan::once); });
    connect(m_others, &QListWidget::currentRowChanged, this, [this](int row) {
        const auto index = static_cast<std::size_t>(row);
        if (row >= 0 && index < m_questions.size() && m_questions[index].number != m_shown) show(index);
    });
    hide();
}

void AskBar::makeLayout()
{
    auto* layout = new QVBoxLayout(this);
    auto* head = new QHBoxLayout;
    auto* mark = new QLabel(this);
    mark->setPixmap(iconPixmap(u"warning"_s, currentTheme().warning, fontMetrics().height(), devicePixelRatioF()));
    head->addWidget(mark, 0, Qt::AlignVCenter);
    head->addWidget(m_text, 1, Qt::AlignVCenter);
    head->addWidget(m_left, 0, Qt::AlignVCenter);
    head->addWidget(m_close, 0, Qt::AlignVCenter);
    layout->addLayout(head);
    layout->addWidget(m_others);
    auto* row = new QHBoxLayout;
    row->addWidget(m_scope, 1);
    row->addWidget(m_span);
    row->addWidget(m_allow);
    row->addWidget(m_deny);
    layout->addLayout(row);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("What is asked"));
    m_left->setTextFormat(Qt::PlainText);
    m_others->setAccessibleName(tr("All questions that wait"));
    m_others->setMaximumHeight(kListLines * (fontMetrics().height() + 4));
    m_scope->setObjectName(u"askScope"_s);
    m_scope->setAccessibleName(tr("What the answer is about"));
    m_span->setObjectName(u"askSpan"_s);
    m_span->setAccessibleName(tr("How long the answer holds"));
    m_span->addItem(tr("this once"), static_cast<int>(AskSpan::once));
    m_span->addItem(tr("for this run"), static_cast<int>(AskSpan::run));
    m_span->addItem(tr("always, in the profile"), static_cast<int>(AskSpan::always));
    m_span->setToolTip(u"1, 2, 3"_s);  // Its keys.
    m_allow->setToolTip(u"A"_s);
    m_deny->setToolTip(u"D"_s);
    m_allow->setObjectName(u"askAllow"_s);
    m_deny->setObjectName(u"askDeny"_s);
    m_close->setIcon(icon(u"close"_s));
    m_close->setAutoRaise(true);
    m_close->setAccessibleName(tr("Deny this once"));
    m_close->setToolTip(tr("Deny this once (Esc)"));
}

void AskBar::ask(const NetworkQuestion& question)
{
    m_questions.push_back(question);
    auto* item = new QListWidgetItem(who(question) + u' ' + what(question), m_others);
    item->setData(Qt::UserRole, QVariant::fromValue<quint64>(question.number));
    m_others->setVisible(m_questions.size() > 1);
    if (m_shown == 0) show(0);
}

void AskBar::over(std::uint64_t number)
{
    const auto found = std::find_if(m_questions.begin(), m_questions.end(),
                                    [number](const NetworkQuestion& question) { return question.number == number; });
    if (found == m_questions.end()) return;
    delete m_others->takeItem(static_cast<int>(found - m_questions.begin()));
    m_questions.erase(found);
    m_others->setVisible(m_questions.size() > 1);
    if (number != m_shown) return;
    m_shown = 0;
    if (m_questions.empty()) clear();
    else show(0);
}

void AskBar::clear()
{
    m_questions.clear();
    m_others->clear();
    m_shown = 0;
    m_tick.stop();
    hide();
}

QString AskBar::text() const
{
    return m_text->toPlainText();
}

void AskBar::show(std::size_t index)
{
    const NetworkQuestion& question = m_questions[index];
    m_shown = question.number;
    m_since.start();
    m_text->setText(who(question) + u' ' + what(question) + tr(". No rule covers that; it waits for you."));
    m_scope->clear();
    for (const NetworkQuestion::Choice& choice : question.choices)
        m_scope->addItem(shownElided(choice.spec.text, kLongestText));
    m_span->setCurrentIndex(0);
    m_others->setCurrentRow(static_cast<int>(index));
    QFrame::show();
    m_tick.start();
    tick();
}

/// The buttons wake up, and the time that is left runs down. The engine ends the question; this only shows it.
void AskBar::tick()
{
    const bool awake = m_since.elapsed() >= kDeafMs;
    for (QWidget* control :
         {static_cast<QWidget*>(m_allow), static_cast<QWidget*>(m_deny), static_cast<QWidget*>(m_close)})
        control->setEnabled(awake);
    const auto found = std::find_if(m_questions.begin(), m_questions.end(),
                                    [this](const NetworkQuestion& question) { return question.number == m_shown; });
    if (found == m_questions.end()) return;
    const auto left = std::chrono::duration_cast<std::chrono::seconds>(found->until - std::chrono::steady_clock::now());
    const auto seconds = std::max<std::int64_t>(0, left.count());
    m_left->setText(m_questions.size() == 1 ? tr("denied in %1 s").arg(seconds)
                                            : tr("denied in %1 s; %2 wait").arg(seconds).arg(m_questions.size()));
}

void AskBar::answer(bool allow, AskSpan span)
{
    if (m_shown == 0 || m_since.elapsed() < kDeafMs) return;
    NetworkAnswer answer;
    answer.number = m_shown;
    answer.allow = allow;
    answer.span = span;
    answer.choice = static_cast<std::size_t>(std::max(0, m_scope->currentIndex()));
    emit answered(answer);
}

void AskBar::keyPressEvent(QKeyEvent* event)
{
    const auto span = static_cast<AskSpan>(m_span->currentData().toInt());
    const int chosen = event->key() - Qt::Key_1;
    if (event->key() == Qt::Key_Escape) answer(false, AskSpan::once);
    else if (event->key() == Qt::Key_A) answer(true, span);
    else if (event->key() == Qt::Key_D) answer(false, span);
    else if (chosen >= 0 && chosen < m_span->count()) m_span->setCurrentIndex(chosen);
    else QFrame::keyPressEvent(event);
}

}  // namespace belljar
