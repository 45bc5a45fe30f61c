// The live page with a recording open, made up anew for each test.
#pragma once

#include <QSignalSpy>
#include <QTableView>

#include <memory>
#include <string>
#include <vector>

#include "core/events/recording.h"
#include "core/events/recording_notes.h"
#include "core/platform/platform.h"
#include "tests/ui/made_events.h"
#include "tests/ui/test_support.h"
#include "ui/bridge/run_controller.h"
#include "ui/models/filter_presets.h"
#include "ui/models/profile_document.h"
#include "ui/views/event_table_view.h"
#include "ui/views/live_page.h"

namespace belljar::test {

using namespace Qt::StringLiterals;

inline constexpr int kPatienceMs = 20'000;
inline constexpr int kEvents = 400;
inline constexpr int kLost = 25;

/// 4 processes of 100 events each, one after the other, 10 ms apart; every 20th is denied; 25 are missing in the
/// middle.
inline std::vector<Event> sessionEvents()
{
    std::vector<Event> events;
    for (int i = 0; i < kEvents; ++i) {
        const int process = i / 100;
        Event event = makeEvent(100 + process, static_cast<std::uint64_t>(process + 1), 99 + process,
                                i % 20 == 0 ? EventVerdict::denied : EventVerdict::allowed,
                                (i % 20 == 0 ? "/secret/" : "/data/") + std::to_string(i % 50));
        event.timeNs = (i + 1) * std::int64_t{10'000'000};
        event.sequence = static_cast<std::uint64_t>(i + 1 + (i >= kEvents / 2 ? kLost : 0));
        events.push_back(event);
    }
    return events;
}

class RecordedPage {
public:
    static constexpr const char* kSession = "00112233445566aa";

    RecordedPage() : m_recording(m_folder.filePath(u"session.belljar"_s))
    {
        RecordingHeader header;
        header.sessionId = kSession;
        header.argv = {"sh", "-c", "try"};
        header.rules = rules();
        auto writer = RecordingWriter::create(m_recording.toStdString(), header);
        Losses losses;
        losses.queue = kLost;
        m_made = writer.ok() && (*writer)->append(sessionEvents()).ok() && (*writer)->finish(Outcome{}, losses).ok();
    }
    ~RecordedPage()
    {
        FilterPresets::setHighlights({});
        QSettings().clear();
    }

    /// True when it is open and shown.
    bool open()
    {
        m_page.resize(1200, 800);
        m_page.show();
        const QSignalSpy opened(&m_page, &LivePage::recordingOpened);
        m_page.openRecording(m_recording);
        return m_made && QTest::qWaitForWindowExposed(&m_page) &&
               QTest::qWaitFor([&] { return opened.count() == 1; }, kPatienceMs);
    }
    /// Clicks on a cell.
    bool select(int row, int column = EventTableModel::kObject)
    {
        const QModelIndex cell = m_page.events().index(row, column);
        m_page.table().scrollTo(cell);
        QTest::mouseClick(m_page.table().viewport(), Qt::LeftButton, {}, m_page.table().visualRect(cell).center());
        return m_page.table().currentIndex() == cell;
    }
    [[nodiscard]] std::vector<std::string> chips()
    {
        std::vector<std::string> queries;
        for (const FilterChip& chip : m_page.filter().chips()) queries.push_back(chip.query);
        return queries;
    }
    [[nodiscard]] int rows() { return m_page.events().rowCount(); }
    [[nodiscard]] LivePage& page() { return m_page; }
    [[nodiscard]] RunController& controller() { return m_controller; }
    [[nodiscard]] ProfileDocument& document() { return m_document; }
    [[nodiscard]] QString file(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] const QString& recording() const { return m_recording; }

private:
    QTemporaryDir m_folder;
    QString m_recording;
    bool m_made = false;
    std::unique_ptr<HostFacts> m_facts = inspectHost(false);
    BackendList m_backends;
    RunController m_controller{*m_facts, m_backends};
    ProfileDocument m_document;
    LivePage m_page{m_controller, m_document};
};

}  // namespace belljar::test
