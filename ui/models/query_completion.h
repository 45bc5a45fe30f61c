// What can be written next in a query: fields, then the values that occur, with how often they do.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <optional>
#include <vector>

#include "core/events/query.h"

namespace belljar {

/// Where the cursor stands in a query.
struct QueryPlace {
    qsizetype begin = 0;                ///< What is written from here to the cursor will be replaced.
    QString written;                    ///< That part, without an opening quote.
    std::optional<QueryFieldId> field;  ///< A value of this field is being written; absent: the name of a field.
};

/// Never fails: half-written queries are the normal case.
[[nodiscard]] QueryPlace queryPlace(const QString& query, qsizetype cursor);

struct QueryProposal {
    QString text;    ///< To insert; as a query is written, so nothing in it hides.
    QString remark;  ///< What a field is, or how many events have the value.
};

class QueryCompletion {
    Q_DECLARE_TR_FUNCTIONS(belljar::QueryCompletion)

public:
    static constexpr std::size_t kMost = 60;

    [[nodiscard]] static std::vector<QueryProposal> fields(const QString& written);
    /// `groups` are the values that occur, the most frequent first; of fields with known words these, too.
    [[nodiscard]] static std::vector<QueryProposal> values(QueryFieldId field, const QString& written,
                                                           const std::vector<EventGroup>& groups);
};

}  // namespace belljar
