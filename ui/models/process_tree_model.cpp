#include "ui/models/process_tree_model.h"

#include "core/events/event_table.h"
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
    m_ofRow.clear();
    m_seen = 0;
    m_root = std::make_unique<Node>();
    endResetModel();
}

ProcessTreeModel::Node* ProcessTreeModel::addNode(ProcessKey key, std::int32_t parentPid)
{
    const auto known = m_latest.find(parentPid);
    Node* parent = known == m_latest.end() ? m_root.get() : known->second;
    if (m_nodes.size() >= kMostProcesses) return parent;
    const int row = static_cast<int>(parent->children.size());
    auto node = std::make_unique<Node>();
    node->key = key;
    node->parentPid = parentPid;
    node->parent = parent;
    node->row = row;
    Node* added = node.get();
    if (!m_resetting) beginInsertRows(indexOf(parent, 0), row, row);
    parent->children.push_back(std::move(node));
    m_nodes[added->key] = added;
    m_latest[key.first] = added;
    if (!m_resetting) endInsertRows();
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
        if (!m_resetting) beginMoveRows({}, from, from, indexOf(&parent, 0), to);
        orphan->parent = &parent;
        orphan->row = to;
        parent.children.push_back(std::move(orphans[i]));
        orphans.erase(orphans.begin() + from);
        for (std::size_t after = i; after < orphans.size(); ++after) orphans[after]->row = static_cast<int>(after);
        if (!m_resetting) endMoveRows();
    }
}

ProcessTreeModel::Node* ProcessTreeModel::nodeOfRow(const RecordedProcess& process)
{
    const auto known = m_nodes.find({process.pid, process.start});
    return known == m_nodes.end() ? addNode({process.pid, process.start}, process.parentPid) : known->second;
}

/// A row is a process, or another state of one: with another name.
void ProcessTreeModel::takeRows(const EventColumns& events)
{
    while (m_ofRow.size() < events.processTable.size()) {
        const RecordedProcess& process = events.processTable[m_ofRow.size()];
        Node* node = nodeOfRow(process);
        m_ofRow.push_back(node);
        const std::string_view name = events.texts[process.name];
        if (node->key == ProcessKey{process.pid, process.start} && !name.empty()) node->name = name;
    }
}

void ProcessTreeModel::extend(const EventColumns& events)
{
    constexpr std::size_t kMany = 1000;  // Telling views of each would take longer than to begin again.
    m_resetting = events.processTable.size() > m_ofRow.size() + kMany;
    if (m_resetting) beginResetModel();
    takeRows(events);
    struct Sum {
        std::uint64_t events = 0;
        std::uint64_t denied = 0;
    };
    std::unordered_map<Node*, Sum> sums;
    Node* last = nullptr;
    Sum* sum = nullptr;
    for (; m_seen < events.size(); ++m_seen) {
        Node* node = m_ofRow[events.processes[m_seen]];
        const EventShape& shape = events.shapeTable[events.shapes[m_seen]];
        if (node != last) {  // Most events have the process of the one before.
            last = node;
            sum = &sums[node];
        }
        ++sum->events;
        if (isDenial(shape.verdict, shape.absentOnHost)) ++sum->denied;
        if (shape.kind == EventKind::processExit) {
            const RecordedProcess& process = events.processTable[events.processes[m_seen]];
            if (node->key != ProcessKey{process.pid, process.start}) continue;
            node->ended = true;
            node->ending = events.texts[events.details[m_seen]];
        }
    }
    for (const auto& [node, added] : sums) {
        if (node == m_root.get()) continue;
        node->events += added.events;
        node->denied += added.denied;
        if (!m_resetting) emit dataChanged(indexOf(node, 0), indexOf(node, kColumnCount - 1));
    }
    if (m_resetting) endResetModel();
    m_resetting = false;
}

ProcessKey ProcessTreeModel::key(const QModelIndex& index) const
{
    return nodeOf(index)->key;
}

QStringList ProcessTreeModel::chain(ProcessKey key) const
{
    constexpr int kMost = 32;
    QStringList names;
    const auto known = m_nodes.find(key);
    const Node* node = known == m_nodes.end() ? m_root.get() : known->second;
    for (; node != m_root.get() && names.size() < kMost; node = node->parent) names += nameOf(*node);
    return names;
}

QString ProcessTreeModel::nameOf(const Node& node)
{
    return u"%1 %2"_s.arg(shownElided(node.name, 64), QString::number(node.key.first));
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
    const QString name = nameOf(node);
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
