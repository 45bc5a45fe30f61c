#include "ui/models/query_completion.h"

#include <algorithm>

#include "core/events/query_pattern.h"
#include "ui/models/shown_text.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

/// Where the condition begins in which `cursor` stands, and whether it stands between quotes.
std::pair<qsizetype, bool> conditionAt(const QString& query, qsizetype cursor)
{
    qsizetype begin = 0;
    bool quoted = false;
    for (qsizetype at = 0; at < cursor; ++at) {
        const QChar c = query[at];
        if (quoted && c == u'\\') ++at;
        else if (c == u'"') quoted = !quoted;
        else if (!quoted && (c.isSpace() || c == u'(' || c == u')')) begin = at + 1;
    }
    if (begin < cursor && query[begin] == u'-') ++begin;
    return {begin, quoted};
}

qsizetype operatorLength(QStringView text)
{
    for (const QStringView op : {u"!=", u"!~", u"<=", u">=", u":", u"=", u"<", u">", u"~"})
        if (text.startsWith(op)) return op.size();
    return 0;
}

}  // namespace

QueryPlace queryPlace(const QString& query, qsizetype cursor)
{
    cursor = std::clamp<qsizetype>(cursor, 0, query.size());
    const auto [begin, quoted] = conditionAt(query, cursor);
    QueryPlace place;
    place.begin = begin;
    place.written = query.mid(begin, cursor - begin);
    qsizetype nameEnd = begin;
    while (nameEnd < cursor && query[nameEnd].isLetter()) ++nameEnd;
    const qsizetype opLength = operatorLength(QStringView(query).sliced(nameEnd, cursor - nameEnd));
    const QueryFieldRow* field = findQueryField(engineText(query.mid(begin, nameEnd - begin)));
    if (opLength == 0 || field == nullptr) return place;
    qsizetype value = nameEnd + opLength;
    bool inQuotes = false;
    for (qsizetype at = value; at < cursor; ++at) {
        if (query[at] == u'"') inQuotes = !inQuotes;
        else if (query[at] == u',' && !inQuotes) value = at + 1;
    }
    place.field = field->id;
    place.begin = value;
    place.written = query.mid(value, cursor - value);
    if (quoted && place.written.startsWith(u'"')) place.written.remove(0, 1);
    return place;
}

std::vector<QueryProposal> QueryCompletion::fields(const QString& written)
{
    std::vector<QueryProposal> proposals;
    for (const QueryFieldRow& row : queryFields()) {
        const QString name = shown(row.name);
        if (name.startsWith(written, Qt::CaseInsensitive)) proposals.push_back({name + u':', shown(row.help)});
    }
    return proposals;
}

std::vector<QueryProposal> QueryCompletion::values(QueryFieldId field, const QString& written,
                                                   const std::vector<EventGroup>& groups)
{
    std::vector<QueryProposal> proposals;
    const bool isText = queryField(field).type == QueryFieldType::text;
    const auto fits = [&](const QString& value) {
        return isText ? value.contains(written, Qt::CaseInsensitive) : value.startsWith(written, Qt::CaseInsensitive);
    };
    for (const EventGroup& group : groups) {
        if (proposals.size() >= kMost) return proposals;
        if (group.value.empty()) continue;
        const QString value = QString::fromStdString(isText ? writtenText(group.value) : group.value);
        if (!fits(value)) continue;
        const QString count =
            tr("%n events", nullptr, static_cast<int>(std::min<std::uint64_t>(group.count, 2'000'000'000)));
        proposals.push_back({value, group.denied == 0 ? count : tr("%1, %2 denied").arg(count).arg(group.denied)});
    }
    for (const std::string& word : queryWords(field)) {
        const QString value = shown(word);
        const bool known = std::any_of(proposals.begin(), proposals.end(),
                                       [&](const QueryProposal& proposal) { return proposal.text == value; });
        if (!known && fits(value) && proposals.size() < kMost) proposals.push_back({value, tr("none so far")});
    }
    return proposals;
}

}  // namespace belljar
