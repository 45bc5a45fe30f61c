// All sessions of the window, each in a tab of its own: a new run never ends another one.
#pragma once

#include <QTabWidget>

#include "ui/views/session_tab.h"

namespace belljar {

class SessionTabs : public QTabWidget {
    Q_OBJECT

public:
    /// Empty until it is asked for something. All must outlive it.
    SessionTabs(const HostFacts& facts, const BackendList& backends, ProfileDocument& document,
                QWidget* parent = nullptr);

    [[nodiscard]] SessionTab& current();
    /// The current tab when nothing runs in it, else a new one; it becomes the current one.
    SessionTab& forNewRun();
    SessionTab& addSession();
    /// Closes a tab, and stops what runs in it. The last one is replaced by an unused one.
    void closeSession(int index);
    [[nodiscard]] int running() const;
    void stopAll();

    /// For this and all later sessions: see RunController.
    void setUsesTerminal(bool uses);
    void setAsks(bool asks);
    void applyTheme();

signals:
    /// A tab was made: its page is to be connected.
    void added(belljar::SessionTab* tab);
    /// Another tab, or something of the current one.
    void currentChangedOrUpdated();
    void closeRequested(int index);
    void failed(const belljar::Error& error);

private:
    [[nodiscard]] SessionTab& tab(int index) const;
    void updateTitle(SessionTab& tab);

    const HostFacts& m_facts;
    const BackendList& m_backends;
    ProfileDocument& m_document;
    bool m_usesTerminal = false;
    bool m_asks = false;
};

}  // namespace belljar
