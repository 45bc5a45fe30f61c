// The parts of the live page and how they are put together.
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/bridge/run_controller.h"
#include "ui/models/group_model.h"
#include "ui/models/process_tree_model.h"
#include "ui/models/shown_text.h"
#include "ui/views/chip_row.h"
#include "ui/views/data_text.h"
#include "ui/views/event_table_view.h"
#include "ui/views/explain_pane.h"
#include "ui/views/fix_bar.h"
#include "ui/views/fix_list.h"
#include "ui/views/icons.h"
#include "ui/views/live_page.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/output_view.h"
#include "ui/views/query_bar.h"
#include "ui/views/timeline.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

// Pixels of a window of usual size; the splitters keep the proportion.
constexpr int kTreeShare = 320;
constexpr int kTableShare = 850;
constexpr int kFewestOfName = 18;     ///< Characters of a process in the tree.
constexpr int kGroupCharacters = 11;  ///< Of what is grouped by.
constexpr int kTopShare = 292;
constexpr int kTimelineShare = 117;
constexpr int kBottomShare = 261;
constexpr int kMargin = 8;       ///< Around the page, in pixels.
constexpr int kExplainMs = 120;  ///< Who runs through the list with a key held down wants no explanation of each.
constexpr int kGroupMs = 1000;   ///< Between counts of a running session.

/// The fields that people group by most, first; then all others.
std::vector<QueryFieldId> groupFields()
{
    using enum QueryFieldId;
    std::vector<QueryFieldId> fields{path, host, process, verdict, rule, kind, result, time};
    for (const QueryFieldRow& row : queryFields())
        if (countable(row.id) && std::find(fields.begin(), fields.end(), row.id) == fields.end())
            fields.push_back(row.id);
    return fields;
}

}  // namespace

LivePage::LivePage(RunController& controller, ProfileDocument& document, QWidget* parent)
    : QWidget(parent),
      m_controller(controller),
      m_document(document),
      m_events(new EventTableModel(this)),
      m_processes(new ProcessTreeModel(this)),
      m_groups(new GroupModel(this)),
      m_filter(new LiveFilter(controller.system().homePath, this)),
      m_tree(new QTreeView(this)),
      m_table(new EventTableView(*m_events, this)),
      m_groupTable(new QTableView(this)),
      m_lists(new QStackedWidget(this)),
      m_query(new QueryBar([this](const std::string& query) { return m_filter->setTyped(query); }, this)),
      m_filters(new QPushButton(this)),
      m_groupBox(new QComboBox(this)),
      m_deniedOnly(new QCheckBox(tr("Denied"), this)),
      m_follow(new QCheckBox(tr("Follow"), this)),
      m_count(new QLabel(this)),
      m_timeline(new Timeline(m_activity, this)),
      m_explain(new ExplainPane(this)),
      m_output(new OutputView(this)),
      m_outcome(new OutcomeBar(this)),
      m_fixBar(new FixBar(document, controller, this))
{
    makeLayout();
    setUpTree();
    setUpGroups();
    connectParts();
    loadHighlights();
    updateCount();
}

void LivePage::makeLayout()
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_outcome);
    layout->addWidget(m_fixBar);
    auto* parts = new QSplitter(Qt::Vertical, this);
    auto* top = new QSplitter(Qt::Horizontal, parts);
    top->addWidget(m_tree);
    top->addWidget(makeTablePart());
    top->setSizes({kTreeShare, kTableShare});
    top->setStretchFactor(0, 1);
    top->setStretchFactor(1, 3);
    parts->addWidget(m_timeline);
    auto* bottom = new QSplitter(Qt::Horizontal, parts);
    bottom->addWidget(m_output);
    bottom->addWidget(m_explain);
    bottom->setStretchFactor(0, 1);
    bottom->setStretchFactor(1, 1);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 0);
    parts->setStretchFactor(2, 2);
    parts->setSizes({kTopShare, kTimelineShare, kBottomShare});
    for (QSplitter* splitter : {parts, top, bottom}) splitter->setChildrenCollapsible(false);
    parts->setCollapsible(1, true);
    m_timeline->setMinimumHeight(3 * fontMetrics().height());
    auto* framed = new QVBoxLayout;
    framed->setContentsMargins(kMargin, 0, kMargin, 0);
    framed->addWidget(parts);
    layout->addLayout(framed, 1);
}

QWidget* LivePage::makeTablePart()
{
    auto* part = new QWidget(this);
    auto* layout = new QVBoxLayout(part);
    layout->setContentsMargins(2, 0, 0, 0);
    layout->setSpacing(4);
    layout->addLayout(makeQueryRow());
    layout->addWidget(&m_query->message());
    layout->addWidget(new ChipRow(*m_filter, part));
    m_lists->addWidget(m_table);
    m_lists->addWidget(m_groupTable);
    layout->addWidget(m_lists, 1);
    return part;
}

QLayout* LivePage::makeQueryRow()
{
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_query, 1);
    row->addWidget(m_filters);
    row->addWidget(m_deniedOnly);
    row->addWidget(m_groupBox);
    row->addWidget(m_follow);
    row->addWidget(m_count);
    m_filters->setObjectName(u"filters"_s);
    m_filters->setText(tr("Filters"));
    m_filters->setAccessibleName(tr("Saved filters and highlights"));
    m_filters->setIcon(icon(u"filter"_s));
    auto* menu = new QMenu(m_filters);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] { fillFilterMenu(*menu); });
    m_filters->setMenu(menu);
    m_deniedOnly->setObjectName(u"deniedOnly"_s);
    m_deniedOnly->setToolTip(tr("Only what was denied and exists"));
    m_groupBox->setObjectName(u"groupBy"_s);
    m_groupBox->setAccessibleName(tr("Group events by"));
    m_groupBox->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_groupBox->setMinimumContentsLength(kGroupCharacters);
    m_groupBox->addItem(tr("No groups"), -1);
    for (const QueryFieldId field : groupFields())
        m_groupBox->addItem(tr("By %1").arg(shown(queryField(field).name)), static_cast<int>(field));
    m_follow->setChecked(true);
    m_follow->setToolTip(tr("Keep the newest event in sight; scrolling up pauses"));
    m_count->setTextFormat(Qt::PlainText);
    m_count->setObjectName(u"shownCount"_s);
    return row;
}

void LivePage::setUpTree()
{
    m_tree->setObjectName(u"processes"_s);
    m_tree->setAccessibleName(tr("Processes; Enter shows only the events of one and of what it started"));
    m_tree->setModel(m_processes);
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(fontMetrics().averageCharWidth() * 2);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setTextElideMode(Qt::ElideRight);
    QHeaderView& header = *m_tree->header();
    header.setStretchLastSection(false);
    header.setSectionResizeMode(ProcessTreeModel::kName, QHeaderView::Stretch);
    int width = kFewestOfName * fontMetrics().averageCharWidth();
    for (const int column : {ProcessTreeModel::kExit, ProcessTreeModel::kEvents, ProcessTreeModel::kDenied}) {
        const QString title = m_processes->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        header.setSectionResizeMode(column, QHeaderView::Fixed);
        m_tree->setColumnWidth(column, fontMetrics().horizontalAdvance(title) + 12);
        width += m_tree->columnWidth(column);
    }
    m_tree->setMinimumWidth(width);
    connect(m_processes, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex& parent) { m_tree->expand(parent); });
    connect(m_processes, &QAbstractItemModel::rowsMoved, this,
            [this](const QModelIndex&, int, int, const QModelIndex& parent) { m_tree->expand(parent); });
    connect(m_processes, &QAbstractItemModel::modelReset, m_tree, [this] { m_tree->expandToDepth(2); });
    connect(m_tree, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        const QString name = m_processes->index(index.row(), ProcessTreeModel::kName, index.parent()).data().toString();
        pushFilter(tr("from %1").arg(name), "tree:" + std::to_string(m_processes->key(index).first), u"tree"_s);
    });
}

void LivePage::setUpGroups()
{
    m_groupTable->setObjectName(u"groups"_s);
    m_groupTable->setAccessibleName(tr("Groups of events; Enter shows the events of one"));
    m_groupTable->setModel(m_groups);
    m_groupTable->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_groupTable->setSelectionMode(QAbstractItemView::SingleSelection);
    m_groupTable->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_groupTable->setTabKeyNavigation(false);
    m_groupTable->setWordWrap(false);
    m_groupTable->setShowGrid(false);
    m_groupTable->setAlternatingRowColors(true);
    m_groupTable->verticalHeader()->hide();
    m_groupTable->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_groupTable->verticalHeader()->setMinimumSectionSize(fontMetrics().height() + 6);
    m_groupTable->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    QHeaderView& header = *m_groupTable->horizontalHeader();
    header.setHighlightSections(false);
    header.setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header.setSectionResizeMode(GroupModel::kValue, QHeaderView::Stretch);
    for (int column = GroupModel::kCount; column < GroupModel::kColumnCount; ++column)
        m_groupTable->setColumnWidth(column, fontMetrics().averageCharWidth() * 12);
    header.setSortIndicator(GroupModel::kCount, Qt::DescendingOrder);
    m_groupTable->setSortingEnabled(true);
    connect(m_groupTable, &QAbstractItemView::activated, this, [this](const QModelIndex& index) {
        const std::string query = m_groups->queryOf(index.row());
        if (query.empty()) return;
        m_groupBox->setCurrentIndex(0);
        pushFilter(shown(query), query);
        m_table->setFocus();
    });
}

void LivePage::connectParts()
{
    connect(m_filter, &LiveFilter::changed, this, &LivePage::showFilter);
    connect(m_events, &EventTableModel::viewChanged, this, &LivePage::updateCount);
    connect(m_events, &EventTableModel::busyChanged, this, &LivePage::updateCount);
    connect(m_query, &QueryBar::valuesWanted, this, &LivePage::countValues);
    connect(m_query, &QueryBar::leftDownwards, this, [this] { m_lists->currentWidget()->setFocus(); });
    connect(m_deniedOnly, &QCheckBox::clicked, this, [this](bool on) {
        if (on) pushFilter(tr("denied"), "verdict=denied", u"denied"_s);
        else
            for (std::size_t i = m_filter->chips().size(); i-- > 0;)
                if (m_filter->chips()[i].kind == "denied"_L1) m_filter->remove(i);
    });
    connect(m_groupBox, &QComboBox::currentIndexChanged, this, &LivePage::groupBy);
    connect(m_follow, &QCheckBox::clicked, m_table, &EventTableView::setFollowing);
    connect(m_table, &EventTableView::followingChanged, m_follow, &QCheckBox::setChecked);
    connect(m_table, &EventTableView::actionRequested, this, &LivePage::actOnCell);
    connect(m_table, &EventTableView::popRequested, m_filter, &LiveFilter::pop);
    connect(m_table, &QAbstractItemView::activated, this,
            [this](const QModelIndex& index) { explainRow(index.row()); });
    connect(m_table, &EventTableView::currentEventChanged, &m_explainLater, qOverload<>(&QTimer::start));
    connect(m_timeline, &Timeline::brushed, this, [this](std::int64_t from, std::int64_t to) {
        const QString first = QString::number(static_cast<double>(from) / 1e9, 'f', 3);
        const QString last = QString::number(static_cast<double>(to) / 1e9, 'f', 3);
        pushFilter(tr("%1 s to %2 s").arg(first, last),
                   "time:" + std::to_string(from) + "ns.." + std::to_string(to) + "ns", u"time"_s);
    });
    connect(m_timeline, &Timeline::brushCleared, this, [this] {
        for (std::size_t i = m_filter->chips().size(); i-- > 0;)
            if (m_filter->chips()[i].kind == "time"_L1) m_filter->remove(i);
    });
    connect(m_timeline, &Timeline::processChosen, this, [this](std::int32_t pid) {
        pushFilter(tr("from process %1").arg(pid), "tree:" + std::to_string(pid), u"tree"_s);
    });
    connect(m_output, &OutputView::typed, &m_controller, &RunController::typeInput);
    connect(m_output, &OutputView::gridChanged, &m_controller, &RunController::setTerminalSize);
    connect(m_explain, &ExplainPane::goToRequested, this, &LivePage::goToRequested);
    connect(m_explain, &ExplainPane::revealRequested, this, [this](bool reveals) {
        m_events->setRevealed(m_explained, reveals);
        const std::size_t event = m_events->columns().eventOf(m_explained);
        const int row = event < m_events->total() ? m_events->rowOf(event) : -1;
        if (row >= 0) explainRow(row);
    });
    connect(&m_explain->fixes(), &FixList::fixRequested, m_fixBar, &FixBar::apply);
    connect(m_fixBar, &FixBar::runRequested, this, &LivePage::runRequested);
    connect(m_outcome, &OutcomeBar::saveRecordingRequested, this, &LivePage::saveRecordingRequested);
    m_explainLater.setSingleShot(true);
    m_explainLater.setInterval(kExplainMs);
    connect(&m_explainLater, &QTimer::timeout, this, &LivePage::explainCurrent);
    m_groupLater.setSingleShot(true);
    m_groupLater.setInterval(kGroupMs);
    connect(&m_groupLater, &QTimer::timeout, this, &LivePage::countGroups);
}

}  // namespace belljar
