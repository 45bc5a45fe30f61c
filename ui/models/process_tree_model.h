// The processes of one session as a tree, built from their events and keyed by (process id, start time).
#pragma once

#include <QAbstractItemModel>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/model/event.h"
#include "ui/models/event_filter.h"

namespace belljar {

class ProcessTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { kName, kExit, kEvents, kDenied, kColumnCount };
    /// Processes kept as nodes; events of further ones are counted on the node of their nearest known ancestor.
    static constexpr std::size_t kMostProcesses = 50'000;

    explicit ProcessTreeModel(QObject* parent = nullptr);
    ~ProcessTreeModel() override;

    void reset();
    void append(std::span<const Event> events);
    /// The process at `index` and all below it.
    [[nodiscard]] QSet<ProcessKey> keysBelow(const QModelIndex& index) const;

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
    Node* addNode(const Event& event);
    void adoptOrphans(Node& parent);
    static void collect(const Node& node, QSet<ProcessKey>& keys);

    std::unique_ptr<Node> m_root;
    std::map<ProcessKey, Node*> m_nodes;
    std::unordered_map<std::int32_t, Node*> m_latest;  ///< The youngest process with that id.
};

}  // namespace belljar
