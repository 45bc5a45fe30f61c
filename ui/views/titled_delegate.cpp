#include "ui/views/titled_delegate.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QPainter>

#include "ui/views/theme.h"

namespace belljar {

namespace {

constexpr int kAcross = 8;  ///< Pixels around the text.
constexpr int kAbove = 5;

QString titleOf(const QString& text)
{
    return text.section(u'\n', 0, 0);
}

QString restOf(const QString& text)
{
    return text.section(u'\n', 1);
}

QFont bold(QFont font)
{
    font.setBold(true);
    return font;
}

}  // namespace

void TitledDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem item(option);
    initStyleOption(&item, index);
    item.text.clear();
    const QString text = index.data().toString();
    const QStyle* style = item.widget != nullptr ? item.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
    const QRect box = item.rect.adjusted(kAcross, kAbove, -kAcross, -kAbove);
    painter->save();
    painter->setFont(bold(item.font));
    painter->setPen(currentTheme().text);
    const QFontMetrics metrics(painter->font());
    painter->drawText(box, Qt::AlignTop | Qt::AlignLeft,
                      metrics.elidedText(titleOf(text), Qt::ElideRight, box.width()));
    painter->setFont(item.font);
    painter->setPen(currentTheme().muted);
    painter->drawText(box.adjusted(0, metrics.lineSpacing(), 0, 0), Qt::AlignTop | Qt::AlignLeft | Qt::TextWordWrap,
                      restOf(text));
    painter->restore();
}

QSize TitledDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const auto* view = qobject_cast<const QAbstractItemView*>(option.widget);
    const int width = view != nullptr ? view->viewport()->width() : option.rect.width();
    const QString rest = restOf(index.data().toString());
    const QRect broken = option.fontMetrics.boundingRect(QRect(0, 0, std::max(1, width - 2 * kAcross), QWIDGETSIZE_MAX),
                                                         Qt::TextWordWrap, rest);
    const int title = QFontMetrics(bold(option.font)).lineSpacing();
    return {0, title + (rest.isEmpty() ? 0 : broken.height()) + 2 * kAbove};
}

}  // namespace belljar
