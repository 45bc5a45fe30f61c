#include "ui/views/session_tabs.h"

#include <QTabBar>

#include "ui/views/live_page.h"

namespace belljar {

using namespace Qt::StringLiterals;

SessionTabs::SessionTabs(const HostFacts& facts, const BackendList& backends, ProfileDocument& document,
                         QWidget* parent)
    : QTabWidget(parent), m_facts(facts), m_backends(backends), m_document(document)
{
    setAccessibleName(tr("Sessions"));
    setDocumentMode(true);
    setTabsClosable(true);
    setMovable(true);
    setElideMode(Qt::ElideMiddle);
    setTabBarAutoHide(true);
    setFocusPolicy(Qt::NoFocus);  // Its proxy, the tab bar, is hidden with a single tab: Tab would stop there.
    tabBar()->setAccessibleName(tr("Sessions"));
    connect(this, &QTabWidget::tabCloseRequested, this, &SessionTabs::closeRequested);
    connect(this, &QTabWidget::currentChanged, this, &SessionTabs::currentChangedOrUpdated);
}

SessionTab& SessionTabs::tab(int index) const
{
    return *static_cast<SessionTab*>(widget(index));
}

SessionTab& SessionTabs::current()
{
    return count() == 0 ? addSession() : tab(currentIndex());
}

SessionTab& SessionTabs::addSession()
{
    auto* made = new SessionTab(m_facts, m_backends, m_document, this);
    made->controller().setUsesTerminal(m_usesTerminal);
    made->controller().setAsks(m_asks);
    connect(made, &SessionTab::changed, this, [this, made] { updateTitle(*made); });
    connect(made, &SessionTab::failed, this, &SessionTabs::failed);
    emit added(made);
    setCurrentIndex(addTab(made, tr("New session")));
    return *made;
}

SessionTab& SessionTabs::forNewRun()
{
    SessionTab& now = current();
    return now.controller().isRunning() ? addSession() : now;
}

void SessionTabs::updateTitle(SessionTab& of)
{
    const int index = indexOf(&of);
    QString title = of.title();
    setTabText(index, title.replace(u'&', u"&&"_s));
    if (index == currentIndex()) emit currentChangedOrUpdated();
}

void SessionTabs::closeSession(int index)
{
    SessionTab& closed = tab(index);
    closed.controller().stop();
    if (count() == 1) addSession();
    removeTab(indexOf(&closed));
    delete &closed;
}

int SessionTabs::running() const
{
    int running = 0;
    for (int i = 0; i < count(); ++i) running += tab(i).controller().isRunning() ? 1 : 0;
    return running;
}

void SessionTabs::stopAll()
{
    for (int i = 0; i < count(); ++i) tab(i).controller().stop();
}

void SessionTabs::setUsesTerminal(bool uses)
{
    m_usesTerminal = uses;
    for (int i = 0; i < count(); ++i) tab(i).controller().setUsesTerminal(uses);
}

void SessionTabs::setAsks(bool asks)
{
    m_asks = asks;
    for (int i = 0; i < count(); ++i) tab(i).controller().setAsks(asks);
}

void SessionTabs::applyTheme()
{
    for (int i = 0; i < count(); ++i) tab(i).page().applyTheme();
}

}  // namespace belljar
