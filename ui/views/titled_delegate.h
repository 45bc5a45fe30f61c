// Entries of a list with a title and, below it, what it is about: the title bold on one line, the rest quieter and
// broken into lines.
#pragma once

#include <QStyledItemDelegate>

namespace belljar {

/// The first line of an entry's text is its title. For lists that set their resize mode to Adjust.
class TitledDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace belljar
