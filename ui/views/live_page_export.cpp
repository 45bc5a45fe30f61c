// What the live page shows as a file for other programs: the same that `belljar events --output` writes.
#include <QFile>
#include <QFileInfo>

#include <filesystem>

#include "core/events/event_export.h"
#include "core/events/event_selection.h"
#include "core/events/recording_sqlite.h"
#include "ui/bridge/run_controller.h"
#include "ui/models/shown_text.h"
#include "ui/views/live_page.h"

namespace belljar {

using namespace Qt::StringLiterals;

namespace {

struct EventExport {
    std::string recording;
    Query query;
    EventNotes notes;
    std::string file;
    QString suffix;
};

Result<void> writeNew(const OpenRecording& recording, const EventExport& wanted, const std::string& path)
{
    const QueryContext context{recording.header.rules, recording.header.startedUnixNs, nullptr};
    const EventSet chosen = selectEvents(recording.events, context, wanted.query);
    if (wanted.suffix == "sqlite"_L1) return writeSqlite(recording, chosen, path);
    const EventsFormat format = wanted.suffix == "csv"_L1     ? EventsFormat::csv
                                : wanted.suffix == "jsonl"_L1 ? EventsFormat::jsonl
                                                              : EventsFormat::text;
    return exportEventsTo(path, recording, chosen.numbers(), wanted.notes, format);
}

/// Under another name first: a failure leaves what stood there.
Result<void> write(const EventExport& wanted)
{
    const Result<OpenRecording> recording = openRecording(wanted.recording);
    if (!recording) return recording.error();
    const std::string part = wanted.file + ".part";
    std::error_code failure;
    std::filesystem::remove(part, failure);
    Result<void> written = writeNew(*recording, wanted, part);
    if (written) std::filesystem::rename(part, wanted.file, failure);
    if (written && failure)
        written = Error{ErrorCode::backendError, "The events were not exported.", wanted.file, failure.message(),
                        "Choose a folder that you may write to."};
    std::error_code ignored;
    if (!written) std::filesystem::remove(part, ignored);
    return written;
}

}  // namespace

bool LivePage::canExport() const
{
    return !m_file.isEmpty() && !(m_isLive && m_controller.isRunning());
}

void LivePage::exportShown(const QString& path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (!canExport() || !QStringList{u"csv"_s, u"jsonl"_s, u"sqlite"_s, u"txt"_s}.contains(suffix)) {
        emit failed({ErrorCode::malformedRequest,
                     "The events were not exported.",
                     engineText(path),
                     {},
                     canExport() ? "Choose a name that ends with .csv, .jsonl, .sqlite or .txt."
                                 : "Open a recording, or wait for the end of the run."});
        return;
    }
    const EventExport wanted{engineText(m_file), m_filter->query(), m_events->notes(), engineText(path), suffix};
    m_exporting.start([this, path, wanted]() -> LatestJob::Finish {
        const auto written = std::make_shared<Result<void>>(write(wanted));
        return [this, path, written] {
            if (*written) emit exported(path);
            else emit failed(written->error());
        };
    });
}

}  // namespace belljar
