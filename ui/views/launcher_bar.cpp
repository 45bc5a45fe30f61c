#include "ui/views/launcher_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "ui/views/clearable.h"
#include "ui/views/icons.h"

namespace belljar {

using namespace Qt::StringLiterals;

LauncherBar::LauncherBar(QWidget* parent)
    : QWidget(parent),
      m_line(new QLineEdit(this)),
      m_run(new QPushButton(icon(u"run"_s), tr("Run"), this)),
      m_stop(new QPushButton(icon(u"stop"_s), tr("Stop"), this))
{
    auto* layout = new QHBoxLayout(this);
    auto* label = new QLabel(tr("Co&mmand:"), this);
    label->setBuddy(m_line);
    layout->addWidget(label);
    layout->addWidget(m_line, 1);
    layout->addWidget(m_run);
    layout->addWidget(m_stop);
    m_line->setObjectName(u"command"_s);
    m_line->setAccessibleName(tr("Command to run"));
    makeClearable(*m_line);
    m_run->setObjectName(u"run"_s);
    m_run->setToolTip(tr("Run in the sandbox (F5)"));
    m_stop->setObjectName(u"stop"_s);
    m_stop->setToolTip(tr("Stop the program and everything it started (Ctrl+.)"));
    setProfileCommand({});
    setRunning(false);
    connect(m_line, &QLineEdit::returnPressed, this, &LauncherBar::runRequested);
    connect(m_run, &QPushButton::clicked, this, &LauncherBar::runRequested);
    connect(m_stop, &QPushButton::clicked, this, &LauncherBar::stopRequested);
}

QString LauncherBar::command() const
{
    return m_line->text().trimmed();
}

void LauncherBar::setCommand(const QString& command)
{
    m_line->setText(command);
}

void LauncherBar::setProfileCommand(const QString& command)
{
    m_line->setPlaceholderText(command.isEmpty()
                                   ? tr("Paste a shell line, or drop a program on this window")
                                   : tr("%1   (from the profile; paste a shell line to run another)").arg(command));
}

void LauncherBar::setRunning(bool running)
{
    m_stop->setEnabled(running);
}

}  // namespace belljar
