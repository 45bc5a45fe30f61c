// What a run, or a recording of one, is expected to show: queries that some event must fit, and queries that none may.
// What was tried and decided is asked, not what the program says or how it ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/option_parser.h"
#include "core/events/query.h"
#include "core/events/recording_columns.h"

namespace belljar::cli {

class Expectations {
public:
    /// --expect and --expect-none.
    void addTo(OptionParser& parser);
    /// After the command line was read. False: one is no query, and that has been said.
    [[nodiscard]] bool parse(bool json);
    [[nodiscard]] bool empty() const { return m_some.empty() && m_none.empty(); }
    [[nodiscard]] bool asksTree() const;

    void see(const Event& event, const QueryContext& context);
    /// All of a recording at once.
    void see(const EventColumns& events, const QueryContext& context);

    /// `lost`: events that nobody saw; with some, that none of a kind happened cannot be known.
    [[nodiscard]] bool areMet(std::uint64_t lost) const;
    /// A line for each that is not met, and one that counts.
    [[nodiscard]] std::string text(std::uint64_t lost) const;
    /// A JSON list of them.
    [[nodiscard]] std::string json(std::uint64_t lost) const;

private:
    struct Expectation {
        Query query;
        bool isNone = false;
        std::uint64_t found = 0;
        [[nodiscard]] bool isMet(std::uint64_t lost) const { return isNone ? found == 0 && lost == 0 : found > 0; }
    };

    std::vector<std::string> m_some;
    std::vector<std::string> m_none;
    std::vector<Expectation> m_all;
};

}  // namespace belljar::cli
