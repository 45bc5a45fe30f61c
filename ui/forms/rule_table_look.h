// How the tables of rules look and behave: one style for paths and networks.
#pragma once

class QAbstractItemModel;
class QTableView;

namespace belljar {

/// Whole rows, one at a time, no wrapping, the first columns as given; `stretched` takes the room that is left.
void dressRuleTable(QTableView& table, QAbstractItemModel& model, int stretched);

/// Makes a column as wide as its title and its longest cell need, but at most `mostCharacters`, where the title does not
/// need more.
void fitColumn(QTableView& table, int column, int mostCharacters);

}  // namespace belljar
