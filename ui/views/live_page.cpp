#include "ui/views/live_page.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLabel>
#include <QTreeView>

#include "ui/bridge/run_controller.h"
#include "ui/models/event_explanation.h"
#include "ui/models/fix_options.h"
#include "ui/models/group_model.h"
#include "ui/models/process_tree_model.h"
#include "ui/models/profile_document.h"
#include "ui/models/shown_text.h"
#include "ui/views/event_table_view.h"
#include "ui/views/explain_pane.h"
#include "ui/views/fix_bar.h"
#include "ui/views/fix_list.h"
#include "ui/views/outcome_bar.h"
#include "ui/views/output_view.h"
#include "ui/views/query_bar.h"
#include "ui/views/timeline.h"

namespace belljar {

using namespace Qt::StringLiterals;

LivePage::~LivePage() = default;

void LivePage::clear()
{
    m_opening.cancel();
    m_values.cancel();
    m_explainLater.stop();
    m_table->forgetCurrent();
    m_activity.reset();
    m_processes->reset();
    m_explain->clear();
    m_output->begin(false);
    m_fixBar->hide();
    m_policy.reset();
    m_recording.clear();
    m_file.clear();
    m_sessionId.clear();
    m_losses = {};
    m_notKept = 0;
    m_outputDropped = 0;
    m_timeline->refresh();
}

void LivePage::startSession(const QString& command)
{
    clear();
    m_isLive = true;
    m_output->begin(m_controller.ranInTerminal());
    m_policy = m_controller.policy();
    m_events->reset(m_controller.rules(), m_controller.startedUnixNs());
    loadNotes(m_controller.recordingPath(), m_controller.sessionId());
    m_table->setFollowing(true);
    m_outcome->showRunning(command);
    updateCount();
}

void LivePage::take(const EventColumns& events, std::span<const Rule> rules)
{
    m_processes->extend(events);
    m_activity.extend(events);
    m_events->extend(events, rules);
    m_timeline->refresh();
    if (m_lists->currentIndex() != 0 && !m_groupLater.isActive()) m_groupLater.start();
    updateCount();
}

void LivePage::addBatch(const SessionBatch& batch)
{
    if (!m_isLive) return;  // Another session is looked at.
    m_notKept = batch.eventsNotKept;
    if (batch.hasEvents) take(batch.events, batch.rules);
    m_output->append(1, batch.output);
    m_output->append(2, batch.errors);
    m_outputDropped += batch.outputDropped;
    if (!batch.outcome) return;
    m_output->finish();
    if (m_outputDropped != 0)
        m_output->remark(tr("%1 bytes of output came faster than they could be shown").arg(m_outputDropped));
    m_losses = batch.losses;
    m_outcome->showOutcome(*batch.outcome, batch.losses);
    updateCount();
}

std::uint64_t LivePage::lost() const
{
    return std::max(m_losses.total(), m_activity.missing());
}

void LivePage::openRecording(const QString& path)
{
    if (m_controller.isRunning()) {
        emit failed(
            {ErrorCode::alreadyStarted, "A run is going on.", {}, {}, "Stop it (Ctrl+.), or wait for its end."});
        return;
    }
    m_outcome->showOpening(shownElided(engineText(QFileInfo(path).fileName()), 200));
    m_opening.start([this, path, file = engineText(path)]() -> LatestJob::Finish {
        const auto opened = std::make_shared<Result<OpenRecording>>(belljar::openRecording(file));
        if (!*opened) {
            return [this, opened] {
                m_outcome->showIdle();
                emit failed(opened->error());
            };
        }
        const auto activity = std::make_shared<Activity>();
        activity->extend((*opened)->events);
        return [this, path, opened, activity] { showRecording(path, **opened, std::move(*activity)); };
    });
}

void LivePage::showRecording(const QString& path, OpenRecording& recording, Activity activity)
{
    clear();
    m_isLive = false;
    const RecordingHeader& header = recording.header;
    m_losses = recording.losses;
    m_profileText = header.profileText;
    // Resolved for this machine: explanations and fixes come from it where it has the same rules as the recording.
    RunRequest request;
    request.profileText = header.profileText;
    request.profileName = header.profileName;
    request.argv = header.argv;
    if (Preparation preparation = m_controller.prepared(request); preparation.policy) {
        const std::vector<Rule>& rules = preparation.policy->rules;
        const auto sameText = [](const Rule& a, const Rule& b) { return a.text == b.text; };
        if (rules.size() <= header.rules.size() &&
            std::equal(rules.begin(), rules.end(), header.rules.begin(), sameText))
            m_policy = std::move(preparation.policy);
    }
    m_events->reset(header.rules, header.startedUnixNs);
    m_activity = std::move(activity);
    m_processes->extend(recording.events);
    m_table->setFollowing(false);
    m_events->extend(recording.events);
    m_table->allSeen();
    m_output->showNoOutput();
    m_timeline->refresh();
    loadNotes(path, header.sessionId);
    std::string command;
    for (const std::string& word : header.argv) command += (command.empty() ? "" : " ") + word;
    m_outcome->showRecording(shownWithoutSecrets(command, 300), recording.outcome, recording.losses,
                             shownElided(recording.damage, 300));
    updateCount();
    emit recordingOpened(path);
}

void LivePage::updateCount()
{
    if (m_events->isBusy()) {
        m_count->setText(tr("Filtering…"));
        return;
    }
    const QLocale locale;
    m_count->setText(
        tr("%1 of %2")
            .arg(locale.toString(m_events->rowCount()), locale.toString(static_cast<qulonglong>(m_events->total()))));
}

void LivePage::focusFilter()
{
    m_query->line().setFocus();
    m_query->line().selectAll();
}

void LivePage::goToDenial(int step)
{
    m_lists->setCurrentIndex(0);
    const QModelIndex current = m_table->currentIndex();
    const int row = m_events->nextDenial(current.isValid() ? current.row() : -1, step);
    if (row < 0) return;
    m_table->setFollowing(false);
    m_table->goTo(m_events->eventNumber(row));
    explainRow(row);
}

void LivePage::explainCurrent()
{
    const QModelIndex current = m_table->currentIndex();
    if (current.isValid()) explainRow(current.row());
}

void LivePage::explainRow(int row)
{
    m_explainLater.stop();
    const Event event = m_events->event(row);
    const Policy* policy = m_policy ? &*m_policy : nullptr;
    const QModelIndex index = m_events->index(row, 0);
    const bool reveals = m_events->isRevealed(event.sequence);
    m_explained = event.sequence;
    m_explain->explain(EventExplainer::explain(event, m_events->rules(), policy,
                                               m_processes->chain({event.pid, event.processStart}), reveals),
                       index.data(EventTableModel::kDenialRole).toBool(),
                       index.data(EventTableModel::kAbsentRole).toBool(), reveals);
    const bool isThisProfile = m_isLive || m_profileText == m_document.text();
    if (policy != nullptr && isThisProfile && index.data(EventTableModel::kDenialRole).toBool())
        m_explain->fixes().show(FixFinder::find(event, *policy, m_controller.facts()),
                                m_isLive && m_controller.isRunning());
}

void LivePage::applyTheme()
{
    m_query->applyTheme();
    m_timeline->viewport()->update();
    m_table->viewport()->update();
    m_tree->viewport()->update();
}

}  // namespace belljar
