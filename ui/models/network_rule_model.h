// The network rules of a profile as one table: outgoing rules of schema 0.8 and host names. What a cell shows can be
// typed into it; each change is an edit of that list of the document's text only.
#pragma once

#include <QAbstractTableModel>

#include <string>
#include <vector>

#include "core/base/result.h"

namespace belljar {

class ProfileAnalysis;
class ProfileDocument;

class NetworkRuleModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { kAction, kPeers, kPorts, kState, kColumnCount };
    enum Role { kSeverityRole = Qt::UserRole };  ///< In kState: int(Severity) of the worst finding; absent: none.

    NetworkRuleModel(ProfileDocument& document, ProfileAnalysis& analysis, QObject* parent = nullptr);

    /// Adds one rule in the words of --allow-net: "10.0.0.0/8:443/tcp", "www.example.org:443".
    Result<void> addRule(const std::string& words, bool allow);
    Result<void> removeRow(int row);
    /// Where the row's rule stands: "/network/egress/allow/0".
    [[nodiscard]] const std::string& pointer(int row) const { return m_rows[static_cast<std::size_t>(row)].pointer; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

signals:
    void failed(const belljar::Error& error);

private:
    struct Row {
        std::string pointer;
        bool allow = true;
        bool isName = false;
        std::string peers;  ///< "10.0.0.0/8 except 10.1.0.0/16, 192.0.2.1"; "*": every address.
        std::string ports;  ///< "443/tcp, 53"; "*": all.
        QString state;
        int severity = -1;
        bool operator==(const Row&) const = default;
    };

    void reload();
    bool report(const Result<void>& result);

    ProfileDocument& m_document;
    ProfileAnalysis& m_analysis;
    std::vector<Row> m_rows;
};

/// The JSON of a list `to` of a rule that says "10.0.0.0/8 except 10.1.0.0/16, 192.0.2.1"; "" for "*".
Result<std::string> peersJson(const std::string& text);
/// The JSON of a list `ports` that says "443/tcp, 80-90, icmp"; "" for "*". `named`: of a host name, where ports have
/// no protocol.
Result<std::string> portsJson(const std::string& text, bool named);

}  // namespace belljar
