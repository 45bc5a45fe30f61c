#include "app/cli/expectations.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "app/cli/query_option.h"
#include "core/base/json_object.h"
#include "core/base/visible.h"
#include "core/events/event_selection.h"

namespace belljar::cli {

void Expectations::addTo(OptionParser& parser)
{
    parser.option("--expect", m_some, "QUERY", "Some event has to fit, such as 'kind=net.connect verdict=denied'");
    parser.option("--expect-none", m_none, "QUERY", "No event may fit, and none may be lost");
}

bool Expectations::parse(bool json)
{
    const auto add = [&](const std::vector<std::string>& texts, const char* option, bool isNone) {
        return std::all_of(texts.begin(), texts.end(), [&](const std::string& text) {
            Expectation made;
            made.isNone = isNone;
            if (!parseQueryOption(option, text, made.query, json)) return false;
            m_all.push_back(std::move(made));
            return true;
        });
    };
    return add(m_some, "--expect", false) && add(m_none, "--expect-none", true);
}

bool Expectations::asksTree() const
{
    return std::any_of(m_all.begin(), m_all.end(), [](const Expectation& one) { return one.query.asksTree(); });
}

void Expectations::see(const Event& event, const QueryContext& context)
{
    for (Expectation& one : m_all)
        if (one.query.matches(event, context)) ++one.found;
}

void Expectations::see(const EventColumns& events, const QueryContext& context)
{
    for (Expectation& one : m_all) one.found += selectEvents(events, context, one.query).count();
}

bool Expectations::areMet(std::uint64_t lost) const
{
    return std::all_of(m_all.begin(), m_all.end(), [&](const Expectation& one) { return one.isMet(lost); });
}

std::string Expectations::text(std::uint64_t lost) const
{
    std::string text;
    std::size_t met = 0;
    for (const Expectation& one : m_all) {
        if (one.isMet(lost)) {
            ++met;
            continue;
        }
        const std::string query = visible(one.query.text());
        if (!one.isNone) text += fmt::format("belljar: expected, and not seen: {}\n", query);
        else if (one.found > 0)
            text += fmt::format("belljar: not expected, and seen {}: {}\n",
                                one.found == 1 ? std::string("once") : fmt::format("{} times", one.found), query);
        else text += fmt::format("belljar: {} events were lost, one of which may fit: {}\n", lost, query);
    }
    return text + fmt::format("belljar: {} of {} expectations are met\n", met, m_all.size());
}

std::string Expectations::json(std::uint64_t lost) const
{
    std::vector<std::string> all;
    all.reserve(m_all.size());
    for (const Expectation& one : m_all)
        all.push_back(JsonObject()
                          .text("query", one.query.text())
                          .flag("none", one.isNone)
                          .number("found", one.found)
                          .flag("met", one.isMet(lost))
                          .str());
    return jsonArray(all);
}

}  // namespace belljar::cli
