// What would allow a denied event: a button for each change, the narrowest first, with what else it opens below it.
// Where something secret would be opened, the button works only after a box has been ticked that says so.
#pragma once

#include <QWidget>

#include "ui/models/fix_options.h"

class QCheckBox;
class QVBoxLayout;

namespace belljar {

class FixList : public QWidget {
    Q_OBJECT

public:
    explicit FixList(QWidget* parent = nullptr);

    /// `canChangeSession`: the event is one of the running session.
    void show(const Fixes& fixes, bool canChangeSession);
    void clear();
    /// All that is shown, for tests and for copying.
    [[nodiscard]] QString text() const;

signals:
    void fixRequested(const belljar::FixOption& option, bool alsoInSession);

private:
    void addOption(const FixOption& option, int number);

    QVBoxLayout* m_layout;
    QWidget* m_content = nullptr;
    QCheckBox* m_alsoSession = nullptr;  ///< Of m_content.
};

}  // namespace belljar
