#include "ui/models/process_tree_model.h"

#include <unordered_set>

#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

ProcessTreeModel::ProcessTreeModel(QObject* parent) : QAbstractItemModel(parent), m_root(std::make_unique<Node>()) {}

ProcessTreeModel::~ProcessTreeModel() = default;

void ProcessTreeModel::reset()
{
    beginResetModel();
    m_nodes.clear();
    m_latest.clear();
    m_root = std::make_unique<Node>();
    endResetModel();
}

ProcessTreeModel::Node* ProcessTreeModel::addNode(const Event& event)
{
    const auto known = m_latest.find(event.parentPid);
    Node* parent = known == m_latest.end() ? m_root.get() : known->second;
    if (m_nodes.size() >= kMostProcesses) return parent;
    const int row = static_cast<int>(parent->children.size());
    auto node = std::make_unique<Node>();
    node->key = {event.pid, event.processStart};
    node->parentPid = event.parentPid;
    node->name = event.processName;
    node->parent = parent;
    node->row = row;
    Node* added = node.get();
    beginInsertRows(indexOf(parent, 0), row, row);
    parent->children.push_back(std::move(node));
    m_nodes[added->key] = added;
    m_latest[event.pid] = added;
    endInsertRows();
    adoptOrphans(*added);
    return added;
}

/// A child's first event can arrive before any of its parent's: such children wait at the top.
void ProcessTreeModel::adoptOrphans(Node& parent)
{
    auto& orphans = m_root->children;
    for (std::size_t i = 0; i < orphans.size();) {
        Node* orphan = orphans[i].get();
        if (orphan->parentPid != parent.key.first || orphan->key.second < parent.key.second || orphan == &parent) {
            ++i;
            continue;
        }
        const int from = static_cast<int>(i);
        const int to = static_cast<int>(parent.children.size());
        beginMoveRows({}, from, from, indexOf(&parent, 0), to);
        orphan->parent = &parent;
        orphan->row = to;
        parent.children.push_back(std::move(orphans[i]));
        orphans.erase(orphans.begin() + from);
        for (std::size_t after = i; after < orphans.size(); ++after) orphans[after]->row = static_cast<int>(after);
        endMoveRows();
    }
}

void ProcessTreeModel::append(std::span<const Event> events)
{
    std::unordered_set<Node*> touched;
    for (const Event& event : events) {
        const auto known = m_nodes.find({event.pid, event.processStart});
        Node* node = known == m_nodes.end() ? addNode(event) : known->second;
        if (node == m_root.get()) continue;
        ++node->events;
        if (isDenial(event)) ++node->denied;
        if (node->key == ProcessKey{event.pid, event.processStart}) {
            if (!event.processName.empty()) node->name = event.processName;
            if (event.kind == EventKind::processExit) {
                node->ended = true;
                node->ending = event.detail;
            }
        }
        touched.insert(node);
    }
    for (const Node* node : touched) { emit dataChanged(indexOf(node, 0), indexOf(node, kColumnCount - 1)); }
}

void ProcessTreeModel::collect(const Node& node, QSet<ProcessKey>& keys)
{
    keys.insert(node.key);
    for (const auto& child : node.children) collect(*child, keys);
}

QSet<ProcessKey> ProcessTreeModel::keysBelow(const QModelIndex& index) const
{
    QSet<ProcessKey> keys;
    if (index.isValid()) collect(*nodeOf(index), keys);
    return keys;
}

ProcessTreeModel::Node* ProcessTreeModel::nodeOf(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<Node*>(index.internalPointer()) : m_root.get();
}

QModelIndex ProcessTreeModel::indexOf(const Node* node, int column) const
{
    return node == m_root.get() ? QModelIndex() : createIndex(node->row, column, node);
}

QModelIndex ProcessTreeModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent)) return {};
    return createIndex(row, column, nodeOf(parent)->children[static_cast<std::size_t>(row)].get());
}

QModelIndex ProcessTreeModel::parent(const QModelIndex& child) const
{
    return child.isValid() ? indexOf(nodeOf(child)->parent, 0) : QModelIndex();
}

int ProcessTreeModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeOf(parent)->children.size());
}

int ProcessTreeModel::columnCount(const QModelIndex&) const
{
    return kColumnCount;
}

QVariant ProcessTreeModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Node& node = *nodeOf(index);
    const QString name = u"%1 %2"_s.arg(shownElided(node.name, 64), QString::number(node.key.first));
    const QString ending = shownElided(node.ending, 64);
    if (role == Qt::AccessibleTextRole) {
        const QString state = node.ended ? tr("ended, %1").arg(ending) : tr("running");
        return tr("%1: %2 events, %3 denied, %4")
            .arg(name, QString::number(node.events), QString::number(node.denied), state);
    }
    if (role == Qt::TextAlignmentRole && index.column() != kName) {
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    }
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case kName: return name;
        case kExit: {
            constexpr auto kCode = "code "_L1;
            const QString how = ending.section(u',', 0, 0);  // what it used follows
            if (!node.ended || how == "code 0"_L1) return QString();
            return how.startsWith(kCode) ? how.sliced(kCode.size()) : how;
        }
        case kEvents: return QVariant::fromValue(node.events);
        case kDenied: return node.denied == 0 ? QVariant(QString()) : QVariant::fromValue(node.denied);
        default: return {};
    }
}

QVariant ProcessTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case kName: return tr("Process");
        case kExit: return tr("Exit");
        case kEvents: return tr("Events");
        case kDenied: return tr("Denied");
        default: return {};
    }
}

}  // namespace belljar
