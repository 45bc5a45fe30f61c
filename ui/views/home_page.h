// The first page: what can be begun, what was open lately, and what this machine can run.
#pragma once

#include <QStringList>
#include <QWidget>

#include "core/engine/backend.h"

class QAction;
class QListWidget;
class QVBoxLayout;

namespace belljar {

class HomePage : public QWidget {
    Q_OBJECT

public:
    /// The actions become large buttons; what they say and do is theirs.
    HomePage(const QList<QAction*>& actions, const BackendList& backends, const SystemFacts& facts,
             QWidget* parent = nullptr);

    /// Absolute paths, the newest first.
    void setRecent(const QStringList& paths);

signals:
    void recentChosen(const QString& path);

private:
    void addAction(QAction& action, QVBoxLayout& layout);
    QWidget* makeBeginning(const QList<QAction*>& actions);
    QWidget* makeMachine(const BackendList& backends, const SystemFacts& facts);

    QListWidget* m_recent;
};

}  // namespace belljar
