#include "ui/views/message_bar.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>

#include "ui/models/shown_text.h"
#include "ui/views/data_text.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostLines = 4;
constexpr std::size_t kMostBytes = 2000;

}  // namespace

QString errorText(const Error& error)
{
    QString text = shownElided(error.message, kMostBytes);
    if (!error.where.empty()) text += u"\n"_s + MessageBar::tr("Where: %1").arg(shownElided(error.where, kMostBytes));
    if (!error.native.empty()) text += u" ("_s + shownElided(error.native, kMostBytes) + u")"_s;
    if (!error.hint.empty()) text += u"\n"_s + MessageBar::tr("Fix: %1").arg(shownElided(error.hint, kMostBytes));
    return text;
}

QMessageBox* plainBox(QWidget* parent, const QString& title, const QString& text)
{
    auto* box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setWindowTitle(title);
    box->setText(text);
    return box;
}

MessageBar::MessageBar(bool closable, QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_text(new DataText(kMostLines, this)),
      m_action(new QPushButton(this)),
      m_close(new QToolButton(this))
{
    setFrameShape(QFrame::StyledPanel);
    auto* layout = new QHBoxLayout(this);
    layout->addWidget(m_icon, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1, Qt::AlignVCenter);
    layout->addWidget(m_action, 0, Qt::AlignVCenter);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    m_text->setAccessibleName(tr("Message"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_close->setIcon(icon(u"close"_s));
    m_close->setAutoRaise(true);
    m_close->setAccessibleName(tr("Close the message"));
    m_close->setToolTip(tr("Close the message"));
    m_close->setVisible(closable);
    m_action->hide();
    connect(m_close, &QToolButton::clicked, this, &QWidget::hide);
    m_action->setObjectName(u"messageAction"_s);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        if (m_do) m_do();
    });
    hide();
}

void MessageBar::dress()
{
    const Theme& theme = currentTheme();
    const QString name = m_severity == Severity::error     ? u"error"_s
                         : m_severity == Severity::warning ? u"warning"_s
                                                           : u"note"_s;
    const QColor colour = m_severity == Severity::error     ? theme.denied
                          : m_severity == Severity::warning ? theme.warning
                                                            : theme.accent;
    m_icon->setPixmap(iconPixmap(name, colour, fontMetrics().height() + 4, devicePixelRatioF()));
    QPalette colours = m_text->palette();
    colours.setColor(QPalette::Base, Qt::transparent);
    colours.setColor(QPalette::Text, m_severity == Severity::error ? theme.denied : theme.text);
    m_text->setPalette(colours);
}

void MessageBar::showText(Severity severity, const QString& text)
{
    m_severity = severity;
    m_action->hide();
    m_do = nullptr;
    const QString word = severity == Severity::error     ? tr("Error")
                         : severity == Severity::warning ? tr("Warning")
                                                         : QString();
    m_text->setText(word.isEmpty() ? text : u"%1: %2"_s.arg(word, text));
    dress();
    show();
}

void MessageBar::showError(const Error& error)
{
    showText(Severity::error, errorText(error));
}

void MessageBar::offer(const QString& text, const QString& button, std::function<void()> action)
{
    showText(Severity::note, text);
    m_do = std::move(action);
    m_action->setText(button);
    m_action->show();
}

QString MessageBar::text() const
{
    return m_text->toPlainText();
}

void MessageBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && isVisible()) dress();
}

}  // namespace belljar
