#include "ui/forms/rule_table_look.h"

#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace belljar {

void dressRuleTable(QTableView& table, QAbstractItemModel& model, int stretched)
{
    table.setModel(&model);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setTabKeyNavigation(false);
    table.setWordWrap(false);
    table.setTextElideMode(Qt::ElideMiddle);
    table.verticalHeader()->hide();
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + 10);
    QHeaderView* header = table.horizontalHeader();
    header->setHighlightSections(false);
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(stretched, QHeaderView::Stretch);
    header->setMinimumSectionSize(4 * table.fontMetrics().averageCharWidth());
}

void fitColumn(QTableView& table, int column, int mostCharacters)
{
    table.resizeColumnToContents(column);
    const int most = std::max(table.horizontalHeader()->sectionSizeHint(column),
                              mostCharacters * table.fontMetrics().averageCharWidth());
    if (table.columnWidth(column) > most) table.setColumnWidth(column, most);
}

}  // namespace belljar
