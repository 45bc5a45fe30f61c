#include "ui/models/network_rule_model.h"

#include <algorithm>

#include "core/base/visible.h"
#include "core/policy/network_words.h"
#include "ui/models/profile_analysis.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr const char* kAllow = "/network/egress/allow";
constexpr const char* kDeny = "/network/egress/deny";
constexpr const char* kHosts = "/experimental/belljar/network/hosts";

Error badCell(const std::string& text, const char* hint)
{
    return {ErrorCode::malformedRequest, "This cannot be understood.", text, {}, hint};
}

std::string trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

std::vector<std::string> parts(std::string_view text, char separator)
{
    std::vector<std::string> list;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        if (std::string part = trimmed(text.substr(begin, end - begin)); !part.empty()) list.push_back(std::move(part));
        begin = end + 1;
    }
    return list;
}

std::string joined(const std::vector<std::string>& list)
{
    std::string text;
    for (const std::string& part : list) text += (text.empty() ? "" : ", ") + part;
    return text;
}

std::string portText(const std::optional<std::string>& protocol, const std::optional<std::uint16_t>& port,
                     const std::optional<std::uint16_t>& endPort)
{
    std::string text = port ? std::to_string(*port) : "";
    if (endPort) text += "-" + std::to_string(*endPort);
    if (protocol && *protocol != "any") text += (text.empty() ? "" : "/") + *protocol;
    return text.empty() ? "*" : text;
}

std::string peersText(const NetworkRuleConfig& rule)
{
    if (!rule.to) return "*";
    std::vector<std::string> list;
    for (const NetworkPeerConfig& peer : *rule.to) {
        std::string text = peer.cidr;
        for (const std::string& except : peer.except.value_or(std::vector<std::string>())) text += " except " + except;
        list.push_back(std::move(text));
    }
    return joined(list);
}

template <class Ports, class Text>
std::string portsText(const std::optional<std::vector<Ports>>& ports, Text&& text)
{
    if (!ports) return "*";
    std::vector<std::string> list;
    for (const Ports& entry : *ports) list.push_back(text(entry));
    return joined(list);
}

/// `digits` as a port; 0: none.
unsigned portOf(const std::string& digits)
{
    const bool number =
        !digits.empty() && digits.size() < 6 && digits.find_first_not_of("0123456789") == std::string::npos;
    const unsigned port = number ? static_cast<unsigned>(std::stoul(digits)) : 0;
    return port <= 65535 ? port : 0;
}

}  // namespace

Result<std::string> peersJson(const std::string& text)
{
    if (trimmed(text) == "*") return std::string();
    std::string json;
    for (const std::string& peer : parts(text, ',')) {
        std::vector<std::string> words = parts(peer, ' ');
        std::string excepts;
        for (std::size_t i = 1; i < words.size(); i += 2) {
            if (words[i] != "except" || i + 1 == words.size())
                return badCell(peer, "Write addresses with commas: 10.0.0.0/8 except 10.1.0.0/16, 192.0.2.1");
            excepts += (excepts.empty() ? "" : ", ") + jsonQuote(words[i + 1]);
        }
        json += (json.empty() ? "{\"cidr\": " : ", {\"cidr\": ") + jsonQuote(words.front());
        json += excepts.empty() ? "}" : ", \"except\": [" + excepts + "]}";
    }
    if (json.empty()) return badCell(text, "Write * for every address, or addresses: 10.0.0.0/8, 192.0.2.1");
    return "[" + json + "]";
}

Result<std::string> portsJson(const std::string& text, bool named)
{
    if (trimmed(text) == "*") return std::string();
    std::string json;
    for (const std::string& entry : parts(text, ',')) {
        const std::size_t slash = entry.find('/');
        const bool bare = portOf(entry.substr(0, entry.find('-'))) == 0 && slash == std::string::npos;
        const std::string protocol = bare ? entry : slash == std::string::npos ? "" : entry.substr(slash + 1);
        const std::vector<std::string> range =
            bare ? std::vector<std::string>() : parts(std::string_view(entry).substr(0, slash), '-');
        const bool known =
            protocol.empty() || protocol == "tcp" || protocol == "udp" || protocol == "icmp" || protocol == "any";
        const bool ranged = range.size() <= 2 && std::all_of(range.begin(), range.end(),
                                                             [](const std::string& port) { return portOf(port) != 0; });
        if (!known || !ranged || (named && !protocol.empty()))
            return badCell(entry, named ? "Write ports with commas: 443, 8000-8010"
                                        : "Write ports with commas: 443/tcp, 53/udp, 8000-8010, icmp");
        std::string members;
        if (!protocol.empty()) members = "\"protocol\": " + jsonQuote(protocol);
        for (std::size_t i = 0; i < range.size(); ++i)
            members += (members.empty() ? "" : ", ") + std::string(i == 0 ? "\"port\": " : "\"endPort\": ") +
                       std::to_string(portOf(range[i]));
        json += (json.empty() ? "{" : ", {") + members + "}";
    }
    if (json.empty()) return badCell(text, "Write * for all, or ports: 443/tcp, 53/udp");
    return "[" + json + "]";
}

NetworkRuleModel::NetworkRuleModel(ProfileDocument& document, ProfileAnalysis& analysis, QObject* parent)
    : QAbstractTableModel(parent), m_document(document), m_analysis(analysis)
{
    connect(&analysis, &ProfileAnalysis::changed, this, &NetworkRuleModel::reload);
    reload();
}

void NetworkRuleModel::reload()
{
    std::vector<Row> rows;
    const auto& loaded = m_document.config();
    const auto addRules = [&](const std::optional<std::vector<NetworkRuleConfig>>& rules, bool allow) {
        for (std::size_t i = 0; rules && i < rules->size(); ++i) {
            Row& row = rows.emplace_back();
            row.pointer = std::string(allow ? kAllow : kDeny) + "/" + std::to_string(i);
            row.allow = allow;
            row.peers = peersText((*rules)[i]);
            row.ports = portsText((*rules)[i].ports, [](const NetworkPortConfig& port) {
                return portText(port.protocol, port.port, port.endPort);
            });
        }
    };
    if (loaded && loaded->config.network && loaded->config.network->egress) {
        addRules(loaded->config.network->egress->deny, false);
        addRules(loaded->config.network->egress->allow, true);
    }
    if (loaded && loaded->config.experimental && loaded->config.experimental->belljar) {
        const auto& own = loaded->config.experimental->belljar->network;
        for (std::size_t i = 0; own && own->hosts && i < own->hosts->size(); ++i) {
            Row& row = rows.emplace_back();
            row.pointer = std::string(kHosts) + "/" + std::to_string(i);
            row.isName = true;
            row.peers = (*own->hosts)[i].name;
            row.ports = portsText((*own->hosts)[i].ports, [](const HostPortConfig& port) {
                return portText(std::nullopt, port.port, port.endPort);
            });
        }
    }
    for (Row& row : rows) {
        QStringList said;
        for (const Finding& finding : m_analysis.findings()) {
            const std::string& at = finding.place.pointer;
            if (!finding.place.file.empty() || (at != row.pointer && !at.starts_with(row.pointer + "/"))) continue;
            said << shownElided(finding.message, 500);
            row.severity = std::max(row.severity, static_cast<int>(finding.severity));
        }
        row.state = said.join(u"; "_s);
    }
    if (rows == m_rows) return;
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

bool NetworkRuleModel::report(const Result<void>& result)
{
    if (!result) emit failed(result.error());
    return result.ok();
}

Result<void> NetworkRuleModel::addRule(const std::string& words, bool allow)
{
    const Result<NetworkSpec> spec = parseNetworkSpec(words);
    Result<void> result;
    if (!spec) {
        result = spec.error();
    } else if (!allow && !spec->name.empty()) {
        result = Error{ErrorCode::malformedRequest,
                       "A name cannot be denied.",
                       words,
                       {},
                       "Deny its addresses: what no rule allows is denied anyway."};
    } else {
        const NetworkEntry entry = networkEntry(*spec, allow);
        result = m_document.change({{entry.list + "/-", entry.element}}, tr("add network rule"));
    }
    report(result);
    return result;
}

Result<void> NetworkRuleModel::removeRow(int row)
{
    const Result<void> result = m_document.removeValue(pointer(row), tr("remove network rule"));
    report(result);
    return result;
}

int NetworkRuleModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NetworkRuleModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : kColumnCount;
}

QVariant NetworkRuleModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const QString action = row.allow ? tr("allow") : tr("deny");
    if (role == Qt::AccessibleTextRole)
        return tr("%1 %2, ports %3, %4")
            .arg(action, shownElided(row.peers, 500), shownElided(row.ports, 500), row.state);
    if (role == kSeverityRole) return row.severity < 0 ? QVariant() : row.severity;
    if (role == Qt::EditRole) return QString::fromStdString(index.column() == kPeers ? row.peers : row.ports);
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
        case kAction: return action;
        case kPeers: return shownElided(row.peers, 500);
        case kPorts: return row.ports == "*" ? tr("all") : shownElided(row.ports, 500);
        default: return row.state;
    }
}

QVariant NetworkRuleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case kAction: return tr("Action");
        case kPeers: return tr("To");
        case kPorts: return tr("Ports");
        default: return tr("Remarks");
    }
}

Qt::ItemFlags NetworkRuleModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || !m_document.isValid()) return flags;
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const bool editable = (index.column() == kPeers && fitsLineEdit(row.peers)) || index.column() == kPorts;
    return editable ? flags | Qt::ItemIsEditable : flags;
}

bool NetworkRuleModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable)) return false;
    const Row row = m_rows[static_cast<std::size_t>(index.row())];
    const std::string text = engineText(value.toString().trimmed());
    const bool peers = index.column() == kPeers;
    if (text == (peers ? row.peers : row.ports)) return false;
    if (peers && row.isName)
        return report(m_document.setValue(row.pointer + "/name", jsonQuote(text), tr("change host name")));
    const Result<std::string> json = peers ? peersJson(text) : portsJson(text, row.isName);
    if (!json) return report(json.error());
    const std::string pointer = row.pointer + (peers ? "/to" : "/ports");
    return report(json->empty() ? m_document.removeValue(pointer, tr("change network rule"))
                                : m_document.setValue(pointer, *json, tr("change network rule")));
}

}  // namespace belljar
