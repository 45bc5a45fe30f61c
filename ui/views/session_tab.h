// One session in the window: its controller, what it shows, and what it asks.
#pragma once

#include <QWidget>

#include "ui/bridge/run_controller.h"

namespace belljar {

class AskBar;
class LivePage;
class MessageBar;
class ProfileDocument;

class SessionTab : public QWidget {
    Q_OBJECT

public:
    /// All must outlive it.
    SessionTab(const HostFacts& facts, const BackendList& backends, ProfileDocument& document,
               QWidget* parent = nullptr);

    [[nodiscard]] RunController& controller() { return m_controller; }
    [[nodiscard]] LivePage& page() { return *m_page; }
    /// What the tab is called: the command in short, with what it waits for.
    [[nodiscard]] QString title() const;
    /// Nothing ran or was opened in it yet.
    [[nodiscard]] bool isUnused() const { return m_name.isEmpty(); }
    /// `name` is ready to be shown.
    void setName(const QString& name);

signals:
    /// The title, or whether it runs.
    void changed();
    void failed(const belljar::Error& error);

private:
    void answer(const NetworkAnswer& answer);
    /// Says aloud what a run lacks on this machine.
    void showLack();

    RunController m_controller;
    ProfileDocument& m_document;
    QString m_name;
    AskBar* m_ask;
    MessageBar* m_lack;
    LivePage* m_page;
};

}  // namespace belljar
