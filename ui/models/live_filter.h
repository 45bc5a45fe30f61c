// What the live page shows: the query that is typed and a stack of further conditions, each shown as a chip.
#pragma once

#include <QObject>
#include <QString>

#include <optional>
#include <string>
#include <vector>

#include "core/events/query.h"

namespace belljar {

struct FilterChip {
    QString label;      ///< Ready to be shown.
    std::string query;  ///< Valid by itself.
    /// Another chip of the same kind takes its place; empty: they add up.
    QString kind{};
};

class LiveFilter : public QObject {
    Q_OBJECT

public:
    /// `home` is what a '~' in paths stands for.
    explicit LiveFilter(std::string home, QObject* parent = nullptr);

    /// The error when it is no query: then what was before stays.
    std::optional<QueryError> setTyped(const std::string& query);
    /// The error when all together are no query any more; the chip is not added then.
    std::optional<QueryError> push(FilterChip chip);
    void remove(std::size_t chip);
    void pop();
    void clear();

    [[nodiscard]] const std::string& typed() const { return m_typed; }
    [[nodiscard]] const std::vector<FilterChip>& chips() const { return m_chips; }
    [[nodiscard]] const Query& query() const { return m_query; }
    /// All conditions as one query, for saving and for the terminal.
    [[nodiscard]] std::string text() const { return together(m_typed, m_chips); }
    [[nodiscard]] std::variant<Query, QueryError> parse(const std::string& query) const;

signals:
    void changed();

private:
    [[nodiscard]] static std::string together(const std::string& typed, const std::vector<FilterChip>& chips);
    std::optional<QueryError> apply(const std::string& typed, std::vector<FilterChip> chips);

    std::string m_home;
    std::string m_typed;
    std::vector<FilterChip> m_chips;
    Query m_query;
};

}  // namespace belljar
