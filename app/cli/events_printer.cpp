#include "app/cli/events_printer.h"

#include <cerrno>

#include <spdlog/fmt/fmt.h>

#include "app/cli/output.h"
#include "core/base/secret_text.h"
#include "core/base/visible.h"
#include "core/events/recording_lines.h"

namespace belljar::cli {
namespace {

constexpr std::size_t kWriteSize = 1U << 16U;

}  // namespace

void EventsPrinter::handOn()
{
    if (m_file == nullptr) {
        printOut(m_text);
    } else if (m_failure == 0) {
        errno = 0;
        if (std::fwrite(m_text.data(), 1, m_text.size(), m_file) != m_text.size()) m_failure = errno != 0 ? errno : EIO;
    }
    m_text.clear();
}

void EventsPrinter::add(std::string_view text)
{
    // Each piece is a line or more: nothing that belongs together is parted.
    if (m_masksSecrets) m_text += withoutSecrets(text);
    else m_text += text;
    if (m_text.size() >= kWriteSize) handOn();
}

int EventsPrinter::finish()
{
    handOn();
    errno = 0;
    if (m_file != nullptr && m_failure == 0 && std::fflush(m_file) != 0) m_failure = errno != 0 ? errno : EIO;
    return m_failure;
}

void EventsPrinter::print(const OpenRecording& recording, const std::vector<std::uint32_t>& chosen, EventsFormat format)
{
    exportEvents(recording, chosen, m_notes, format, [this](std::string_view text) { add(text); });
}

void EventsPrinter::printCounts(const OpenRecording& recording, const EventSet& chosen, QueryFieldId field,
                                EventsFormat format)
{
    const QueryContext context{recording.header.rules, recording.header.startedUnixNs, nullptr};
    const std::string_view name = queryField(field).name;
    if (format == EventsFormat::csv) add(fmt::format("{},count,denied,firstNs,lastNs{}", name, kCsvLineEnd));
    if (format == EventsFormat::json) add(fmt::format(R"({{"field":"{}","groups":[)", name));
    bool first = true;
    for (const EventGroup& group : countEvents(recording.events, context, chosen, field)) {
        const std::string object = JsonObject()
                                       .text("value", group.value)
                                       .number("count", group.count)
                                       .number("denied", group.denied)
                                       .number("firstNs", group.firstNs)
                                       .number("lastNs", group.lastNs)
                                       .str();
        if (format == EventsFormat::text) add(fmt::format("{:>10}  {}\n", group.count, visible(group.value)));
        if (format == EventsFormat::jsonl) add(object + "\n");
        if (format == EventsFormat::csv)
            add(fmt::format("{},{},{},{},{}{}", csvCell(group.value), group.count, group.denied, group.firstNs,
                            group.lastNs, kCsvLineEnd));
        if (format == EventsFormat::json) add((first ? "" : ",") + object);
        first = false;
    }
    if (format == EventsFormat::json) add("]," + sessionEndJson(recording).substr(1) + "\n");
}

}  // namespace belljar::cli
