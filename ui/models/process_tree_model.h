// The processes of one session as a tree, built from the rows of its table and keyed by (process id, start time).
#pragma once

#include <QAbstractItemModel>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/events/recording_columns.h"

namespace belljar {

/// A process id and its start time: unique while the machine runs.
using ProcessKey = std::pair<std::int32_t, std::uint64_t>;

class ProcessTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { kName, kExit, kEvents, kDenied, kColumnCount };
    /// Processes kept as nodes; events of further ones are counted on the node of their nearest known ancestor.
    static constexpr std::size_t kMostProcesses = 50'000;

    explicit ProcessTreeModel(QObject* parent = nullptr);
    ~ProcessTreeModel() override;

    void reset();
    /// `events` begin as those before.
    void extend(const EventColumns& events);
    /// Of the process at `index`, which must be valid.
    [[nodiscard]] ProcessKey key(const QModelIndex& index) const;
    /// Process and parents, the nearest first, as they may be shown: "sh 12".
    [[nodiscard]] QStringList chain(ProcessKey key) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Node {
        ProcessKey key;
        std::int32_t parentPid = 0;
        std::string name;
        std::uint64_t events = 0;
        std::uint64_t denied = 0;
        bool ended = false;
        std::string ending;  ///< "code 0", "signal 9".
        Node* parent = nullptr;
        int row = 0;
        std::vector<std::unique_ptr<Node>> children;
    };

    [[nodiscard]] Node* nodeOf(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const Node* node, int column) const;
    [[nodiscard]] Node* nodeOfRow(const RecordedProcess& process);
    Node* addNode(ProcessKey key, std::int32_t parentPid);
    void adoptOrphans(Node& parent);
    void takeRows(const EventColumns& events);
    [[nodiscard]] static QString nameOf(const Node& node);

    std::unique_ptr<Node> m_root;
    std::map<ProcessKey, Node*> m_nodes;
    std::unordered_map<std::int32_t, Node*> m_latest;  ///< The youngest process with that id.
    std::vector<Node*> m_ofRow;                        ///< For each row of the session's table.
    std::size_t m_seen = 0;                            ///< Events.
    bool m_resetting = false;                          ///< Many at once: views are told once, not of each.
};

}  // namespace belljar
