#include "ui/views/chip_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "ui/models/shown_text.h"
#include "ui/views/icons.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kChipBytes = 60;
constexpr std::size_t kMostShown = 8;  ///< Of more, the first are counted only: the row does not grow wider.

}  // namespace

ChipRow::ChipRow(LiveFilter& filter, QWidget* parent)
    : QFrame(parent), m_filter(filter), m_layout(new QHBoxLayout(this))
{
    setObjectName(u"chips"_s);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(4);
    connect(&m_filter, &LiveFilter::changed, this, &ChipRow::fill);
    hide();
}

void ChipRow::fill()
{
    while (QLayoutItem* item = m_layout->takeAt(0)) {
        if (item->widget() != nullptr) item->widget()->deleteLater();
        delete item;
    }
    const std::vector<FilterChip>& chips = m_filter.chips();
    const std::size_t first = chips.size() > kMostShown ? chips.size() - kMostShown : 0;
    if (first != 0) {
        auto* more = new QLabel(tr("%1 more and").arg(first), this);
        more->setTextFormat(Qt::PlainText);
        m_layout->addWidget(more);
    }
    for (std::size_t i = first; i < chips.size(); ++i) {
        const QString label = chips[i].label;
        auto* chip = new QToolButton(this);
        chip->setIcon(icon(u"close"_s));
        chip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        chip->setText(menuText(shownElided(engineText(label), kChipBytes).toStdString()));
        chip->setAccessibleName(tr("Condition %1; press to remove").arg(label));
        chip->setFocusPolicy(Qt::StrongFocus);
        chip->setLayoutDirection(Qt::LeftToRight);
        connect(chip, &QToolButton::clicked, &m_filter, [this, i] { m_filter.remove(i); });
        m_layout->addWidget(chip);
    }
    m_layout->addStretch(1);
    setVisible(!chips.empty());
}

}  // namespace belljar
