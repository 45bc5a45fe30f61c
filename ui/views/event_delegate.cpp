#include "ui/views/event_delegate.h"

#include <QWidget>

#include "core/model/finding.h"
#include "ui/models/event_table_model.h"
#include "ui/models/finding_model.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

void mark(QStyleOptionViewItem& option, const QString& name, const QColor& colour)
{
    const int size = option.fontMetrics.height();
    const double ratio = option.widget != nullptr ? option.widget->devicePixelRatioF() : 1.0;
    const QPixmap drawn = iconPixmap(name, colour, size, ratio);
    option.icon = QIcon(drawn);
    option.icon.addPixmap(drawn, QIcon::Selected);  // Not washed out in the selected row.
    option.decorationSize = QSize(size, size);
    option.features |= QStyleOptionViewItem::HasDecoration;
    option.palette.setColor(QPalette::Text, colour);
    option.palette.setColor(QPalette::HighlightedText, colour);
}

}  // namespace

void EventDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const Theme& theme = currentTheme();
    const bool denial = index.data(EventTableModel::kDenialRole).toBool();
    const bool absent = index.data(EventTableModel::kAbsentRole).toBool();
    if (const QVariant colour = index.data(EventTableModel::kHighlightRole); colour.isValid()) {
        option->backgroundBrush = theme.highlight(colour.toInt());
        // Not by colour alone; the rule's name is in what screen readers say.
        if (index.column() == EventTableModel::kTime) mark(*option, u"highlight"_s, theme.accent);
    }
    if (index.column() == EventTableModel::kTime && index.data(EventTableModel::kNotedRole).toBool())
        mark(*option, u"bookmark"_s, theme.accent);
    // Of a path, also of that in a rule, both ends say more than the middle.
    const bool isPath = index.column() == EventTableModel::kObject || index.column() == EventTableModel::kRule;
    option->textElideMode = isPath ? Qt::ElideMiddle : Qt::ElideRight;
    if (index.column() == EventTableModel::kVerdict) {
        if (denial) mark(*option, u"denied"_s, theme.denied);
        else if (absent) mark(*option, u"absent"_s, theme.muted);
        else if (!option->text.isEmpty()) mark(*option, u"allowed"_s, theme.allowed);
    } else if (denial && index.column() == EventTableModel::kObject) {
        option->palette.setColor(QPalette::Text, theme.denied);
        option->palette.setColor(QPalette::HighlightedText, theme.denied);
    } else if ((index.column() == EventTableModel::kTime && option->icon.isNull()) ||
               index.column() == EventTableModel::kRule) {
        option->palette.setColor(QPalette::Text, theme.muted);
    }
}

void FindingDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const Theme& theme = currentTheme();
    switch (static_cast<Severity>(index.data(FindingModel::kSeverityRole).toInt())) {
        case Severity::error: mark(*option, u"error"_s, theme.denied); break;
        case Severity::warning: mark(*option, u"warning"_s, theme.warning); break;
        case Severity::note: mark(*option, u"note"_s, theme.muted); break;
    }
}

}  // namespace belljar
