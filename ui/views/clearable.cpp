#include "ui/views/clearable.h"

#include <QCoreApplication>
#include <QLineEdit>
#include <QToolButton>

namespace belljar {

void makeClearable(QLineEdit& line)
{
    line.setClearButtonEnabled(true);
    for (auto* button : line.findChildren<QToolButton*>())
        button->setAccessibleName(QCoreApplication::translate("belljar", "Empty the line"));
}

}  // namespace belljar
