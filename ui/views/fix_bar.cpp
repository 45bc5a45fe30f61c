#include "ui/views/fix_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/bridge/run_controller.h"
#include "ui/models/shown_text.h"
#include "ui/views/data_text.h"
#include "ui/views/icons.h"
#include "ui/views/message_bar.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

FixBar::FixBar(ProfileDocument& document, RunController& controller, QWidget* parent)
    : QFrame(parent),
      m_document(document),
      m_controller(controller),
      m_icon(new QLabel(this)),
      m_text(new DataText(4, this)),
      m_undo(new QPushButton(icon(u"undo"_s), tr("Undo"), this)),
      m_run(new QPushButton(icon(u"run"_s), tr("Run again (F5)"), this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->addWidget(m_icon, 0, Qt::AlignVCenter);
    layout->addWidget(m_text, 1, Qt::AlignVCenter);
    layout->addWidget(m_undo);
    layout->addWidget(m_run);
    m_text->setAccessibleName(tr("What was changed"));
    m_text->setObjectName(u"fixMessage"_s);
    m_undo->setObjectName(u"undoFix"_s);
    m_run->setObjectName(u"runAgain"_s);
    connect(m_undo, &QPushButton::clicked, this, [this] {
        if (m_document.undoStack().index() == m_undoIndex) m_document.undoStack().undo();
        hide();
    });
    connect(m_run, &QPushButton::clicked, this, [this] {
        hide();
        emit runRequested();
    });
    // What came after it would be undone first: then it is no longer this bar's to undo.
    connect(&m_document.undoStack(), &QUndoStack::indexChanged, this,
            [this](int index) { m_undo->setEnabled(index == m_undoIndex); });
    hide();
}

void FixBar::say(const QString& text, bool isProblem, bool isApplied)
{
    QPalette colours = m_text->palette();
    colours.setColor(QPalette::Base, Qt::transparent);
    colours.setColor(QPalette::Text, isProblem ? currentTheme().denied : currentTheme().text);
    m_text->setPalette(colours);
    m_text->setText(text);
    m_icon->setPixmap(iconPixmap(isProblem ? u"error"_s : u"fix"_s,
                                 isProblem ? currentTheme().denied : currentTheme().accent, fontMetrics().height() + 4,
                                 devicePixelRatioF()));
    m_undo->setVisible(isApplied);
    m_undo->setEnabled(isApplied);
    m_run->setVisible(isApplied);
    m_run->setEnabled(!m_controller.isRunning());
    show();
}

QString FixBar::changeSession(const FixOption& option)
{
    if (option.path) {
        const Result<PathChangeResult> changed = m_controller.changePath(*option.path);
        if (!changed) return tr("The running session was not changed: %1").arg(errorText(changed.error()));
        return tr("In the running session %1 was %2 and is %3 now.")
            .arg(shownElided(changed->path, 300), shown(changed->before), shown(changed->after));
    }
    if (option.network) {
        const Result<NetworkChangeResult> changed = m_controller.changeNetwork(*option.network);
        if (!changed) return tr("The running session was not changed: %1").arg(errorText(changed.error()));
        return tr("In the running session %1 was %2 and is %3 now.")
            .arg(shownElided(changed->spec, 300), shown(changed->before), shown(changed->after));
    }
    return tr("The running session cannot be changed like that.");
}

void FixBar::apply(const FixOption& option, bool alsoInSession)
{
    m_document.parseNow();
    if (option.needsSameProfile && m_document.text() != m_controller.profileText()) {
        say(tr("The profile has changed since this run, so the rule to remove may stand elsewhere. Run it again "
               "first."),
            true, false);
        return;
    }
    const Result<void> done = m_document.change(option.steps, option.title);
    if (!done) {
        say(tr("The profile was not changed: %1").arg(errorText(done.error())), true, false);
        return;
    }
    m_undoIndex = m_document.undoStack().index();
    QString text = tr("Profile changed: %1.").arg(option.title);
    if (alsoInSession) text += u'\n' + changeSession(option);
    say(text, false, true);
}

QString FixBar::text() const
{
    return m_text->toPlainText();
}

}  // namespace belljar
