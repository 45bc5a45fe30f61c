// Filters that are one step away: those that everybody needs, and those that the user saved.
#pragma once

#include <QCoreApplication>
#include <QString>

#include <string>
#include <vector>

namespace belljar {

struct NamedFilter {
    QString name;  ///< Ready to be shown.
    std::string query;
};

class FilterPresets {
    Q_DECLARE_TR_FUNCTIONS(belljar::FilterPresets)

public:
    /// Denied, sensitive, writes, network ...
    [[nodiscard]] static std::vector<NamedFilter> builtIn();
    /// Paths where people keep secrets, as a query.
    [[nodiscard]] static std::string sensitiveQuery();

    [[nodiscard]] static std::vector<NamedFilter> saved();
    /// In place of another one of the same name.
    static void save(const NamedFilter& filter);
    static void remove(const QString& name);
    /// The same for rules that highlight; the place in the list is the colour.
    [[nodiscard]] static std::vector<NamedFilter> highlights();
    static void setHighlights(const std::vector<NamedFilter>& rules);
};

}  // namespace belljar
