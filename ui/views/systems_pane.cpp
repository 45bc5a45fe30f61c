#include "ui/views/systems_pane.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include "core/engine/systems_preview.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr int kWhyRole = Qt::UserRole;

struct StateLook {
    QString title;
    QString icon;
    QColor colour;
};

StateLook lookOf(PreviewState state)
{
    const Theme& theme = currentTheme();
    switch (state) {
        case PreviewState::enforced: return {SystemsPane::tr("enforced"), u"allowed"_s, theme.allowed};
        case PreviewState::partly: return {SystemsPane::tr("partly"), u"warning"_s, theme.warning};
        case PreviewState::notYet: return {SystemsPane::tr("not yet"), u"warning"_s, theme.warning};
        case PreviewState::accepted: return {SystemsPane::tr("accepted"), u"note"_s, theme.text};
        case PreviewState::noEffect: return {SystemsPane::tr("no effect"), u"absent"_s, theme.muted};
        case PreviewState::refused: return {SystemsPane::tr("refused"), u"denied"_s, theme.denied};
    }
    return {};
}

}  // namespace

SystemsPane::SystemsPane(ProfileDocument& document, ProfileAnalysis& analysis, QWidget* parent)
    : QWidget(parent),
      m_document(document),
      m_analysis(analysis),
      m_table(new QTableWidget(this)),
      m_why(new QLabel(this))
{
    auto* help =
        new QLabel(tr("What becomes of each field that the profile sets, on each containment. \"Accepted\" is what "
                      "MXC takes where this Belljar does not have the containment yet."),
                   this);
    help->setTextFormat(Qt::PlainText);
    help->setWordWrap(true);
    m_table->setObjectName(u"systems"_s);
    m_table->setAccessibleName(tr("The profile on each containment"));
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setWordWrap(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 10);
    m_why->setObjectName(u"systemsWhy"_s);
    m_why->setTextFormat(Qt::PlainText);
    m_why->setWordWrap(true);
    m_why->setMinimumHeight(3 * fontMetrics().lineSpacing());
    m_why->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(help);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_why);
    connect(m_table, &QTableWidget::currentCellChanged, this, &SystemsPane::explain);
    connect(&analysis, &ProfileAnalysis::changed, this, [this] {
        if (isVisible()) refresh();
    });
}

void SystemsPane::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void SystemsPane::refresh()
{
    m_table->clear();
    if (!m_document.config()) return;
    const SystemsPreview preview = previewSystems(*m_document.config(), m_analysis.backends());
    m_table->setColumnCount(static_cast<int>(preview.columns.size()));
    m_table->setRowCount(static_cast<int>(preview.rows.size()));
    QStringList columns;
    for (const PreviewColumn& column : preview.columns)
        columns << tr("%1 (%2)").arg(shown(column.id), shown(column.system));
    m_table->setHorizontalHeaderLabels(columns);
    QStringList rows;
    for (const PreviewRow& row : preview.rows) rows << shown(row.pointer);
    m_table->setVerticalHeaderLabels(rows);
    for (int row = 0; row < m_table->rowCount(); ++row) {
        for (int column = 0; column < m_table->columnCount(); ++column) {
            const PreviewCell& cell =
                preview.rows[static_cast<std::size_t>(row)].cells[static_cast<std::size_t>(column)];
            const StateLook look = lookOf(cell.state);
            auto* item = new QTableWidgetItem(look.title);
            item->setIcon(QIcon(iconPixmap(look.icon, look.colour, fontMetrics().height(), devicePixelRatioF())));
            const QString why = shownElided(cell.why, 600);
            item->setData(kWhyRole, why);
            item->setData(Qt::AccessibleTextRole,
                          tr("%1 on %2: %3. %4").arg(rows[row], columns[column], look.title, why));
            m_table->setItem(row, column, item);
        }
    }
    m_table->resizeColumnsToContents();
    explain();
}

void SystemsPane::explain()
{
    const QTableWidgetItem* item = m_table->currentItem();
    m_why->setText(item == nullptr ? tr("Choose a cell to read why.") : item->data(Qt::AccessibleTextRole).toString());
}

}  // namespace belljar
