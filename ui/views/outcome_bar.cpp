#include "ui/views/outcome_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/models/shown_text.h"
#include "ui/views/data_text.h"
#include "ui/views/icons.h"
#include "ui/views/message_bar.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

OutcomeBar::OutcomeBar(QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_text(new DataText(3, this)),
      m_save(new QPushButton(tr("Save recording…"), this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addWidget(m_icon, 0, Qt::AlignVCenter);
    layout->addWidget(m_text, 1, Qt::AlignVCenter);
    layout->addWidget(m_save);
    m_text->setObjectName(u"outcome"_s);
    m_text->setAccessibleName(tr("How the run ended"));
    QPalette colours = m_text->palette();
    colours.setColor(QPalette::Base, Qt::transparent);
    m_text->setPalette(colours);
    connect(m_save, &QPushButton::clicked, this, &OutcomeBar::saveRecordingRequested);
    showIdle();
}

void OutcomeBar::dress(const QString& iconName, const QColor& colour, const QString& text)
{
    m_icon->setPixmap(iconPixmap(iconName, colour, fontMetrics().height() + 4, devicePixelRatioF()));
    m_text->setText(text);
}

void OutcomeBar::showIdle()
{
    m_save->setEnabled(false);
    dress(u"note"_s, currentTheme().muted, tr("Nothing has run yet. F5 runs the profile's command."));
}

void OutcomeBar::showRunning(const QString& command)
{
    m_save->setEnabled(false);
    dress(u"live"_s, currentTheme().accent, tr("Running: %1").arg(command));
}

QString OutcomeBar::lossText(const Losses& losses)
{
    if (losses.total() == 0) return {};
    return u' ' + tr("%1 events were lost (%2 at the source, %3 when recording, %4 on the way here).")
                      .arg(QString::number(losses.total()), QString::number(losses.source),
                           QString::number(losses.recording), QString::number(losses.queue));
}

QString OutcomeBar::endText(const Outcome& outcome, const Losses& losses)
{
    const auto* failed = std::get_if<SetupFailed>(&outcome.ending);
    return (failed != nullptr ? tr("The program did not start. %1").arg(errorText(failed->error))
                              : tr("The program %1.").arg(shownElided(describe(outcome), 1000))) +
           lossText(losses);
}

void OutcomeBar::showOutcome(const Outcome& outcome, const Losses& losses)
{
    const auto* exited = std::get_if<Exited>(&outcome.ending);
    const bool good = exited != nullptr && exited->code == 0;
    m_save->setEnabled(true);
    const Theme& theme = currentTheme();
    dress(good ? u"allowed"_s : u"warning"_s, good ? theme.allowed : theme.warning, endText(outcome, losses));
}

void OutcomeBar::showOpening(const QString& recording)
{
    m_save->setEnabled(false);
    dress(u"open"_s, currentTheme().accent, tr("Opening %1…").arg(recording));
}

void OutcomeBar::showRecording(const QString& command, const std::optional<Outcome>& outcome, const Losses& losses,
                               const QString& damage)
{
    QString text = tr("A recording of: %1").arg(command) + u'\n';
    text += outcome ? endText(*outcome, losses) : tr("The session did not end in an orderly way.") + lossText(losses);
    if (!damage.isEmpty()) text += u'\n' + tr("The file is damaged; everything before is shown: %1").arg(damage);
    m_save->setEnabled(false);
    const bool good = outcome && damage.isEmpty() && losses.total() == 0;
    dress(good ? u"open"_s : u"warning"_s, good ? currentTheme().accent : currentTheme().warning, text);
}

QString OutcomeBar::text() const
{
    return m_text->toPlainText();
}

}  // namespace belljar
