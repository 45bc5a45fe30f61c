// Which events of a recording fit a query, and how many have which value: millions of events at once.
//
// Each condition is asked of the rows of the tables that events refer to, once and only where it matters, and of the
// events only whether their row fits. The answers are those of Query::matches() for each event by itself.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/events/query.h"
#include "core/events/recording_columns.h"

namespace belljar {

/// Some of the events of a recording: a bit for each.
class EventSet {
public:
    static constexpr std::size_t kWordBits = 64;

    explicit EventSet(std::size_t events, bool all = false);

    [[nodiscard]] std::size_t events() const { return m_events; }  ///< In it or not.
    [[nodiscard]] std::size_t count() const;                       ///< In it.
    [[nodiscard]] bool has(std::size_t event) const
    {
        return (m_words[event / kWordBits] >> (event % kWordBits) & 1U) != 0;
    }
    /// In the order of recording.
    template <class Visit>
    void forEach(Visit&& visit) const
    {
        for (std::size_t word = 0; word < m_words.size(); ++word)
            for (std::uint64_t bits = m_words[word]; bits != 0; bits &= bits - 1)
                visit(word * kWordBits + static_cast<std::size_t>(std::countr_zero(bits)));
    }
    [[nodiscard]] std::vector<std::uint32_t> numbers() const;  ///< For lists that show a part of the events.

    /// 64 events each; the bits behind the last event are 0.
    [[nodiscard]] std::vector<std::uint64_t>& words() { return m_words; }
    [[nodiscard]] const std::vector<std::uint64_t>& words() const { return m_words; }

private:
    std::size_t m_events = 0;
    std::vector<std::uint64_t> m_words;
};

/// The processes of a recording, for QueryContext::processes.
[[nodiscard]] ProcessTree processTree(const EventColumns& events);

/// `context.processes` may be nullptr: then it is made where the query asks for it. `threads` 0: one for each
/// processor, at most four, where there are enough events.
[[nodiscard]] EventSet selectEvents(const EventColumns& events, const QueryContext& context, const Query& query,
                                    unsigned threads = 0);

/// As EventCounter counts those in `set`. `field` must be countable.
[[nodiscard]] std::vector<EventGroup> countEvents(const EventColumns& events, const QueryContext& context,
                                                  const EventSet& set, QueryFieldId field);

}  // namespace belljar
