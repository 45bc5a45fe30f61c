#include "ui/models/live_filter.h"

namespace belljar {

LiveFilter::LiveFilter(std::string home, QObject* parent) : QObject(parent), m_home(std::move(home)) {}

std::variant<Query, QueryError> LiveFilter::parse(const std::string& query) const
{
    return parseQuery(query, m_home);
}

std::string LiveFilter::together(const std::string& typed, const std::vector<FilterChip>& chips)
{
    if (chips.empty()) return typed;
    std::string text = typed.find_first_not_of(' ') == std::string::npos ? "" : "(" + typed + ")";
    for (const FilterChip& chip : chips) text += (text.empty() ? "(" : " (") + chip.query + ")";
    return text;
}

std::optional<QueryError> LiveFilter::apply(const std::string& typed, std::vector<FilterChip> chips)
{
    auto parsed = parse(together(typed, chips));
    if (QueryError* error = std::get_if<QueryError>(&parsed)) return std::move(*error);
    m_query = std::move(std::get<Query>(parsed));
    m_typed = typed;
    m_chips = std::move(chips);
    emit changed();
    return std::nullopt;
}

std::optional<QueryError> LiveFilter::setTyped(const std::string& query)
{
    // By itself first: the place of a mistake is one in what was typed.
    auto alone = parse(query);
    if (QueryError* error = std::get_if<QueryError>(&alone)) return std::move(*error);
    return apply(query, m_chips);
}

std::optional<QueryError> LiveFilter::push(FilterChip chip)
{
    std::vector<FilterChip> chips = m_chips;
    if (!chip.kind.isEmpty()) std::erase_if(chips, [&](const FilterChip& other) { return other.kind == chip.kind; });
    std::erase_if(chips, [&](const FilterChip& other) { return other.query == chip.query; });
    chips.push_back(std::move(chip));
    return apply(m_typed, std::move(chips));
}

void LiveFilter::remove(std::size_t chip)
{
    if (chip >= m_chips.size()) return;
    std::vector<FilterChip> chips = m_chips;
    chips.erase(chips.begin() + static_cast<std::ptrdiff_t>(chip));
    apply(m_typed, std::move(chips));
}

void LiveFilter::pop()
{
    if (!m_chips.empty()) remove(m_chips.size() - 1);
}

void LiveFilter::clear()
{
    apply({}, {});
}

}  // namespace belljar
