#include "ui/views/live_page.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/bridge/run_controller.h"
#include "ui/models/process_tree_model.h"
#include "ui/views/clearable.h"
#include "ui/views/event_delegate.h"
#include "ui/views/explain_pane.h"
#include "ui/views/icons.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/output_view.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

// Pixels of a window of usual size; the splitters keep the proportion.
constexpr int kTreeShare = 310;
constexpr int kTableShare = 860;

}  // namespace

LivePage::LivePage(RunController& controller, QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_events(new EventTableModel(this)),
      m_processes(new ProcessTreeModel(this)),
      m_tree(new QTreeView(this)),
      m_table(new QTableView(this)),
      m_filter(new QLineEdit(this)),
      m_deniedOnly(new QCheckBox(tr("Denied only"), this)),
      m_follow(new QCheckBox(tr("Follow"), this)),
      m_allProcesses(new QPushButton(tr("All processes"), this)),
      m_count(new QLabel(this)),
      m_explain(new ExplainPane(this)),
      m_output(new OutputView(this)),
      m_outcome(new OutcomeBar(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_outcome);
    auto* parts = new QSplitter(Qt::Vertical, this);
    auto* top = new QSplitter(Qt::Horizontal, parts);
    top->addWidget(m_tree);
    top->addWidget(makeTablePart());
    top->setSizes({kTreeShare, kTableShare});
    top->setStretchFactor(1, 1);
    auto* bottom = new QSplitter(Qt::Horizontal, parts);
    bottom->addWidget(m_output);
    bottom->addWidget(m_explain);
    bottom->setStretchFactor(0, 1);
    bottom->setStretchFactor(1, 1);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    for (QSplitter* splitter : {parts, top, bottom}) splitter->setChildrenCollapsible(false);
    layout->addWidget(parts, 1);
    setUpTree();
    setUpTable();
    connect(m_explain, &ExplainPane::goToRequested, this, &LivePage::goToRequested);
    connect(m_output, &OutputView::typed, &m_controller, &RunController::typeInput);
    connect(m_output, &OutputView::gridChanged, &m_controller, &RunController::setTerminalSize);
    connect(m_outcome, &OutcomeBar::saveRecordingRequested, this, &LivePage::saveRecordingRequested);
    updateCount();
}

QWidget* LivePage::makeTablePart()
{
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(makeFilterRow());
    layout->addWidget(m_table, 1);
    return part;
}

QLayout* LivePage::makeFilterRow()
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 8, 0);
    row->addWidget(m_filter, 1);
    row->addWidget(m_deniedOnly);
    row->addWidget(m_follow);
    row->addWidget(m_allProcesses);
    row->addWidget(m_count);
    m_filter->setObjectName(u"filter"_s);
    m_filter->setAccessibleName(tr("Show events that contain"));
    m_filter->setPlaceholderText(tr("Show events that contain… (Ctrl+F)"));
    makeClearable(*m_filter);
    m_deniedOnly->setObjectName(u"deniedOnly"_s);
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Keep the newest event in sight; scrolling up pauses"));
    m_allProcesses->setEnabled(false);
    m_count->setTextFormat(Qt::PlainText);
    connect(m_filter, &QLineEdit::textChanged, this, &LivePage::applyFilter);
    connect(m_deniedOnly, &QCheckBox::toggled, this, &LivePage::applyFilter);
    connect(m_follow, &QCheckBox::clicked, this, &LivePage::setFollowing);
    connect(m_allProcesses, &QPushButton::clicked, this, [this] {
        m_tree->clearSelection();
        m_tree->setCurrentIndex({});
        applyFilter();
    });
    return row;
}

void LivePage::setUpTree()
{
    m_tree->setObjectName(u"processes"_s);
    m_tree->setAccessibleName(tr("Processes; selecting one shows only its events and those of its children"));
    m_tree->setModel(m_processes);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(fontMetrics().averageCharWidth() * 2);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setTextElideMode(Qt::ElideRight);
    QHeaderView& header = *m_tree->header();
    header.setStretchLastSection(false);
    header.setSectionResizeMode(ProcessTreeModel::kName, QHeaderView::Stretch);
    for (const int column : {ProcessTreeModel::kExit, ProcessTreeModel::kEvents, ProcessTreeModel::kDenied}) {
        const QString title = m_processes->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        header.setSectionResizeMode(column, QHeaderView::Fixed);
        m_tree->setColumnWidth(column, fontMetrics().horizontalAdvance(title) + 12);
    }
    connect(m_processes, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex& parent) { m_tree->expand(parent); });
    connect(m_processes, &QAbstractItemModel::rowsMoved, this,
            [this](const QModelIndex&, int, int, const QModelIndex& parent) { m_tree->expand(parent); });
    connect(m_tree->selectionModel(), &QItemSelectionModel::selectionChanged, this, &LivePage::applyFilter);
}

void LivePage::setUpTable()
{
    m_table->setObjectName(u"events"_s);
    m_table->setAccessibleName(tr("Events; Enter explains one"));
    m_table->setModel(m_events);
    m_table->setItemDelegate(new EventDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setWordWrap(false);
    m_table->setShowGrid(false);
    m_table->setAlternatingRowColors(true);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    QHeaderView& header = *m_table->horizontalHeader();
    header.setHighlightSections(false);
    header.setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header.setSectionResizeMode(QHeaderView::Interactive);
    header.setSectionResizeMode(EventTableModel::kObject, QHeaderView::Stretch);
    const auto width = [this](int characters) { return fontMetrics().averageCharWidth() * characters + 12; };
    m_table->setColumnWidth(EventTableModel::kTime, width(9));
    m_table->setColumnWidth(EventTableModel::kProcess, width(15));
    m_table->setColumnWidth(EventTableModel::kOperation, width(13));
    m_table->setColumnWidth(EventTableModel::kResult, width(11));
    m_table->setColumnWidth(EventTableModel::kVerdict, width(13));
    m_table->setColumnWidth(EventTableModel::kRule, width(23));

    connect(m_table, &QAbstractItemView::activated, this, &LivePage::explainRow);
    connect(m_table->verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_appending) setFollowing(value == m_table->verticalScrollBar()->maximum());
    });
}

void LivePage::setFollowing(bool following)
{
    m_following = following;
    m_follow->setChecked(following);
    if (following) m_table->scrollToBottom();
}

void LivePage::startSession(const QString& command)
{
    m_appending = true;
    m_events->reset(m_controller.rules());
    m_processes->reset();
    m_output->begin(m_controller.usesTerminal());
    m_explain->clear();
    m_outputDropped = 0;
    m_appending = false;
    m_allProcesses->setEnabled(false);
    setFollowing(true);
    m_outcome->showRunning(command);
    updateCount();
}

void LivePage::addBatch(const SessionBatch& batch)
{
    m_appending = true;
    m_processes->append(batch.events);
    // A chosen process may have got children, whose events belong to it.
    const QModelIndexList selected = m_tree->selectionModel()->selectedRows();
    if (!selected.isEmpty() && m_processes->keysBelow(selected.first()) != m_events->filter().processes) applyFilter();
    m_appending = true;
    m_events->append(batch.events);
    m_output->append(1, batch.output);
    m_output->append(2, batch.errors);
    m_outputDropped += batch.outputDropped;
    if (batch.outcome) {
        m_output->finish();
        if (m_outputDropped != 0) {
            m_output->remark(tr("%1 bytes of output came faster than they could be shown").arg(m_outputDropped));
        }
        m_outcome->showOutcome(*batch.outcome, batch.losses);
    }
    if (m_following) m_table->scrollToBottom();
    m_appending = false;
    updateCount();
}

void LivePage::applyFilter()
{
    EventFilter filter;
    filter.contains = m_filter->text();
    filter.deniedOnly = m_deniedOnly->isChecked();
    const QModelIndexList selected = m_tree->selectionModel()->selectedRows();
    if (!selected.isEmpty()) filter.processes = m_processes->keysBelow(selected.first());
    m_allProcesses->setEnabled(!selected.isEmpty());
    m_appending = true;
    m_events->setFilter(filter);
    if (m_following) m_table->scrollToBottom();
    m_appending = false;
    updateCount();
}

void LivePage::updateCount()
{
    const int visibleRows = m_events->rowCount();
    m_count->setText(tr("%1 of %2").arg(QString::number(visibleRows), QString::number(m_events->total())));
}

void LivePage::focusFilter()
{
    m_filter->setFocus();
    m_filter->selectAll();
}

void LivePage::goToDenial(int step)
{
    const QModelIndex current = m_table->currentIndex();
    const int row = m_events->nextDenial(current.isValid() ? current.row() : -1, step);
    if (row < 0) return;
    setFollowing(false);
    const QModelIndex index = m_events->index(row, EventTableModel::kObject);
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index);
    explainRow(index);
}

void LivePage::explainRow(const QModelIndex& index)
{
    if (!index.isValid()) return;
    const Event& event = m_events->event(index.row());
    const auto& policy = m_controller.policy();
    m_explain->explain(EventExplainer::explain(event, m_events->rules(), policy ? &*policy : nullptr), isDenial(event),
                       index.data(EventTableModel::kAbsentRole).toBool());
}

void LivePage::applyTheme()
{
    m_table->viewport()->update();
    m_tree->viewport()->update();
}

}  // namespace belljar
