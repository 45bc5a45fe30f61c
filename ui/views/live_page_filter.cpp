// The live page's filters: chips, presets, highlights, groups, and what is done with a cell.
#include <QCheckBox>
#include <QComboBox>
#include <QInputDialog>
#include <QMenu>
#include <QStackedWidget>

#include <algorithm>

#include "ui/models/filter_presets.h"
#include "ui/models/group_model.h"
#include "ui/models/shown_text.h"
#include "ui/views/event_table_view.h"
#include "ui/views/live_page.h"
#include "ui/views/query_bar.h"
#include "ui/views/theme.h"
#include "ui/views/timeline.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostProposedValues = 5000;
constexpr std::size_t kChipBytes = 400;

}  // namespace

void LivePage::pushFilter(const QString& label, const std::string& query, const QString& kind)
{
    if (const auto error = m_filter->push({label, query, kind}))
        emit failed({ErrorCode::malformedRequest, error->message, "the filter", {}, error->hint});
}

void LivePage::showFilter()
{
    const auto has = [this](const QString& kind) {
        return std::any_of(m_filter->chips().begin(), m_filter->chips().end(),
                           [&](const FilterChip& chip) { return chip.kind == kind; });
    };
    m_deniedOnly->setChecked(has(u"denied"_s));
    if (!has(u"time"_s)) m_timeline->setBrush(std::nullopt);
    m_events->setView({m_filter->query(), m_events->view().sort});
    if (m_lists->currentIndex() != 0) countGroups();
    updateCount();
}

void LivePage::actOnCell(CellAction action, const QModelIndex& index)
{
    const std::string query = m_events->cellQuery(index);
    const Event event = m_events->event(index.row());
    switch (action) {
        case CellAction::include:
            if (!query.empty()) pushFilter(shownWithoutSecrets(query, kChipBytes), query);
            break;
        case CellAction::exclude:
            if (!query.empty())
                pushFilter(tr("not %1").arg(shownWithoutSecrets(query, kChipBytes)), "not (" + query + ")");
            break;
        case CellAction::highlight:
            if (!query.empty()) addHighlight(shownWithoutSecrets(query, 80), query);
            break;
        case CellAction::tree:
            pushFilter(tr("from %1").arg(index.siblingAtColumn(EventTableModel::kProcess).data().toString()),
                       "tree:" + std::to_string(event.pid), u"tree"_s);
            break;
        case CellAction::bookmark: {
            const bool noted = m_events->notes().contains(event.sequence);
            setNote(event.sequence, noted ? std::nullopt : std::optional<std::string>(""));
            break;
        }
        case CellAction::note: askNote(event.sequence); break;
        case CellAction::group: {
            const QueryFieldId field = EventTableModel::fieldOf(index.column());
            m_groupBox->setCurrentIndex(std::max(0, m_groupBox->findData(static_cast<int>(field))));
            break;
        }
    }
}

std::string LivePage::bookmarksQuery() const
{
    std::string numbers;
    for (const auto& [sequence, text] : m_events->notes())
        numbers += (numbers.empty() ? "" : ",") + std::to_string(sequence);
    return "seq=" + numbers;
}

void LivePage::fillFilterMenu(QMenu& menu)
{
    menu.clear();
    const auto add = [this](QMenu& into, const NamedFilter& filter) {
        into.addAction(menuText(engineText(filter.name)), this,
                       [this, filter] { pushFilter(filter.name, filter.query); });
    };
    for (const NamedFilter& filter : FilterPresets::builtIn()) add(menu, filter);
    QAction* bookmarks = menu.addAction(tr("Bookmarks (%1)").arg(m_events->notes().size()), this,
                                        [this] { pushFilter(tr("bookmarks"), bookmarksQuery(), u"bookmarks"_s); });
    bookmarks->setEnabled(!m_events->notes().empty());
    menu.addSeparator();
    const std::vector<NamedFilter> saved = FilterPresets::saved();
    for (const NamedFilter& filter : saved) add(menu, filter);
    menu.addAction(tr("&Save what is shown as a filter…"), this, &LivePage::saveFilter)
        ->setEnabled(!m_filter->text().empty());
    QMenu* removal = menu.addMenu(tr("&Remove a saved filter"));
    removal->setEnabled(!saved.empty());
    for (const NamedFilter& filter : saved)
        removal->addAction(menuText(engineText(filter.name)), this,
                           [name = filter.name] { FilterPresets::remove(name); });
    menu.addAction(tr("&Clear all filters"), this, [this] {
        m_filter->clear();
        m_query->setQuery({});
    });
    menu.addSeparator();
    fillHighlightMenu(*menu.addMenu(tr("&Highlights")));
    menu.addMenu(m_table->makeColumnMenu(&menu));
}

void LivePage::fillHighlightMenu(QMenu& menu)
{
    const std::vector<NamedFilter> rules = FilterPresets::highlights();
    for (std::size_t i = 0; i < rules.size(); ++i) {
        menu.addAction(tr("Remove %1").arg(menuText(engineText(rules[i].name))), this, [this, i] {
            std::vector<NamedFilter> rest = FilterPresets::highlights();
            if (i < rest.size()) rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
            FilterPresets::setHighlights(rest);
            loadHighlights();
        });
    }
    menu.addSeparator();
    menu.addAction(tr("Highlight what is shown now"), this,
                   [this] { addHighlight(shownElided(m_filter->text(), 80), m_filter->text()); })
        ->setEnabled(!m_filter->text().empty());
}

void LivePage::addHighlight(const QString& name, const std::string& query)
{
    std::vector<NamedFilter> rules = FilterPresets::highlights();
    const auto known =
        std::find_if(rules.begin(), rules.end(), [&](const NamedFilter& rule) { return rule.query == query; });
    if (known != rules.end()) rules.erase(known);  // The same key takes it back.
    else rules.push_back({name, query});
    FilterPresets::setHighlights(rules);
    loadHighlights();
}

void LivePage::loadHighlights()
{
    std::vector<HighlightRule> rules;
    int colour = 0;
    for (const NamedFilter& filter : FilterPresets::highlights()) {
        auto parsed = m_filter->parse(filter.query);
        if (Query* query = std::get_if<Query>(&parsed))
            rules.push_back({std::move(*query), filter.name, colour++ % Theme::kHighlights});
    }
    m_events->setHighlights(std::move(rules));
}

void LivePage::saveFilter()
{
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"saveFilter"_s);
    dialog->setWindowTitle(tr("Save the filter"));
    dialog->setLabelText(tr("Name of the filter:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        if (!name.trimmed().isEmpty())
            FilterPresets::save({shownElided(engineText(name.trimmed()), 80), m_filter->text()});
    });
    dialog->open();
}

void LivePage::groupBy(int entry)
{
    const int field = m_groupBox->itemData(entry).toInt();
    m_lists->setCurrentIndex(field < 0 ? 0 : 1);
    if (field >= 0) countGroups();
    else m_groups->clear();
}

void LivePage::countGroups()
{
    const int field = m_groupBox->currentData().toInt();
    if (field < 0) return;
    m_groups->count(m_events->columns(), m_events->facts(), m_filter->query(), static_cast<QueryFieldId>(field));
}

void LivePage::countValues(QueryFieldId field)
{
    if (!countable(field)) {
        m_query->setValues(field, {});
        return;
    }
    m_values.start([this, events = m_events->columns(), facts = m_events->facts(), field]() -> LatestJob::Finish {
        auto groups = std::make_shared<std::vector<EventGroup>>(
            countEvents(events, facts.context(), EventSet(events.size(), true), field));
        if (groups->size() > kMostProposedValues) groups->resize(kMostProposedValues);
        return [this, field, groups] { m_query->setValues(field, std::move(*groups)); };
    });
}

}  // namespace belljar
