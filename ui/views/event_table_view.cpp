#include "ui/views/event_table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>

#include "core/events/event_table.h"
#include "ui/models/event_table_model.h"
#include "ui/models/shown_text.h"
#include "ui/views/event_delegate.h"
#include "ui/views/icons.h"
#include "ui/views/theme.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kLayoutKey = "live/columns"_L1;
constexpr int kCellMargins = 12;  ///< Pixels.
constexpr int kRuleShare = 3;     ///< What fraction of the object's and the rule's room the rule gets.
constexpr int kFewestOfRule = 8;  ///< Characters.

}  // namespace

EventTableView::EventTableView(EventTableModel& model, QWidget* parent)
    : QTableView(parent), m_model(model), m_newButton(new QPushButton(this))
{
    setModel(&m_model);
    setUpLook();
    setUpColumns();
    m_newButton->setObjectName(u"newEvents"_s);
    m_newButton->setIcon(icon(u"next"_s));
    m_newButton->hide();
    connect(m_newButton, &QPushButton::clicked, this, [this] {
        if (m_model.heldBack() != 0) m_model.refresh();
        setFollowing(true);
    });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &EventTableView::rowsCame);
    connect(&m_model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_moving = true; });
    connect(&m_model, &QAbstractItemModel::modelReset, this, &EventTableView::viewIsReset);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_moving) setFollowing(value == verticalScrollBar()->maximum());
    });
}

void EventTableView::setUpLook()
{
    setObjectName(u"events"_s);
    setAccessibleName(
        tr("Events; Enter explains one, = shows only this value, - hides it, H highlights, T shows the process tree"));
    setItemDelegate(new EventDelegate(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setTabKeyNavigation(false);
    setWordWrap(false);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setVerticalScrollMode(QAbstractItemView::ScrollPerItem);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(fontMetrics().height() + 6);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
}

void EventTableView::setUpColumns()
{
    QHeaderView& header = *horizontalHeader();
    header.setHighlightSections(false);
    header.setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header.setSectionResizeMode(QHeaderView::Interactive);
    header.setSectionsMovable(true);
    header.setSortIndicatorShown(true);
    header.setSortIndicatorClearable(true);
    header.setSectionsClickable(true);
    header.setContextMenuPolicy(Qt::CustomContextMenu);
    for (int column = 0; column < EventTableModel::kColumnCount; ++column) {
        setColumnWidth(column, fontMetrics().averageCharWidth() * EventTableModel::charactersOf(column) + kCellMargins);
        setColumnHidden(column, !EventTableModel::shownAtFirst(column));
    }
    const QByteArray saved = QSettings().value(kLayoutKey).toByteArray();
    m_ruleWidth = columnWidth(EventTableModel::kRule);
    if (!saved.isEmpty()) header.restoreState(saved);
    header.setSectionResizeMode(EventTableModel::kObject, QHeaderView::Stretch);
    header.setSortIndicator(-1, Qt::AscendingOrder);
    connect(&header, &QHeaderView::sortIndicatorChanged, this, [this](int column, Qt::SortOrder order) {
        if (column < 0) m_model.unsort();
        else m_model.sort(column, order);
    });
    connect(&header, &QHeaderView::sectionMoved, this, &EventTableView::saveLayout);
    connect(&header, &QHeaderView::customContextMenuRequested, this, [this](const QPoint& at) {
        QMenu* menu = makeColumnMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->popup(horizontalHeader()->mapToGlobal(at));
    });
}

void EventTableView::saveLayout() const
{
    QSettings().setValue(kLayoutKey, horizontalHeader()->saveState());
}

QMenu* EventTableView::makeColumnMenu(QWidget* parent)
{
    auto* menu = new QMenu(tr("Columns"), parent);
    for (int column = 0; column < EventTableModel::kColumnCount; ++column) {
        QAction* action = menu->addAction(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!isColumnHidden(column));
        action->setEnabled(column != EventTableModel::kObject);
        connect(action, &QAction::toggled, this, [this, column](bool on) {
            setColumnHidden(column, !on);
            saveLayout();
        });
    }
    menu->addSeparator();
    menu->addAction(tr("As at first"), this, [this] {
        QSettings().remove(kLayoutKey);
        for (int column = 0; column < EventTableModel::kColumnCount; ++column) {
            setColumnHidden(column, !EventTableModel::shownAtFirst(column));
            horizontalHeader()->moveSection(horizontalHeader()->visualIndex(column), column);
        }
        QSettings().remove(kLayoutKey);
    });
    return menu;
}

void EventTableView::setFollowing(bool following)
{
    const bool changed = m_following != following;
    m_following = following;
    if (following) {
        m_moving = true;
        scrollToBottom();
        m_moving = false;
    }
    if (changed && !following) m_seenRows = m_model.rowCount();
    showNew();
    if (changed) emit followingChanged(following);
}

void EventTableView::rowsCame()
{
    if (m_following) {
        m_moving = true;
        scrollToBottom();
        m_moving = false;
    }
    showNew();
}

void EventTableView::viewIsReset()
{
    m_moving = true;
    m_seenRows = m_model.rowCount();
    if (m_following) scrollToBottom();
    else if (m_currentEvent >= 0) goTo(static_cast<std::size_t>(m_currentEvent));
    m_moving = false;
    showNew();
}

void EventTableView::allSeen()
{
    m_seenRows = m_model.rowCount();
    showNew();
}

void EventTableView::showNew()
{
    const std::uint64_t held = m_model.heldBack();
    const int rows = m_following ? 0 : m_model.rowCount() - m_seenRows;
    const std::uint64_t fresh = held != 0 ? held : static_cast<std::uint64_t>(std::max(rows, 0));
    m_newButton->setVisible(fresh != 0);
    if (fresh == 0) return;
    m_newButton->setText(held != 0 ? tr("%1 new, sort them in").arg(fresh) : tr("%1 new").arg(fresh));
    m_newButton->setAccessibleName(tr("%1 new events; shows the newest").arg(fresh));
    m_newButton->adjustSize();
    m_newButton->move(viewport()->geometry().bottomRight() -
                      QPoint(m_newButton->width() + 8, m_newButton->height() + 8));
}

bool EventTableView::goTo(std::size_t event)
{
    const int row = event < m_model.total() ? m_model.rowOf(event) : -1;
    if (row < 0) return false;
    const int column = currentIndex().isValid() ? currentIndex().column() : EventTableModel::kObject;
    const QModelIndex index = m_model.index(row, column);
    const bool moving = std::exchange(m_moving, true);
    setCurrentIndex(index);
    scrollTo(index, QAbstractItemView::EnsureVisible);
    m_moving = moving;
    return true;
}

void EventTableView::currentChanged(const QModelIndex& current, const QModelIndex& previous)
{
    QTableView::currentChanged(current, previous);
    if (!current.isValid()) return;  // A reset: the event stays the current one.
    m_currentEvent = static_cast<qint64>(m_model.eventNumber(current.row()));
    if (!m_moving) setFollowing(current.row() == m_model.rowCount() - 1 && m_following);
    emit currentEventChanged();
}

void EventTableView::copyRow(const QModelIndex& index) const
{
    // As the terminal shows it: escaped, on one line.
    QApplication::clipboard()->setText(QString::fromStdString(eventLine(m_model.event(index.row()), m_model.rules())));
}

void EventTableView::keyPressEvent(QKeyEvent* event)
{
    const QModelIndex index = currentIndex();
    const Qt::KeyboardModifiers modifiers = event->modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier);
    if (event->matches(QKeySequence::Copy) && index.isValid()) {
        copyRow(index);
        return;
    }
    if (modifiers == Qt::NoModifier) {
        const auto act = [&](CellAction action) {
            if (index.isValid()) emit actionRequested(action, index);
        };
        switch (event->key()) {
            case Qt::Key_Equal: return act(CellAction::include);
            case Qt::Key_Minus: return act(CellAction::exclude);
            case Qt::Key_H: return act(CellAction::highlight);
            case Qt::Key_T: return act(CellAction::tree);
            case Qt::Key_M: return act(CellAction::bookmark);
            case Qt::Key_N: return act(CellAction::note);
            case Qt::Key_G: return act(CellAction::group);
            case Qt::Key_Backspace: emit popRequested(); return;
            case Qt::Key_End: setFollowing(true); return;
            default: break;
        }
    }
    QTableView::keyPressEvent(event);
}

void EventTableView::contextMenuEvent(QContextMenuEvent* event)
{
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    const QModelIndex index = byMouse ? indexAt(event->pos()) : currentIndex();
    if (!index.isValid()) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString value = menuText(m_model.cellQuery(index));
    const QPersistentModelIndex cell(index);
    const auto add = [&](const QString& text, const QString& key, CellAction action, bool enabled = true) {
        QAction* entry = menu->addAction(text + u'\t' + key, this, [this, cell, action] {
            if (cell.isValid()) emit actionRequested(action, cell);
        });
        entry->setEnabled(enabled);
    };
    add(tr("Show only %1").arg(value), u"="_s, CellAction::include, !value.isEmpty());
    add(tr("Hide %1").arg(value), u"-"_s, CellAction::exclude, !value.isEmpty());
    add(tr("Highlight %1").arg(value), u"H"_s, CellAction::highlight, !value.isEmpty());
    add(tr("Show only this process and what it started"), u"T"_s, CellAction::tree);
    add(tr("Group by this column"), u"G"_s, CellAction::group, countable(EventTableModel::fieldOf(index.column())));
    menu->addSeparator();
    add(index.data(EventTableModel::kNotedRole).toBool() ? tr("Remove the bookmark") : tr("Bookmark"), u"M"_s,
        CellAction::bookmark);
    add(tr("Write a note…"), u"N"_s, CellAction::note);
    menu->addSeparator();
    menu->addAction(tr("Copy the line") + u'\t' + QKeySequence(QKeySequence::Copy).toString(), this, [this, cell] {
        if (cell.isValid()) copyRow(cell);
    });
    menu->addMenu(makeColumnMenu(menu));
    menu->popup(byMouse ? event->globalPos() : viewport()->mapToGlobal(visualRect(index).center()));
}

/// An empty list says why it is empty.
void EventTableView::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (m_model.rowCount() != 0 || m_model.isBusy()) return;
    QPainter painter(viewport());
    painter.setPen(currentTheme().muted);
    painter.drawText(
        viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap,
        m_model.total() == 0 ? tr("What a program tries is listed here.") : tr("No event fits all conditions."));
}

/// In a narrow list the rule gives up room before the object does; whoever moved the border wants it where it is.
void EventTableView::fitRule()
{
    int others = 0;
    for (int column = 0; column < EventTableModel::kColumnCount; ++column)
        if (column != EventTableModel::kObject && column != EventTableModel::kRule) others += columnWidth(column);
    const int character = fontMetrics().averageCharWidth();
    const int most = character * EventTableModel::charactersOf(EventTableModel::kRule) + kCellMargins;
    const int width = std::clamp((viewport()->width() - others) / kRuleShare, character * kFewestOfRule, most);
    if (columnWidth(EventTableModel::kRule) == m_ruleWidth) setColumnWidth(EventTableModel::kRule, width);
    m_ruleWidth = width;
}

void EventTableView::resizeEvent(QResizeEvent* event)
{
    QTableView::resizeEvent(event);
    fitRule();
    if (m_following) {  // A bar that appears takes room from the list, not the newest event.
        m_moving = true;
        scrollToBottom();
        m_moving = false;
    }
    showNew();
}

}  // namespace belljar
